/* The simulator's agent: the real portal below HTTP, in one process a life, that does what it is told line by
 * line. Its clock stands still until told, its dice are seeded, its storage dies in the middle of a write
 * where it was told to. What is right is known outside (simulator.mjs), which is why nothing is judged here.
 *
 * A line in is a JSON object with "op"; a line out is the answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/civil.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/log.h"
#include "base/phrase.h"
#include "base/random.h"
#include "cli/generate.h"
#include "exchange/import.h"
#include "exchange/sale.h"
#include "exchange/session.h"
#include "policy/config.h"
#include "policy/snapshot.h"
#include "sim/mortal.h"
#include "store/store.h"
#include "trade/check.h"
#include "trade/day_turn.h"
#include "trade/distributor.h"
#include "trade/hold.h"
#include "trade/hold_due.h"
#include "trade/login.h"
#include "trade/offer.h"
#include "trade/order.h"
#include "trade/pool.h"
#include "trade/terms.h"

#define LINE_MAX_BYTES ((size_t)1 << 20)
#define LINES_MAX      64

static struct {
    struct clock clock;
    int64_t now_ms;
    struct random random;
    struct phrases phrases;
    bool speaks;
    struct distributor *distributor;
    struct arena arena; /* of one line */
    struct buffer answer;
    bool busy; /* what was read may not be whole */
    struct json_out out;
} agent;

/* --- ports --- */

static int64_t stopped_ms(const struct clock *clock)
{
    (void)clock;
    return agent.now_ms;
}

/* Each look at the ticks is a microsecond later, so that slices end where they did last time. */
static int64_t counted_ns(const struct clock *clock)
{
    static int64_t ticks;
    (void)clock;
    return ticks += 1000;
}

/* --- answers --- */

static void fault_out(const struct fault *fault)
{
    json_out_text(&agent.out, "fault", fault_code_text(fault->code));
}

static void faults_out(const struct faults *faults)
{
    struct buffer text;
    json_out_text(&agent.out, "fault", faults->count ? fault_code_text(faults->items[0].code) : "none");
    if (faults->count == 0)
        return;
    buffer_init(&text);
    phrase_fault(&agent.phrases, (struct phrase_style){.language = LANGUAGE_EN}, &faults->items[0], &text);
    json_out_text(&agent.out, "text", buffer_text(&text));
    buffer_free(&text);
}

static const char *text_of(struct json_in in, const char *key)
{
    return json_in_string(json_in_get(in, key));
}

_Noreturn static void refuse(const char *why)
{
    fprintf(stderr, "agent: %s\n", why);
    exit(2);
}

/* --- beginning --- */

/* Makes the folder that every run begins with: the demo's goods, dealers and people, without passwords. */
static void make(const char *folder, const char *root, int32_t day)
{
    static const struct login_user people[] = {
        {"employee@demo", "Анна", ROLE_EMPLOYEE, "8e95dec8-af42-4b44-993c-8cea1185787d", "!", LANGUAGE_RU},
        {"rival@demo", "Пётр", ROLE_EMPLOYEE, "8a3ae9d5-d132-47aa-b4fa-79190891cf9a", "!", LANGUAGE_RU},
    };
    struct fault fault;
    const char *packages = arena_printf(&agent.arena, "%s/packages", folder);
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    struct import_result result;
    mkdir(packages, 0750);
    if (!generate_packages(arena_printf(&agent.arena, "%s/data/demo/novus.yaml", root), packages, 0, day,
                           &fault))
        refuse(fault_code_text(fault.code));
    for (int i = 0; i < GENERATE_FILE_COUNT; i++)
        if (!import_file(agent.distributor, snapshot,
                         arena_printf(&agent.arena, "%s/%s", packages, generate_files[i]), &agent.arena,
                         &result, &fault))
            refuse(fault_code_text(fault.code));
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
        if (!login_put(agent.distributor, &people[i], &fault))
            refuse(fault_code_text(fault.code));
    snapshot_release(snapshot);
}

