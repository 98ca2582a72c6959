#include "cli/generate_seed.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/civil.h"
#include "base/decimal.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "cli/generate_identity.h"
#include "cli/generate_seed_table.h"

/* More keys than any section has. */
#define KEYS_MAX 24

#define KPP_DIGITS 9

/* As much of a value as fits a sentence. */
#define SHOWN_BYTES_MAX 60

/* The parts of an article, so that all of it fits SEED_ARTICLE_SIZE. */
#define ARTICLE_LETTERS_MAX 16

struct seed_reader {
    struct arena *arena;
    const char *path;
    struct seed *seed;
    const struct yaml_node *root;
    struct fault *fault;
};

/* --- Faults --- */

/* Every one of them returns false, for the reader to stop at. */
static bool refuse_at(struct seed_reader *reader, enum fault_code code, const char *key, int line, int column)
{
    fault_set(reader->fault, code);
    fault_file(reader->fault, reader->path, line, column);
    params_add_text(&reader->fault->params, "key", key);
    return false;
}

static bool key_long_refuse(struct seed_reader *reader, const struct yaml_node *node)
{
    refuse_at(reader, FAULT_SEED_KEY_LONG, node->key, node->key_line, node->key_column);
    params_add_number(&reader->fault->params, "most", PARAM_COUNT, SEED_KEY_BYTES_MAX);
    return false;
}

/* --- One value --- */

struct value {
    struct seed_reader *reader;
    const struct seed_key *key;
    const struct yaml_node *node;
    void *owner; /* the struct being read: what stands before in it is there */
    void *place;
};

static bool refuse(const struct value *v, enum fault_code code)
{
    struct seed_reader *reader = v->reader;
    refuse_at(reader, code, v->key->name, v->node->line, v->node->column);
    if (v->node->kind == YAML_SCALAR) {
        size_t kept = text_cut(v->node->text, strlen(v->node->text), SHOWN_BYTES_MAX);
        params_add_text(&reader->fault->params, "value", arena_copy(reader->arena, v->node->text, kept));
    }
    return false;
}

static bool refuse_most(const struct value *v, enum fault_code code, int64_t most)
{
    refuse(v, code);
    params_add_number(&v->reader->fault->params, "most", PARAM_COUNT, most);
    return false;
}

static bool text_read(const struct value *v)
{
    size_t length = strlen(v->node->text);
    int64_t most = v->key->type == SEED_TEXT && v->key->most ? v->key->most : SEED_TEXT_BYTES_MAX;
    if (length == 0 || (int64_t)length > most)
        return refuse_most(v, FAULT_SEED_TEXT, most);
    *(const char **)v->place = v->node->text;
    return true;
}

static bool flag_read(const struct value *v)
{
    bool yes = strcmp(v->node->text, "true") == 0;
    if (v->node->quoted || (!yes && strcmp(v->node->text, "false") != 0))
        return refuse(v, FAULT_SEED_FLAG);
    *(bool *)v->place = yes;
    return true;
}

static bool number_read(const struct value *v)
{
    int64_t number;
    const struct seed_key *key = v->key;
    enum decimal_result result = decimal_parse(v->node->text, strlen(v->node->text), key->scale, &number);
    if (v->node->quoted || result != DECIMAL_OK || number < key->least || number > key->most) {
        char text[DECIMAL_TEXT_SIZE];
        refuse(v, FAULT_SEED_NUMBER);
        decimal_format(key->least, key->scale, 0, text);
        params_add_text(&v->reader->fault->params, "least", text);
        decimal_format(key->most, key->scale, 0, text);
        params_add_text(&v->reader->fault->params, "most", text);
        return false;
    }
    *(int64_t *)v->place = number;
    return true;
}

static bool day_read(const struct value *v)
{
    int32_t day;
    size_t read = civil_parse(v->node->text, &day);
    if (read == 0 || v->node->text[read])
        return refuse(v, FAULT_SEED_DAY);
    *(int32_t *)v->place = day;
    return true;
}

static bool guid_read(const struct value *v)
{
    *(const char **)v->place = v->node->text;
    return text_is_guid(v->node->text) || refuse(v, FAULT_SEED_GUID);
}

