#include "policy/config_read.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/yaml.h"

/* No section has more keys. */
#define SECTION_KEYS_MAX 32

#define SHOWN_BYTES_MAX 60

/* Names become folders, links and keys of the database. */
#define NAME_CHARS_MAX 32

/* --- Faults --- */

/* Adds as much of a text from the file as fits a sentence. */
static void shown(struct config_reader *reader, struct fault *fault, const char *name, const char *text)
{
    size_t kept = text_cut(text, strlen(text), SHOWN_BYTES_MAX);
    params_add_text(&fault->params, name, arena_copy(reader->arena, text, kept));
}

struct fault *config_refuse(struct config_reader *reader, enum fault_code code, const char *path,
                            const struct yaml_node *node)
{
    struct fault *fault = faults_add(reader->faults, code);
    fault_file(fault, reader->file, node->line, node->column);
    shown(reader, fault, "key", path);
    if (node->kind == YAML_SCALAR)
        shown(reader, fault, "value", node->text);
    return fault;
}

void config_limits(struct fault *fault, const struct config_key *key)
{
    params_add_number(&fault->params, "least", PARAM_COUNT, key->least);
    params_add_number(&fault->params, "most", PARAM_COUNT, key->most);
}

static bool absent(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && !node->quoted && !node->text[0];
}

bool config_scalar(struct config_reader *reader, const char *path, const struct yaml_node *node)
{
    if (node->kind != YAML_SCALAR)
        config_refuse(reader, FAULT_CONFIG_NOT_VALUE, path, node);
    else if (absent(node))
        config_refuse(reader, FAULT_CONFIG_EMPTY, path, node);
    return node->kind == YAML_SCALAR && !absent(node);
}

/* --- Sections --- */

/* The rows one level below a row, in table order. */
struct children {
    int count;
    const struct config_key *keys[SECTION_KEYS_MAX];
    const char *names[SECTION_KEYS_MAX];
    bool suggested[SECTION_KEYS_MAX]; /* a key nobody knows was probably meant to be this one */
    const char *listed;               /* all names in one text; NULL until needed */
};

/* <above> is the path of the section in the table, "" at the root. */
static void children_find(const struct config_table *table, const char *above, struct children *children)
{
    size_t length = strlen(above);
    *children = (struct children){.count = 0};
    for (size_t i = 0; i < table->count; i++) {
        const char *path = table->keys[i].path;
        if (strncmp(path, above, length) != 0 || (length > 0 && path[length] != '.'))
            continue;
        const char *name = path + length + (length > 0);
        if (strchr(name, '.'))
            continue;
        assert(children->count < SECTION_KEYS_MAX);
        children->names[children->count] = name;
        children->keys[children->count++] = &table->keys[i];
    }
}

static const struct config_key *entry_key(const struct config_reader *reader, const struct config_key *key)
{
    struct children children;
    children_find(reader->table, key->path, &children);
    assert(children.count == 1 && strcmp(children.names[0], "*") == 0);
    return children.keys[0];
}

static const char *names_list(struct config_reader *reader, struct children *children)
{
    const char *listed = children->listed;
    for (int i = 0; i < children->count && !children->listed; i++)
        listed =
            arena_printf(reader->arena, "%s%s%s", i > 0 ? listed : "", i > 0 ? ", " : "", children->names[i]);
    children->listed = listed;
    return listed;
}

static void unknown_refuse(struct config_reader *reader, struct children *children,
                           const struct yaml_node *child)
{
    const char *near = text_nearest(child->key, children->names, (size_t)children->count);
    struct fault *fault =
        faults_add(reader->faults, near ? FAULT_CONFIG_KEY_MISSPELT : FAULT_CONFIG_KEY_UNKNOWN);
    fault_file(fault, reader->file, child->key_line, child->key_column);
    shown(reader, fault, "key", child->key);
    for (int i = 0; i < children->count; i++)
        children->suggested[i] = children->suggested[i] || children->names[i] == near;
    params_add_text(&fault->params, near ? "nearest" : "keys", near ? near : names_list(reader, children));
}