/* {op: open, folder, root, seed, now, make, config?}: begins a life. */
static void open_op(struct json_in in)
{
    const char *root = text_of(in, "root"), *folder = text_of(in, "folder");
    struct faults faults;
    struct fault fault;
    faults_init(&faults);
    agent.now_ms = json_in_integer_or(json_in_get(in, "now"), 0);
    random_seeded(&agent.random, (uint64_t)json_in_integer_or(json_in_get(in, "seed"), 1));
    if (!agent.speaks &&
        !phrases_load(&agent.phrases, arena_printf(&agent.arena, "%s/web/i18n", root), &fault))
        refuse("no phrases");
    agent.speaks = true;
    const char *config = text_of(in, "config");
    if (!config)
        config = arena_printf(&agent.arena, "%s/config/distributors/novus.yaml", root);
    struct snapshot *snapshot =
        snapshot_build(config, "novus", arena_printf(&agent.arena, "%s/rules", root), &faults);
    if (!snapshot)
        refuse("no snapshot");
    struct distributor_options options = {"novus",       folder,         snapshot,      &agent.clock,
                                          &agent.random, &agent.phrases, .lists = false};
    agent.distributor = distributor_open(&options, &fault);
    if (!agent.distributor)
        refuse(fault_code_text(fault.code));
    if (json_in_bool_or(json_in_get(in, "make"), false))
        make(folder, root, zone_day(&snapshot->config->zone, agent.now_ms));
    faults_free(&faults);
    json_out_bool(&agent.out, "ok", true);
}

static void close_op(struct json_in in)
{
    (void)in;
    distributor_close(agent.distributor);
    agent.distributor = NULL;
    json_out_bool(&agent.out, "ok", true);
}

/* {op: die, writes} */
static void die_op(struct json_in in)
{
    mortal_after((long)json_in_integer_or(json_in_get(in, "writes"), 0));
    json_out_bool(&agent.out, "ok", true);
}

/* {op: clock, now}: it is later, the day is turned if it is another one, and holds that are due end. */
static void clock_op(struct json_in in)
{
    struct fault fault;
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    agent.now_ms = json_in_integer_or(json_in_get(in, "now"), agent.now_ms);
    if (day_turn(agent.distributor, snapshot, &fault) && holds_expire(agent.distributor, snapshot, &fault))
        json_out_integer(&agent.out, "today", distributor_today(agent.distributor, snapshot->config));
    else
        fault_out(&fault);
    snapshot_release(snapshot);
}

/* --- people --- */

struct entering {
    const char *login;
    const char *hash;
    bool found;
};

/* A session without a password: hashing is heavy on purpose, and not what is simulated. */
static enum store_result enter(struct store_tx *tx, void *argument)
{
    struct entering *entering = argument;
    struct query query = query_open(tx, STATEMENT_USER_BY_LOGIN, TEXT(entering->login));
    int64_t id = query_next(&query) ? query_integer(&query, 0) : 0;
    query_close(&query);
    entering->found = id != 0;
    if (!id)
        return STORE_REFUSED;
    tx_write_begin(tx);
    statement_run(tx, STATEMENT_SESSION_ADD, TEXT(entering->hash), INT(id), INT(agent.now_ms));
    return STORE_DONE;
}

static struct actor actor_of(struct json_in in, const struct snapshot *snapshot)
{
    char token[TOKEN_TEXT_SIZE], hash[TOKEN_TEXT_SIZE], op_id[UUID_TEXT_SIZE];
    struct actor actor = {0};
    struct fault fault;
    struct entering entering = {text_of(in, "who"), hash, false};
    random_token(&agent.random, token);
    secret_hash(token, hash);
    distributor_uuid(agent.distributor, op_id);
    if (store_write(agent.distributor->store, STORE_RIGHTS_SYSTEM, op_id, enter, &entering, &fault) !=
            STORE_DONE ||
        !login_find(agent.distributor, snapshot->config, token, &agent.arena, &actor, &fault))
        refuse("nobody of that name");
    login_close(agent.distributor, token);
    return actor;
}

/* --- orders --- */

static void quantity_out(const char *key, int64_t quantity)
{
    json_out_integer(&agent.out, key, quantity);
}

