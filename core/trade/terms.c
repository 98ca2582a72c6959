#include "trade/terms.h"

#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "book/book.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/dictionary.h"
#include "trade/distributor.h"
#include "trade/item.h"
#include "trade/supply_plan.h"

struct terms_cache {
    pthread_mutex_t mutex;
    struct terms *slots[TERMS_CACHE_MAX]; /* by hash of dealer and contract; a newcomer takes the slot */
};

/* --- reading --- */

static void contracts_read(struct store_tx *tx, struct dealer *dealer, int32_t today, struct arena *arena)
{
    struct query query = query_open(tx, STATEMENT_DEALER_CONTRACTS, INT(today));
    dealer->contracts = arena_array(arena, CONTRACTS_MAX, sizeof *dealer->contracts);
    while (dealer->contract_count < CONTRACTS_MAX && query_next(&query))
        dealer->contracts[dealer->contract_count++] = (struct contract){
            .id = query_integer(&query, 0),
            .guid = query_copy(&query, 1, arena),
            .number = query_copy(&query, 2, arena),
            .name = query_copy(&query, 3, arena),
            .currency = arena_strdup(arena, currency_code(query_text(&query, 4))),
            .agreement_guid = query_copy(&query, 5, arena),
            .region_guid = query_copy(&query, 6, arena),
            .limited = query_integer(&query, 7) != 0,
            .credit_limit = query_integer(&query, 8),
            .entity_id = query_integer(&query, 9),
            .entity_guid = query_copy(&query, 10, arena),
            .entity_name = query_copy(&query, 11, arena),
            .inn = query_copy(&query, 12, arena),
        };
    query_close(&query);
}

static void contract_columns_read(struct store_tx *tx, const struct dictionary *dictionary,
                                  struct contract *contract, struct arena *arena)
{
    int32_t found[TERMS_LIST_MAX], *columns;
    int count = 0;
    struct query query = query_open(tx, STATEMENT_CONTRACT_COLUMNS, TEXT(contract->guid));
    while (count < TERMS_LIST_MAX && query_next(&query)) {
        int32_t column = dictionary_column_find(dictionary, query_text(&query, 0));
        if (column >= 0)
            found[count++] = column;
    }
    query_close(&query);
    columns = arena_array(arena, (size_t)count, sizeof *columns);
    memcpy(columns, found, (size_t)count * sizeof *columns);
    contract->columns = columns;
    contract->column_count = count;
}

static struct dealer *dealer_read(struct store_tx *tx, const struct dictionary *dictionary, int64_t id,
                                  int32_t today, struct arena *arena)
{
    struct dealer *dealer = NULL;
    struct query query = query_open(tx, STATEMENT_DEALER_GET);
    if (query_next(&query)) {
        dealer = arena_alloc(arena, sizeof *dealer);
        *dealer = (struct dealer){
            .id = id,
            .guid = query_copy(&query, 0, arena),
            .name = query_copy(&query, 1, arena),
            .region_guid = query_copy(&query, 2, arena),
            .manager_name = query_copy(&query, 3, arena),
            .rev = query_integer(&query, 4),
        };
    }
    query_close(&query);
    if (!dealer)
        return NULL;
    if (!dealer->region_guid[0]) {
        struct query region = query_open(tx, STATEMENT_DEALER_ENTITY_REGION);
        if (query_next(&region))
            dealer->region_guid = query_copy(&region, 0, arena);
        query_close(&region);
    }
    contracts_read(tx, dealer, today, arena);
    for (int i = 0; i < dealer->contract_count; i++)
        contract_columns_read(tx, dictionary, &dealer->contracts[i], arena);
    return dealer;
}

static const struct contract *contract_choose(const struct dealer *dealer, const struct terms_wish *wish)
{
    for (int i = 0; i < dealer->contract_count; i++) {
        const struct contract *contract = &dealer->contracts[i];
        if (wish->contract ? strcmp(contract->guid, wish->contract) == 0
                           : contract->id == wish->preferred_contract)
            return contract;
    }
    return wish->contract || dealer->contract_count == 0 ? NULL : &dealer->contracts[0];
}

