#include "base/phrase.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/civil.h"
#include "base/decimal.h"
#include "base/fault.h"
#include "base/file.h"

#define CATALOGUE_BYTES_MAX ((size_t)1 << 20)
#define NO_BREAK_SPACE      "\xc2\xa0"

static const char *const language_names[LANGUAGE_COUNT] = {"ru", "en"};

enum language language_find(const char *accept_language)
{
    if (!accept_language)
        return LANGUAGE_RU;
    /* The order of the header decides; weights are the same order in every browser. */
    const char *ru = strstr(accept_language, "ru");
    const char *en = strstr(accept_language, "en");
    return en && (!ru || en < ru) ? LANGUAGE_EN : LANGUAGE_RU;
}

const char *language_text(enum language language)
{
    return language_names[language];
}

bool phrases_load(struct phrases *phrases, const char *folder, struct fault *fault)
{
    struct buffer path, text;
    buffer_init(&path);
    buffer_init(&text);
    int loaded = 0;
    bool ok = true;
    for (; ok && loaded < LANGUAGE_COUNT; loaded += ok) {
        buffer_clear(&path);
        buffer_printf(&path, "%s/%s.json", folder, language_names[loaded]);
        ok = file_read(buffer_text(&path), CATALOGUE_BYTES_MAX, &text, fault) &&
             json_doc_parse(&phrases->docs[loaded], buffer_text(&text), text.length, fault);
        if (!ok && fault->line)
            fault_file(fault, buffer_text(&path), fault->line, fault->column);
    }
    while (!ok && loaded-- > 0)
        json_doc_free(&phrases->docs[loaded]);
    buffer_free(&path);
    buffer_free(&text);
    return ok;
}

void phrases_free(struct phrases *phrases)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        json_doc_free(&phrases->docs[i]);
}

static const char *template_of(const struct phrases *phrases, enum language language, const char *key)
{
    return json_in_string(json_in_get(json_doc_root(&phrases->docs[language]), key));
}

bool phrase_known(const struct phrases *phrases, enum language language, const char *key)
{
    return template_of(phrases, language, key) != NULL;
}

/* Writes a decimal with the language's separators: groups of three by a no-break space, or a comma. */
static void number_write(enum language language, int64_t value, int scale, int digits_min,
                         struct buffer *buffer)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(value, scale, digits_min, text);
    const char *digit = text;
    if (*digit == '-') {
        buffer_add_text(buffer, "\xe2\x88\x92"); /* the minus sign proper */
        digit++;
    }
    const char *point = strchr(digit, '.');
    size_t whole = point ? (size_t)(point - digit) : strlen(digit);
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            buffer_add_text(buffer, language == LANGUAGE_RU ? NO_BREAK_SPACE : ",");
        buffer_add_char(buffer, digit[i]);
    }
    if (point) {
        buffer_add_char(buffer, language == LANGUAGE_RU ? ',' : '.');
        buffer_add_text(buffer, point + 1);
    }
}

static void day_write(struct phrase_style style, int32_t day, struct buffer *buffer)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil date = civil_from_days(day);
    bool this_year = civil_from_days(style.today).year == date.year;
    if (style.language == LANGUAGE_RU)
        buffer_printf(buffer, "%02d.%02d", date.day, date.month);
    else
        buffer_printf(buffer, "%d %s", date.day, months[date.month - 1]);
    if (!this_year)
        buffer_printf(buffer, "%s%d", style.language == LANGUAGE_RU ? "." : " ", date.year);
}

void phrase_value(struct phrase_style style, const struct params *params, const struct param *param,
                  struct buffer *buffer)
{
    switch (param->kind) {
    case PARAM_TEXT: buffer_add_text(buffer, params_string(params, param)); break;
    case PARAM_COUNT: number_write(style.language, param->number, 0, 0, buffer); break;
    case PARAM_QUANTITY: number_write(style.language, param->number, 3, 0, buffer); break;
    case PARAM_MONEY: number_write(style.language, param->number, 2, 2, buffer); break;
    case PARAM_PRICE: number_write(style.language, param->number, 4, 2, buffer); break;
    case PARAM_DAY: day_write(style, (int32_t)param->number, buffer); break;
    }
}

