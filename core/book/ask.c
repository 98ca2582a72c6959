/* Asking: candidates, filters, keys, and the page that is left of them.
 *
 * Candidates are walked in one of three ways: along an order, until the page is full, where what is asked
 * leaves many of all items; through the items of the groups or the brand asked for; or through all blocks. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/inside.h"
#include "book/question.h"
#include "book/tariff.h"

/* Keys of what has no number: a service there is always enough of, an item without a price, which comes last
 * either way. */
#define KEY_ENOUGH (INT64_MAX - 1)
#define KEY_NONE   INT64_MAX

struct found {
    int64_t key;
    int64_t id; /* for equal keys */
    uint32_t slot;
};

struct ask {
    const struct book_view *view;
    const struct book_question *question;
    struct arena *arena;
    struct tariff tariff;
    bool *in_group; /* by group number; NULL: all */
    int32_t brand;  /* number; 0: all */
    bool needs_supply;
    bool needs_price;
    struct found after; /* what the page comes after */
    /* The block at hand. */
    const struct block *block;
    struct tariff_block priced;
    const struct supply_place **supplied;       /* per place of the question; NULL: none of it in the block */
    const struct supply_place **goods_supplied; /* of the block of an item's goods */
    const struct block *goods_block;            /* which those are of; NULL: of none yet */
    int64_t on_day[BLOCK_ITEMS];
    int64_t keys[BLOCK_ITEMS];
    /* The best so far: a heap with the worst on top. */
    struct found *heap;
    uint32_t heap_count;
    uint32_t heap_room;
    int64_t total;
};

/* --- supply --- */

static void supplied_find(const struct ask *ask, const struct block_supply *supply,
                          const struct supply_place **supplied)
{
    for (int32_t p = 0; p < ask->question->place_count; p++) {
        supplied[p] = NULL;
        for (int32_t w = 0; w < supply->place_count && !supplied[p]; w++)
            if (supply->places[w].warehouse_id == ask->question->places[p].warehouse_id)
                supplied[p] = &supply->places[w];
    }
}

/* What item <at> can get from the place by a day of arrival: the most of its steps that are not later. */
static int64_t step_at(const struct supply_place *place, uint32_t at, int32_t day)
{
    int64_t quantity = 0;
    int16_t near = step_day(day);
    for (int32_t k = 0; k < place->width; k++) {
        uint32_t step = (uint32_t)k * BLOCK_ITEMS + at;
        if (place->day[step] <= near && place->quantity[step] > quantity)
            quantity = place->quantity[step];
    }
    for (uint32_t i = 0; i < place->more_count && place->more_item[i] <= at; i++)
        if (place->more_item[i] == at && place->more_day[i] <= day && place->more_quantity[i] > quantity)
            quantity = place->more_quantity[i];
    return quantity;
}

struct supply_sum {
    int64_t on_day;
    int64_t free_now;
};

static int64_t less_safety(const struct book_question *question, int64_t quantity)
{
    return quantity > question->safety ? quantity - question->safety : 0;
}

/* Of one item, in a block whose places were found. */
static struct supply_sum sum_at(const struct ask *ask, const struct supply_place *const *supplied,
                                uint32_t at)
{
    const struct book_question *question = ask->question;
    struct supply_sum sum = {0, 0};
    for (int32_t p = 0; p < question->place_count; p++) {
        const struct book_place *place = &question->places[p];
        if (!supplied[p])
            continue;
        int64_t here =
            place->in_time ? less_safety(question, step_at(supplied[p], at, place->arrival_day)) : 0;
        if (question->together)
            sum.on_day += here;
        else
            sum.on_day = here > sum.on_day ? here : sum.on_day;
        sum.free_now += less_safety(question, supplied[p]->stock[at]);
    }
    return sum;
}

static bool bit(const uint64_t *bits, uint32_t at)
{
    return bits[at / 64] >> at % 64 & 1;
}

