/* What the XML writer makes: bytes, and that the project's own reader gets the same text back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/civil.h"
#include "exchange/xml.h"
#include "unit/exchange_dump.h"

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define FILE_PATH   DUMP_FOLDER "/xml.xml"

static struct buffer buffer;
static struct xml_out xml;

static int begin(void **state)
{
    (void)state;
    buffer_init(&buffer);
    xml_out_init(&xml, &buffer, false);
    return 0;
}

static int end(void **state)
{
    (void)state;
    buffer_free(&buffer);
    return 0;
}

static void written(const char *expected)
{
    assert_string_equal(buffer_text(&buffer), expected);
}

static void an_indented_document_looks_as_1c_writes_it(void **state)
{
    (void)state;
    buffer_clear(&buffer);
    xml_out_init(&xml, &buffer, true);
    xml_out_begin(&xml, "КоммерческаяИнформация");
    xml_out_attribute(&xml, "ВерсияСхемы", "2.07");
    xml_out_begin(&xml, "Товар");
    xml_out_text(&xml, "Ид", "g1");
    xml_out_begin(&xml, "БазоваяЕдиница");
    xml_out_attribute(&xml, "Код", "055 ");
    xml_out_content(&xml, "м2");
    xml_out_begin(&xml, "Пересчет");
    xml_out_text(&xml, "Единица", "кор");
    xml_out_end(&xml);
    xml_out_end(&xml);
    xml_out_begin(&xml, "Склад");
    xml_out_attribute(&xml, "ИдСклада", "w");
    xml_out_attribute(&xml, "КоличествоНаСкладе", "");
    xml_out_end(&xml);
    xml_out_end(&xml);
    xml_out_end(&xml);
    written(DECLARATION "\n<КоммерческаяИнформация ВерсияСхемы=\"2.07\">\n"
                        "\t<Товар>\n"
                        "\t\t<Ид>g1</Ид>\n"
                        "\t\t<БазоваяЕдиница Код=\"055 \">м2\n"
                        "\t\t\t<Пересчет>\n"
                        "\t\t\t\t<Единица>кор</Единица>\n"
                        "\t\t\t</Пересчет>\n"
                        "\t\t</БазоваяЕдиница>\n"
                        "\t\t<Склад ИдСклада=\"w\" КоличествоНаСкладе=\"\"/>\n"
                        "\t</Товар>\n"
                        "</КоммерческаяИнформация>\n");
}

static void a_plain_document_is_one_line_without_namespace(void **state)
{
    (void)state;
    xml_out_begin(&xml, "a");
    xml_out_begin(&xml, "b");
    xml_out_text(&xml, "c", "1");
    xml_out_end(&xml);
    xml_out_end(&xml);
    written(DECLARATION "<a><b><c>1</c></b></a>");
}

static void values_are_written_as_1c_reads_them(void **state)
{
    (void)state;
    xml_out_begin(&xml, "a");
    xml_out_integer(&xml, "i", -70);
    xml_out_bool(&xml, "yes", true);
    xml_out_bool(&xml, "no", false);
    xml_out_day(&xml, "day", civil_to_days((struct civil){2026, 4, 15}));
    xml_out_decimal(&xml, "short", 185250, 2, 0);
    xml_out_decimal(&xml, "whole", 185200, 2, 0);
    xml_out_decimal(&xml, "long", 185250, 2, 2);
    xml_out_end(&xml);
    written(DECLARATION "<a><i>-70</i><yes>true</yes><no>false</no><day>2026-04-15</day>"
                        "<short>1852.5</short><whole>1852</whole><long>1852.50</long></a>");
}

static void signs_of_xml_are_escaped(void **state)
{
    (void)state;
    xml_out_begin(&xml, "a");
    xml_out_attribute(&xml, "q", "1 < 2 & \"3\" > '0'\t\n\r");
    xml_out_content(&xml, "1 < 2 & \"3\" > '0'\t\n\r]]>");
    xml_out_end(&xml);
    written(DECLARATION "<a q=\"1 &lt; 2 &amp; &quot;3&quot; &gt; '0'&#9;&#10;&#13;\">"
                        "1 &lt; 2 &amp; \"3\" &gt; '0'\t\n&#13;]]&gt;</a>");
}

static void what_xml_cannot_hold_is_replaced(void **state)
{
    (void)state;
    xml_out_text(&xml, "a",
                 "x\x01y\x1fz \xff\xd0 \xef\xbf\xbe\xef\xbf\xbf \xed\xa0\x80 \xf0\x9f\x9a\xb0\x7f");
    written(DECLARATION "<a>x y z \xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd "
                        "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd \xf0\x9f\x9a\xb0\x7f</a>");
}

static void an_element_without_text_is_left_out(void **state)
{
    (void)state;
    xml_out_begin(&xml, "a");
    xml_out_text_given(&xml, "none", NULL);
    xml_out_text_given(&xml, "empty", "");
    xml_out_text_given(&xml, "blank", " \t\x01\n");
    xml_out_text_given(&xml, "said", " 0 ");
    xml_out_end(&xml);
    written(DECLARATION "<a><said> 0 </said></a>");
}

static bool take_name(void *context, enum record_kind kind, const char *parent, const struct element *element)
{
    (void)parent;
    if (kind == RECORD_GOODS)
        snprintf(context, 300, "%s|%s", element_text(element, ELEMENT_NAME),
                 element_attribute(element, ELEMENT_STATUS));
    return true;
}

/* Every byte below 128 but NUL, in text and attribute, comes back through the reader as it was, control
 * characters as blanks. The reader trims, so letters stand around. */
