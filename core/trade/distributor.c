#include "trade/distributor.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/random.h"
#include "book/book.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "store/store.h"
#include "trade/bookkeeping.h"
#include "trade/dictionary.h"
#include "trade/terms.h"

struct distributor *distributor_open(const struct distributor_options *options, struct fault *fault)
{
    struct distributor *distributor = mem_alloc(sizeof *distributor);
    *distributor = (struct distributor){
        .name = mem_strdup(options->name),
        .folder = mem_strdup(options->folder),
        .slot = snapshot_slot_new(),
        .clock = options->clock,
        .random = options->random,
        .phrases = options->phrases,
        .dictionaries = dictionary_cache_new(),
        .terms = terms_cache_new(),
        .config_path = options->config_path ? mem_strdup(options->config_path) : NULL,
        .rules_folder = options->rules_folder ? mem_strdup(options->rules_folder) : NULL,
    };
    snapshot_publish(distributor->slot, options->snapshot);
    struct store_options store_options = {options->folder, options->clock, options->random};
    if (store_open(&distributor->store, &store_options, fault) &&
        (!options->lists || bookkeeping_open(distributor, fault)))
        return distributor;
    distributor_close(distributor);
    return NULL;
}

void distributor_close(struct distributor *distributor)
{
    if (distributor->store)
        store_close(distributor->store);
    if (distributor->book)
        book_close(distributor->book);
    terms_cache_free(distributor);
    dictionary_cache_free(distributor->dictionaries);
    snapshot_slot_free(distributor->slot);
    free((char *)distributor->name);
    free((char *)distributor->folder);
    free((char *)distributor->config_path);
    free((char *)distributor->rules_folder);
    free(distributor);
}

int32_t distributor_today(const struct distributor *distributor, const struct config *config)
{
    return zone_day(&config->zone, clock_now_ms(distributor->clock));
}

void distributor_uuid(const struct distributor *distributor, char *text)
{
    random_uuid(distributor->random, clock_now_ms(distributor->clock), text);
}
