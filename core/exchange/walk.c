#include "exchange/walk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void walk_init(struct walk *walk, const char *file, reader_take *take, void *context,
               struct file_facts *facts, struct fault *fault)
{
    *facts = (struct file_facts){.encoding = ""};
    *walk = (struct walk){
        .take = take, .context = context, .file = file, .facts = facts, .fault = fault, .parent = ""};
    tree_init(&walk->tree);
}

void walk_free(struct walk *walk)
{
    for (int i = 1; i <= walk->depth; i++)
        free(walk->frames[i].group_id);
    tree_free(&walk->tree);
}

struct params *walk_refuse(struct walk *walk, enum fault_code code, int line, int column)
{
    fault_set(walk->fault, code);
    fault_file(walk->fault, walk->file, line, column);
    params_add_number(&walk->fault->params, "line", PARAM_COUNT, line);
    walk->stopped = true;
    return &walk->fault->params;
}

static void refuse_limit(struct walk *walk, enum fault_code code, int64_t most, int line)
{
    params_add_number(walk_refuse(walk, code, line, 0), "most", PARAM_COUNT, most);
}

/* Whether the tree took it; refuses the file where it did not. */
static bool took(struct walk *walk, enum tree_result result)
{
    if (result == TREE_OK)
        return true;
    const struct tree *tree = &walk->tree;
    int line = tree->depth > 0 ? tree->open[tree->depth - 1].element->line : tree->root->line;
    switch (result) {
    case TREE_OK: break;
    case TREE_ATTRIBUTES: refuse_limit(walk, FAULT_XML_ATTRIBUTES, TREE_ATTRIBUTES_MAX, line); break;
    case TREE_TEXT: refuse_limit(walk, FAULT_XML_TEXT_LARGE, TREE_TEXT_MAX >> 20, line); break;
    case TREE_BYTES:
        refuse_limit(walk, FAULT_XML_RECORD_LARGE, TREE_BYTES_MAX >> 20, tree->root->line);
        break;
    }
    return false;
}

/* --- Giving away --- */

static void give(struct walk *walk, enum record_kind kind, const struct element *element)
{
    walk->facts->records += reader_route_counts(kind);
    if (!walk->take(walk->context, kind, kind == RECORD_GROUP ? walk->parent : "", element))
        walk->stopped = true;
}

static void look_at_offer(struct walk *walk, const struct element *offer)
{
    const struct element *prices = element_child(offer, ELEMENT_PRICES);
    const char *quantity = element_text(offer, ELEMENT_QUANTITY);
    if (prices && element_child(prices, ELEMENT_PRICE))
        walk->facts->has_prices = true;
    if ((quantity && quantity[0]) || element_child(offer, ELEMENT_WAREHOUSE) ||
        element_child(offer, ELEMENT_WAREHOUSES) || element_child(offer, ELEMENT_RESTS))
        walk->facts->has_quantities = true;
}

static void give_tree(struct walk *walk, enum record_kind kind)
{
    if (kind == RECORD_OFFER)
        look_at_offer(walk, walk->tree.root);
    give(walk, kind, walk->tree.root);
    tree_reset(&walk->tree);
}

/* Gives away the head of the container or group that <frame> is, if it is still here. */
static void give_head(struct walk *walk, struct walk_frame *frame)
{
    if (!frame->head_open || !took(walk, tree_close(&walk->tree)))
        return;
    frame->head_open = false;
    if (frame->route->role == ROUTE_GROUP) {
        const char *id = element_text(walk->tree.root, ELEMENT_ID);
        frame->group_id = mem_strdup(id ? id : "");
    }
    give_tree(walk, frame->route->record);
    if (frame->group_id) {
        frame->parent = walk->parent;
        walk->parent = frame->group_id;
    }
}

static void give_end(struct walk *walk, const struct walk_frame *frame)
{
    enum element_name name = frame->route->name;
    const struct element end = {
        .name = name, .spelling = element_name_text(name), .line = frame->line, .text = ""};
    give(walk, RECORD_END, &end);
}

/* --- Going in --- */

static void push(struct walk *walk, enum place place, const struct reader_route *route, int line)
{
    walk->frames[++walk->depth] = (struct walk_frame){.place = place, .route = route, .line = line};
}

static void copy_cut(char *to, size_t size, const char *text)
{
    size_t length = text_cut(text, strlen(text), size - 1);
    memcpy(to, text, length);
    to[length] = 0;
}

static void enter_root(struct walk *walk)
{
    const struct element *root = walk->tree.root;
    const char *version = element_attribute(root, ELEMENT_SCHEMA_VERSION);
    const char *formed = element_attribute(root, ELEMENT_FORMED);
    copy_cut(walk->facts->version, sizeof walk->facts->version, version ? version : "");
    copy_cut(walk->facts->formed, sizeof walk->facts->formed, formed ? formed : "");
    const char *reserves = element_attribute(root, ELEMENT_RESERVES_IN_STOCK);
    if (reserves && strcmp(reserves, "ВычтеныИзОстатка") == 0)
        walk->facts->stock = FILE_STOCK_NET;
    else if (reserves && strcmp(reserves, "НеВычтены") == 0)
        walk->facts->stock = FILE_STOCK_WHOLE;
    if (version && strncmp(version, "1.", 2) == 0)
        walk_refuse(walk, FAULT_COMMERCEML_VERSION_1, root->line, 0);
    tree_reset(&walk->tree);
}