/* The CLDR plural category of a number for the two languages. */
static const char *plural_category(enum language language, const struct param *param)
{
    int64_t unit = param->kind == PARAM_QUANTITY ? 1000 : param->kind == PARAM_MONEY ? 100 : 1;
    if (param->kind == PARAM_TEXT || param->number % unit != 0)
        return "other";
    int64_t n = llabs(param->number / unit);
    if (language == LANGUAGE_EN)
        return n == 1 ? "one" : "other";
    if (n % 10 == 1 && n % 100 != 11)
        return "one";
    if (n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14))
        return "few";
    return "many";
}

struct renderer {
    struct phrase_style style;
    const struct params *params;
    struct buffer *buffer;
};

static void render_until(struct renderer *r, const char *text, size_t length);

/* The length of the {..} group at <text>, both braces counted; an unclosed one runs to the end. */
static size_t group_length(const char *text, size_t length)
{
    int depth = 0;
    for (size_t i = 0; i < length; i++) {
        depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
        if (depth == 0)
            return i + 1;
    }
    return length;
}

/* Renders the form of "one {..} few {..}" that fits, else "other". */
static void plural_render(struct renderer *r, const struct param *param, const char *forms, size_t length)
{
    const char *wanted = plural_category(r->style.language, param);
    const char *chosen = NULL;
    size_t chosen_length = 0;
    for (size_t at = 0; at < length;) {
        size_t word = at;
        while (word < length && (forms[word] == ' ' || forms[word] == '\n'))
            word++;
        size_t end = word;
        while (end < length && forms[end] != ' ' && forms[end] != '{')
            end++;
        const char *brace = memchr(forms + end, '{', length - end);
        if (!brace)
            break;
        size_t size = group_length(brace, (size_t)(forms + length - brace));
        bool fits = strlen(wanted) == end - word && memcmp(forms + word, wanted, end - word) == 0;
        bool other = end - word == 5 && memcmp(forms + word, "other", 5) == 0;
        if (fits || (other && !chosen)) {
            chosen = brace + 1;
            chosen_length = size >= 2 ? size - 2 : 0;
        }
        if (fits)
            break;
        at = (size_t)(brace - forms) + size;
    }
    if (chosen)
        render_until(r, chosen, chosen_length);
}

/* Renders the group at <text>: {name} or {name, plural, ..}. Returns its length. */
static size_t group_render(struct renderer *r, const char *text, size_t length)
{
    size_t size = group_length(text, length);
    char name[32];
    size_t name_length = strcspn(text + 1, ",}");
    if (name_length + 2 > size || name_length >= sizeof name) {
        buffer_add(r->buffer, text, size);
        return size;
    }
    memcpy(name, text + 1, name_length);
    name[name_length] = 0;
    const struct param *param = r->params ? params_find(r->params, name) : NULL;
    static const char plural[] = ", plural,";
    bool is_plural = strncmp(text + 1 + name_length, plural, sizeof plural - 1) == 0;
    if (!param) {
        buffer_add(r->buffer, text, size);
    } else if (is_plural) {
        size_t skip = 1 + name_length + sizeof plural - 1;
        plural_render(r, param, text + skip, size - skip - 1);
    } else {
        phrase_value(r->style, r->params, param, r->buffer);
    }
    return size;
}

static void render_until(struct renderer *r, const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        if (text[at] == '{') {
            at += group_render(r, text + at, length - at);
            continue;
        }
        const char *brace = memchr(text + at, '{', length - at);
        size_t plain = brace ? (size_t)(brace - text) - at : length - at;
        buffer_add(r->buffer, text + at, plain);
        at += plain;
    }
}

void phrase_render(const struct phrases *phrases, struct phrase_style style, const char *key,
                   const struct params *params, struct buffer *buffer)
{
    assert(style.language >= 0 && style.language < LANGUAGE_COUNT);
    const char *text = template_of(phrases, style.language, key);
    struct renderer renderer = {style, params, buffer};
    if (text)
        render_until(&renderer, text, strlen(text));
    else
        buffer_add_text(buffer, key);
}

void phrase_fault(const struct phrases *phrases, struct phrase_style style, const struct fault *fault,
                  struct buffer *buffer)
{
    char key[FAULT_PHRASE_MAX];
    snprintf(key, sizeof key, "fault.%s", fault_code_text(fault->code));
    bool own = fault->phrase[0] && phrase_known(phrases, style.language, fault->phrase);
    phrase_render(phrases, style, own ? fault->phrase : key, &fault->params, buffer);
}
