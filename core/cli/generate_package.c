#include "cli/generate_package.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/fault.h"
#include "cli/generate_goods.h"
#include "kernel/quantity.h"

/* How much is written at once. */
#define FLUSH_BYTES ((size_t)256 << 10)

static bool refuse(struct fault *fault, const char *path, int error)
{
    fault_set(fault, FAULT_FILE_WRITE);
    params_add_text(&fault->params, "path", path);
    params_add_text(&fault->params, "reason", strerror(error));
    return false;
}

static void root_begin(struct xml_out *xml, int32_t day)
{
    char formed[CIVIL_TEXT_SIZE + 16];
    civil_format(day, formed);
    strcat(formed, "T06:00:00");
    xml_out_begin(xml, "КоммерческаяИнформация");
    xml_out_attribute(xml, "xmlns", "urn:1C.ru:commerceml_2");
    xml_out_attribute(xml, "xmlns:xs", "http://www.w3.org/2001/XMLSchema");
    xml_out_attribute(xml, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    xml_out_attribute(xml, "ВерсияСхемы", "2.07");
    xml_out_attribute(xml, "ДатаФормирования", formed);
}

bool package_begin(struct package *package, const char *folder, const char *name, int32_t day,
                   struct fault *fault)
{
    int length = snprintf(package->path, sizeof package->path, "%s/%s", folder, name);
    if (length + 4 >= (int)sizeof package->path)
        return refuse(fault, folder, ENAMETOOLONG);
    memcpy(package->fresh, package->path, (size_t)length);
    memcpy(package->fresh + length, ".new", 5);
    package->file = fopen(package->fresh, "wbe");
    if (!package->file)
        return refuse(fault, package->path, errno);
    package->error = 0;
    buffer_init(&package->buffer);
    buffer_add_text(&package->buffer, "\xef\xbb\xbf");
    xml_out_init(&package->xml, &package->buffer, true);
    root_begin(&package->xml, day);
    return true;
}

static void write_out(struct package *package)
{
    if (!package->error &&
        fwrite(package->buffer.data, 1, package->buffer.length, package->file) != package->buffer.length)
        package->error = errno;
    buffer_clear(&package->buffer);
}

void package_flush(struct package *package)
{
    if (package->buffer.length >= FLUSH_BYTES)
        write_out(package);
}

bool package_end(struct package *package, struct fault *fault)
{
    xml_out_end(&package->xml);
    write_out(package);
    if (fclose(package->file) != 0 && !package->error)
        package->error = errno;
    if (!package->error && rename(package->fresh, package->path) != 0)
        package->error = errno;
    buffer_free(&package->buffer);
    if (!package->error)
        return true;
    unlink(package->fresh);
    return refuse(fault, package->path, package->error);
}

void package_guid(struct package *package, const char *element, const char *kind, const char *key)
{
    char guid[IDENTITY_GUID_SIZE];
    identity_guid(package->seed->company.inn, kind, key, guid);
    xml_out_text(&package->xml, element, guid);
}

void package_list_begin(struct package *package, const char *element)
{
    xml_out_begin(&package->xml, element);
    xml_out_attribute(&package->xml, "СодержитТолькоИзменения", "false");
}

void package_owner(struct package *package)
{
    const struct seed_company *company = &package->seed->company;
    xml_out_begin(&package->xml, "Владелец");
    package_guid(package, "Ид", "company", company->inn);
    xml_out_text(&package->xml, "Наименование", company->name);
    xml_out_text(&package->xml, "ОфициальноеНаименование", company->official);
    xml_out_text(&package->xml, "ИНН", company->inn);
    xml_out_text(&package->xml, "КПП", company->kpp);
    xml_out_end(&package->xml);
}

void package_classifier_head(struct package *package)
{
    char name[SEED_TEXT_BYTES_MAX + 40];
    snprintf(name, sizeof name, "Классификатор (%s)", package->seed->catalogue);
    package_guid(package, "Ид", "catalogue", "");
    xml_out_text(&package->xml, "Наименование", name);
    package_owner(package);
}

static void conversion(struct xml_out *xml, const char *unit, int64_t coefficient)
{
    xml_out_begin(xml, "Пересчет");
    xml_out_text(xml, "Единица", unit);
    xml_out_decimal(xml, "Коэффициент", coefficient, QUANTITY_SCALE, 0);
    xml_out_end(xml);
}

void package_unit(struct package *package, const struct goods *goods)
{
    const struct seed_unit *unit = &package->seed->units[goods->collection->unit];
    char code[SEED_UNIT_CODE_MAX + 1];
    snprintf(code, sizeof code, "%-*s", SEED_UNIT_CODE_MAX, unit->code); /* padded, as 1C has it */
    xml_out_begin(&package->xml, "БазоваяЕдиница");
    xml_out_attribute(&package->xml, "Код", code);
    xml_out_attribute(&package->xml, "НаименованиеПолное", unit->full);
    xml_out_attribute(&package->xml, "МеждународноеСокращение", unit->international);
    xml_out_content(&package->xml, unit->name);
    conversion(&package->xml, unit->code, QUANTITY_ONE);
    if (goods->box > 0)
        conversion(&package->xml, PACKAGE_BOX_NAME, goods->box);
    if (goods->pallet > 0)
        conversion(&package->xml, PACKAGE_PALLET_NAME, goods->pallet);
    if (goods->piece > 0)
        conversion(&package->xml, PACKAGE_PIECE_CODE, goods->piece);
    xml_out_end(&package->xml);
}