static struct rules_texts texts_read(struct store_tx *tx, enum statement statement, const char *owner,
                                     struct arena *arena)
{
    const char **texts = arena_array(arena, TERMS_LIST_MAX, sizeof *texts);
    int count = 0;
    struct query query = query_open(tx, statement, TEXT(owner));
    while (count < TERMS_LIST_MAX && query_next(&query))
        texts[count++] = query_copy(&query, 0, arena);
    query_close(&query);
    return (struct rules_texts){texts, count};
}

static struct rules_conditions conditions_read(struct store_tx *tx, const char *owner, struct arena *arena)
{
    struct rules_condition *conditions = arena_array(arena, TERMS_LIST_MAX, sizeof *conditions);
    int count = 0;
    struct query query = query_open(tx, STATEMENT_TERMS_CONDITIONS, TEXT(owner));
    while (count < TERMS_LIST_MAX && query_next(&query)) {
        const char *price_type = query_copy(&query, 2, arena);
        conditions[count++] = (struct rules_condition){
            .match = query_copy(&query, 0, arena),
            .id = query_copy(&query, 1, arena),
            .price_type = price_type[0] ? price_type : NULL,
            .percent = query_integer(&query, 3),
        };
    }
    query_close(&query);
    return (struct rules_conditions){conditions, count};
}

/* What the plan hooks are given: everything read before any of them runs, for no reader is held while Lua
 * works. */
struct inputs {
    struct rules_region *region;
    struct rules_dealer dealer;
    struct rules_contract contract;
    struct rules_agreement *agreement;
    struct rules_texts entity_columns;
};

static struct rules_region *region_view(const struct dictionary *dictionary, const char *guid,
                                        struct arena *arena)
{
    int32_t index = dictionary_region_find(dictionary, guid);
    if (index < 0)
        return NULL;
    struct rules_region *region = arena_alloc(arena, sizeof *region);
    *region = (struct rules_region){dictionary->regions[index].guid, dictionary->regions[index].code,
                                    dictionary->regions[index].name};
    return region;
}

static void agreement_read(struct store_tx *tx, const struct terms *terms, struct inputs *inputs,
                           struct arena *arena)
{
    const struct contract *contract = terms->contract;
    struct query query =
        query_open(tx, STATEMENT_AGREEMENT_FIND, TEXT(contract->agreement_guid), TEXT(contract->entity_guid),
                   TEXT(terms->dealer->guid), INT(terms->today));
    if (query_next(&query)) {
        inputs->agreement = arena_alloc(arena, sizeof *inputs->agreement);
        *inputs->agreement = (struct rules_agreement){.id = query_copy(&query, 0, arena),
                                                      .name = query_copy(&query, 1, arena),
                                                      .minimum = query_integer(&query, 2)};
    }
    query_close(&query);
    if (inputs->agreement) {
        inputs->agreement->columns = texts_read(tx, STATEMENT_TERMS_COLUMNS, inputs->agreement->id, arena);
        inputs->agreement->conditions = conditions_read(tx, inputs->agreement->id, arena);
    }
}

static struct inputs *inputs_read(struct store_tx *tx, const struct terms *terms, struct arena *arena)
{
    const struct contract *contract = terms->contract;
    struct inputs *inputs = arena_alloc(arena, sizeof *inputs);
    const char *region =
        contract && contract->region_guid[0] ? contract->region_guid : terms->dealer->region_guid;
    inputs->region = region_view(terms->dictionary, region, arena);
    inputs->dealer = (struct rules_dealer){
        .id = terms->dealer->guid,
        .name = terms->dealer->name,
        .region = region_view(terms->dictionary, terms->dealer->region_guid, arena),
    };
    if (!contract)
        return inputs;
    inputs->contract = (struct rules_contract){
        .id = contract->guid,
        .number = contract->number,
        .currency = contract->currency,
        .region = region_view(terms->dictionary, contract->region_guid, arena),
        .columns = texts_read(tx, STATEMENT_TERMS_COLUMNS, contract->guid, arena),
        .conditions = conditions_read(tx, contract->guid, arena),
        .limited = contract->limited,
        .credit_limit = contract->credit_limit,
    };
    inputs->entity_columns = texts_read(tx, STATEMENT_ENTITY_COLUMNS, contract->entity_guid, arena);
    agreement_read(tx, terms, inputs, arena);
    return inputs;
}