/* Everybody fetches himself: what he wants by a day is ready after the warehouse's handling. */
static void order_write(const struct order_view *order, struct json_out *out)
{
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    const struct lead lead = {&snapshot->config->calendar, 0, snapshot->config->handling_days};
    static const char *const erp[] = {"none", "waiting", "taken"};
    json_out_object_begin(out, NULL);
    json_out_text(out, "id", order->uuid);
    json_out_text(out, "number", order->number);
    json_out_text(out, "status", order_status_names[order->status]);
    json_out_text(out, "erp", erp[order->erp]);
    json_out_integer(out, "total", order->total);
    json_out_bool(out, "keeps", order_keeps(order));
    json_out_array_begin(out, "lines");
    for (int i = 0; i < order->line_count; i++) {
        const struct order_line_view *line = &order->lines[i];
        json_out_object_begin(out, NULL);
        json_out_text(out, "sku", line->sku);
        json_out_integer(out, "quantity", line->quantity);
        json_out_integer(out, "promised", order_keeps(order) ? line->promised : 0);
        json_out_integer(out, "day", line->desired_day);
        json_out_integer(out, "ready", lead_ready_day(&lead, line->desired_day));
        json_out_array_begin(out, "pegs");
        for (int p = 0; p < line->peg_count; p++) {
            json_out_object_begin(out, NULL);
            json_out_bool(out, "receipt", line->pegs[p].receipt);
            json_out_integer(out, "day", line->pegs[p].day);
            json_out_integer(out, "quantity", line->pegs[p].quantity);
            json_out_object_end(out);
        }
        json_out_array_end(out);
        json_out_object_end(out);
    }
    json_out_array_end(out);
    json_out_object_end(out);
    snapshot_release(snapshot);
}

static void render(void *context, const struct order_view *order, struct buffer *buffer)
{
    struct json_out out;
    (void)context;
    json_out_init(&out, buffer);
    order_write(order, &out);
}

static int lines_read(struct json_in in, struct quote_ask *lines)
{
    struct json_in list = json_in_get(in, "lines");
    int count = (int)json_in_count(list);
    for (int i = 0; i < count && i < LINES_MAX; i++) {
        struct json_in line = json_in_at(list, (size_t)i);
        lines[i] = (struct quote_ask){
            .sku = text_of(line, "sku"),
            .item = text_of(line, "item"),
            .quantity = text_of(line, "qty"),
            .date = text_of(line, "date"),
            .hold = text_of(line, "hold"),
        };
    }
    return count < LINES_MAX ? count : LINES_MAX;
}

static void answer_out(bool ok, const struct order_answer *answer, struct faults *faults)
{
    if (ok) {
        json_out_integer(&agent.out, "status", answer->status);
        json_out_raw(&agent.out, "order", answer->body);
    } else {
        faults_out(faults);
    }
    faults_free(faults);
}

/* {op: place, who, key, date, lines: [{sku or item, qty, date?, hold?}]} */
static void place_op(struct json_in in)
{
    struct quote_ask lines[LINES_MAX];
    struct order_answer answer = {0};
    struct faults faults;
    char hash[TOKEN_TEXT_SIZE];
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    struct actor actor = actor_of(in, snapshot);
    secret_hash(text_of(in, "body"), hash);
    struct order_wish wish = {
        .question = {.date = text_of(in, "date"),
                     .lines = lines,
                     .line_count = lines_read(in, lines),
                     .now_ms = agent.now_ms},
        .key = text_of(in, "key"),
        .body_hash = hash,
    };
    faults_init(&faults);
    bool ok =
        order_place(agent.distributor, snapshot, &actor, &wish, render, NULL, &agent.arena, &answer, &faults);
    answer_out(ok, &answer, &faults);
    snapshot_release(snapshot);
}

/* {op: cancel, who, id} */
static void cancel_op(struct json_in in)
{
    struct order_answer answer = {0};
    struct faults faults;
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    struct actor actor = actor_of(in, snapshot);
    faults_init(&faults);
    bool ok = order_cancel(agent.distributor, snapshot, &actor, text_of(in, "id"), render, NULL, &agent.arena,
                           &answer, &faults);
    answer_out(ok, &answer, &faults);
    snapshot_release(snapshot);
}

/* {op: edit, who, id, lines} */
static void edit_op(struct json_in in)
{
    struct quote_ask lines[LINES_MAX];
    struct order_answer answer = {0};
    struct faults faults;
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    struct actor actor = actor_of(in, snapshot);
    struct order_edit edit = {.lines = lines, .line_count = lines_read(in, lines)};
    faults_init(&faults);
    bool ok = order_change(agent.distributor, snapshot, &actor, text_of(in, "id"), &edit, render, NULL,
                           &agent.arena, &answer, &faults);
    answer_out(ok, &answer, &faults);
    snapshot_release(snapshot);
}

