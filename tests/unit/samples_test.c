/* Real exports of 1C, where their folder lies beside the repository: the counts, versions and encodings are
 * those of its index, counted by other means. Each is also spooled and read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "exchange/spool.h"
#include "unit/exchange_dump.h"

#define FOLDER     "../shared/1c/samples/"
#define SPOOL_PATH DUMP_FOLDER "/sample.spool"

enum said { NO = 0, YES };

struct sample {
    const char *path;
    enum fault_code refusal; /* FAULT_NONE: it is taken */
    enum file_kind kind;
    const char *version;
    enum said changes_only;
    int groups, properties, price_types, units, goods, offers, entities;
    const char *formed;
    int documents;
    const char *encoding; /* NULL: UTF-8 */
};

static const struct sample samples[] = {
    {"ArgentCrusade__commerceml/contractors-example.xml", 0, FILE_KIND_COUNTERPARTIES, "2.09", YES,
     .entities = 4, .formed = "2015-06-26T18:28:11"},
    {.path = "ArgentCrusade__commerceml/documents-example.xml",
     .kind = FILE_KIND_DOCUMENTS,
     .version = "2.09",
     .documents = 2,
     .formed = "2015-06-29T18:27:13"},
    {"ArgentCrusade__commerceml/group-example.xml", 0, FILE_KIND_CLASSIFIER, "3.1", YES, .groups = 12,
     .formed = "2017-10-30T09:08:28"},
    {"ArgentCrusade__commerceml/prices-example.xml", 0, FILE_KIND_PRICES, "3.1", YES, .offers = 3,
     .formed = "2017-11-13T22:37:04"},
    {"ArgentCrusade__commerceml/products-example.xml", 0, FILE_KIND_IMPORT, "3.1", YES, .goods = 1,
     .formed = "2017-10-30T09:08:47"},
    {"ArgentCrusade__commerceml/remainders-example.xml", 0, FILE_KIND_RESTS, "3.1", YES, .offers = 2,
     .formed = "2017-11-01T20:58:23"},
    {"bigperson__exchange1c/classifier.xml", 0, FILE_KIND_CLASSIFIER, "", NO, .groups = 5, .properties = 3,
     .units = 1, .formed = ""},
    {"bigperson__exchange1c/import.xml", 0, FILE_KIND_IMPORT, "2.08", NO, .groups = 5, .properties = 3,
     .units = 1, .goods = 2, .formed = "2018-10-18T16:52:07"},
    {"bigperson__exchange1c/offers.xml", 0, FILE_KIND_OFFERS, "2.08", NO, .properties = 1, .price_types = 3,
     .offers = 2, .formed = "2018-10-18T16:52:07"},
    {"carono__php-commerceml/classifier.xml", 0, FILE_KIND_CLASSIFIER, "", NO, .groups = 22, .properties = 10,
     .formed = ""},
    {"carono__php-commerceml/import.xml", 0, FILE_KIND_IMPORT, "2.07", NO, .groups = 22, .properties = 10,
     .goods = 2, .formed = "2017-07-13T14:45:41"},
    {"carono__php-commerceml/import_wo_classifier.xml", 0, FILE_KIND_IMPORT, "2.07", NO, .goods = 2,
     .formed = "2017-07-13T14:45:41"},
    {"carono__php-commerceml/offers.xml", 0, FILE_KIND_OFFERS, "2.07", NO, .price_types = 1, .offers = 5,
     .formed = "2017-07-13T14:45:41"},
    {.path = "carono__php-commerceml/orders.xml",
     .kind = FILE_KIND_DOCUMENTS,
     .version = "2.03",
     .documents = 1,
     .formed = "2008-03-28",
     .encoding = "windows-1251"},
    {"carono__yii2-1c-exchange/import.xml", 0, FILE_KIND_IMPORT, "2.07", NO, .groups = 22, .properties = 10,
     .goods = 2, .formed = "2017-07-13T14:45:41"},
    {"carono__yii2-1c-exchange/offers.xml", 0, FILE_KIND_OFFERS, "2.07", NO, .price_types = 1, .offers = 5,
     .formed = "2017-07-13T14:45:41"},
    {.path = "carono__yii2-1c-exchange/orders-1c-to-site.xml",
     .kind = FILE_KIND_DOCUMENTS,
     .version = "2.03",
     .documents = 1,
     .formed = "2008-03-28",
     .encoding = "windows-1251"},
    {.path = "carono__yii2-1c-exchange/orders-site-to-1c.xml",
     .kind = FILE_KIND_DOCUMENTS,
     .version = "2.03",
     .documents = 1,
     .formed = "2007-10-30",
     .encoding = "windows-1251"},
    {.path = "dobromyslov__commerceml-parser/bitrix-query-response-empty.xml",
     .refusal = FAULT_COMMERCEML_EMPTY},
    {.path = "dobromyslov__commerceml-parser/bitrix-query-response-full.xml",
     .kind = FILE_KIND_DOCUMENTS,
     .version = "2.05",
     .documents = 2,
     .formed = "2021-02-12T17:03:19",
     .encoding = "windows-1251"},
    {"dobromyslov__commerceml-parser/import0_1.xml", 0, FILE_KIND_IMPORT, "2.07", NO, .groups = 1,
     .properties = 12, .goods = 36, .formed = "2020-04-07T13:16:06"},
    {"dobromyslov__commerceml-parser/import0_1_with_nested_groups.xml", 0, FILE_KIND_IMPORT, "2.07", NO,
     .groups = 13, .properties = 20, .goods = 283, .formed = "2020-08-10T07:49:51"},
    {"dobromyslov__commerceml-parser/offers0_1.xml", 0, FILE_KIND_OFFERS, "2.07", NO, .price_types = 1,
     .offers = 44, .formed = "2020-04-07T12:08:44"},
    {"gillbeits__commerceml/import___b815e2db-7a65-4265-9241-5f0c4f0565a7.xml", 0, FILE_KIND_IMPORT, "2.09",
     YES, .groups = 97, .properties = 1908, .price_types = 1, .units = 2, .formed = "2015-07-08T14:10:30"},
    {"gillbeits__commerceml/offers___7f304edc-2527-4d3d-b058-6e4ee53de2e0.xml", 0, FILE_KIND_OFFERS, "2.09",
     YES, .offers = 978, .formed = "2015-07-08T14:11:10"},
    {"gillbeits__commerceml/offers___f0bab95c-14a6-4141-9746-6650b65f1191.xml", 0, FILE_KIND_OFFERS, "2.09",
     YES, .properties = 1908, .formed = "2015-07-08T14:10:44"},
    {"gillbeits__commerceml/prices___d66a6b51-ce9c-4e7a-8c7c-25079721107f.xml", 0, FILE_KIND_PRICES, "2.09",
     YES, .offers = 978, .formed = "2015-07-08T14:11:10"},
    {"gillbeits__commerceml/rests___1af6e7b8-a026-4690-9752-1c9d64cb914d.xml", 0, FILE_KIND_RESTS, "2.09",
     YES, .offers = 978, .formed = "2015-07-08T14:11:11"},
    {"rshkabko__commerceml/import_0.xml", 0, FILE_KIND_CLASSIFIER, "2.09", NO, .groups = 3, .properties = 1,
     .formed = "2022-10-31UTC02:25:50"},
    {"rshkabko__commerceml/import_1.xml", 0, FILE_KIND_IMPORT, "2.09", NO, .goods = 1,
     .formed = "2022-10-31UTC02:25:51"},
    {"stee1cat__1c-exchange/import___29d3f7f0-36dd-4eea-a06c-4c325bed4285.xml", 0, FILE_KIND_IMPORT, "3.1",
     YES, .groups = 25, .units = 10, .formed = "2017-11-22T01:24:40"},
    {"wagood__commerceml/import___5335d080-66b0-4355-887c-d54bba6f1f08.xml", 0, FILE_KIND_IMPORT, "3.1", YES,
     .goods = 1, .formed = "2020-02-06T11:15:23"},
    {"wagood__commerceml/import___57c55968-51d1-46f0-b5d7-927f420b8fd4.xml", 0, FILE_KIND_IMPORT, "3.1", YES,
     .groups = 1, .price_types = 1, .units = 1, .formed = "2020-02-06T11:15:19"},
    {"wagood__commerceml/offers___13955e2c-c7d0-4189-8db7-9bc863cde645.xml", 0, FILE_KIND_OFFERS, "3.1", YES,
     .offers = 2, .formed = "2020-02-06T11:15:39"},
    {"wagood__commerceml/prices___478f43af-4dba-47c9-b3fa-d9737c14a30f.xml", 0, FILE_KIND_PRICES, "3.1", YES,
     .offers = 2, .formed = "2020-02-06T11:15:43"},
    {"wagood__commerceml/rests___9ebdccc5-f70a-43db-8c03-0103301aad32.xml", 0, FILE_KIND_RESTS, "3.1", YES,
     .offers = 2, .formed = "2020-02-06T11:15:46"},
};