/* An item's own pools, or else its goods'. <supplied> holds those of the item's block. */
static struct supply_sum supply_of(struct ask *ask, const struct block *block,
                                   const struct supply_place *const *supplied, uint32_t at)
{
    const struct block_facts *facts = block->facts;
    if (bit(block->supply->own, at) || facts->flags[at] & FLAG_PLAIN || facts->plain[at] == MAP_NONE)
        return sum_at(ask, supplied, at);
    uint32_t slot = facts->plain[at];
    const struct block *goods = &ask->view->blocks[slot / BLOCK_ITEMS];
    if (ask->goods_block != goods)
        supplied_find(ask, goods->supply, ask->goods_supplied);
    ask->goods_block = goods;
    return sum_at(ask, ask->goods_supplied, slot % BLOCK_ITEMS);
}

/* --- the block at hand --- */

static void block_enter(struct ask *ask, const struct block *block)
{
    ask->block = block;
    if (ask->needs_price)
        tariff_enter(&ask->tariff, block, &ask->priced);
    if (ask->needs_supply)
        supplied_find(ask, block->supply, ask->supplied);
}

/* One column of steps over all items of a block: plain enough for the compiler to take
 * several at a time. */
static void column_pass(int32_t *restrict most, const int32_t *restrict steps, const int16_t *restrict days,
                        int16_t day)
{
    for (int at = 0; at < BLOCK_ITEMS; at++) {
        int32_t step = steps[at] & -(int32_t)(days[at] <= day);
        int32_t higher = -(int32_t)(step > most[at]);
        most[at] = (step & higher) | (most[at] & ~higher);
    }
}

/* The most that one of the places <from> to <to> - 1 has of each item of the block: one place after the
 * other, for the steps of one lie together. */
static void places_pass(const struct ask *ask, int32_t from, int32_t to, int64_t here[BLOCK_ITEMS])
{
    int32_t most[BLOCK_ITEMS] = {0};
    for (int32_t p = from; p < to; p++) {
        const struct supply_place *place = ask->supplied[p];
        for (int32_t k = 0; place && ask->question->places[p].in_time && k < place->width; k++)
            column_pass(most, place->quantity + k * BLOCK_ITEMS, place->day + k * BLOCK_ITEMS,
                        step_day(ask->question->places[p].arrival_day));
    }
    for (int at = 0; at < BLOCK_ITEMS; at++)
        here[at] = most[at];
    for (int32_t p = from; p < to; p++) {
        const struct supply_place *place = ask->supplied[p];
        int32_t day = ask->question->places[p].arrival_day;
        for (uint32_t i = 0; place && ask->question->places[p].in_time && i < place->more_count; i++) {
            int64_t *best = &here[place->more_item[i]];
            if (place->more_day[i] <= day && place->more_quantity[i] > *best)
                *best = place->more_quantity[i];
        }
    }
}

/* Fills on_day for the whole block. */
static void block_supply_fill(struct ask *ask)
{
    const struct block *block = ask->block;
    const struct book_question *question = ask->question;
    int32_t run =
        question->together ? 1 : question->place_count; /* places of which the one counts that has most */
    int64_t here[BLOCK_ITEMS];
    memset(ask->on_day, 0, sizeof ask->on_day);
    for (int32_t p = 0; p < question->place_count; p += run) {
        places_pass(ask, p, p + run, here);
        for (int at = 0; at < BLOCK_ITEMS; at++)
            ask->on_day[at] += here[at] > question->safety ? here[at] - question->safety : 0;
    }
    /* Characteristics without pools of their own are few. */
    for (uint32_t word = 0; word < BLOCK_WORDS; word++) {
        if (block->supply->own[word] == ~(uint64_t)0)
            continue;
        for (uint32_t at = word * 64; at < word * 64 + 64; at++)
            if (!bit(block->supply->own, at) && !(block->facts->flags[at] & FLAG_PLAIN) &&
                block->facts->item[at])
                ask->on_day[at] = supply_of(ask, block, ask->supplied, at).on_day;
    }
}