/* {op: order, who, id} */
static void order_op(struct json_in in)
{
    struct fault fault;
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    struct actor actor = actor_of(in, snapshot);
    struct store_tx *tx = store_read_begin(agent.distributor->store, actor_rights(&actor), &fault);
    struct order_view *order = tx ? order_load(tx, snapshot->config, text_of(in, "id"), &agent.arena) : NULL;
    if (tx && !store_read_end(tx, &fault))
        agent.busy = true;
    if (order) {
        struct buffer text;
        buffer_init(&text);
        render(NULL, order, &text);
        json_out_raw(&agent.out, "order", buffer_text(&text));
        buffer_free(&text);
    } else {
        json_out_text(&agent.out, "fault", "order_not_found");
    }
    snapshot_release(snapshot);
}

/* --- offers and holds --- */

static void offer_out(const struct quote *quote, const struct offer *offer)
{
    struct lead lead = {&quote->config->calendar, 0, quote->config->handling_days};
    struct buffer id;
    buffer_init(&id);
    offer_id_write(quote, 0, offer, &id);
    json_out_object_begin(&agent.out, NULL);
    json_out_text(&agent.out, "id", buffer_text(&id));
    json_out_text(&agent.out, "kind", offer_kind_names[offer->kind]);
    json_out_array_begin(&agent.out, "lines");
    for (int i = 0; i < offer->part_count; i++) {
        json_out_object_begin(&agent.out, NULL);
        quantity_out("quantity", offer->parts[i].quantity);
        json_out_integer(&agent.out, "day", offer->parts[i].day);
        json_out_integer(&agent.out, "ready", lead_ready_day(&lead, offer->parts[i].day));
        json_out_object_end(&agent.out);
    }
    json_out_array_end(&agent.out);
    json_out_object_end(&agent.out);
    buffer_free(&id);
}

static void offers_write(struct store_tx *tx, const struct quote *quote)
{
    struct taking taking;
    struct taken taken;
    struct offers offers;
    const struct quote_line *line = &quote->lines[0];
    const struct supply_plan *plan = terms_supply(quote->terms, quote->config, quote->method);
    taking_init(&taking, tx, &agent.arena, plan, quote->config, quote->today,
                config_order_day(quote->config, agent.now_ms));
    taking.now_ms = agent.now_ms;
    taking_take(&taking, line->item, line->quantity, line->desired_day, &taken);
    offers_make(&(struct offer_question){&taking, quote, &taken, 0, true}, &offers);
    json_out_array_begin(&agent.out, "offers");
    for (int i = 0; i < offers.count; i++)
        offer_out(quote, &offers.items[i]);
    json_out_array_end(&agent.out);
}

/* {op: offers, who, date, lines: [the one line]} -> {offers: [{id, kind, lines: [{quantity, day, ready}]}]}
 */
static void offers_op(struct json_in in)
{
    struct quote_ask lines[LINES_MAX];
    struct quote quote;
    struct fault fault;
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    struct actor actor = actor_of(in, snapshot);
    struct quote_question question = {
        .date = text_of(in, "date"), .lines = lines, .line_count = lines_read(in, lines)};
    struct terms *terms = terms_acquire(agent.distributor, snapshot,
                                        &(struct terms_wish){.dealer_id = actor.dealer_id}, &fault);
    struct store_tx *tx = store_read_begin(agent.distributor->store, actor_rights(&actor), &fault);
    if (!terms || !tx)
        refuse("no terms");
    if (!quote_make(&quote, tx, &agent.arena, terms, snapshot->config, &question, &fault))
        fault_out(&fault);
    else if (quote.lines[0].refused)
        fault_out(&quote.lines[0].fault);
    else
        offers_write(tx, &quote);
    if (!store_read_end(tx, &fault))
        agent.busy = true;
    terms_release(agent.distributor, terms);
    snapshot_release(snapshot);
}

static void hold_out(const struct hold_view *hold, const struct fault *fault)
{
    if (!hold) {
        fault_out(fault);
        return;
    }
    json_out_text(&agent.out, "id", hold->uuid);
    json_out_text(&agent.out, "state", hold->state);
    json_out_integer(&agent.out, "until", hold->expires_ms);
    json_out_array_begin(&agent.out, "lines");
    for (int i = 0; i < hold->line_count; i++) {
        json_out_object_begin(&agent.out, NULL);
        json_out_text(&agent.out, "item", hold->lines[i].item);
        quantity_out("quantity", hold->lines[i].quantity);
        json_out_integer(&agent.out, "day", hold->lines[i].day);
        json_out_integer(&agent.out, "amount", hold->lines[i].amount);
        json_out_object_end(&agent.out);
    }
    json_out_array_end(&agent.out);
}