struct counter {
    int kinds[RECORD_COUNT];
    struct buffer records;
};

static bool count(void *context, enum record_kind kind, const char *parent, const struct element *element)
{
    struct counter *counter = context;
    counter->kinds[kind]++;
    return dump_take(&counter->records, kind, parent, element);
}

static void is_as_indexed(const struct sample *sample, const struct counter *counter,
                          const struct file_facts *facts)
{
    const struct {
        int expected;
        enum record_kind kind;
    } counts[] = {
        {sample->groups, RECORD_GROUP},          {sample->properties, RECORD_PROPERTY},
        {sample->goods, RECORD_GOODS},           {sample->price_types, RECORD_PRICE_TYPE},
        {sample->offers, RECORD_OFFER},          {sample->units, RECORD_UNIT},
        {sample->entities, RECORD_LEGAL_ENTITY}, {sample->documents, RECORD_DOCUMENT},
    };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (counter->kinds[counts[i].kind] != counts[i].expected)
            fail_msg("%s: %d of %s", sample->path, counter->kinds[counts[i].kind],
                     dump_kinds[counts[i].kind]);
    if (facts->kind != sample->kind)
        fail_msg("%s is %s", sample->path, file_kind_names[facts->kind]);
    assert_string_equal(facts->version, sample->version);
    assert_string_equal(facts->formed, sample->formed);
    assert_string_equal(facts->encoding, sample->encoding ? sample->encoding : "UTF-8");
    assert_int_equal(facts->changes_only, sample->changes_only);
    assert_int_equal(facts->records, sample->goods + sample->offers + sample->entities + sample->documents);
}

