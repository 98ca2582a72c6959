#include "cli/generate_goods.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/civil.h"
#include "kernel/quantity.h"

/* Prices of further series are those of the seed, give or take a fifth, in tens of roubles. */
#define SERIES_PERCENT_LEAST 80
#define SERIES_PERCENT_RANGE 41
#define SERIES_PRICE_STEP    1000

/* How many packs lie in stock and arrive: boxes of tile by the hundred, taps by the dozen. */
#define STOCK_PACKS_LEAST   8
#define STOCK_PACKS_RANGE   240
#define STOCK_PIECES_LEAST  3
#define STOCK_PIECES_RANGE  60
#define RECEIPT_PACKS_LEAST 20
#define RECEIPT_PACKS_RANGE 180

#define PERCENT_WHOLE 10000 /* in 1/100 of a percent */

/* --- The list --- */

static int32_t rows_of(const struct seed_collection *collection)
{
    return collection->format_count * (collection->colours.count ? collection->colours.count : 1);
}

/* Adds the rows of all collections that are services, or of all that are not. */
static void rows_add(struct goods_list *list, bool services)
{
    for (int32_t i = 0; i < list->seed->collection_count; i++) {
        const struct seed_collection *collection = &list->seed->collections[i];
        if (collection->service != services)
            continue;
        for (int32_t row = 0; row < rows_of(collection); row++) {
            int32_t colours = collection->colours.count;
            list->rows[list->row_count++] =
                (struct goods_row){i, colours ? row / colours : row, colours ? row % colours : -1};
        }
    }
}

void goods_list_init(struct goods_list *list, struct arena *arena, const struct seed *seed)
{
    size_t count = 0;
    for (int32_t i = 0; i < seed->collection_count; i++)
        count += (size_t)rows_of(&seed->collections[i]);
    *list = (struct goods_list){.seed = seed, .rows = arena_array(arena, count, sizeof *list->rows)};
    rows_add(list, false);
    list->repeated = list->row_count;
    rows_add(list, true);
}

/* --- Goods --- */

/* Appends a word behind a blank; NULL and "" add nothing. */
static void word_add(char *text, size_t size, const char *word)
{
    size_t used = strlen(text);
    if (word && word[0])
        snprintf(text + used, size - used, "%s%s", used ? " " : "", word);
}

static void collection_name_make(const struct seed *seed, int64_t series, struct goods *goods)
{
    const struct seed_texts *heads = &seed->series.heads;
    const struct seed_texts *tails = &seed->series.tails;
    char word[2 * SEED_TEXT_BYTES_MAX + 24] = "";
    if (series > 0) {
        int64_t index = series - 1;
        int64_t tail = index / heads->count;
        int64_t again = tail / tails->count;
        int used = snprintf(word, sizeof word, "%s%s", heads->items[index % heads->count],
                            tails->items[tail % tails->count]);
        if (again > 0)
            snprintf(word + used, sizeof word - (size_t)used, " %" PRId64, again + 1);
    }
    goods->collection_name[0] = 0;
    word_add(goods->collection_name, sizeof goods->collection_name, goods->collection->name);
    word_add(goods->collection_name, sizeof goods->collection_name, word);
}

static void name_make(struct goods *goods)
{
    const struct seed_collection *collection = goods->collection;
    const struct seed_format *format = goods->format;
    size_t size = sizeof goods->name;
    goods->name[0] = 0;
    word_add(goods->name, size, format->title ? format->title : collection->title);
    word_add(goods->name, size, goods->collection_name);
    word_add(goods->name, size, goods->colour);
    word_add(goods->name, size, format->size);
    word_add(goods->name, size, collection->surface_word ? collection->surface_word : collection->surface);
}

static const struct seed_exception *exception_find(const struct seed *seed, const char *article)
{
    for (int32_t i = 0; i < seed->exception_count; i++)
        if (strcmp(seed->exceptions[i].key, article) == 0)
            return &seed->exceptions[i];
    return NULL;
}

static void packing_make(struct goods *goods)
{
    const struct seed_exception *exception = goods->exception;
    goods->box = exception && exception->box != SEED_NOT_SAID ? exception->box : goods->format->box;
    goods->pallet = goods->format->pallet * goods->box;
    goods->piece = exception && exception->box == 0 ? 0 : goods->format->piece;
    goods->pack = goods->format->pack ? goods->format->pack : goods->box ? goods->box : QUANTITY_ONE;
    if (exception && exception->pack != SEED_NOT_SAID)
        goods->pack = exception->pack;
}

static int64_t base_price(const struct goods *goods, int64_t series)
{
    if (series == 0)
        return goods->format->price;
    int64_t percent = SERIES_PERCENT_LEAST + identity_pick("price", goods->article, SERIES_PERCENT_RANGE);
    int64_t price = goods->format->price * percent / 100;
    price -= price % SERIES_PRICE_STEP;
    return price ? price : goods->format->price;
}

