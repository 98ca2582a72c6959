/* Decimal text to whole numbers and back, against an oracle that only ever moves characters. */
#include "base/decimal.h"
#include "property/check.h"

#include <string.h>

enum { PARSE, MALFORMED, FINE, RANGE, LENIENT, FORMAT, ROUND_TRIP };

static const char *const properties[] = {
    [PARSE] = "well-formed text is its digits with the point moved",
    [MALFORMED] = "what is not [-]digits[.digits] is malformed, and nothing else is",
    [FINE] = "digits behind the scale are refused unless they are 0",
    [RANGE] = "magnitudes above 10^17 are refused, and no others",
    [LENIENT] = "blanks anywhere and a comma for the point make no difference to lenient reading",
    [FORMAT] = "a number is written with its point in place and no needless zero",
    [ROUND_TRIP] = "what was written reads back as the same number",
    NULL,
};

enum { GOOD, BAD, TOO_FINE, TOO_LARGE, NEGATIVE, BLANK, COMMA, SHORTENED };

static const char *const counters[] = {"well-formed", "malformed",  "too fine",  "too large", "negative",
                                       "with blanks", "with comma", "shortened", NULL};

#define TEXT_MAX 160

static char text[TEXT_MAX]; /* the case at hand */
static int scale;

static void describe(void)
{
    printf("# scale %d, text \"%s\"\n", scale, text);
}

static void append_digits(char *to, int count)
{
    size_t length = strlen(to);
    for (int i = 0; i < count; i++)
        to[length++] = (char)('0' + (draw_once_in(3) ? 0 : draw(0, 9)));
    to[length] = 0;
}

/* Text that is a number, or nearly one. */
static void draw_text(void)
{
    static const char *const limits[] = {"100000000000000000", "100000000000000001", "99999999999999999",
                                         "100000000000000000000", "1000000000000000000"};
    text[0] = 0;
    if (draw_once_in(4))
        strcat(text, "-");
    if (draw_once_in(10)) {
        const char *limit = limits[draw(0, 4)];
        size_t whole = strlen(limit) - (size_t)(draw_once_in(2) ? scale : 0);
        strncat(text, limit, whole);
        if (whole < strlen(limit)) {
            strcat(text, ".");
            strcat(text, limit + whole);
        }
    } else {
        append_digits(text, (int)draw(draw_once_in(10) ? 0 : 1, draw_once_in(5) ? 24 : 9));
        if (draw_once_in(2)) {
            strcat(text, ".");
            append_digits(text, (int)draw(draw_once_in(10) ? 0 : 1, 6));
        }
    }
    if (draw_once_in(6) && text[0]) {
        static const char wrong[] = "-+.,eE x0/:";
        text[draw(0, (int64_t)strlen(text) - 1)] = wrong[draw(0, (int64_t)sizeof wrong - 2)];
    }
}

/* Moves the point: the digits of <number> times 10^scale without zeroes in front; those that fall off in
 * <rest>. */
static bool move_point(const char *number, char *digits, char *rest)
{
    size_t whole = strspn(number, "0123456789");
    size_t fraction = 0;
    const char *end = number + whole;
    if (*end == '.') {
        fraction = strspn(end + 1, "0123456789");
        if (fraction == 0)
            return false;
        end += 1 + fraction;
    }
    if (whole == 0 || *end)
        return false;
    char all[2 * TEXT_MAX] = "";
    strncat(all, number, whole);
    if (fraction)
        strncat(all, number + whole + 1, fraction);
    for (size_t zeroes = fraction; zeroes < (size_t)scale; zeroes++)
        strcat(all, "0");
    size_t keep = whole + (size_t)scale;
    strcpy(rest, all + keep);
    all[keep] = 0;
    strcpy(digits, all + strspn(all, "0"));
    return true;
}

static bool all_zero(const char *digits)
{
    return digits[strspn(digits, "0")] == 0;
}

/* Reads from memory of the exact length, so that a step behind it is seen. */
static enum decimal_result read_exactly(const char *from, bool lenient, int64_t *value)
{
    size_t length = strlen(from);
    char *copy = malloc(length ? length : 1);
    if (!copy)
        abort();
    memcpy(copy, from, length);
    enum decimal_result result = lenient ? decimal_parse_lenient(copy, length, scale, value)
                                         : decimal_parse(copy, length, scale, value);
    free(copy);
    return result;
}

