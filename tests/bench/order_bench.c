/* order_http: orders of ten lines over 64 connections, each durable before it is answered. The ceiling is
 * SQLite alone, which writes the same rows into a copy of the same database, with the same settings, in
 * transactions of as many orders as the subject's had closures. Both in slices by turns. */
#include <sqlite3.h>

#include "base/json.h"
#include "base/log.h"
#include "bench/load.h"
#include "bench/order_rows.h"
#include "bench/world.h"
#include "http/portal.h"
#include "policy/config.h"
#include "store/store.h"
#include "trade/login.h"

#define OFFERS      10000
#define PACKAGES    "order_packages"
#define DATA        "order"
#define STORE       DATA "/" WORLD_NAME
#define CONFIG      WORLD_FOLDER "/" DATA "/kabinet.yaml"
#define LIVE        WORLD_FOLDER "/" STORE "/kabinet.db"
#define COPY        WORLD_FOLDER "/" DATA "/ceiling.db"
#define CONNECTIONS 64
#define LINES       10
#define SLICES      4
#define SLICE_NS    2000000000
#define PASSWORD    "bench-bench-bench"
#define DATE        "2026-05-15"
#define BAR         0.5

/* What is bought: items that the user may buy, has a price for, and of which there is plenty. */
#define ITEMS_MAX 10000
#define PLENTY    60 /* packs */

struct item {
    char id[80];
    char pack[24];
};

struct buyer {
    const char *login;
    const char *dealer; /* of data/demo/users.yaml */
    char cookie[200];
    struct item items[ITEMS_MAX];
    int item_count;
};

static struct buyer buyers[] = {{.login = "one@bench", .dealer = "8e95dec8-af42-4b44-993c-8cea1185787d"},
                                {.login = "two@bench", .dealer = "8a3ae9d5-d132-47aa-b4fa-79190891cf9a"}};

struct bench {
    struct world world; /* its ports and phrases; the distributor is the portal's */
    struct portal *portal;
    struct bench_random random;
    int64_t keys;
    int64_t confirmed;
    int64_t others;
    int64_t *latencies;
    int64_t latency_count;
    struct buyer *asking; /* for single requests */
    char path[700];
    const char *body;
    char next[600]; /* cursor of the next page, as a URL has it; "": none */
};

#define LATENCIES_MAX 1000000

/* --- The portal --- */

static void data_make(struct bench *bench)
{
    struct world *world = &bench->world;
    struct import_result result;
    struct fault fault;
    char hash[PASSWORD_HASH_SIZE], path[300];
    world_packages(PACKAGES, OFFERS);
    world_open(world, STORE, NULL);
    clock_shifted(&world->clock, ((int64_t)WORLD_DAY * 24 + 6) * 3600 * 1000);
    for (int i = 0; i < GENERATE_FILE_COUNT; i++) {
        snprintf(path, sizeof path, WORLD_FOLDER "/" PACKAGES "/%s", generate_files[i]);
        world_import(world, path, &result);
    }
    if (!password_hash(PASSWORD, hash, &fault))
        world_fail("password", &fault);
    for (size_t i = 0; i < sizeof buyers / sizeof buyers[0]; i++) {
        struct login_user user = {buyers[i].login, "Bench", ROLE_EMPLOYEE, buyers[i].dealer, hash, 0};
        if (!login_put(world->distributor, &user, &fault))
            world_fail(user.login, &fault);
    }
    world_close(world);
    world_remove(PACKAGES);
    /* Thousands of orders pass every credit limit, and would then only be reviewed. */
    sqlite3 *db = rows_open(LIVE);
    rows_run(db, "UPDATE contract SET limited = 0");
    sqlite3_close(db);
}

static void portal_begin(struct bench *bench)
{
    struct world *world = &bench->world;
    struct faults faults;
    struct fault fault;
    struct buffer text;
    buffer_init(&text);
    faults_init(&faults);
    arena_init(&world->arena);
    buffer_printf(&text,
                  "listen: 127.0.0.1:0\ndata: '%s'\nrules: '%s'\nweb: '%s'\ndistributors:\n  %s: '%s'\n",
                  file_absolute(&world->arena, WORLD_FOLDER "/" DATA), file_absolute(&world->arena, "rules"),
                  file_absolute(&world->arena, "web"), WORLD_NAME,
                  file_absolute(&world->arena, "config/distributors/" WORLD_NAME ".yaml"));
    if (!file_write(CONFIG, text.data, text.length, 0640, &fault) ||
        !phrases_load(&world->phrases, "web/i18n", &fault))
        world_fail(CONFIG, &fault);
    buffer_free(&text);
    log_setup(LOG_WARN, &world->clock);
    struct portal_options options = {.process = config_process_load(&world->arena, CONFIG, &faults),
                                     .root = file_absolute(&world->arena, "."),
                                     .phrases = &world->phrases,
                                     .clock = &world->clock,
                                     .random = &world->random,
                                     .port_tries = 1};
    bench->portal = options.process ? portal_open(&options, &faults) : NULL;
    if (!bench->portal || !portal_start(bench->portal, &fault))
        bench_give_up("the portal does not start");
    faults_free(&faults);
}