static void spool_is_the_same(const char *path, const struct counter *counter)
{
    struct file_facts facts;
    struct fault fault;
    struct spool *spool;
    struct record record;
    struct arena arena;
    struct buffer records;
    buffer_init(&records);
    arena_init(&arena);
    assert_true(spool_make(path, SPOOL_PATH, 7, &facts, &fault));
    assert_true(spool_open(&spool, SPOOL_PATH, &facts, &fault));
    for (int64_t at = spool_start(spool); at < spool_end(spool); at = record.next) {
        arena_reset(&arena);
        assert_true(spool_read(spool, at, &arena, &record, &fault));
        dump_record(&records, record.kind, record.parent, record.element);
    }
    assert_string_equal(buffer_text(&records), buffer_text(&counter->records));
    spool_close(spool);
    arena_free(&arena);
    buffer_free(&records);
}

static void samples_hold_what_their_index_says(void **state)
{
    (void)state;
    if (!file_is_folder(FOLDER)) {
        print_message("# skipped: there are no samples in %s\n", FOLDER);
        skip();
    }
    struct fault fault;
    assert_true(file_make_folder(DUMP_FOLDER, &fault));
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        const struct sample *sample = &samples[i];
        char path[300];
        struct file_facts facts;
        struct counter counter = {.kinds = {0}};
        snprintf(path, sizeof path, FOLDER "%s", sample->path);
        buffer_init(&counter.records);
        bool ok = reader_read(path, count, &counter, &facts, &fault);
        if (ok != !sample->refusal || (!ok && fault.code != sample->refusal))
            fail_msg("%s: %s", sample->path, ok ? "taken" : fault_code_text(fault.code));
        if (ok) {
            is_as_indexed(sample, &counter, &facts);
            spool_is_the_same(path, &counter);
        }
        buffer_free(&counter.records);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_hold_what_their_index_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