static void unknown_check(struct config_reader *reader, struct children *children,
                          const struct yaml_node *section)
{
    for (const struct yaml_node *child = section->first; child; child = child->next) {
        bool known = false;
        for (int i = 0; i < children->count && !known; i++)
            known = strcmp(children->names[i], child->key) == 0;
        if (!known)
            unknown_refuse(reader, children, child);
    }
}

/* Places it at the section's key, or at the list entry; at the root (line 0) it is the file that lacks it. */
static void missing_refuse(struct config_reader *reader, const char *path, const struct yaml_node *section)
{
    struct fault *fault = faults_add(reader->faults, FAULT_CONFIG_KEY_MISSING);
    if (section->key)
        fault_file(fault, reader->file, section->key_line, section->key_column);
    else
        fault_file(fault, reader->file, section->line, section->column);
    shown(reader, fault, "key", path);
}

/* What holds where the key is absent. The table's own text, so it is YAML. */
static struct yaml_node *default_node(const struct config_reader *reader, const struct config_key *key)
{
    struct faults faults;
    faults_init(&faults);
    struct yaml_node *node =
        yaml_read(reader->arena, key->path, key->otherwise, strlen(key->otherwise), &faults);
    assert(node && faults.count == 0);
    faults_free(&faults);
    return node;
}

static void key_read(struct config_reader *reader, const struct config_key *key, const char *path,
                     const struct yaml_node *node, void *target);

/* Reads the keys below the row path <above>. <path> is how people call the section, "" at the root. */
static void section_read(struct config_reader *reader, const char *above, const char *path,
                         const struct yaml_node *section, void *target)
{
    if (section->kind != YAML_MAPPING && !absent(section)) {
        config_refuse(reader, FAULT_CONFIG_NOT_SECTION, path, section);
        return;
    }
    struct children children;
    children_find(reader->table, above, &children);
    unknown_check(reader, &children, section);
    for (int i = 0; i < children.count; i++) {
        const struct config_key *key = children.keys[i];
        const struct yaml_node *node = yaml_get(section, children.names[i]);
        const char *below =
            arena_printf(reader->arena, "%s%s%s", path, path[0] ? "." : "", children.names[i]);
        if (!node && key->otherwise == CONFIG_REQUIRED) {
            if (!children.suggested[i])
                missing_refuse(reader, below, section);
            continue;
        }
        if (!node && key->otherwise[0] == 0)
            continue;
        if (!node) {
            struct yaml_node *given = default_node(reader, key);
            /* What may be missing inside it is missing here. */
            given->line = section->key ? section->key_line : section->line;
            given->column = section->key ? section->key_column : section->column;
            node = given;
        }
        key_read(reader, key, below, node, target);
    }
}

/* --- Names and lists --- */

static bool name_holds(const char *name)
{
    bool ok = name[0] >= 'a' && name[0] <= 'z' && strlen(name) <= NAME_CHARS_MAX;
    for (const char *at = name; *at && ok; at++)
        ok = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '-' || *at == '_';
    return ok;
}

static void name_check(struct config_reader *reader, const char *path, const struct yaml_node *node)
{
    if (name_holds(node->key))
        return;
    struct fault *fault = faults_add(reader->faults, FAULT_CONFIG_NAME);
    fault_file(fault, reader->file, node->key_line, node->key_column);
    shown(reader, fault, "key", path);
    shown(reader, fault, "value", node->key);
    params_add_number(&fault->params, "most", PARAM_COUNT, NAME_CHARS_MAX);
}