/* --- compiling --- */

struct matcher {
    const struct dictionary *dictionary;
    const struct item_numbers *numbers;
};

static int64_t column_id(void *context, const char *guid)
{
    const struct dictionary *dictionary = ((const struct matcher *)context)->dictionary;
    int32_t column = dictionary_column_find(dictionary, guid);
    return column < 0 ? PRICE_ID_NONE : dictionary->columns[column].id;
}

static int64_t match_id(void *context, const char *match, const char *guid)
{
    const struct matcher *matcher = context;
    const struct dictionary *dictionary = matcher->dictionary;
    if (strcmp(match, "group") == 0) {
        int32_t group = dictionary_group_find_guid(dictionary, guid);
        return group < 0 ? PRICE_ID_NONE : dictionary->groups[group].id;
    }
    if (strcmp(match, "brand") == 0) {
        int32_t brand = dictionary_brand_find_guid(dictionary, guid);
        return brand < 0 ? PRICE_ID_NONE : dictionary->brands[brand].id;
    }
    if (strcmp(match, "price_group") == 0)
        return item_price_group_number(guid);
    return item_numbers_find(matcher->numbers, guid);
}

/* Looks up the numbers of all items that conditions name, while the transaction is open. */
static struct item_numbers *numbers_read(struct store_tx *tx, const struct inputs *inputs,
                                         struct arena *arena)
{
    struct item_numbers *numbers = item_numbers_new(arena);
    const struct rules_conditions *lists[] = {&inputs->contract.conditions,
                                              inputs->agreement ? &inputs->agreement->conditions : NULL};
    for (int l = 0; l < 2; l++)
        for (int i = 0; lists[l] && i < lists[l]->count; i++)
            if (strcmp(lists[l]->items[i].match, "item") == 0)
                item_numbers_add(numbers, tx, lists[l]->items[i].id, arena);
    return numbers;
}

static void prices_compile(struct terms *terms, struct snapshot *snapshot, const struct inputs *inputs,
                           const struct item_numbers *numbers)
{
    const char *column = snapshot->config->default_price_type;
    int32_t default_column = column[0] ? dictionary_column_find(terms->dictionary, column) : -1;
    struct rules_price_input input = {
        .dealer = &inputs->dealer,
        .contract = &inputs->contract,
        .agreement = inputs->agreement,
        .dealer_columns = inputs->entity_columns,
        .default_column = default_column < 0 ? NULL : terms->dictionary->columns[default_column].guid,
        .today = terms->today,
    };
    struct matcher matcher = {terms->dictionary, numbers};
    struct rules_ids ids = {column_id, match_id, &matcher};
    struct fault fault;
    bool day_bound; /* terms are kept for their day alone, whatever the rule looked at */
    int count = 0;
    if (!rules_price_plan(snapshot->rules, &input, &ids, &terms->arena, &terms->steps, &count, &day_bound,
                          &fault))
        log_line(LOG_ERROR, "price_plan failed: nothing has a price", LOG_TEXT("dealer", terms->dealer->guid),
                 LOG_TEXT("code", fault_code_text(fault.code)), LOG_TEXT("file", fault.file),
                 LOG_NUMBER("line", fault.line));
    terms->step_count = count;
}