static void portal_end(struct bench *bench)
{
    portal_stop(bench->portal);
    portal_close(bench->portal);
    phrases_free(&bench->world.phrases);
    arena_free(&bench->world.arena);
    world_remove(DATA);
}

/* --- Requests --- */

static void head_write(struct buffer *request, const char *method, const char *path,
                       const struct buyer *buyer, size_t body)
{
    buffer_printf(request, "%s %s HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\n", method, path,
                  buyer->cookie);
    if (body > 0)
        buffer_printf(request, "Content-Type: application/json\r\nContent-Length: %zu\r\n", body);
}

static void single_ask(void *context, int connection, struct buffer *request)
{
    const struct bench *bench = context;
    (void)connection;
    head_write(request, bench->body ? "POST" : "GET", bench->path, bench->asking,
               bench->body ? strlen(bench->body) : 0);
    buffer_printf(request, "\r\n%s", bench->body ? bench->body : "");
}

static void single(struct bench *bench, const char *body,
                   void (*take)(void *context, int connection, const struct load_answer *answer))
{
    struct load load = {.port = portal_port(bench->portal),
                        .connections = 1,
                        .most = 1,
                        .context = bench,
                        .ask = single_ask,
                        .take = take};
    bench->body = body;
    load_run(&load);
}

static void login_take(void *context, int connection, const struct load_answer *answer)
{
    struct bench *bench = context;
    const char *cookie = strcasestr(answer->head, "\r\nSet-Cookie: ");
    (void)connection;
    if (answer->status != 200 || !cookie)
        bench_give_up("%s cannot log in: %s", bench->asking->login, answer->body);
    cookie += strlen("\r\nSet-Cookie: ");
    snprintf(bench->asking->cookie, sizeof bench->asking->cookie, "%.*s", (int)strcspn(cookie, ";\r"),
             cookie);
}

static void item_take(struct buyer *buyer, struct json_in item)
{
    const char *id = json_in_string(json_in_get(item, "id"));
    const char *pack = json_in_string(json_in_get(item, "pack"));
    const char *free_now = json_in_string(json_in_get(item, "free_now"));
    bool sold = json_in_kind(json_in_get(item, "restricted")) == JSON_IN_NULL &&
                json_in_kind(json_in_get(item, "price")) == JSON_IN_OBJECT;
    if (!sold || !id || !pack || !free_now || buyer->item_count == ITEMS_MAX ||
        strtod(free_now, NULL) < PLENTY * strtod(pack, NULL))
        return;
    struct item *kept = &buyer->items[buyer->item_count++];
    snprintf(kept->id, sizeof kept->id, "%s", id);
    snprintf(kept->pack, sizeof kept->pack, "%s", pack);
}

static void url_write(const char *text, char *url, size_t size)
{
    size_t used = 0;
    for (; *text && used + 4 < size; text++)
        used += (size_t)snprintf(url + used, size - used, "%%%02X", (unsigned char)*text);
    url[used] = 0;
}

static void page_take(void *context, int connection, const struct load_answer *answer)
{
    struct bench *bench = context;
    struct json_doc doc;
    struct fault fault;
    (void)connection;
    if (answer->status == 503)
        return; /* busy: the same page is asked for again */
    if (answer->status != 200 || !json_doc_parse(&doc, answer->body, answer->body_length, &fault))
        bench_give_up("no page of items at %s: %s", bench->path, answer->body);
    struct json_in items = json_in_get(json_doc_root(&doc), "items");
    const char *next = json_in_string(json_in_get(json_doc_root(&doc), "next"));
    for (size_t i = 0; i < json_in_count(items); i++)
        item_take(bench->asking, json_in_at(items, i));
    url_write(next ? next : "", bench->next, sizeof bench->next);
    json_doc_free(&doc);
}

static void buyer_prepare(struct bench *bench, struct buyer *buyer)
{
    char body[200];
    bench->asking = buyer;
    snprintf(bench->path, sizeof bench->path, "/api/v1/session");
    snprintf(body, sizeof body, "{\"login\": \"%s\", \"password\": \"%s\"}", buyer->login, PASSWORD);
    single(bench, body, login_take);
    snprintf(bench->path, sizeof bench->path, "/api/v1/items?limit=200");
    for (bench->next[0] = 1; bench->next[0];) {
        single(bench, NULL, page_take);
        if (bench->next[0] == '%')
            snprintf(bench->path, sizeof bench->path, "/api/v1/items?limit=200&cursor=%s", bench->next);
    }
    if (buyer->item_count < LINES * 10)
        bench_give_up("%s finds %d items to buy", buyer->login, buyer->item_count);
}

