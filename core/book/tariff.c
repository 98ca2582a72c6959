#include "book/tariff.h"

#include <stdlib.h>
#include <string.h>

#include "base/ids.h"

static int32_t currency_of(const struct book_view *view, const char *code)
{
    for (int32_t c = 0; code && c < view->currency_count; c++)
        if (strcmp(view->currencies[c], code) == 0)
            return c;
    return -1;
}

void tariff_init(struct tariff *tariff, const struct book_view *view, const struct book_question *question,
                 struct arena *arena)
{
    size_t count = (size_t)question->step_count + 1;
    *tariff = (struct tariff){
        .view = view,
        .arena = arena,
        .steps = question->steps,
        .step_count = question->step_count,
        .currency = currency_of(view, question->currency),
        .item_numbers = arena_array(arena, count, sizeof *tariff->item_numbers),
        .all = arena_array(arena, count, sizeof *tariff->all),
        .own = arena_array(arena, count, sizeof *tariff->own),
        .uniform = true,
    };
    for (int32_t s = 0; s < tariff->step_count; s++) {
        const struct price_step *step = &tariff->steps[s];
        tariff->all[s] = s;
        tariff->uniform = tariff->uniform && step->match == PRICE_MATCH_ANY;
        if (step->match == PRICE_MATCH_ITEM)
            tariff->item_numbers[tariff->item_number_count++] = step->match_id;
    }
    tariff_block_new(tariff, &tariff->goods);
    qsort(tariff->item_numbers, (size_t)tariff->item_number_count, sizeof *tariff->item_numbers, ids_compare);
}

void tariff_block_new(const struct tariff *tariff, struct tariff_block *entered)
{
    *entered = (struct tariff_block){
        .columns = arena_array(tariff->arena, (size_t)tariff->step_count + 1, sizeof *entered->columns)};
}

void tariff_enter(const struct tariff *tariff, const struct block *block, struct tariff_block *entered)
{
    const struct block_prices *prices = block->prices;
    entered->block = block;
    entered->has = NULL;
    for (int32_t s = 0; s < tariff->step_count; s++) {
        const struct price_step *step = &tariff->steps[s];
        struct tariff_column *column = &entered->columns[s];
        *column = (struct tariff_column){.percent = step->percent, .rounding = step->rounding};
        for (int32_t c = 0; c < prices->column_count; c++)
            if (prices->columns[c].type == step->column && prices->columns[c].currency == tariff->currency) {
                column->amount = prices->columns[c].amount;
                column->num = prices->columns[c].num;
                column->den = prices->columns[c].den;
            }
    }
    for (int32_t c = 0; c < prices->presence_count; c++)
        if (prices->presences[c].currency == tariff->currency)
            entered->has = prices->presences[c].has;
}

/* What the item's conditions look at; groups go into <groups>. */
static struct price_target target_of(const struct tariff *tariff, const struct block_facts *facts,
                                     uint32_t at, int64_t groups[GROUP_DEPTH_MAX])
{
    const struct book_item *item = facts->item[at];
    return (struct price_target){
        .item = 2 * item->id + 1,
        .goods = 2 * item->goods_id,
        .price_group = facts->price_group[at],
        .brand = item->brand_id ? item->brand_id : PRICE_ID_NONE,
        .groups = groups,
        .group_count = names_chain(tariff->view->names, facts->group[at], groups),
    };
}

/* Lists the steps that fit what the item has in common with others. Kept out of the loop that asks: it is
 * rare. */
static __attribute__((noinline)) void memo_fill(struct tariff *tariff, struct tariff_memo *memo,
                                                const struct block_facts *facts, uint32_t at)
{
    int64_t groups[GROUP_DEPTH_MAX];
    struct price_target target = target_of(tariff, facts, at, groups);
    if (!memo->steps)
        memo->steps = arena_array(tariff->arena, (size_t)tariff->step_count + 1, sizeof *memo->steps);
    memo->count = 0;
    memo->group = facts->group[at];
    memo->brand = facts->brand[at];
    memo->price_group = facts->price_group[at];
    for (int32_t s = 0; s < tariff->step_count; s++)
        if (tariff->steps[s].match != PRICE_MATCH_ITEM && price_step_fits(&tariff->steps[s], &target))
            memo->steps[memo->count++] = s;
}

static inline struct tariff_memo *memo_of(struct tariff *tariff, const struct block_facts *facts, uint32_t at)
{
    int64_t price_group = facts->price_group[at];
    int32_t group = facts->group[at], brand = facts->brand[at];
    uint64_t mixed = ((uint64_t)group * 31 + (uint64_t)brand + (uint64_t)price_group) * 0x9e3779b97f4a7c15u;
    struct tariff_memo *memo = &tariff->memo[mixed >> 32 & (TARIFF_MEMO - 1)];
    if (!memo->steps || memo->group != group || memo->brand != brand || memo->price_group != price_group)
        memo_fill(tariff, memo, facts, at);
    return memo;
}

static bool named(const struct tariff *tariff, int64_t number)
{
    return bsearch(&number, tariff->item_numbers, (size_t)tariff->item_number_count,
                   sizeof *tariff->item_numbers, ids_compare) != NULL;
}

/* The steps that fit an item, by their numbers. */
struct fitting {
    const int32_t *steps;
    int32_t count;
};

