#include "book/tariff.h"

#include <stdlib.h>
#include <string.h>

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int32_t type_of(struct tariff *tariff, int32_t type)
{
    for (int32_t t = 0; t < tariff->type_count; t++)
        if (tariff->types[t] == type)
            return t;
    tariff->types[tariff->type_count] = type;
    return tariff->type_count++;
}

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
        .column_of = arena_array(arena, count, sizeof *tariff->column_of),
        .types = arena_array(arena, count, sizeof *tariff->types),
        .item_numbers = arena_array(arena, count, sizeof *tariff->item_numbers),
        .all = arena_array(arena, count, sizeof *tariff->all),
        .uniform = true,
    };
    for (int32_t s = 0; s < tariff->step_count; s++) {
        const struct price_step *step = &tariff->steps[s];
        tariff->all[s] = s;
        tariff->column_of[s] = type_of(tariff, step->column);
        tariff->uniform = tariff->uniform && step->match == PRICE_MATCH_ANY;
        if (step->match == PRICE_MATCH_ITEM)
            tariff->item_numbers[tariff->item_number_count++] = step->match_id;
    }
    tariff_block_new(tariff, &tariff->goods);
    qsort(tariff->item_numbers, (size_t)tariff->item_number_count, sizeof *tariff->item_numbers, by_number);
}

void tariff_block_new(const struct tariff *tariff, struct tariff_block *entered)
{
    *entered = (struct tariff_block){
        .columns = arena_array(tariff->arena, (size_t)tariff->type_count + 1, sizeof *entered->columns)};
}

void tariff_enter(const struct tariff *tariff, const struct block *block, struct tariff_block *entered)
{
    const struct block_prices *prices = block->prices;
    entered->block = block;
    entered->has = NULL;
    for (int32_t t = 0; t < tariff->type_count; t++)
        entered->columns[t] = NULL;
    for (int32_t c = 0; c < prices->column_count; c++)
        for (int32_t t = 0; prices->columns[c].currency == tariff->currency && t < tariff->type_count; t++)
            if (prices->columns[c].type == tariff->types[t])
                entered->columns[t] = &prices->columns[c];
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

static const struct tariff_memo *memo_of(struct tariff *tariff, const struct block_facts *facts, uint32_t at)
{
    int64_t groups[GROUP_DEPTH_MAX];
    uint64_t mixed = ((uint64_t)facts->group[at] * 31 + (uint64_t)facts->brand[at]) * 0x9e3779b97f4a7c15u ^
                     (uint64_t)facts->price_group[at];
    struct tariff_memo *memo = &tariff->memo[(mixed ^ mixed >> 32) % TARIFF_MEMO];
    if (memo->steps && memo->group == facts->group[at] && memo->brand == facts->brand[at] &&
        memo->price_group == facts->price_group[at])
        return memo;
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
    return memo;
}

static bool named(const struct tariff *tariff, int64_t number)
{
    return bsearch(&number, tariff->item_numbers, (size_t)tariff->item_number_count,
                   sizeof *tariff->item_numbers, by_number) != NULL;
}

/* The first of the steps whose column has a price for the item. */
static struct book_price first_of(const struct tariff *tariff, const struct tariff_block *entered,
                                  uint32_t at, const int32_t *steps, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        const struct price_step *step = &tariff->steps[steps[i]];
        const struct price_column *column = entered->columns[tariff->column_of[steps[i]]];
        if (!column || column->amount[at] < 0)
            continue;
        struct price price = {price_adjust(column->amount[at], step->percent, step->rounding), 1, 1};
        if (column->num) {
            price.num = column->num[at];
            price.den = column->den[at];
        }
        return (struct book_price){true, price, step->column, steps[i]};
    }
    return (struct book_price){.found = false};
}

/* A single item that conditions name: all steps are tried. */
static struct book_price named_price(struct tariff *tariff, const struct block_facts *facts, uint32_t at,
                                     const struct tariff_block *priced, uint32_t priced_at)
{
    int64_t groups[GROUP_DEPTH_MAX];
    struct price_target target = target_of(tariff, facts, at, groups);
    for (int32_t s = 0; s < tariff->step_count; s++)
        if (price_step_fits(&tariff->steps[s], &target)) {
            struct book_price price = first_of(tariff, priced, priced_at, &s, 1);
            if (price.found)
                return price;
        }
    return (struct book_price){.found = false};
}

/* The item at <at> of <facts> by the price rows at <priced_at> of <priced>: its own, or its goods'. */
static struct book_price price_by(struct tariff *tariff, const struct block_facts *facts, uint32_t at,
                                  const struct tariff_block *priced, uint32_t priced_at)
{
    if (tariff->uniform)
        return first_of(tariff, priced, priced_at, tariff->all, tariff->step_count);
    const struct book_item *item = facts->item[at];
    if (tariff->item_number_count > 0 &&
        (named(tariff, 2 * item->id + 1) || named(tariff, 2 * item->goods_id)))
        return named_price(tariff, facts, at, priced, priced_at);
    const struct tariff_memo *memo = memo_of(tariff, facts, at);
    return first_of(tariff, priced, priced_at, memo->steps, memo->count);
}

struct book_price tariff_price(struct tariff *tariff, const struct tariff_block *entered, uint32_t at)
{
    const struct block_facts *facts = entered->block->facts;
    if (tariff->currency < 0)
        return (struct book_price){.found = false};
    bool own = entered->has && entered->has[at / 64] >> at % 64 & 1;
    if (own)
        return price_by(tariff, facts, at, entered, at);
    if (facts->flags[at] & FLAG_PLAIN || facts->plain[at] == MAP_NONE)
        return (struct book_price){.found = false};
    uint32_t slot = facts->plain[at];
    tariff_enter(tariff, &tariff->view->blocks[slot / BLOCK_ITEMS], &tariff->goods);
    return price_by(tariff, facts, at, &tariff->goods, slot % BLOCK_ITEMS);
}