/* What narrows the list, by value, so that a scan keeps it out of memory. */
struct filter {
    const struct book_question *question;
    const uint16_t *class_words;
    const bool *in_group; /* by group number; NULL: all */
    int64_t quantity;     /* 0: a pack */
    int32_t brand;        /* number; 0: all */
    bool available_only;
    bool worded;
};

static uint16_t word_asked(const struct book_question *question, const struct book_item *item)
{
    return question->word_of(question->context, item);
}

static inline uint16_t word_at(struct filter filter, const struct block_facts *facts, uint32_t at)
{
    uint16_t class = facts->restricts[at];
    if (filter.class_words && class != BOOK_CLASS_NONE)
        return filter.class_words[class];
    return word_asked(filter.question, facts->item[at]);
}

static bool has_words(const struct book_question *question, const struct book_item *item)
{
    for (int w = 0; w < question->word_count; w++)
        if (!strstr(item->search, question->words[w]))
            return false;
    return true;
}

/* Whether the item is asked for; <on_day> counts only where supply is needed. */
static inline bool wanted(struct filter filter, const struct block_facts *facts, uint32_t at, int64_t on_day)
{
    if (!(facts->flags[at] & FLAG_SHOWN) || (filter.brand && facts->brand[at] != filter.brand) ||
        (filter.in_group && !filter.in_group[facts->group[at]]))
        return false;
    if (filter.available_only) {
        int64_t least = filter.quantity > 0 ? filter.quantity : facts->pack[at];
        if ((on_day < least && !(facts->flags[at] & FLAG_SERVICE)) || word_at(filter, facts, at) != 0)
            return false;
    }
    return !filter.worded || has_words(filter.question, facts->item[at]);
}

/* --- keys --- */

static inline int64_t price_key(int64_t amount, bool descending)
{
    return amount < 0 ? KEY_NONE : descending ? -amount : amount;
}

static inline int64_t supply_key(const struct block_facts *facts, uint32_t at, int64_t on_day,
                                 bool descending)
{
    int64_t key = facts->flags[at] & FLAG_SERVICE ? KEY_ENOUGH : on_day;
    return descending ? -key : key;
}

/* Of one item of the block at hand; <on_day> counts only where supply is needed. */
static int64_t key_of(struct ask *ask, uint32_t slot, int64_t on_day)
{
    bool descending = ask->question->descending;
    uint32_t at = slot % BLOCK_ITEMS;
    int64_t place;
    switch (ask->question->sort) {
    case BOOK_BY_PRICE: return price_key(tariff_amount(&ask->tariff, &ask->priced, at), descending);
    case BOOK_BY_AVAILABLE: return supply_key(ask->block->facts, at, on_day, descending);
    case BOOK_BY_SKU: place = ask->view->index->sku_rank[slot]; break;
    default: place = ask->view->index->name_rank[slot];
    }
    return descending ? -place : place;
}

/* The same of the first <count> items of the block at hand, which begins at slot <first>. */
static void block_keys(struct ask *ask, uint32_t first, uint32_t count)
{
    const struct index *index = ask->view->index;
    const uint32_t *ranks = ask->question->sort == BOOK_BY_SKU ? index->sku_rank : index->name_rank;
    bool descending = ask->question->descending;
    int64_t *keys = ask->keys;
    switch (ask->question->sort) {
    case BOOK_BY_PRICE:
        tariff_fill(&ask->tariff, &ask->priced, count, keys);
        for (uint32_t at = 0; at < count; at++)
            keys[at] = price_key(keys[at], descending);
        break;
    case BOOK_BY_AVAILABLE:
        for (uint32_t at = 0; at < count; at++)
            keys[at] = supply_key(ask->block->facts, at, ask->on_day[at], descending);
        break;
    default:
        for (uint32_t at = 0; at < count; at++)
            keys[at] = descending ? -(int64_t)ranks[first + at] : (int64_t)ranks[first + at];
    }
}