/* --- The subject --- */

static void order_ask(void *context, int connection, struct buffer *request)
{
    struct bench *bench = context;
    const struct buyer *buyer = &buyers[(size_t)connection % (sizeof buyers / sizeof buyers[0])];
    struct buffer body;
    buffer_init(&body);
    buffer_add_text(&body, "{\"date\": \"" DATE "\", \"lines\": [");
    for (int i = 0; i < LINES; i++) {
        const struct item *item = &buyer->items[bench_draw(&bench->random, 0, buyer->item_count - 1)];
        buffer_printf(&body, "%s{\"item\": \"%s\", \"qty\": \"%s\"}", i ? ", " : "", item->id, item->pack);
    }
    buffer_add_text(&body, "]}");
    head_write(request, "POST", "/api/v1/orders", buyer, body.length);
    buffer_printf(request, "Idempotency-Key: bench-%" PRId64 "\r\n\r\n%s", bench->keys++, body.data);
    buffer_free(&body);
}

static void order_take(void *context, int connection, const struct load_answer *answer)
{
    struct bench *bench = context;
    (void)connection;
    if (answer->status != 201)
        bench_give_up("an order was answered %d: %s", answer->status, answer->body);
    bool confirmed = strstr(answer->body, "\"status\":\"confirmed\"") != NULL;
    bench->confirmed += confirmed;
    bench->others += !confirmed;
    if (bench->latency_count < LATENCIES_MAX)
        bench->latencies[bench->latency_count++] = answer->ns;
}

static int64_t subject_slice(struct bench *bench, int64_t *ns)
{
    int64_t begun = bench_now_ns();
    struct load load = {.port = portal_port(bench->portal),
                        .connections = CONNECTIONS,
                        .until_ns = begun + SLICE_NS,
                        .context = bench,
                        .ask = order_ask,
                        .take = order_take};
    int64_t count = load_run(&load);
    *ns += bench_now_ns() - begun;
    return count;
}

static int by_ns(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static double percentile_ms(const struct bench *bench, int percent)
{
    return (double)bench->latencies[(bench->latency_count - 1) * percent / 100] / 1e6;
}

int main(void)
{
    static struct bench bench = {.random = {11}};
    struct store_groups before, groups;
    struct rows_facts facts = {0};
    int64_t orders = 0, subject_ns = 0, ceiling_ns = 0, closures = 0, commits = 0;
    bench.latencies = mem_array(LATENCIES_MAX, sizeof *bench.latencies);
    data_make(&bench);
    portal_begin(&bench);
    struct store *store = portal_distributor(bench.portal, NULL)->store;
    for (size_t i = 0; i < sizeof buyers / sizeof buyers[0]; i++)
        buyer_prepare(&bench, &buyers[i]);
    for (int slice = 0; slice < SLICES; slice++) {
        rows_copy(LIVE, COPY);
        store_groups_read(store, &before);
        int64_t count = subject_slice(&bench, &subject_ns);
        store_groups_read(store, &groups);
        for (int n = 0; n < STORE_GROUP_MAX + 2; n++) {
            groups.of[n] -= before.of[n];
            commits += groups.of[n];
            closures += n * groups.of[n];
        }
        ceiling_ns += rows_replay(LIVE, COPY, count, &groups, &facts);
        orders += count;
    }
    portal_end(&bench);
    qsort(bench.latencies, (size_t)bench.latency_count, sizeof *bench.latencies, by_ns);
    double value = (double)orders / (double)subject_ns * 1e9;
    double ceiling = (double)orders / (double)ceiling_ns * 1e9;
    bench_note("order_http: %" PRId64 " orders, %" PRId64
               " confirmed; %.1f closures a commit; p50 %.1f ms, p99 %.1f "
               "ms; an order is %.1f rows, %.0f bytes, %.1f pages of the log",
               orders, bench.confirmed, (double)closures / (double)commits, percentile_ms(&bench, 50),
               percentile_ms(&bench, 99), (double)facts.rows / (double)orders,
               (double)facts.bytes / (double)orders, (double)facts.pages / (double)orders);
    bench_tell(&(struct bench_row){.name = "order_http",
                                   .unit = "orders/s",
                                   .bar = ">= 50 % of bare SQLite",
                                   .value = value,
                                   .ceiling = ceiling,
                                   .ratio = value / ceiling,
                                   .ok = value >= BAR * ceiling});
    return 0;
}