static void the_reader_gets_the_text_back(void **state)
{
    (void)state;
    char text[140] = "Б";
    char expected[300];
    char got[300] = "";
    struct file_facts facts;
    struct fault fault;
    size_t used = strlen(text);
    for (int c = 1; c < 128; c++)
        text[used++] = (char)c;
    snprintf(text + used, sizeof text - used, "Я");
    xml_out_begin(&xml, "КоммерческаяИнформация");
    xml_out_begin(&xml, "Каталог");
    xml_out_begin(&xml, "Товары");
    xml_out_begin(&xml, "Товар");
    xml_out_attribute(&xml, "Статус", text);
    xml_out_text(&xml, "Наименование", text);
    for (int i = 0; i < 4; i++)
        xml_out_end(&xml);
    dump_file(FILE_PATH, buffer.data, buffer.length);
    for (size_t i = 0; text[i]; i++)
        if ((unsigned char)text[i] < ' ' && !strchr("\t\n\r", text[i]))
            text[i] = ' ';
    snprintf(expected, sizeof expected, "%s|%s", text, text);
    assert_true(reader_read(FILE_PATH, take_name, got, &facts, &fault));
    assert_string_equal(got, expected);
}

/* The buffer may be emptied at any time. */
static void a_document_is_written_in_pieces(void **state)
{
    (void)state;
    char all[200] = "";
    xml_out_begin(&xml, "a");
    for (int i = 0; i < 3; i++) {
        xml_out_begin(&xml, "b");
        strcat(all, buffer_text(&buffer));
        buffer_clear(&buffer);
        xml_out_integer(&xml, "c", i);
        xml_out_end(&xml);
    }
    xml_out_end(&xml);
    strcat(all, buffer_text(&buffer));
    assert_string_equal(all, DECLARATION "<a><b><c>0</c></b><b><c>1</c></b><b><c>2</c></b></a>");
}

/* --- Mistakes of the caller stop the program --- */

static void empty_text(void)
{
    xml_out_text(&xml, "a", "");
}

static void blank_text(void)
{
    xml_out_text(&xml, "a", " \n");
}

static void empty_element(void)
{
    xml_out_begin(&xml, "a");
    xml_out_end(&xml);
}

static void late_attribute(void)
{
    xml_out_begin(&xml, "a");
    xml_out_content(&xml, "1");
    xml_out_attribute(&xml, "b", "2");
}

static void late_text(void)
{
    xml_out_begin(&xml, "a");
    xml_out_text(&xml, "b", "1");
    xml_out_content(&xml, "2");
}

static void end_of_nothing(void)
{
    xml_out_end(&xml);
}

static bool stops(void (*mistake)(void))
{
    pid_t child = fork();
    assert_true(child != -1);
    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        signal(SIGABRT, SIG_DFL);
        mistake();
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void no_element_is_ever_empty_or_misplaced(void **state)
{
    (void)state;
    assert_true(stops(empty_text));
    assert_true(stops(blank_text));
    assert_true(stops(empty_element));
    assert_true(stops(late_attribute));
    assert_true(stops(late_text));
    assert_true(stops(end_of_nothing));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_indented_document_looks_as_1c_writes_it, begin, end),
        cmocka_unit_test_setup_teardown(a_plain_document_is_one_line_without_namespace, begin, end),
        cmocka_unit_test_setup_teardown(values_are_written_as_1c_reads_them, begin, end),
        cmocka_unit_test_setup_teardown(signs_of_xml_are_escaped, begin, end),
        cmocka_unit_test_setup_teardown(what_xml_cannot_hold_is_replaced, begin, end),
        cmocka_unit_test_setup_teardown(an_element_without_text_is_left_out, begin, end),
        cmocka_unit_test_setup_teardown(the_reader_gets_the_text_back, begin, end),
        cmocka_unit_test_setup_teardown(a_document_is_written_in_pieces, begin, end),
        cmocka_unit_test_setup_teardown(no_element_is_ever_empty_or_misplaced, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