/* --- the best so far --- */

static inline bool later(const struct found *a, const struct found *b)
{
    return a->key != b->key ? a->key > b->key : a->id > b->id;
}

static void sift(struct found *heap, uint32_t count, uint32_t at)
{
    struct found moved = heap[at];
    for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && later(&heap[child + 1], &heap[child]))
            child++;
        if (!later(&heap[child], &moved))
            break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

/* Puts one in that may be among the best. */
static void offer(struct ask *ask, int64_t key, uint32_t slot)
{
    bool full = ask->heap_count == ask->heap_room;
    struct found found = {key, view_item(ask->view, slot)->id, slot};
    if (!later(&found, &ask->after) || (full && !later(&ask->heap[0], &found)))
        return;
    if (full) {
        ask->heap[0] = found;
        sift(ask->heap, ask->heap_count, 0);
        return;
    }
    ask->heap[ask->heap_count++] = found;
    if (ask->heap_count < ask->heap_room)
        return;
    for (uint32_t at = ask->heap_count / 2; at > 0; at--)
        sift(ask->heap, ask->heap_count, at - 1);
}

/* The highest key that may be among the best. */
static int64_t highest(const struct ask *ask)
{
    return ask->heap_count == ask->heap_room ? ask->heap[0].key : INT64_MAX;
}

static int by_key(const void *a, const void *b)
{
    return later(a, b) ? 1 : later(b, a) ? -1 : 0;
}

/* --- three ways through the candidates --- */

static struct filter filter_of(const struct ask *ask)
{
    const struct book_question *question = ask->question;
    return (struct filter){
        .question = question,
        .class_words = question->class_words,
        .in_group = ask->in_group,
        .quantity = question->quantity,
        .brand = ask->brand,
        .available_only = question->available_only,
        .worded = question->word_count > 0,
    };
}

static void scan_all(struct ask *ask)
{
    const struct book_view *view = ask->view;
    const struct filter filter = filter_of(ask);
    const int64_t lowest = ask->after.key;
    int64_t most = highest(ask), total = 0;
    for (uint32_t b = 0; b < view->block_count; b++) {
        uint32_t first = b * BLOCK_ITEMS;
        uint32_t count = view->slot_count - first < BLOCK_ITEMS ? view->slot_count - first : BLOCK_ITEMS;
        const struct block_facts *facts = view->blocks[b].facts;
        block_enter(ask, &view->blocks[b]);
        if (ask->needs_supply)
            block_supply_fill(ask);
        block_keys(ask, first, count);
        for (uint32_t at = 0; at < count; at++) {
            if (!wanted(filter, facts, at, ask->on_day[at]))
                continue;
            total++;
            if (ask->keys[at] < lowest || ask->keys[at] > most)
                continue;
            offer(ask, ask->keys[at], first + at);
            most = highest(ask);
        }
    }
    ask->total += total;
}

static void scan_list(struct ask *ask, const uint32_t *slots, uint32_t count)
{
    const struct filter filter = filter_of(ask);
    for (uint32_t i = 0; i < count; i++) {
        const struct block *block = &ask->view->blocks[slots[i] / BLOCK_ITEMS];
        uint32_t at = slots[i] % BLOCK_ITEMS;
        if (block != ask->block)
            block_enter(ask, block);
        int64_t on_day = ask->needs_supply ? supply_of(ask, block, ask->supplied, at).on_day : 0;
        if (!wanted(filter, block->facts, at, on_day))
            continue;
        ask->total++;
        int64_t key = key_of(ask, slots[i], on_day);
        if (key >= ask->after.key && key <= highest(ask))
            offer(ask, key, slots[i]);
    }
}