static bool holds_in(const struct dictionary *dictionary, const struct dictionary_restriction *restriction,
                     int32_t region)
{
    if (restriction->region_count == 0)
        return true;
    for (int32_t i = 0; i < restriction->region_count; i++)
        if (restriction->regions[i] >= 0 &&
            dictionary_region_within(dictionary, region, restriction->regions[i]))
            return true;
    return false;
}

static bool is_holder(const struct dictionary_restriction *restriction, const struct dealer *dealer,
                      const struct contract *contract)
{
    for (int32_t i = 0; i < restriction->holder_count; i++) {
        const char *holder = restriction->holders[i];
        if (strcmp(holder, dealer->guid) == 0 || (contract && strcmp(holder, contract->entity_guid) == 0))
            return true;
    }
    return false;
}

static void restrictions_compile(struct terms *terms, struct snapshot *snapshot, const struct inputs *inputs)
{
    const struct dictionary *dictionary = terms->dictionary;
    int32_t region = inputs->region ? dictionary_region_find(dictionary, inputs->region->id) : -1;
    struct rules_decision *decision = mem_alloc(sizeof *decision);
    for (int32_t i = 0; i < dictionary->restriction_count; i++) {
        const struct dictionary_restriction *restriction = &dictionary->restrictions[i];
        if (terms->today < restriction->day_from || terms->today > restriction->day_to)
            continue;
        struct rules_restriction view = {
            .id = restriction->guid,
            .name = restriction->name,
            .kind = restriction->ban ? "ban" : "exclusive",
            .everywhere = restriction->region_count == 0,
            .in_region = holds_in(dictionary, restriction, region),
            .holder = is_holder(restriction, terms->dealer, terms->contract),
            .holder_name = restriction->holder_name,
        };
        struct rules_exclusivity_input input = {&inputs->dealer, inputs->region, &view, terms->today};
        rules_exclusivity(snapshot->rules, &input, decision);
        terms->denied[i] = decision->verdict != VERDICT_ALLOW;
        if (terms->denied[i] && decision->reason_count > 0) {
            memcpy(terms->refusals[i].code, decision->reasons[0].code, sizeof terms->refusals[i].code);
            terms->refusals[i].params = decision->reasons[0].params;
        }
    }
    free(decision);
}

/* --- restriction words --- */

/* Words of so many views' classes are kept in one dealer's terms: each time an item has a set of restrictions
 * that no item had before there is a class more. */
#define WORDS_KEPT_MAX 16

struct terms_words {
    struct terms_words *older; /* somebody may be reading them */
    int32_t depth;
    int32_t class_count;
    uint16_t words[];
};

static struct terms_words *words_make(const struct terms *terms, const struct restriction_classes *classes)
{
    struct terms_words *words =
        mem_alloc(sizeof *words + (size_t)classes->class_count * sizeof words->words[0]);
    words->class_count = classes->class_count;
    restriction_words(classes, terms->denied, words->words);
    return words;
}

const uint16_t *terms_class_words(const struct terms *terms, const struct book_view *view)
{
    const struct dictionary *dictionary = book_dictionary(view);
    struct restriction_classes classes = book_classes(view);
    _Atomic(struct terms_words *) *kept = &((struct terms *)terms)->words;
    /* A restriction above what a word holds would be read as none. */
    if (!dictionary || dictionary->rev != terms->dictionary->rev ||
        dictionary->restriction_count >= ITEM_WORD_MANY)
        return NULL;
    struct terms_words *words = atomic_load(kept);
    if (words && words->class_count >= classes.class_count)
        return words->words;
    if (words && words->depth == WORDS_KEPT_MAX)
        return NULL;
    struct terms_words *fresh = words_make(terms, &classes);
    fresh->older = words;
    fresh->depth = words ? words->depth + 1 : 1;
    if (atomic_compare_exchange_strong(kept, &words, fresh))
        return fresh->words;
    /* Another request was faster; its words may be of an older view. */
    free(fresh);
    return words->class_count >= classes.class_count ? words->words : NULL;
}