static bool inn_read(const struct value *v)
{
    *(const char **)v->place = v->node->text;
    return identity_inn_valid(v->node->text) || refuse(v, FAULT_SEED_INN);
}

static bool kpp_read(const struct value *v)
{
    const char *text = v->node->text;
    *(const char **)v->place = text;
    bool digits = strspn(text, "0123456789") == KPP_DIGITS && text[KPP_DIGITS] == 0;
    return digits || refuse(v, FAULT_SEED_KPP);
}

/* Letters alone, so that what follows the first dash of an article is the format. */
static bool article_read(const struct value *v)
{
    const char *text = v->node->text;
    *(const char **)v->place = text;
    size_t letters = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    bool ok = letters > 0 && letters <= ARTICLE_LETTERS_MAX && text[letters] == 0;
    return ok || refuse_most(v, FAULT_SEED_ARTICLE, ARTICLE_LETTERS_MAX);
}

/* --- Lists and references --- */

static bool scalar(const struct value *v)
{
    bool ok = v->node->kind == YAML_SCALAR && (v->node->quoted || v->node->text[0]);
    return ok || refuse(v, FAULT_SEED_NOT_VALUE);
}

static bool sequence(const struct value *v, int64_t most)
{
    if (v->node->kind != YAML_SEQUENCE)
        return refuse(v, FAULT_SEED_NOT_LIST);
    if (v->node->count == 0 || (int64_t)v->node->count > most)
        return refuse_most(v, FAULT_SEED_COUNT, most);
    return true;
}

static bool texts_read(const struct value *v)
{
    struct seed_texts *texts = v->place;
    if (!sequence(v, SEED_TEXTS_MAX))
        return false;
    for (const struct yaml_node *node = v->node->first; node; node = node->next) {
        struct value text = {v->reader, v->key, node, v->owner, &texts->items[texts->count++]};
        if (!scalar(&text) || !text_read(&text))
            return false;
    }
    return true;
}

static const struct seed_key *key_find(const struct seed_kind *kind, const char *name)
{
    for (size_t i = 0; i < kind->count; i++)
        if (strcmp(kind->keys[i].name, name) == 0)
            return &kind->keys[i];
    return NULL;
}

/* The value is the key of an entry of the list, as far as that is read. */
static bool reference_read(const struct value *v)
{
    const struct seed_key *list = key_find(&seed_file, v->key->list);
    assert(list && list->type == SEED_ENTRIES);
    const char *entries = (const char *)v->reader->seed + list->offset;
    const int32_t *count = (const void *)((const char *)v->reader->seed + list->count);
    int32_t *index = v->place;
    if (!scalar(v))
        return false;
    for (*index = 0; *index < *count; ++*index) {
        const char *const *key = (const void *)(entries + (size_t)*index * list->kind->bytes);
        if (strcmp(*key, v->node->text) == 0)
            return true;
    }
    refuse(v, FAULT_SEED_REFERENCE);
    params_add_text(&v->reader->fault->params, "list", v->key->list);
    return false;
}

static bool references_read(const struct value *v)
{
    struct seed_references *references = v->place;
    if (!sequence(v, SEED_REFERENCES_MAX))
        return false;
    for (const struct yaml_node *node = v->node->first; node; node = node->next) {
        struct value one = {v->reader, v->key, node, v->owner, &references->items[references->count++]};
        if (!reference_read(&one))
            return false;
    }
    return true;
}

/* --- Sections --- */

static bool section_read(struct seed_reader *reader, const struct seed_kind *kind,
                         const struct yaml_node *section, void *target);

static bool section_value_read(const struct value *v)
{
    return section_read(v->reader, v->key->kind, v->node, v->place);
}

static bool entries_read(const struct value *v)
{
    int32_t *count = (void *)((char *)v->owner + v->key->count);
    if (v->node->kind != YAML_MAPPING)
        return refuse(v, FAULT_SEED_NOT_SECTION);
    if (v->node->count == 0 || (int64_t)v->node->count > v->key->most)
        return refuse_most(v, FAULT_SEED_COUNT, v->key->most);
    for (const struct yaml_node *node = v->node->first; node; node = node->next) {
        void *entry = (char *)v->place + (size_t)*count * v->key->kind->bytes;
        *(const char **)entry = node->key;
        if (strlen(node->key) > SEED_KEY_BYTES_MAX)
            return key_long_refuse(v->reader, node);
        if (!section_read(v->reader, v->key->kind, node, entry))
            return false;
        ++*count;
    }
    return true;
}