void goods_make(const struct goods_list *list, int64_t number, struct goods *goods)
{
    const struct seed *seed = list->seed;
    int64_t beyond = number - list->row_count;
    int64_t series = beyond < 0 ? 0 : 1 + beyond / list->repeated;
    const struct goods_row *row = &list->rows[beyond < 0 ? number : beyond % list->repeated];
    const struct seed_collection *collection = &seed->collections[row->collection];
    assert(number >= 0 && number < GOODS_MAX);
    goods->collection = collection;
    goods->format = &collection->formats[row->format];
    goods->colour = row->colour < 0 ? NULL : collection->colours.items[row->colour];
    goods->vat = collection->vat ? collection->vat : seed->vat;
    goods->number = number;
    seed_article_write(collection, goods->format, row->colour, series, goods->article);
    identity_guid(seed->company.inn, "goods", goods->article, goods->guid);
    goods->exception = exception_find(seed, goods->article);
    collection_name_make(seed, series, goods);
    name_make(goods);
    packing_make(goods);
    goods->barcode[0] = 0;
    if (goods->format->variants.values.count == 0)
        identity_barcode(number * SEED_TEXTS_MAX, goods->barcode);
    goods->price = base_price(goods, series);
}

/* --- Offers --- */

int32_t goods_offer_count(const struct goods *goods)
{
    int32_t variants = goods->format->variants.values.count;
    return variants ? variants : 1;
}

static int64_t packs_pick(const struct goods *goods, const char *purpose, const char *name, int64_t least,
                          int64_t range)
{
    return goods->pack * (least + identity_pick(purpose, name, range));
}

/* A day of the window: from Tuesday to Thursday, as lorries come, and clear of the holidays that lengthen
 * weekends. */
static int32_t arrival_pick(const struct seed_supply *supply, const char *name)
{
    static const int32_t shifts[7] = {1, 0, 0, 0, -1, -2, -3}; /* from Monday */
    int32_t days = supply->receipts_to - supply->receipts_from + 1;
    int32_t drawn = supply->receipts_from + (int32_t)identity_pick("arrival", name, days);
    int32_t day = drawn + shifts[civil_weekday(drawn)];
    return day < supply->receipts_from || day > supply->receipts_to ? drawn : day;
}

/* What the rule gives to the offer of that name: its article, with the variant if there is one. */
static void supply_derive(const struct seed *seed, const struct goods *goods, const char *name,
                          struct goods_offer *offer)
{
    const struct seed_supply *supply = &seed->supply;
    bool pieces = goods->pack == QUANTITY_ONE;
    if (identity_pick("empty", name, 100) >= supply->empty_percent) {
        offer->stock[0] = packs_pick(goods, "stock", name, pieces ? STOCK_PIECES_LEAST : STOCK_PACKS_LEAST,
                                     pieces ? STOCK_PIECES_RANGE : STOCK_PACKS_RANGE);
        if (seed->warehouse_count > 1 && identity_pick("second", name, 100) < supply->second_percent)
            offer->stock[1] = quantity_ceil(offer->stock[0] / 5, goods->pack);
    }
    if (identity_pick("receipt", name, 100) < supply->receipt_percent)
        offer->receipt = (struct seed_receipt){
            arrival_pick(supply, name),
            packs_pick(goods, "receipt packs", name, RECEIPT_PACKS_LEAST, RECEIPT_PACKS_RANGE)};
}

static void supply_make(const struct seed *seed, const struct goods *goods, const char *name,
                        struct goods_offer *offer)
{
    const struct seed_exception *exception = goods->exception;
    memset(offer->stock, 0, sizeof offer->stock);
    offer->receipt = (struct seed_receipt){0, 0};
    if (exception && exception->stock != SEED_NOT_SAID) {
        offer->stock[0] = exception->stock;
        offer->receipt = exception->receipt;
    } else if (!goods->collection->service) {
        supply_derive(seed, goods, name, offer);
    }
    offer->total = 0;
    for (int32_t i = 0; i < seed->warehouse_count; i++)
        offer->total += offer->stock[i];
}

void goods_offer_make(const struct goods_list *list, const struct goods *goods, int32_t index,
                      struct goods_offer *offer)
{
    const struct seed *seed = list->seed;
    char name[SEED_ARTICLE_SIZE + SEED_TEXT_BYTES_MAX + 1];
    assert(index >= 0 && index < goods_offer_count(goods));
    offer->variant =
        goods->format->variants.values.count ? goods->format->variants.values.items[index] : NULL;
    if (offer->variant) {
        char guid[IDENTITY_GUID_SIZE];
        snprintf(name, sizeof name, "%s#%s", goods->article, offer->variant);
        identity_guid(seed->company.inn, "characteristic", name, guid);
        snprintf(offer->guid, sizeof offer->guid, "%s#%s", goods->guid, guid);
        snprintf(offer->name, sizeof offer->name, "%s (%s)", goods->name, offer->variant);
    } else {
        snprintf(name, sizeof name, "%s", goods->article);
        snprintf(offer->guid, sizeof offer->guid, "%s", goods->guid);
        snprintf(offer->name, sizeof offer->name, "%s", goods->name);
    }
    identity_barcode(goods->number * SEED_TEXTS_MAX + index, offer->barcode);
    supply_make(seed, goods, name, offer);
}

/* --- Prices --- */

static int64_t divide_half_up(int64_t number, int64_t by)
{
    return (2 * number + by) / (2 * by);
}

bool goods_price_find(const struct goods *goods, const struct seed_price_type *type,
                      struct goods_price *price)
{
    if (goods->exception && goods->exception->unpriced)
        return false;
    price->amount = divide_half_up(goods->price * type->percent, PERCENT_WHOLE);
    price->per_box = goods->collection->per_box && goods->box > 0;
    if (price->per_box)
        price->amount = divide_half_up(price->amount * goods->box, QUANTITY_ONE);
    return true;
}
