/* One record's tree while it is read: elements are opened, given text and closed, and stay until the next
 * reset. Text is gathered on a stack, so that it is copied once whatever its pieces and whatever stands
 * between them.
 *
 * Ownership: tree_init and tree_free pair; the elements die with tree_reset. Threads: a tree belongs to one
 * thread. Errors: a tree beyond its limits says which; it must then be reset. */
#ifndef KABINET_EXCHANGE_TREE_H
#define KABINET_EXCHANGE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

struct element;

/* Group in group is two levels: thirty groups deep, which is more than anyone clicks through. */
#define TREE_DEPTH_MAX 64

/* The widest element of the schema has ten. */
#define TREE_ATTRIBUTES_MAX 64

/* The longest honest text is a description in HTML. */
#define TREE_TEXT_MAX ((size_t)1 << 20)

/* Counted as kept in memory, which is about what it is in the file. Goods with a thousand properties take a
 * tenth. */
#define TREE_BYTES_MAX ((size_t)4 << 20)

enum tree_result {
    TREE_OK = 0,
    TREE_ATTRIBUTES, /* more than TREE_ATTRIBUTES_MAX */
    TREE_TEXT,       /* more than TREE_TEXT_MAX */
    TREE_BYTES,      /* more than TREE_BYTES_MAX */
};

struct tree_node {
    struct element *element;
    struct element **last; /* where the next child is hung */
    size_t text;           /* where its text begins on the stack */
};

struct tree {
    struct arena arena;
    struct buffer text;
    struct element *root; /* NULL: nothing was opened */
    int depth;            /* elements open */
    struct tree_node open[TREE_DEPTH_MAX];
};

void tree_init(struct tree *tree);
void tree_free(struct tree *tree);

/* Forgets all elements. */
void tree_reset(struct tree *tree);

/* Opens an element in the one open, or as root. <attributes> are pairs of name and value, NULL at the end;
 * those that only speak of namespaces are left out. */
enum tree_result tree_open(struct tree *tree, const char *name, const char *const *attributes, int line);

enum tree_result tree_add_text(struct tree *tree, const char *bytes, size_t length);

/* Closes the element opened last. */
enum tree_result tree_close(struct tree *tree);

#endif