/* Of an item that conditions may name: all are tried. */
static __attribute__((noinline)) struct fitting named_fitting(struct tariff *tariff,
                                                              const struct block_facts *facts, uint32_t at)
{
    int64_t groups[GROUP_DEPTH_MAX];
    const struct book_item *item = facts->item[at];
    if (!named(tariff, 2 * item->id + 1) && !named(tariff, 2 * item->goods_id)) {
        const struct tariff_memo *memo = memo_of(tariff, facts, at);
        return (struct fitting){memo->steps, memo->count};
    }
    struct price_target target = target_of(tariff, facts, at, groups);
    int32_t count = 0;
    for (int32_t s = 0; s < tariff->step_count; s++)
        if (price_step_fits(&tariff->steps[s], &target))
            tariff->own[count++] = s;
    return (struct fitting){tariff->own, count};
}

static inline struct fitting fitting_of(struct tariff *tariff, const struct block_facts *facts, uint32_t at)
{
    if (tariff->uniform)
        return (struct fitting){tariff->all, tariff->step_count};
    if (tariff->item_number_count > 0)
        return named_fitting(tariff, facts, at);
    const struct tariff_memo *memo = memo_of(tariff, facts, at);
    return (struct fitting){memo->steps, memo->count};
}

/* The first step whose column has a price for the item whose rows stand at <at>; -1 where none has. */
static inline int32_t step_find(const struct tariff_column *columns, struct fitting fitting, uint32_t at)
{
    for (int32_t i = 0; i < fitting.count; i++) {
        const struct tariff_column *column = &columns[fitting.steps[i]];
        if (column->amount && column->amount[at] >= 0)
            return fitting.steps[i];
    }
    return -1;
}

/* Where an item's rows stand: its own, or its goods' where it has none. NULL: nowhere. */
static inline const struct tariff_block *rows_of(struct tariff *tariff, const struct tariff_block *entered,
                                                 uint32_t *at)
{
    const struct block_facts *facts = entered->block->facts;
    if (entered->has && entered->has[*at / 64] >> *at % 64 & 1)
        return entered;
    if (facts->flags[*at] & FLAG_PLAIN || facts->plain[*at] == MAP_NONE)
        return NULL;
    uint32_t slot = facts->plain[*at];
    const struct block *block = &tariff->view->blocks[slot / BLOCK_ITEMS];
    if (tariff->goods.block != block)
        tariff_enter(tariff, block, &tariff->goods);
    *at = slot % BLOCK_ITEMS;
    return &tariff->goods;
}

struct book_price tariff_price(struct tariff *tariff, const struct tariff_block *entered, uint32_t at)
{
    struct book_price none = {.found = false};
    uint32_t row = at;
    const struct tariff_block *rows = tariff->currency < 0 ? NULL : rows_of(tariff, entered, &row);
    if (!rows)
        return none;
    int32_t step = step_find(rows->columns, fitting_of(tariff, entered->block->facts, at), row);
    if (step < 0)
        return none;
    const struct tariff_column *column = &rows->columns[step];
    struct price price = {price_adjust(column->amount[row], column->percent, column->rounding), 1, 1};
    if (column->num) {
        price.num = column->num[row];
        price.den = column->den[row];
    }
    return (struct book_price){true, price, tariff->steps[step].column, step};
}

/* --- for show and for sorting --- */

static inline int64_t amount_at(const struct tariff_column *column, uint32_t row)
{
    int64_t amount = price_adjust(column->amount[row], column->percent, column->rounding);
    if (!column->num || (column->num[row] == 1 && column->den[row] == 1))
        return amount;
    __int128 scaled = (__int128)amount * column->den[row];
    return (int64_t)((2 * scaled + column->num[row]) / (2 * (__int128)column->num[row]));
}

int64_t tariff_amount(struct tariff *tariff, const struct tariff_block *entered, uint32_t at)
{
    uint32_t row = at;
    const struct tariff_block *rows = tariff->currency < 0 ? NULL : rows_of(tariff, entered, &row);
    if (!rows)
        return -1;
    int32_t step = step_find(rows->columns, fitting_of(tariff, entered->block->facts, at), row);
    return step < 0 ? -1 : amount_at(&rows->columns[step], row);
}

void tariff_fill(struct tariff *tariff, const struct tariff_block *entered, uint32_t count, int64_t *amounts)
{
    const struct block_facts *facts = entered->block->facts;
    bool named = tariff->item_number_count > 0 || tariff->currency < 0;
    struct fitting fitting = {NULL, -1}; /* of the items at hand: neighbours mostly have the same in common */
    for (uint32_t at = 0; at < count; at++) {
        bool own = entered->has && entered->has[at / 64] >> at % 64 & 1;
        if (!own || named) {
            amounts[at] = facts->item[at] ? tariff_amount(tariff, entered, at) : -1;
            fitting.count = -1;
            continue;
        }
        if (fitting.count < 0 || (!tariff->uniform && (facts->group[at] != facts->group[at - 1] ||
                                                       facts->brand[at] != facts->brand[at - 1] ||
                                                       facts->price_group[at] != facts->price_group[at - 1])))
            fitting = fitting_of(tariff, facts, at);
        int32_t step = step_find(entered->columns, fitting, at);
        amounts[at] = step < 0 ? -1 : amount_at(&entered->columns[step], at);
    }
}