/* {op: hold, who, offer}; {op: release, who, id}; {op: held, who, id} -> {id, state, until, lines: [{item,
 * quantity, day, amount}]} */
static void hold_op(struct json_in in)
{
    bool created;
    struct fault fault;
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    struct actor actor = actor_of(in, snapshot);
    hold_out(hold_create(agent.distributor, snapshot, &actor, text_of(in, "offer"), &agent.arena, &created,
                         &fault),
             &fault);
    snapshot_release(snapshot);
}

static void release_op(struct json_in in)
{
    struct fault fault;
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    struct actor actor = actor_of(in, snapshot);
    hold_out(hold_release(agent.distributor, snapshot, &actor, text_of(in, "id"), &agent.arena, &fault),
             &fault);
    snapshot_release(snapshot);
}

static void held_op(struct json_in in)
{
    struct fault fault = {.code = FAULT_HOLD_NOT_FOUND};
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    struct actor actor = actor_of(in, snapshot);
    struct store_tx *tx = store_read_begin(agent.distributor->store, actor_rights(&actor), &fault);
    hold_out(tx ? hold_load(tx, text_of(in, "id"), agent.now_ms, &agent.arena) : NULL, &fault);
    if (tx && !store_read_end(tx, &fault))
        agent.busy = true;
    snapshot_release(snapshot);
}

/* --- 1C --- */

/* {op: import, path} */
static void import_op(struct json_in in)
{
    struct import_result result;
    struct fault fault;
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    if (import_file(agent.distributor, snapshot, text_of(in, "path"), &agent.arena, &result, &fault)) {
        json_out_integer(&agent.out, "created", result.created);
        json_out_integer(&agent.out, "changed", result.changed);
        json_out_integer(&agent.out, "unchanged", result.unchanged);
        json_out_integer(&agent.out, "rejected", result.rejected_count);
    } else {
        fault_out(&fault);
    }
    snapshot_release(snapshot);
}

/* {op: query, session} -> {xml}; {op: success, session}. A session is a number here. */
static void query_op(struct json_in in)
{
    struct fault fault;
    struct buffer xml;
    struct exchange_session session = {.id = json_in_integer_or(json_in_get(in, "session"), 1)};
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    buffer_init(&xml);
    if (sale_query(agent.distributor, snapshot, &session, &xml, &fault))
        json_out_text(&agent.out, "xml", buffer_text(&xml));
    else
        fault_out(&fault);
    buffer_free(&xml);
    snapshot_release(snapshot);
}

static void success_op(struct json_in in)
{
    struct fault fault;
    struct exchange_session session = {.id = json_in_integer_or(json_in_get(in, "session"), 1)};
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    if (sale_success(agent.distributor, snapshot, &session, &fault))
        json_out_bool(&agent.out, "ok", true);
    else
        fault_out(&fault);
    snapshot_release(snapshot);
}

/* --- looking inside --- */

static void pool_out(const struct pool *pool)
{
    const struct promise_pool *k = &pool->kernel;
    json_out_array_begin(&agent.out, "supplies");
    for (int32_t i = 0; i < k->supply_count; i++) {
        json_out_object_begin(&agent.out, NULL);
        json_out_bool(&agent.out, "stock", pool_supply_is_stock(&k->supplies[i]));
        json_out_integer(&agent.out, "day",
                         pool_supply_is_stock(&k->supplies[i]) ? k->today : k->supplies[i].day);
        json_out_integer(&agent.out, "gross", k->supplies[i].gross);
        json_out_integer(&agent.out, "firm", k->supplies[i].firm);
        json_out_bool(&agent.out, "doubtful", k->supplies[i].doubtful);
        json_out_object_end(&agent.out);
    }
    json_out_array_end(&agent.out);
    json_out_array_begin(&agent.out, "lines");
    for (int32_t i = 0; i < k->line_count; i++) {
        json_out_object_begin(&agent.out, NULL);
        json_out_integer(&agent.out, "day", k->lines[i].day);
        quantity_out("quantity", k->lines[i].quantity);
        json_out_object_end(&agent.out);
    }
    json_out_array_end(&agent.out);
    json_out_array_begin(&agent.out, "firms");
    for (int32_t i = 0; i < k->firm_count; i++) {
        json_out_object_begin(&agent.out, NULL);
        json_out_integer(&agent.out, "day", k->firms[i].day);
        json_out_bool(&agent.out, "suspended", k->firms[i].suspended);
        quantity_out("quantity", k->firms[i].quantity);
        json_out_object_end(&agent.out);
    }
    json_out_array_end(&agent.out);
}