/* A year, and the one after the year before it. */
static void year_check(struct config_reader *reader, const char *path, const struct yaml_node *list,
                       const struct yaml_node *node)
{
    const struct yaml_node *before = list->first;
    while (before != node && before->next != node)
        before = before->next;
    bool digits = strlen(node->key) == 4 && strspn(node->key, "0123456789") == 4;
    bool follows = before == node || atoi(node->key) == atoi(before->key) + 1;
    if (digits && follows)
        return;
    struct fault *fault = faults_add(reader->faults, digits ? FAULT_CONFIG_YEAR_ORDER : FAULT_CONFIG_YEAR);
    fault_file(fault, reader->file, node->key_line, node->key_column);
    shown(reader, fault, "key", path);
    shown(reader, fault, "value", node->key);
    if (digits)
        shown(reader, fault, "before", before->key);
}

/* In a list of texts none stands twice. */
static void repeated_check(struct config_reader *reader, const char *path, const struct yaml_node *list,
                           const struct yaml_node *entry)
{
    for (const struct yaml_node *before = list->first; before != entry; before = before->next) {
        if (before->kind != YAML_SCALAR || entry->kind != YAML_SCALAR ||
            strcmp(before->text, entry->text) != 0)
            continue;
        struct fault *fault = config_refuse(reader, FAULT_CONFIG_REPEATED, path, entry);
        params_add_number(&fault->params, "line", PARAM_COUNT, before->line);
        return;
    }
}

/* Reads the entries of CONFIG_NAMED, CONFIG_YEARS or CONFIG_LIST. */
static void entries_read(struct config_reader *reader, const struct config_key *key, const char *path,
                         const struct yaml_node *node, void *target)
{
    bool named = key->type != CONFIG_LIST;
    if (node->kind != (named ? YAML_MAPPING : YAML_SEQUENCE)) {
        config_refuse(reader, named ? FAULT_CONFIG_NOT_SECTION : FAULT_CONFIG_NOT_LIST, path, node);
        return;
    }
    if ((int64_t)node->count < key->least || (int64_t)node->count > key->most) {
        config_limits(config_refuse(reader, FAULT_CONFIG_COUNT, path, node), key);
        return;
    }
    const struct config_key *below = entry_key(reader, key);
    int *count = (void *)((char *)target + key->second);
    *count = 0;
    for (const struct yaml_node *entry = node->first; entry; entry = entry->next) {
        void *place = (char *)target + key->offset + (size_t)*count * key->stride;
        const char *called = path;
        if (named) {
            if (key->type == CONFIG_YEARS)
                year_check(reader, path, node, entry);
            else
                name_check(reader, path, entry);
            *(const char **)place = entry->key;
            called = arena_printf(reader->arena, "%s.%s", path, entry->key);
        } else {
            repeated_check(reader, path, node, entry);
        }
        key_read(reader, below, called, entry, place);
        ++*count;
    }
}

/* A section, or the value of its first key, read as a section with that key alone. */
static void short_read(struct config_reader *reader, const struct config_key *key, const char *path,
                       const struct yaml_node *node, void *target)
{
    struct children children;
    if (node->kind != YAML_SCALAR || absent(node)) {
        section_read(reader, key->path, path, node, target);
        return;
    }
    children_find(reader->table, key->path, &children);
    struct yaml_node value = *node;
    value.key = children.names[0];
    value.next = NULL;
    struct yaml_node section = *node;
    section.kind = YAML_MAPPING;
    section.first = &value;
    section.count = 1;
    section_read(reader, key->path, path, &section, target);
}

static void key_read(struct config_reader *reader, const struct config_key *key, const char *path,
                     const struct yaml_node *node, void *target)
{
    switch (key->type) {
    case CONFIG_SECTION: section_read(reader, key->path, path, node, target); break;
    case CONFIG_SHORT: short_read(reader, key, path, node, target); break;
    case CONFIG_NAMED:
    case CONFIG_YEARS:
    case CONFIG_LIST: entries_read(reader, key, path, node, target); break;
    default: config_value_read(reader, key, path, node, target); break;
    }
}

void config_read(struct config_reader *reader, const struct yaml_node *root, void *target)
{
    struct yaml_node file = *root;
    if (file.kind == YAML_MAPPING)
        file.line = file.column = 0;
    section_read(reader, "", "", &file, target);
}