static void check_parse(void)
{
    static const char limit[] = "100000000000000000";
    char digits[2 * TEXT_MAX];
    char rest[2 * TEXT_MAX];
    bool negative = text[0] == '-';
    int64_t value = 0;
    enum decimal_result result = read_exactly(text, false, &value);
    if (!move_point(text + negative, digits, rest)) {
        check_that(MALFORMED, result == DECIMAL_MALFORMED, "read as %" PRId64 ", result %d", value, result);
        check_count(BAD);
        return;
    }
    check_that(MALFORMED, result != DECIMAL_MALFORMED, "refused");
    bool large =
        strlen(digits) > strlen(limit) || (strlen(digits) == strlen(limit) && strcmp(digits, limit) > 0);
    bool fine = !all_zero(rest);
    check_count(large ? TOO_LARGE : fine ? TOO_FINE : GOOD);
    /* Where both are wrong, either may be said. */
    if (large || !fine)
        check_that(RANGE,
                   (result == DECIMAL_OUT_OF_RANGE) == large || (large && fine && result == DECIMAL_TOO_FINE),
                   "result %d", result);
    if (fine && !large)
        check_that(FINE, result == DECIMAL_TOO_FINE, "result %d", result);
    if (large || fine)
        return;
    char expected[2 * TEXT_MAX + 2];
    char written[32];
    snprintf(expected, sizeof expected, "%s%s", negative && *digits ? "-" : "", *digits ? digits : "0");
    snprintf(written, sizeof written, "%" PRId64, value);
    check_that(PARSE, result == DECIMAL_OK && strcmp(expected, written) == 0, "result %d, %s instead of %s",
               result, written, expected);
    if (negative)
        check_count(NEGATIVE);
}

/* The same text as people and 1C write it. */
static void check_lenient(void)
{
    static const char *const blanks[] = {" ", "\t", "\r\n", "\xc2\xa0", "\xe2\x80\xaf"};
    char plain[TEXT_MAX];
    char loose[4 * TEXT_MAX] = "";
    strcpy(plain, text);
    for (char *at = plain; *at; at++) {
        if (*at == ' ')
            *at = 'x';
    }
    bool comma = draw_once_in(2);
    size_t used = 0;
    for (const char *at = plain; *at; at++) {
        if (draw_once_in(4)) {
            const char *blank = blanks[draw(0, 4)];
            for (; *blank; blank++)
                loose[used++] = *blank;
            check_count(BLANK);
        }
        if (comma && *at == '.')
            check_count(COMMA);
        loose[used++] = comma && *at == '.' ? ',' : *at;
    }
    /* Strict reading knows no comma; a text with one in it is compared with the point it stands for. */
    for (char *at = plain; *at; at++) {
        if (*at == ',')
            *at = '.';
    }
    int64_t strict_value = 0;
    int64_t lenient_value = 0;
    enum decimal_result strict = read_exactly(plain, false, &strict_value);
    enum decimal_result lenient = read_exactly(loose, true, &lenient_value);
    check_that(LENIENT, strict == lenient && strict_value == lenient_value,
               "\"%s\": %d %" PRId64 ", not %d %" PRId64, loose, lenient, lenient_value, strict,
               strict_value);
}

static void check_format(void)
{
    int64_t value = draw_once_in(3) ? draw_magnitude(40) * 1000 : draw_magnitude(draw_once_in(4) ? 63 : 40);
    if (draw_once_in(50))
        value = draw_once_in(2) ? INT64_MAX : INT64_MIN;
    else if (draw_once_in(3))
        value = -value;
    int digits_min = (int)draw(0, scale);
    char digits[48];
    char expected[48];
    char written[DECIMAL_TEXT_SIZE];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    bool negative = digits[0] == '-';
    /* Zeroes in front, so that there is a digit before the point; then the point; then zeroes off the end. */
    char padded[64];
    size_t length = strlen(digits + negative);
    size_t zeroes = length > (size_t)scale ? 0 : (size_t)scale + 1 - length;
    snprintf(padded, sizeof padded, "%.*s%s", (int)zeroes, "0000000000", digits + negative);
    size_t whole = strlen(padded) - (size_t)scale;
    size_t fraction = (size_t)scale;
    for (; fraction > (size_t)digits_min && padded[whole + fraction - 1] == '0'; fraction--)
        check_count(SHORTENED);
    snprintf(expected, sizeof expected, "%s%.*s%s%.*s", negative ? "-" : "", (int)whole, padded,
             fraction ? "." : "", (int)fraction, padded + whole);
    size_t said = decimal_format(value, scale, digits_min, written);
    check_that(FORMAT, strcmp(written, expected) == 0 && said == strlen(expected),
               "%" PRId64 " with at least %d digits: %s instead of %s", value, digits_min, written, expected);
    int64_t again = 0;
    if (strlen(digits + negative) <= 17)
        check_that(ROUND_TRIP, read_exactly(written, false, &again) == DECIMAL_OK && again == value,
                   "%s reads as %" PRId64, written, again);
}

int main(void)
{
    check_begin(&(struct check_plan){
        .properties = properties, .counters = counters, .seed = 1000, .cases = 100000, .describe = describe});
    while (check_next()) {
        scale = (int)draw(0, 9);
        draw_text();
        check_parse();
        check_lenient();
        check_format();
    }
    return check_end();
}