/* {op: pools, sku} -> {pools: [{warehouse, supplies, lines, firms}]} */
static void pools_op(struct json_in in)
{
    struct fault fault;
    struct pool pools[8];
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    struct store_tx *tx = store_read_begin(agent.distributor->store, STORE_RIGHTS_SYSTEM, &fault);
    struct item *item = tx ? item_load_sku(tx, text_of(in, "sku"), &agent.arena, &fault) : NULL;
    int32_t count = item ? pools_of_item(tx, item->id, item->goods_id, pools, 8) : 0;
    struct pool_days days =
        pool_days(snapshot->config, distributor_today(agent.distributor, snapshot->config));
    json_out_array_begin(&agent.out, "pools");
    for (int32_t i = 0; i < count; i++) {
        pool_read_all(tx, &pools[i], days, &agent.arena);
        json_out_object_begin(&agent.out, NULL);
        json_out_integer(&agent.out, "warehouse", pools[i].warehouse_id);
        pool_out(&pools[i]);
        json_out_object_end(&agent.out);
    }
    json_out_array_end(&agent.out);
    if (tx && !store_read_end(tx, &fault))
        agent.busy = true;
    snapshot_release(snapshot);
}

static void wrong_out(void *context, const struct fault *fault)
{
    struct buffer text;
    (void)context;
    buffer_init(&text);
    phrase_fault(&agent.phrases, (struct phrase_style){.language = LANGUAGE_EN}, fault, &text);
    json_out_text(&agent.out, NULL, buffer_text(&text));
    buffer_free(&text);
}

/* {op: check} -> {wrong: [...]} */
static void check_op(struct json_in in)
{
    struct fault fault;
    struct check_counts counts;
    struct snapshot *snapshot = snapshot_acquire(agent.distributor->slot);
    (void)in;
    json_out_array_begin(&agent.out, "wrong");
    if (!check_run(agent.distributor, snapshot->config, wrong_out, NULL, &counts, &fault))
        agent.busy = true;
    json_out_array_end(&agent.out);
    snapshot_release(snapshot);
}

/* --- line by line --- */

static const struct {
    const char *name;
    void (*run)(struct json_in in);
} ops[] = {
    {"open", open_op},     {"close", close_op},   {"die", die_op},         {"clock", clock_op},
    {"place", place_op},   {"edit", edit_op},     {"cancel", cancel_op},   {"order", order_op},
    {"import", import_op}, {"query", query_op},   {"success", success_op}, {"pools", pools_op},
    {"check", check_op},   {"offers", offers_op}, {"hold", hold_op},       {"release", release_op},
    {"held", held_op},
};

static void line_do(const char *line)
{
    struct json_doc doc;
    struct fault fault;
    if (!json_doc_parse(&doc, line, strlen(line), &fault))
        refuse("no JSON");
    struct json_in in = json_doc_root(&doc);
    const char *name = text_of(in, "op");
    size_t i = 0;
    while (i < sizeof ops / sizeof ops[0] && (!name || strcmp(ops[i].name, name) != 0))
        i++;
    if (i == sizeof ops / sizeof ops[0])
        refuse("no such op");
    buffer_clear(&agent.answer);
    json_out_init(&agent.out, &agent.answer);
    json_out_object_begin(&agent.out, NULL);
    agent.busy = false;
    ops[i].run(in);
    json_out_object_end(&agent.out);
    /* A reader is cut off after a while of the machine's own time: then there is no answer, and it is asked
     * again. */
    printf("%s\n", agent.busy ? "{\"fault\":\"store_busy\"}" : buffer_text(&agent.answer));
    fflush(stdout);
    json_doc_free(&doc);
    arena_reset(&agent.arena);
}

int main(void)
{
    char *line = malloc(LINE_MAX_BYTES);
    if (!line || sodium_init() == -1)
        refuse("no memory or no sodium");
    mortal_install();
    log_setup(LOG_ERROR, NULL);
    agent.clock = (struct clock){.now_ms = stopped_ms, .ticks_ns = counted_ns};
    arena_init(&agent.arena);
    buffer_init(&agent.answer);
    while (fgets(line, (int)LINE_MAX_BYTES, stdin))
        line_do(line);
    free(line);
    return 0;
}
