#include "store/schema.h"

/* Rows have int64 keys made by the program; GUIDs of 1C and UUIDs of ours are TEXT and unique. What refers to
 * a thing that may come later, or never, in another feed refers to it by its GUID. Money in kopecks, prices
 * in 1/10000, quantities in thousandths, days since 1970, times in ms UTC. */
static const char *const version_1[] = {
    /* --- upkeep --- */
    "CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) {STRICT}",
    "CREATE TABLE lease (name TEXT NOT NULL PRIMARY KEY, next_id {I64} NOT NULL) {STRICT}",
    "CREATE TABLE op (op_id TEXT NOT NULL PRIMARY KEY, at {I64} NOT NULL) {CLUSTERED}",
    "CREATE INDEX op_at ON op (at)",
    /* Counts changes of what many things depend on: 'dictionary'. */
    "CREATE TABLE revision (name TEXT NOT NULL PRIMARY KEY, rev {I64} NOT NULL) {STRICT}",
    "INSERT INTO revision (name, rev) VALUES ('dictionary', 1)",

    /* --- dictionaries --- */
    "CREATE TABLE price_type (id {I64} NOT NULL PRIMARY KEY, guid TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " currency TEXT NOT NULL, vat_included {I64} NOT NULL, active {I64} NOT NULL) {STRICT}",
    "CREATE TABLE warehouse (id {I64} NOT NULL PRIMARY KEY, guid TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " active {I64} NOT NULL) {STRICT}",
    "CREATE TABLE region (id {I64} NOT NULL PRIMARY KEY, guid TEXT NOT NULL UNIQUE, code TEXT NOT NULL,"
    " name TEXT NOT NULL, parent_guid TEXT NOT NULL, deleted {I64} NOT NULL, run {I64} NOT NULL) {STRICT}",
    "CREATE TABLE item_group (id {I64} NOT NULL PRIMARY KEY, guid TEXT NOT NULL UNIQUE, parent_guid TEXT NOT NULL,"
    " name TEXT NOT NULL, deleted {I64} NOT NULL) {STRICT}",
    "CREATE TABLE brand (id {I64} NOT NULL PRIMARY KEY, guid TEXT NOT NULL UNIQUE, name TEXT NOT NULL) "
    "{STRICT}",
    "CREATE TABLE trade_mark (id {I64} NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE) {STRICT}",
    "CREATE TABLE property (id {I64} NOT NULL PRIMARY KEY, guid TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " kind TEXT NOT NULL) {STRICT}",
    "CREATE TABLE property_value (guid TEXT NOT NULL PRIMARY KEY, property_guid TEXT NOT NULL,"
    " value TEXT NOT NULL) {STRICT}",

    /* --- goods and items --- */
    "CREATE TABLE goods (id {I64} NOT NULL PRIMARY KEY, guid TEXT NOT NULL UNIQUE, catalogue_guid TEXT NOT NULL,"
    " sku TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, barcode TEXT NOT NULL,"
    " group_id {I64}, brand_id {I64}, trade_mark_id {I64}, price_group_guid TEXT NOT NULL,"
    " unit_code TEXT NOT NULL, unit TEXT NOT NULL, unit_full TEXT NOT NULL, unit_international TEXT NOT NULL,"
    " vat {I64} NOT NULL, service {I64} NOT NULL, pack {I64} NOT NULL, properties TEXT NOT NULL,"
    " requisites TEXT NOT NULL, picture TEXT NOT NULL, deleted {I64} NOT NULL, known {I64} NOT NULL) "
    "{STRICT}",
    "CREATE INDEX goods_group ON goods (group_id, brand_id)",
    /* What 1C names as a substitute, in its order: goods, or one characteristic of them (guid). */
    "CREATE TABLE goods_analogue (goods_id {I64} NOT NULL, position {I64} NOT NULL, guid TEXT NOT NULL,"
    " analogue_goods_guid TEXT NOT NULL, PRIMARY KEY (goods_id, position)) {CLUSTERED}",
    /* What is priced and stocked: the goods themselves, or one characteristic of them. search is the folded
     * text the catalogue looks in; plain: the goods themselves, shown only while they have no characteristic
     * of their own. */
    "CREATE TABLE item (id {I64} NOT NULL PRIMARY KEY, goods_id {I64} NOT NULL, guid TEXT NOT NULL UNIQUE,"
    " plain {I64} NOT NULL, shown {I64} NOT NULL, characteristic TEXT NOT NULL, sku TEXT NOT NULL, name TEXT NOT NULL,"
    " name_folded TEXT NOT NULL, search TEXT NOT NULL, offered {I64} NOT NULL, total {I64}, rev {I64} NOT NULL) {STRICT}",
    "CREATE INDEX item_goods ON item (goods_id)",
    "CREATE INDEX item_sku ON item (sku)",
    "CREATE TABLE item_unit (goods_id {I64} NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL, num {I64} NOT NULL,"
    " den {I64} NOT NULL, PRIMARY KEY (goods_id, name)) {CLUSTERED}",
    /* 1C's dictionary of units, which some call goods' units by. */
    "CREATE TABLE unit (guid TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL) {CLUSTERED}",
    "CREATE TABLE price (item_id {I64} NOT NULL, price_type_id {I64} NOT NULL, min_quantity {I64} NOT NULL,"
    " amount {I64} NOT NULL CHECK (amount >= 0), num {I64} NOT NULL, den {I64} NOT NULL, currency TEXT NOT NULL,"
    " unit TEXT NOT NULL, PRIMARY KEY (item_id, price_type_id, min_quantity)) {CLUSTERED}",

    /* --- supply and demand, clustered by pool --- */
    /* The stamps are 1C's: when the stock was formed that it last told, and the last that was higher than
       before. net: that figure is what is left beside 1C's reserves. knows: of 1C's
       words before this stamp it knows; 0 where the file did not say when it was formed. */
    "CREATE TABLE pool (id {I64} NOT NULL PRIMARY KEY, item_id {I64} NOT NULL, warehouse_id {I64} NOT NULL,"
    " rev {I64} NOT NULL, stock_stamp {I64} NOT NULL DEFAULT 0, rise_stamp {I64} NOT NULL DEFAULT 0,"
    " net {I64} NOT NULL DEFAULT 0, knows {I64} NOT NULL DEFAULT 0, UNIQUE (item_id, warehouse_id)) {STRICT}",
    /* kind 0 is stock, 1 a receipt; free is neither firm nor pegged. said, confirmed and stamp are 1C's word
     * on a receipt: how much of it is to come, whether that is certain, and when it was formed; gross is what
     * promises may stand on. reserved is what 1C says of a receipt to be reserved already and not in said.
     * doubt: why it counts nothing for new promises while what it was promised for stays on it. */
    "CREATE TABLE supply (pool_id {I64} NOT NULL, id {I64} NOT NULL, kind {I64} NOT NULL, day {I64} NOT NULL,"
    " gross {I64} NOT NULL CHECK (gross >= 0), free {I64} NOT NULL CHECK (free >= 0), doubt {I64} NOT NULL,"
    " said {I64} NOT NULL, confirmed {I64} NOT NULL, stamp {I64} NOT NULL, guid TEXT NOT NULL,"
    " run {I64} NOT NULL, reserved {I64} NOT NULL DEFAULT 0,"
    " order_guid TEXT NOT NULL DEFAULT '', knows {I64} NOT NULL DEFAULT 0, PRIMARY KEY (pool_id, id)) {CLUSTERED}",
    "CREATE INDEX supply_day ON supply (day, pool_id) WHERE kind = 1 AND said + reserved > 0",
    "CREATE INDEX supply_guid ON supply (guid) WHERE kind = 1",
    "CREATE INDEX supply_run ON supply (run) WHERE kind = 1",
    "CREATE TABLE demand (pool_id {I64} NOT NULL, id {I64} NOT NULL, line_id {I64} NOT NULL, rank {I64} NOT NULL,"
    " seq {I64} NOT NULL, pack {I64} NOT NULL, wanted_day {I64} NOT NULL, confirmed {I64} NOT NULL,"
    " shipped {I64} NOT NULL, cancelled {I64} NOT NULL, shortage {I64} NOT NULL,"
    " PRIMARY KEY (pool_id, id)) {CLUSTERED}",
    "CREATE INDEX demand_open ON demand (pool_id, seq) WHERE confirmed > shipped + cancelled",
    "CREATE INDEX demand_line ON demand (line_id)",
    "CREATE TABLE promise_line (pool_id {I64} NOT NULL, demand_id {I64} NOT NULL, day {I64} NOT NULL,"
    " quantity {I64} NOT NULL CHECK (quantity > 0), PRIMARY KEY (pool_id, demand_id, day)) {CLUSTERED}",
    /* Fixed on a supply: by 1C, or, suspended, while there is doubt about it. */
    "CREATE TABLE firm (pool_id {I64} NOT NULL, demand_id {I64} NOT NULL, supply_id {I64} NOT NULL, day {I64} NOT NULL,"
    " suspended {I64} NOT NULL, quantity {I64} NOT NULL CHECK (quantity > 0),"
    " PRIMARY KEY (pool_id, demand_id, supply_id, suspended, day)) {CLUSTERED}",
    "CREATE TABLE peg (pool_id {I64} NOT NULL, demand_id {I64} NOT NULL, day {I64} NOT NULL, supply_id {I64} NOT NULL,"
    " quantity {I64} NOT NULL CHECK (quantity > 0), PRIMARY KEY (pool_id, demand_id, day, supply_id)) {CLUSTERED}",

    /* 1C's word on who has what of a pool: of an order line of ours (line_id), or of an order of its own
     * (line_id 0, then the demand's line_id is this row's id). gone: what left the stock by 1C's word and is
     * in its last figure still. live: something of it counts. */
    "CREATE TABLE reserve (pool_id {I64} NOT NULL, id {I64} NOT NULL, key TEXT NOT NULL, line_id {I64} NOT NULL,"
    " number TEXT NOT NULL, entity_guid TEXT NOT NULL, day {I64} NOT NULL, gone {I64} NOT NULL CHECK (gone >= 0),"
    " gone_stamp {I64} NOT NULL, live {I64} NOT NULL, PRIMARY KEY (pool_id, id)) {CLUSTERED}",
    "CREATE UNIQUE INDEX reserve_key ON reserve (pool_id, key)",
    "CREATE INDEX reserve_line ON reserve (line_id) WHERE line_id > 0",
    "CREATE INDEX reserve_id ON reserve (id)",
    "CREATE INDEX reserve_live ON reserve (pool_id, id) WHERE live = 1",
    /* From which source: stock ('') or a supplier's order. quantity is 1C's last word (stamp), so since that
     * of since; figured is how much of it the last figure of the source knows. word: which of 1C's rows says
     * so. */
    "CREATE TABLE reserve_source (pool_id {I64} NOT NULL, reserve_id {I64} NOT NULL, word TEXT NOT NULL,"
    " supplier_order TEXT NOT NULL, quantity {I64} NOT NULL CHECK (quantity >= 0),"
    " figured {I64} NOT NULL CHECK (figured >= 0), since {I64} NOT NULL, stamp {I64} NOT NULL, listed {I64} NOT NULL,"
    " run {I64} NOT NULL, PRIMARY KEY (pool_id, reserve_id, word, supplier_order)) {CLUSTERED}",
    "CREATE INDEX reserve_source_word ON reserve_source (word) WHERE listed = 1",
    "CREATE INDEX reserve_source_run ON reserve_source (run) WHERE listed = 1 AND quantity > 0",

    /* Demands that end: of a hold, or (hold_id 0) of an order in review. */
    "CREATE TABLE demand_expiry (pool_id {I64} NOT NULL, demand_id {I64} NOT NULL, hold_id {I64} NOT NULL,"
    " expires_at {I64} NOT NULL, PRIMARY KEY (pool_id, demand_id)) {CLUSTERED}",
    "CREATE INDEX demand_expiry_due ON demand_expiry (expires_at, pool_id)",
    "CREATE INDEX demand_expiry_hold ON demand_expiry (hold_id) WHERE hold_id > 0",

    /* --- dealers --- */
    "CREATE TABLE dealer (id {I64} NOT NULL PRIMARY KEY, guid TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " region_guid TEXT NOT NULL, manager_name TEXT NOT NULL, manager_mail TEXT NOT NULL,"
    " rev {I64} NOT NULL) {STRICT}",
    "CREATE TABLE legal_entity (id {I64} NOT NULL PRIMARY KEY, dealer_id {I64} NOT NULL, guid TEXT NOT NULL UNIQUE,"
    " name TEXT NOT NULL, official_name TEXT NOT NULL, person {I64} NOT NULL, inn TEXT NOT NULL, kpp TEXT NOT NULL,"
    " address TEXT NOT NULL, region_guid TEXT NOT NULL, deleted {I64} NOT NULL, run {I64} NOT NULL, open {I64} NOT NULL) {STRICT}",
    "CREATE INDEX legal_entity_dealer ON legal_entity (dealer_id)",
    "CREATE TABLE legal_entity_column (legal_entity_guid TEXT NOT NULL, position {I64} NOT NULL,"
    " price_type_guid TEXT NOT NULL, PRIMARY KEY (legal_entity_guid, position)) {CLUSTERED}",
    "CREATE TABLE agreement (guid TEXT NOT NULL PRIMARY KEY, number TEXT NOT NULL, name TEXT NOT NULL,"
    " standard {I64} NOT NULL, in_force {I64} NOT NULL, day_from {I64}, day_to {I64}, currency TEXT NOT NULL,"
    " vat_included {I64} NOT NULL, minimum {I64} NOT NULL, warehouse_guid TEXT NOT NULL, run {I64} NOT NULL) "
    "{STRICT}",
    "CREATE TABLE agreement_party (agreement_guid TEXT NOT NULL, party_guid TEXT NOT NULL,"
    " PRIMARY KEY (agreement_guid, party_guid)) {CLUSTERED}",
    "CREATE INDEX agreement_party_party ON agreement_party (party_guid)",
    "CREATE TABLE contract (id {I64} NOT NULL PRIMARY KEY, guid TEXT NOT NULL UNIQUE,"
    " legal_entity_guid TEXT NOT NULL, number TEXT NOT NULL, day {I64}, name TEXT NOT NULL,"
    " organisation_guid TEXT NOT NULL, organisation TEXT NOT NULL, agreement_guid TEXT NOT NULL,"
    " region_guid TEXT NOT NULL, currency TEXT NOT NULL, limited {I64} NOT NULL, credit_limit {I64} NOT NULL,"
    " in_force {I64} NOT NULL, day_from {I64}, day_to {I64}, run {I64} NOT NULL) {STRICT}",
    "CREATE INDEX contract_agreement ON contract (agreement_guid)",
    "CREATE INDEX contract_entity ON contract (legal_entity_guid)",
    /* Columns and conditions of agreements and contracts alike, by the owner's GUID. */
    "CREATE TABLE terms_column (owner_guid TEXT NOT NULL, position {I64} NOT NULL, price_type_guid TEXT NOT NULL,"
    " PRIMARY KEY (owner_guid, position)) {CLUSTERED}",
    "CREATE TABLE terms_condition (owner_guid TEXT NOT NULL, position {I64} NOT NULL, about TEXT NOT NULL,"
    " about_guid TEXT NOT NULL, price_type_guid TEXT NOT NULL, percent {I64} NOT NULL,"
    " PRIMARY KEY (owner_guid, position)) {CLUSTERED}",
    "CREATE INDEX terms_condition_about ON terms_condition (about_guid)",
    "CREATE TABLE account (dealer_id {I64} NOT NULL, contract_id {I64} NOT NULL, balance {I64} NOT NULL,"
    " PRIMARY KEY (dealer_id, contract_id)) {CLUSTERED}",
    /* Confirmed and not yet shipped, by shipping day. */
    "CREATE TABLE exposure (dealer_id {I64} NOT NULL, contract_id {I64} NOT NULL, day {I64} NOT NULL,"
    " amount {I64} NOT NULL CHECK (amount >= 0), PRIMARY KEY (dealer_id, contract_id, day)) {CLUSTERED}",

    /* --- feeds that are right only as a whole: rows carry the run that last named them, and a complete list
     * is switched to by one row: what an older run named is then no longer in force --- */
    "CREATE TABLE feed (kind TEXT NOT NULL PRIMARY KEY, run {I64} NOT NULL, since {I64} NOT NULL,"
    " formed TEXT NOT NULL) {STRICT}",
    "CREATE TABLE restriction (run {I64} NOT NULL, guid TEXT NOT NULL, name TEXT NOT NULL, ban {I64} NOT NULL,"
    " day_from {I64}, day_to {I64}, comment TEXT NOT NULL, deleted {I64} NOT NULL,"
    " PRIMARY KEY (run, guid)) {CLUSTERED}",
    /* part: brand, trade_mark, group, goods (what it is about), region, holder (where, and who still may). */
    "CREATE TABLE restriction_part (run {I64} NOT NULL, restriction_guid TEXT NOT NULL, part TEXT NOT NULL,"
    " guid TEXT NOT NULL, PRIMARY KEY (run, restriction_guid, part, guid)) {CLUSTERED}",

    /* --- people --- */
    "CREATE TABLE account_user (id {I64} NOT NULL PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, login TEXT NOT NULL UNIQUE,"
    " name TEXT NOT NULL, role TEXT NOT NULL, dealer_id {I64}, password TEXT NOT NULL, language TEXT NOT NULL,"
    " active {I64} NOT NULL, last_contract_id {I64}) {STRICT}",
    "CREATE TABLE session (token_hash TEXT NOT NULL PRIMARY KEY, user_id {I64} NOT NULL, created_at {I64} NOT NULL,"
    " seen_at {I64} NOT NULL) {CLUSTERED}",
    "CREATE TABLE throttle (name TEXT NOT NULL PRIMARY KEY, failures {I64} NOT NULL, until {I64} NOT NULL) {CLUSTERED}",
    "CREATE TABLE exchange_account (login TEXT NOT NULL PRIMARY KEY, password TEXT NOT NULL) {STRICT}",

    /* --- orders --- */
    /* display: how much of what is free the dealer may be told (DISPLAY_EXACT is 0). */
    "CREATE TABLE orders (id {I64} NOT NULL PRIMARY KEY, dealer_id {I64} NOT NULL, uuid TEXT NOT NULL UNIQUE,"
    " number TEXT NOT NULL UNIQUE, status TEXT NOT NULL, contract_id {I64} NOT NULL, legal_entity_id {I64} NOT NULL,"
    " author_id {I64} NOT NULL, author_name TEXT NOT NULL, created_at {I64} NOT NULL, desired_day {I64} NOT NULL,"
    " method TEXT NOT NULL, delivery TEXT NOT NULL, reference TEXT NOT NULL, comment TEXT NOT NULL,"
    " currency TEXT NOT NULL, total {I64} NOT NULL, vat {I64} NOT NULL, reasons TEXT NOT NULL,"
    " display {I64} NOT NULL, request TEXT NOT NULL, rev {I64} NOT NULL, held_until {I64}) {STRICT}",
    "CREATE INDEX orders_dealer ON orders (dealer_id, id)",
    /* state: open, or, by 1C's word, shipped or cancelled. erp_*: the document it is in 1C, and which of its
     * versions was heard last. */
    "CREATE TABLE order_part (id {I64} NOT NULL PRIMARY KEY, dealer_id {I64} NOT NULL, order_id {I64} NOT NULL,"
    " number TEXT NOT NULL UNIQUE, shipping_day {I64} NOT NULL, warehouse_id {I64},"
    " amount {I64} NOT NULL, state TEXT NOT NULL DEFAULT 'open', erp_guid TEXT NOT NULL DEFAULT '',"
    " erp_number TEXT NOT NULL DEFAULT '', erp_version TEXT NOT NULL DEFAULT '',"
    " erp_stamp {I64} NOT NULL DEFAULT 0) {STRICT}",
    "CREATE INDEX order_part_erp ON order_part (erp_guid) WHERE erp_guid <> ''",
    "CREATE INDEX order_part_order ON order_part (order_id)",
    /* quantity counts base units; entered is what the dealer wrote, in the unit he wrote it in. */
    "CREATE TABLE order_line (id {I64} NOT NULL PRIMARY KEY, dealer_id {I64} NOT NULL, order_id {I64} NOT NULL,"
    " position {I64} NOT NULL, item_id {I64} NOT NULL, sku TEXT NOT NULL, name TEXT NOT NULL,"
    " unit TEXT NOT NULL, quantity {I64} NOT NULL, entered_unit TEXT NOT NULL, entered {I64} NOT NULL,"
    " promised {I64} NOT NULL, desired_day {I64} NOT NULL, earliest_day {I64}, free_after {I64} NOT NULL, pegs TEXT NOT NULL, price_type_id {I64}, price "
    "{I64},"
    " price_num {I64} NOT NULL, price_den {I64} NOT NULL, price_why TEXT NOT NULL, amount {I64},"
    " vat_rate {I64} NOT NULL, vat {I64} NOT NULL) {STRICT}",
    "CREATE INDEX order_line_order ON order_line (order_id)",
    /* How much of a line goes with which part: a line that several warehouses fill is in several parts. The
     * amounts of its shares sum to the line's. */
    "CREATE TABLE order_share (part_id {I64} NOT NULL, line_id {I64} NOT NULL, dealer_id {I64} NOT NULL,"
    " quantity {I64} NOT NULL, amount {I64} NOT NULL, vat {I64} NOT NULL, shipped {I64} NOT NULL DEFAULT 0,"
    " PRIMARY KEY (part_id, line_id)) {CLUSTERED}",
    /* What of a share left by which document of 1C. */
    "CREATE TABLE shipment (part_id {I64} NOT NULL, line_id {I64} NOT NULL, guid TEXT NOT NULL,"
    " quantity {I64} NOT NULL, stamp {I64} NOT NULL, PRIMARY KEY (part_id, line_id, guid)) {CLUSTERED}",
    "CREATE TABLE timeline (order_id {I64} NOT NULL, id {I64} NOT NULL, dealer_id {I64} NOT NULL, at {I64} NOT NULL,"
    " actor_kind TEXT NOT NULL, actor TEXT NOT NULL, code TEXT NOT NULL, params TEXT NOT NULL,"
    " PRIMARY KEY (order_id, id)) {CLUSTERED}",
    /* For the manager: where 1C's word and ours differ. kind and params are a sentence, "difference.KIND". */
    "CREATE TABLE difference (id {I64} NOT NULL PRIMARY KEY, line_id {I64} NOT NULL, kind TEXT NOT NULL,"
    " params TEXT NOT NULL, at {I64} NOT NULL, seen_at {I64}) {STRICT}",
    "CREATE INDEX difference_open ON difference (line_id, kind) WHERE seen_at IS NULL",
    /* state: held, then once and for all confirmed, released or expired; offer is the id it was made from. A
     * line has an order line's place: its demands name it. */
    "CREATE TABLE hold (id {I64} NOT NULL PRIMARY KEY, dealer_id {I64} NOT NULL, uuid TEXT NOT NULL UNIQUE,"
    " user_id {I64} NOT NULL, user_name TEXT NOT NULL, contract_id {I64} NOT NULL, method TEXT NOT NULL,"
    " kind TEXT NOT NULL, offer TEXT NOT NULL, created_at {I64} NOT NULL, expires_at {I64} NOT NULL,"
    " state TEXT NOT NULL, ended_at {I64}, order_uuid TEXT NOT NULL) {STRICT}",
    "CREATE INDEX hold_dealer ON hold (dealer_id, id)",
    "CREATE INDEX hold_open ON hold (dealer_id, expires_at) WHERE state = 'held'",
    "CREATE TABLE hold_line (id {I64} NOT NULL PRIMARY KEY, dealer_id {I64} NOT NULL, hold_id {I64} NOT NULL,"
    " position {I64} NOT NULL, item_id {I64} NOT NULL, quantity {I64} NOT NULL, desired_day {I64} NOT NULL,"
    " price_type_id {I64}, price {I64}, price_num {I64} NOT NULL, price_den {I64} NOT NULL, amount {I64},"
    " vat {I64} NOT NULL) {STRICT}",
    "CREATE INDEX hold_line_hold ON hold_line (hold_id)",
    /* What a dealer's people may want to hear of, in the order in which it became true. */
    "CREATE TABLE dealer_change (id {I64} NOT NULL PRIMARY KEY, dealer_id {I64} NOT NULL, seq {I64} NOT NULL,"
    " at {I64} NOT NULL, kind TEXT NOT NULL, uuid TEXT NOT NULL, params TEXT NOT NULL, UNIQUE (dealer_id, seq)) {STRICT}",
    /* Lines whose promise has changed and whose dealer is told when that is due, should it still be worse
     * than it was. */
    "CREATE TABLE settling (line_id {I64} NOT NULL PRIMARY KEY, since {I64} NOT NULL, due {I64} NOT NULL,"
    " was TEXT NOT NULL) {STRICT}",
    "CREATE INDEX settling_due ON settling (due, line_id)",
    "CREATE TABLE idempotency (dealer_id {I64} NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL,"
    " status {I64} NOT NULL, answer TEXT NOT NULL, location TEXT NOT NULL, at {I64} NOT NULL,"
    " PRIMARY KEY (dealer_id, key)) {STRICT}",
    "CREATE INDEX idempotency_at ON idempotency (at)",
    "CREATE TABLE decision (id {I64} NOT NULL PRIMARY KEY, at {I64} NOT NULL, hook TEXT NOT NULL, order_id "
    "{I64} NOT NULL,"
    " request TEXT NOT NULL, generation {I64} NOT NULL, revision {I64} NOT NULL, rules_hash TEXT NOT NULL, file TEXT NOT NULL,"
    " file_hash TEXT NOT NULL, input TEXT NOT NULL, answer TEXT NOT NULL, verdict TEXT NOT NULL,"
    " reasons TEXT NOT NULL, instructions {I64} NOT NULL, microseconds {I64} NOT NULL) {STRICT}",
    "CREATE INDEX decision_order ON decision (order_id)",
    /* What a distributor's portal has run by: configuration and rules, and how they differed from those
     * before (changes: [{file, added, removed, diff}]); hash is over names and texts of all files. */
    "CREATE TABLE policy_revision (id {I64} NOT NULL PRIMARY KEY, at {I64} NOT NULL, actor TEXT NOT NULL,"
    " why TEXT NOT NULL, kind TEXT NOT NULL, hash TEXT NOT NULL, changes TEXT NOT NULL, tests {I64} NOT NULL) "
    "{STRICT}",
    "CREATE TABLE audit (id {I64} NOT NULL PRIMARY KEY, at {I64} NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,"
    " object TEXT NOT NULL, params TEXT NOT NULL) {STRICT}",

    /* --- exchange --- */
    /* A part as 1C should have it: revision counts its changes, taken is the revision 1C acknowledged (0:
       none). */
    "CREATE TABLE outbox (part_id {I64} NOT NULL PRIMARY KEY, dealer_id {I64} NOT NULL, revision {I64} NOT NULL,"
    " taken {I64} NOT NULL, offered {I64} NOT NULL, waiting {I64} NOT NULL) {STRICT}",
    "CREATE INDEX outbox_waiting ON outbox (waiting, part_id)",
    "CREATE TABLE exchange_session (token_hash TEXT NOT NULL PRIMARY KEY, id {I64} NOT NULL UNIQUE, account TEXT NOT NULL,"
    " type TEXT NOT NULL, sessid TEXT NOT NULL, created_at {I64} NOT NULL, seen_at {I64} NOT NULL) {STRICT}",
    "CREATE INDEX exchange_session_last ON exchange_session (account, type, id)",
    "CREATE INDEX exchange_session_seen ON exchange_session (seen_at)",
    "CREATE TABLE exchange_offer (session_id {I64} NOT NULL, part_id {I64} NOT NULL, revision {I64} NOT NULL,"
    " PRIMARY KEY (session_id, part_id)) {CLUSTERED}",
    /* One file being applied: position is the offset of the next record in its spool. state: running, done,
       or superseded by the same file of a newer conversation. */
    "CREATE TABLE import_job (id {I64} NOT NULL PRIMARY KEY, session_id {I64}, name TEXT NOT NULL, kind TEXT NOT NULL,"
    " version TEXT NOT NULL, encoding TEXT NOT NULL, formed TEXT NOT NULL, changes_only {I64} NOT NULL,"
    " started_at {I64} NOT NULL, ended_at {I64}, position {I64} NOT NULL, run {I64} NOT NULL, state TEXT NOT NULL,"
    " context TEXT NOT NULL, read {I64} NOT NULL, created {I64} NOT NULL, changed {I64} NOT NULL,"
    " unchanged {I64} NOT NULL, rejected {I64} NOT NULL) {STRICT}",
    "CREATE INDEX import_job_session ON import_job (session_id, state)",
    "CREATE INDEX import_job_running ON import_job (name) WHERE state = 'running'",
    "CREATE TABLE import_rejected (job_id {I64} NOT NULL, position {I64} NOT NULL, line {I64} NOT NULL,"
    " code TEXT NOT NULL, params TEXT NOT NULL, PRIMARY KEY (job_id, position)) {CLUSTERED}",
    NULL,
};

const char *const *const schema_versions[] = {version_1};
const int schema_version_count = sizeof schema_versions / sizeof schema_versions[0];