void terms_words_free(struct terms *terms)
{
    struct terms_words *words = atomic_load(&terms->words);
    while (words) {
        struct terms_words *older = words->older;
        free(words);
        words = older;
    }
}

/* A plan for each delivery method. */
static void supply_compile(struct terms *terms, struct snapshot *snapshot, const struct inputs *inputs,
                           bool staff)
{
    const struct config *config = snapshot->config;
    terms->supply_count = config->method_count;
    terms->supply = arena_array(&terms->arena, (size_t)config->method_count, sizeof *terms->supply);
    for (int i = 0; i < config->method_count; i++) {
        if (inputs)
            supply_plan_make(&terms->supply[i], snapshot, terms->dictionary, &config->methods[i],
                             &inputs->dealer, inputs->region, terms->today, &terms->arena);
        else if (staff)
            supply_plan_of_staff(&terms->supply[i], config, terms->dictionary, &config->methods[i],
                                 &terms->arena);
        else /* a dealer that is gone */
            terms->supply[i] = (struct supply_plan){.display = DISPLAY_NONE};
    }
}

const struct supply_plan *terms_supply(const struct terms *terms, const struct config *config,
                                       const struct config_method *method)
{
    ptrdiff_t index = method - config->methods;
    assert(index >= 0 && index < terms->supply_count);
    return &terms->supply[index];
}

/* --- the cache --- */

struct terms_cache *terms_cache_new(void)
{
    struct terms_cache *cache = mem_alloc(sizeof *cache);
    pthread_mutex_init(&cache->mutex, NULL);
    return cache;
}

static void terms_free(struct distributor *distributor, struct terms *terms)
{
    terms_words_free(terms);
    dictionary_release(distributor->dictionaries, terms->dictionary);
    arena_free(&terms->arena);
    free(terms);
}

void terms_release(struct distributor *distributor, struct terms *terms)
{
    struct terms_cache *cache = distributor->terms;
    pthread_mutex_lock(&cache->mutex);
    bool last = --terms->references == 0;
    pthread_mutex_unlock(&cache->mutex);
    if (last)
        terms_free(distributor, terms);
}

void terms_cache_free(struct distributor *distributor)
{
    struct terms_cache *cache = distributor->terms;
    for (int i = 0; i < TERMS_CACHE_MAX; i++)
        if (cache->slots[i])
            terms_release(distributor, cache->slots[i]);
    pthread_mutex_destroy(&cache->mutex);
    free(cache);
}