static void enter_container(struct walk *walk, const struct reader_route *route)
{
    const struct element *head = walk->tree.root;
    struct file_facts *facts = walk->facts;
    bool changes_only;
    if (element_attribute(head, ELEMENT_IDENTIFIER_1))
        walk_refuse(walk, FAULT_COMMERCEML_VERSION_1, head->line, 0);
    if (!walk->says_changes &&
        value_bool(element_attribute(head, ELEMENT_CHANGES_ONLY), &changes_only) == VALUE_OK) {
        walk->says_changes = true;
        facts->changes_only = changes_only;
    }
    if (!facts->kind)
        facts->kind = route->file;
    walk->has_classifier = walk->has_classifier || route->record == RECORD_CLASSIFIER;
}

/* Opens an element that means something where it stands. */
static void enter(struct walk *walk, const struct reader_route *route, const char *name,
                  const char *const *attributes, int line)
{
    if (route->role == ROUTE_LIST || route->role == ROUTE_RECORD)
        give_head(walk, &walk->frames[walk->depth]);
    if (walk->stopped)
        return;
    push(walk, route->to, route, line);
    if (!walk->facts->kind && route->role != ROUTE_CONTAINER)
        walk->facts->kind = route->file;
    if (route->role == ROUTE_LIST || route->role == ROUTE_PASS)
        return;
    if (!took(walk, tree_open(&walk->tree, name, attributes, line)))
        return;
    walk->frames[walk->depth].head_open = route->role == ROUTE_CONTAINER || route->role == ROUTE_GROUP;
    if (route->role == ROUTE_ROOT)
        enter_root(walk);
    else if (route->role == ROUTE_CONTAINER)
        enter_container(walk, route);
}

/* Opens an element that means nothing where it stands: an unknown root, an unknown list, a child of a head,
 * or what a later version has brought. */
static void enter_unknown(struct walk *walk, const char *name, const char *const *attributes, int line)
{
    const struct walk_frame *above = &walk->frames[walk->depth];
    const char *local = element_name_local(name, strlen(name));
    if (above->place == PLACE_FILE) {
        char cut[WALK_NAME_SIZE];
        copy_cut(cut, sizeof cut, local);
        params_add_text(walk_refuse(walk, FAULT_COMMERCEML_ROOT, line, 0), "name", cut);
        return;
    }
    if (above->place == PLACE_ROOT && !walk->unknown_line) {
        copy_cut(walk->unknown, sizeof walk->unknown, local);
        walk->unknown_line = line;
    }
    if (above->head_open && !took(walk, tree_open(&walk->tree, name, attributes, line)))
        return;
    push(walk, above->head_open ? PLACE_TREE : PLACE_PASSED, NULL, line);
}

void walk_open(struct walk *walk, const char *name, const char *const *attributes, int line)
{
    if (walk->stopped)
        return;
    if (walk->depth == TREE_DEPTH_MAX) {
        refuse_limit(walk, FAULT_XML_DEEP, TREE_DEPTH_MAX, line);
        return;
    }
    enum place place = walk->frames[walk->depth].place;
    if (place == PLACE_TREE) {
        if (took(walk, tree_open(&walk->tree, name, attributes, line)))
            push(walk, PLACE_TREE, NULL, line);
        return;
    }
    if (place == PLACE_PASSED) {
        push(walk, PLACE_PASSED, NULL, line);
        return;
    }
    enum element_name known = element_name_find(name, strlen(name));
    const struct reader_route *route = reader_route_find(place, known);
    enum fault_code refusal = place == PLACE_ROOT ? reader_route_refusal(known) : FAULT_NONE;
    if (refusal)
        walk_refuse(walk, refusal, line, 0);
    else if (route)
        enter(walk, route, name, attributes, line);
    else
        enter_unknown(walk, name, attributes, line);
}

void walk_add_text(struct walk *walk, const char *bytes, size_t length)
{
    const struct walk_frame *frame = &walk->frames[walk->depth];
    if (!walk->stopped && (frame->place == PLACE_TREE || frame->head_open))
        took(walk, tree_add_text(&walk->tree, bytes, length));
}

/* --- Going out --- */

void walk_close(struct walk *walk)
{
    if (walk->stopped)
        return;
    assert(walk->depth > 0);
    struct walk_frame *frame = &walk->frames[walk->depth];
    if (frame->place == PLACE_TREE) {
        if (took(walk, tree_close(&walk->tree)) && frame->route)
            give_tree(walk, frame->route->record);
    } else {
        give_head(walk, frame);
        if (!walk->stopped && frame->route && frame->route->role == ROUTE_CONTAINER)
            give_end(walk, frame);
    }
    if (frame->group_id) {
        walk->parent = frame->parent;
        free(frame->group_id);
    }
    walk->depth--;
}

bool walk_finish(struct walk *walk)
{
    struct file_facts *facts = walk->facts;
    if (!facts->kind && walk->has_classifier)
        facts->kind = FILE_KIND_CLASSIFIER;
    if (facts->kind == FILE_KIND_OFFERS && facts->has_prices != facts->has_quantities)
        facts->kind = facts->has_prices ? FILE_KIND_PRICES : FILE_KIND_RESTS;
    if (facts->kind)
        return true;
    if (walk->unknown_line)
        params_add_text(walk_refuse(walk, FAULT_COMMERCEML_LIST, walk->unknown_line, 0), "name",
                        walk->unknown);
    else
        walk_refuse(walk, FAULT_COMMERCEML_EMPTY, 1, 0);
    return false;
}