/* Along the order of all items by name or article, from where the page begins. */
static void cut_order(struct ask *ask)
{
    const struct index *index = ask->view->index;
    const uint32_t *order = ask->question->sort == BOOK_BY_SKU ? index->by_sku : index->by_name;
    int64_t step = ask->question->descending ? -1 : 1;
    int64_t place = (ask->after.key + 1) * step;
    for (; place >= 0 && place < index->count && ask->heap_count < ask->heap_room; place += step) {
        struct found found = {place * step, 0, order[place]};
        ask->heap[ask->heap_count++] = found;
    }
}

/* Along a part of the items that stands by name, for as long as it has any of the best. */
static void cut_part(struct ask *ask, const uint32_t *slots, uint32_t count)
{
    const uint32_t *ranks = ask->view->index->name_rank;
    int64_t step = ask->question->descending ? -1 : 1;
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t slot = slots[step < 0 ? count - 1 - middle : middle];
        if (ranks[slot] * step > ask->after.key)
            high = middle;
        else
            low = middle + 1;
    }
    for (; low < count; low++) {
        uint32_t slot = slots[step < 0 ? count - 1 - low : low];
        int64_t key = ranks[slot] * step;
        if (key > highest(ask))
            return;
        offer(ask, key, slot);
    }
}

/* --- the question, made ready --- */

/* The group asked for and those below it that are not deleted. */
static bool *groups_below(const struct names *names, const char *guid, struct arena *arena)
{
    bool *in = arena_array(arena, (size_t)names->group_count + 1, sizeof *in);
    int32_t *open = arena_array(arena, (size_t)names->group_count + 1, sizeof *open);
    int32_t count = 0;
    int32_t root = names_group(names, guid);
    if (root == 0)
        return in;
    in[root] = true;
    open[count++] = root;
    while (count > 0) {
        int32_t child = names->groups[open[--count]].first_child;
        for (; child; child = names->groups[child].next_child)
            if (!in[child] && !names->groups[child].deleted) {
                in[child] = true;
                open[count++] = child;
            }
    }
    return in;
}

/* What the page comes after, as a key. Places in an order are numbers from 0 on, or from minus the last on.
 */
static struct found position_of(const struct ask *ask)
{
    const struct book_question *question = ask->question;
    const struct book_position *after = &question->after;
    if (question->sort == BOOK_BY_PRICE || question->sort == BOOK_BY_AVAILABLE) {
        if (after->id == 0)
            return (struct found){.key = INT64_MIN};
        return (struct found){.key = after->number, .id = after->id};
    }
    bool by_sku = question->sort == BOOK_BY_SKU;
    int64_t place = question->descending ? ask->view->index->count : 0; /* the first behind the position */
    if (after->id != 0)
        place = index_above(ask->view, by_sku, after->text, question->descending ? after->id - 1 : after->id);
    return (struct found){.key = question->descending ? -place : place - 1, .id = INT64_MAX};
}

static uint32_t group_candidates(const struct ask *ask)
{
    const struct index *index = ask->view->index;
    uint32_t count = 0;
    for (int32_t g = 0; g < index->group_count; g++)
        if (ask->in_group[g])
            count += index->group_start[g + 1] - index->group_start[g];
    return count;
}

/* Cuts the page out of an order where one holds exactly what is asked for. */
static bool candidates_cut(struct ask *ask, uint32_t candidates)
{
    const struct book_question *question = ask->question;
    const struct index *index = ask->view->index;
    bool narrowed = question->group || question->brand;
    bool ordered = question->sort == BOOK_BY_NAME || (question->sort == BOOK_BY_SKU && !narrowed);
    if (!ordered || question->word_count > 0 || question->available_only ||
        (question->group && question->brand))
        return false;
    if (!narrowed)
        cut_order(ask);
    else if (question->brand)
        cut_part(ask, index->by_brand_name + index->brand_start[ask->brand], candidates);
    for (int32_t g = 0; question->group && g < index->group_count; g++)
        if (ask->in_group[g])
            cut_part(ask, index->by_group_name + index->group_start[g],
                     index->group_start[g + 1] - index->group_start[g]);
    ask->total = candidates;
    return true;
}

