#include "exchange/tree.h"

#include <assert.h>
#include <string.h>

#include "exchange/element.h"

void tree_init(struct tree *tree)
{
    *tree = (struct tree){.depth = 0};
    arena_init(&tree->arena);
    buffer_init(&tree->text);
}

void tree_free(struct tree *tree)
{
    arena_free(&tree->arena);
    buffer_free(&tree->text);
}

void tree_reset(struct tree *tree)
{
    arena_reset(&tree->arena);
    buffer_clear(&tree->text);
    tree->root = NULL;
    tree->depth = 0;
}

struct word {
    enum element_name name;
    const char *spelling;
};

/* Interns a name by its part behind the prefix; one Kabinet does not know keeps its spelling. */
static struct word word_make(struct arena *arena, const char *spelling)
{
    size_t length = strlen(spelling);
    enum element_name name = element_name_find(spelling, length);
    if (name)
        return (struct word){name, element_name_text(name)};
    const char *local = element_name_local(spelling, length);
    return (struct word){name, arena_strdup(arena, local)};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* How many bytes the blank at the start has, a no-break one included; 0 where there is none. */
static size_t blank_at_start(const char *text, size_t length)
{
    if (length > 0 && is_blank(text[0]))
        return 1;
    return length > 1 && memcmp(text, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

static size_t blank_at_end(const char *text, size_t length)
{
    if (length > 0 && is_blank(text[length - 1]))
        return 1;
    return length > 1 && memcmp(text + length - 2, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

static const char *copy_trimmed(struct arena *arena, const char *text, size_t length)
{
    size_t blank;
    while ((blank = blank_at_start(text, length))) {
        text += blank;
        length -= blank;
    }
    while ((blank = blank_at_end(text, length)))
        length -= blank;
    return length ? arena_copy(arena, text, length) : "";
}

static bool is_namespace(const char *name)
{
    return strncmp(name, "xmlns", 5) == 0 && (name[5] == 0 || name[5] == ':');
}

static enum tree_result add_attributes(struct tree *tree, struct element *element,
                                       const char *const *attributes)
{
    struct element_attribute **last = &element->attributes;
    for (int count = 0; attributes[0]; attributes += 2) {
        if (is_namespace(attributes[0]))
            continue;
        if (++count > TREE_ATTRIBUTES_MAX)
            return TREE_ATTRIBUTES;
        size_t length = strlen(attributes[1]);
        if (length > TREE_TEXT_MAX)
            return TREE_TEXT;
        struct word word = word_make(&tree->arena, attributes[0]);
        struct element_attribute *attribute = arena_alloc(&tree->arena, sizeof *attribute);
        attribute->name = word.name;
        attribute->spelling = word.spelling;
        attribute->value = copy_trimmed(&tree->arena, attributes[1], length);
        *last = attribute;
        last = &attribute->next;
    }
    return TREE_OK;
}

static enum tree_result check_bytes(const struct tree *tree)
{
    return tree->arena.bytes + tree->text.length > TREE_BYTES_MAX ? TREE_BYTES : TREE_OK;
}

enum tree_result tree_open(struct tree *tree, const char *name, const char *const *attributes, int line)
{
    assert(tree->depth < TREE_DEPTH_MAX);
    struct word word = word_make(&tree->arena, name);
    struct element *element = arena_alloc(&tree->arena, sizeof *element);
    element->name = word.name;
    element->spelling = word.spelling;
    element->line = line;
    element->text = "";
    if (tree->depth > 0) {
        struct tree_node *parent = &tree->open[tree->depth - 1];
        *parent->last = element;
        parent->last = &element->next;
    } else {
        assert(!tree->root);
        tree->root = element;
    }
    tree->open[tree->depth++] = (struct tree_node){element, &element->first, tree->text.length};
    enum tree_result result = add_attributes(tree, element, attributes);
    return result ? result : check_bytes(tree);
}

enum tree_result tree_add_text(struct tree *tree, const char *bytes, size_t length)
{
    assert(tree->depth > 0);
    size_t start = tree->open[tree->depth - 1].text;
    if (tree->text.length == start) {
        /* The blanks that indent children need not be kept. */
        size_t blank;
        while ((blank = blank_at_start(bytes, length))) {
            bytes += blank;
            length -= blank;
        }
        if (length == 0)
            return TREE_OK;
    }
    buffer_add(&tree->text, bytes, length);
    return tree->text.length - start > TREE_TEXT_MAX ? TREE_TEXT : check_bytes(tree);
}

enum tree_result tree_close(struct tree *tree)
{
    assert(tree->depth > 0);
    struct tree_node *node = &tree->open[--tree->depth];
    size_t length = tree->text.length - node->text;
    if (length > 0) {
        node->element->text = copy_trimmed(&tree->arena, tree->text.data + node->text, length);
        tree->text.length = node->text;
        tree->text.data[node->text] = 0;
    }
    return check_bytes(tree);
}