static bool (*const readers[SEED_TYPE_COUNT])(const struct value *v) = {
    [SEED_TEXT] = text_read,
    [SEED_FLAG] = flag_read,
    [SEED_NUMBER] = number_read,
    [SEED_DAY] = day_read,
    [SEED_GUID] = guid_read,
    [SEED_INN] = inn_read,
    [SEED_KPP] = kpp_read,
    [SEED_ARTICLE] = article_read,
    [SEED_TEXTS] = texts_read,
    [SEED_REFERENCE] = reference_read,
    [SEED_REFERENCES] = references_read,
    [SEED_SECTION] = section_value_read,
    [SEED_ENTRIES] = entries_read,
};

/* What is not said; all else is zero already. */
static void absent_fill(const struct seed_key *key, void *place)
{
    if (key->type == SEED_REFERENCE)
        *(int32_t *)place = -1;
    else if (key->type == SEED_NUMBER)
        *(int64_t *)place = key->absent;
}

static bool value_read(const struct value *v)
{
    bool composed = v->key->type >= SEED_TEXTS && v->key->type != SEED_REFERENCE;
    return (composed || scalar(v)) && readers[v->key->type](v);
}

static bool unknown_refuse(struct seed_reader *reader, const struct seed_kind *kind,
                           const struct yaml_node *child)
{
    const char *names[KEYS_MAX];
    struct buffer listed;
    assert(kind->count <= KEYS_MAX);
    buffer_init(&listed);
    for (size_t i = 0; i < kind->count; i++) {
        names[i] = kind->keys[i].name;
        buffer_printf(&listed, "%s%s", i ? ", " : "", names[i]);
    }
    const char *near = text_nearest(child->key, names, kind->count);
    refuse_at(reader, near ? FAULT_SEED_KEY_MISSPELT : FAULT_SEED_KEY_UNKNOWN, child->key, child->key_line,
              child->key_column);
    params_add_text(&reader->fault->params, near ? "nearest" : "keys", near ? near : buffer_text(&listed));
    buffer_free(&listed);
    return false;
}

/* Whether a day is not before the one it must follow. */
static bool order_holds(const struct value *v, const struct seed_kind *kind)
{
    if (!v->key->after)
        return true;
    const struct seed_key *after = key_find(kind, v->key->after);
    const int32_t *earlier = (const void *)((const char *)v->owner + after->offset);
    if (*(const int32_t *)v->place >= *earlier)
        return true;
    refuse(v, FAULT_SEED_PERIOD);
    params_add_text(&v->reader->fault->params, "after", after->name);
    return false;
}

static bool section_read(struct seed_reader *reader, const struct seed_kind *kind,
                         const struct yaml_node *section, void *target)
{
    if (section->kind != YAML_MAPPING)
        return refuse_at(reader, FAULT_SEED_NOT_SECTION,
                         section->key ? section->key : file_name(reader->path), section->line,
                         section->column);
    for (const struct yaml_node *child = section->first; child; child = child->next)
        if (!key_find(kind, child->key))
            return unknown_refuse(reader, kind, child);
    for (size_t i = 0; i < kind->count; i++) {
        const struct seed_key *key = &kind->keys[i];
        struct value v = {reader, key, yaml_get(section, key->name), target, (char *)target + key->offset};
        if (!v.node && !key->optional)
            return refuse_at(reader, FAULT_SEED_KEY_MISSING, key->name,
                             section->key ? section->key_line : section->line,
                             section->key ? section->key_column : section->column);
        if (!v.node)
            absent_fill(key, v.place);
        else if (!value_read(&v) || !order_holds(&v, kind))
            return false;
    }
    return true;
}

/* --- The file --- */

/* Two entries of a section that say the same of what tells them apart. */
static bool repeated_refuse(struct seed_reader *reader, const char *section, const char *key,
                            const char *member, const char *first)
{
    const struct yaml_node *node = yaml_get(yaml_get(yaml_get(reader->root, section), key), member);
    refuse_at(reader, FAULT_SEED_REPEATED, member, node->line, node->column);
    params_add_text(&reader->fault->params, "value", node->text);
    params_add_text(&reader->fault->params, "first", first);
    return false;
}