static size_t slot_of(const struct terms_wish *wish)
{
    uint64_t hash = (uint64_t)wish->dealer_id * 0x9e3779b97f4a7c15u + (uint64_t)wish->preferred_contract;
    for (const char *at = wish->contract ? wish->contract : ""; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 0x100000001b3u;
    return (hash >> 32) % TERMS_CACHE_MAX;
}

static bool answers(const struct terms *terms, const struct terms_wish *wish, const struct snapshot *snapshot,
                    int32_t today, int64_t dealer_rev, int64_t dictionary_rev)
{
    return terms->generation == snapshot->generation && terms->today == today &&
           terms->dictionary->rev == dictionary_rev &&
           (terms->dealer ? terms->dealer->id : 0) == wish->dealer_id &&
           (!terms->dealer || terms->dealer->rev == dealer_rev) &&
           terms->preferred_contract == wish->preferred_contract &&
           strcmp(terms->wanted_contract, wish->contract ? wish->contract : "") == 0;
}

static int64_t one_integer(struct store_tx *tx, enum statement statement)
{
    struct query query = query_open(tx, statement);
    int64_t value = query_next(&query) ? query_integer(&query, 0) : -1;
    query_close(&query);
    return value;
}

bool terms_current(const struct terms *terms, struct store_tx *tx)
{
    return one_integer(tx, STATEMENT_DICTIONARY_REV) == terms->dictionary->rev &&
           (!terms->dealer || one_integer(tx, STATEMENT_DEALER_REV) == terms->dealer->rev);
}

static struct terms *kept(struct distributor *distributor, struct snapshot *snapshot,
                          const struct terms_wish *wish, int32_t today, struct store_tx *tx)
{
    struct terms_cache *cache = distributor->terms;
    int64_t dictionary_rev = one_integer(tx, STATEMENT_DICTIONARY_REV);
    int64_t dealer_rev = wish->dealer_id ? one_integer(tx, STATEMENT_DEALER_REV) : 0;
    pthread_mutex_lock(&cache->mutex);
    struct terms *terms = cache->slots[slot_of(wish)];
    if (terms && answers(terms, wish, snapshot, today, dealer_rev, dictionary_rev))
        terms->references++;
    else
        terms = NULL;
    pthread_mutex_unlock(&cache->mutex);
    return terms;
}

static void keep(struct distributor *distributor, const struct terms_wish *wish, struct terms *terms)
{
    struct terms_cache *cache = distributor->terms;
    pthread_mutex_lock(&cache->mutex);
    struct terms **slot = &cache->slots[slot_of(wish)];
    struct terms *old = *slot;
    *slot = terms;
    terms->references++;
    pthread_mutex_unlock(&cache->mutex);
    if (old)
        terms_release(distributor, old);
}

static struct terms *terms_new(struct snapshot *snapshot, const struct terms_wish *wish, int32_t today)
{
    struct terms *terms = mem_alloc(sizeof *terms);
    arena_init(&terms->arena);
    terms->generation = snapshot->generation;
    terms->today = today;
    terms->wanted_contract = arena_strdup(&terms->arena, wish->contract ? wish->contract : "");
    terms->preferred_contract = wish->preferred_contract;
    terms->references = 1;
    return terms;
}

struct terms *terms_acquire(struct distributor *distributor, struct snapshot *snapshot,
                            const struct terms_wish *wish, struct fault *fault)
{
    int32_t today = distributor_today(distributor, snapshot->config);
    struct store_rights rights = STORE_RIGHTS_SYSTEM;
    rights.dealer_id = wish->dealer_id;
    struct store_tx *tx = store_read_begin(distributor->store, rights, fault);
    if (!tx)
        return NULL;
    struct terms *terms = kept(distributor, snapshot, wish, today, tx);
    if (terms) {
        if (store_read_end(tx, fault))
            return terms;
        terms_release(distributor, terms);
        return NULL;
    }
    struct arena arena;
    arena_init(&arena);
    terms = terms_new(snapshot, wish, today);
    terms->dictionary =
        dictionary_acquire(distributor->dictionaries, tx, snapshot->config, snapshot->generation);
    if (wish->dealer_id)
        terms->dealer = dealer_read(tx, terms->dictionary, wish->dealer_id, today, &terms->arena);
    terms->contract = terms->dealer ? contract_choose(terms->dealer, wish) : NULL;
    struct inputs *inputs = terms->dealer ? inputs_read(tx, terms, &arena) : NULL;
    struct item_numbers *numbers = inputs ? numbers_read(tx, inputs, &arena) : NULL;
    bool ok = store_read_end(tx, fault);
    size_t restrictions = (size_t)terms->dictionary->restriction_count + 1;
    terms->denied = arena_array(&terms->arena, restrictions, sizeof *terms->denied);
    terms->refusals = arena_array(&terms->arena, restrictions, sizeof *terms->refusals);
    if (ok && terms->contract)
        prices_compile(terms, snapshot, inputs, numbers);
    if (ok && inputs)
        restrictions_compile(terms, snapshot, inputs);
    if (ok)
        supply_compile(terms, snapshot, inputs, wish->dealer_id == 0);
    arena_free(&arena);
    if (!ok) {
        terms_free(distributor, terms);
        return NULL;
    }
    keep(distributor, wish, terms);
    return terms;
}