static void candidates_walk(struct ask *ask)
{
    const struct book_question *question = ask->question;
    const struct index *index = ask->view->index;
    bool branded = ask->brand > 0 && ask->brand < index->brand_count;
    uint32_t in_brand = branded ? index->brand_start[ask->brand + 1] - index->brand_start[ask->brand] : 0;
    uint32_t in_groups = ask->in_group ? group_candidates(ask) : index->count;
    uint32_t candidates = question->brand && in_brand < in_groups ? in_brand : in_groups;
    if (candidates == 0 || candidates_cut(ask, candidates))
        return;
    if (!question->group && !question->brand) {
        scan_all(ask);
    } else if (question->brand && in_brand <= in_groups) {
        scan_list(ask, index->by_brand + index->brand_start[ask->brand], in_brand);
    } else {
        for (int32_t g = 0; g < index->group_count; g++)
            if (ask->in_group[g])
                scan_list(ask, index->by_group + index->group_start[g],
                          index->group_start[g + 1] - index->group_start[g]);
    }
}

/* --- the answer --- */

static struct book_row row_of(struct ask *ask, const struct found *found)
{
    const struct block *block = &ask->view->blocks[found->slot / BLOCK_ITEMS];
    const struct block_facts *facts = block->facts;
    uint32_t at = found->slot % BLOCK_ITEMS;
    if (block != ask->block)
        block_enter(ask, block);
    struct supply_sum supply = supply_of(ask, block, ask->supplied, at);
    return (struct book_row){
        .item = facts->item[at],
        .brand = facts->brand[at] ? ask->view->names->brands[facts->brand[at]].name : NULL,
        .price = tariff_price(&ask->tariff, &ask->priced, at),
        .free_now = supply.free_now,
        .on_day = supply.on_day,
        .word = word_at(filter_of(ask), facts, at),
        .key = found->key,
    };
}

static void ask_init(struct ask *ask, const struct book_view *view, const struct book_question *question,
                     struct arena *arena)
{
    size_t places = (size_t)question->place_count + 1;
    ask->view = view;
    ask->question = question;
    ask->arena = arena;
    ask->needs_supply = question->available_only || question->sort == BOOK_BY_AVAILABLE;
    ask->needs_price = question->sort == BOOK_BY_PRICE;
    ask->supplied = arena_array(arena, places, sizeof *ask->supplied);
    ask->goods_supplied = arena_array(arena, places, sizeof *ask->goods_supplied);
    ask->heap_room = (uint32_t)question->limit + 1; /* the one more says that rows follow */
    ask->heap = arena_array(arena, ask->heap_room, sizeof *ask->heap);
    if (question->group)
        ask->in_group = groups_below(view->names, question->group, arena);
    if (question->brand)
        ask->brand = names_brand(view->names, question->brand);
    tariff_init(&ask->tariff, view, question, arena);
    tariff_block_new(&ask->tariff, &ask->priced);
    ask->after = position_of(ask);
}

void book_ask(const struct book_view *view, const struct book_question *question, struct arena *arena,
              struct book_answer *answer)
{
    struct ask *ask = arena_alloc(arena, sizeof *ask);
    assert(question->limit >= 1 && question->limit <= BOOK_ROWS_MAX);
    ask_init(ask, view, question, arena);
    candidates_walk(ask);
    qsort(ask->heap, ask->heap_count, sizeof *ask->heap, by_key);
    answer->more = ask->heap_count == ask->heap_room;
    answer->count = (int)(answer->more ? ask->heap_count - 1 : ask->heap_count);
    answer->total = ask->total;
    answer->rows = arena_array(arena, (size_t)question->limit, sizeof *answer->rows);
    ask->needs_supply = ask->needs_price = true;
    ask->block = NULL;
    for (int i = 0; i < answer->count; i++)
        answer->rows[i] = row_of(ask, &ask->heap[i]);
}