static bool identities_hold(struct seed_reader *reader)
{
    const struct seed_collection *collections = reader->seed->collections;
    const struct seed_warehouse *warehouses = reader->seed->warehouses;
    for (int32_t i = 0; i < reader->seed->collection_count; i++)
        for (int32_t j = 0; j < i; j++)
            if (strcmp(collections[i].article, collections[j].article) == 0)
                return repeated_refuse(reader, "collections", collections[i].key, "article",
                                       collections[j].key);
    for (int32_t i = 0; i < reader->seed->warehouse_count; i++)
        for (int32_t j = 0; j < i; j++)
            if (strcmp(warehouses[i].guid, warehouses[j].guid) == 0)
                return repeated_refuse(reader, "warehouses", warehouses[i].key, "id", warehouses[j].key);
    return true;
}

static bool article_known(const struct seed *seed, const char *wanted)
{
    char article[SEED_ARTICLE_SIZE];
    for (int32_t i = 0; i < seed->collection_count; i++) {
        const struct seed_collection *collection = &seed->collections[i];
        for (int32_t j = 0; j < collection->format_count; j++)
            for (int32_t colour = collection->colours.count ? 0 : -1; colour < collection->colours.count;
                 colour++) {
                seed_article_write(collection, &collection->formats[j], colour, 0, article);
                if (strcmp(article, wanted) == 0)
                    return true;
            }
    }
    return false;
}

/* Every analogue is an article of the seed. */
static bool analogues_hold(struct seed_reader *reader, const struct yaml_node *exception)
{
    const struct yaml_node *list = yaml_get(exception, "analogues");
    for (const struct yaml_node *node = list ? list->first : NULL; node; node = node->next)
        if (!article_known(reader->seed, node->text))
            return refuse_at(reader, FAULT_SEED_ARTICLE_UNKNOWN, node->text, node->line, node->column);
    return true;
}

static bool exceptions_hold(struct seed_reader *reader)
{
    const struct seed *seed = reader->seed;
    for (int32_t i = 0; i < seed->exception_count; i++) {
        const char *article = seed->exceptions[i].key;
        const struct yaml_node *node = yaml_get(yaml_get(reader->root, "exceptions"), article);
        if (!article_known(seed, article))
            return refuse_at(reader, FAULT_SEED_ARTICLE_UNKNOWN, article, node->key_line, node->key_column);
        if (!analogues_hold(reader, node))
            return false;
    }
    return true;
}

static bool file_read_into(struct seed_reader *reader, const char *text, size_t length)
{
    struct faults faults;
    faults_init(&faults);
    reader->root = yaml_read(reader->arena, reader->path, text, length, &faults);
    if (!reader->root)
        *reader->fault = faults.items[0];
    faults_free(&faults);
    return reader->root && section_read(reader, &seed_file, reader->root, reader->seed) &&
           identities_hold(reader) && exceptions_hold(reader);
}

struct seed *seed_load(struct arena *arena, const char *path, struct fault *fault)
{
    struct seed *seed = arena_alloc(arena, sizeof *seed);
    struct seed_reader reader = {.arena = arena, .path = path, .seed = seed, .fault = fault};
    struct buffer text;
    buffer_init(&text);
    bool ok = file_read(path, SEED_BYTES_MAX, &text, fault) &&
              file_read_into(&reader, buffer_text(&text), text.length);
    buffer_free(&text);
    return ok ? seed : NULL;
}

void seed_article_write(const struct seed_collection *collection, const struct seed_format *format,
                        int32_t colour, int64_t series, char article[SEED_ARTICLE_SIZE])
{
    int used = snprintf(article, SEED_ARTICLE_SIZE, "%s", collection->article);
    if (series > 0)
        used += snprintf(article + used, SEED_ARTICLE_SIZE - (size_t)used, "%" PRId64, series + 1);
    used += snprintf(article + used, SEED_ARTICLE_SIZE - (size_t)used, "-%s", format->key);
    if (colour >= 0)
        used += snprintf(article + used, SEED_ARTICLE_SIZE - (size_t)used, "-%02" PRId32, colour + 1);
    assert(used < SEED_ARTICLE_SIZE);
}
