#include "policy/answer.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lua-cjson.h>

#include "base/buffer.h"
#include "base/text.h"
#include "policy/hook.h"
#include "policy/table.h"
#include "policy/verdict.h"

/* No answer is deeper: access.role.action, reasons[1].params.name. */
#define DEPTH_MAX 8

/* Nobody reads more of an answer than this; a plan may have ten thousand steps. */
#define ANSWER_BYTES_MAX 2000

/* --- Printing --- */

/* Answers 1 with the JSON of the text given as light userdata: a protected call's body. */
static int text_encode(lua_State *state)
{
    const char *text = lua_touserdata(state, 1);
    lua_rawgetp(state, LUA_REGISTRYINDEX, text_encode);
    lua_pushstring(state, text);
    lua_call(state, 1, 1);
    return 1;
}

static int encoder_load(lua_State *state)
{
    luaopen_cjson(state);
    lua_getfield(state, -1, "encode");
    lua_rawsetp(state, LUA_REGISTRYINDEX, text_encode);
    return 0;
}

void pretty_init(struct pretty *pretty)
{
    pretty->state = luaL_newstate();
    assert(pretty->state);
    lua_pushcfunction(pretty->state, encoder_load);
    int status = lua_pcall(pretty->state, 0, 0, 0);
    assert(status == LUA_OK);
    (void)status;
}

void pretty_free(struct pretty *pretty)
{
    lua_close(pretty->state);
}

static void text_write(struct pretty *pretty, const char *text, struct buffer *out)
{
    lua_State *host = pretty->state;
    lua_pushcfunction(host, text_encode);
    lua_pushlightuserdata(host, (void *)text);
    bool ok = lua_pcall(host, 1, 1, 0) == LUA_OK;
    buffer_add_text(out, ok ? lua_tostring(host, -1) : "?");
    lua_settop(host, 0);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys of the table at <index> as sorted texts, in a userdata it pushes. */
static const char **keys_sorted(lua_State *state, int index, size_t *count)
{
    *count = 0;
    for (lua_pushnil(state); lua_next(state, index); lua_pop(state, 1)) {
        if (lua_type(state, -2) != LUA_TSTRING)
            luaL_error(state, "keys are names here, not a %s", luaL_typename(state, -2));
        ++*count;
    }
    const char **keys = lua_newuserdatauv(state, (*count + 1) * sizeof *keys, 0);
    size_t used = 0;
    for (lua_pushnil(state); lua_next(state, index); lua_pop(state, 1))
        keys[used++] = lua_tostring(state, -2);
    qsort(keys, used, sizeof *keys, by_text);
    return keys;
}

/* What is neither a text nor a table: true, 12000. */
static void plain_write(lua_State *state, int index, struct buffer *out)
{
    switch (lua_type(state, index)) {
    case LUA_TNIL: buffer_add_text(out, "nothing"); return;
    case LUA_TBOOLEAN: buffer_add_text(out, lua_toboolean(state, index) ? "true" : "false"); return;
    case LUA_TNUMBER:
        buffer_add_text(out, luaL_tolstring(state, index, NULL));
        lua_pop(state, 1);
        return;
    default: buffer_add_text(out, luaL_typename(state, index));
    }
}

static void value_write(struct pretty *pretty, lua_State *state, int index, int depth, struct buffer *out);

static void list_write(struct pretty *pretty, lua_State *state, int index, int depth, struct buffer *out)
{
    lua_Integer count = (lua_Integer)lua_rawlen(state, index);
    for (lua_Integer i = 1; i <= count; i++) {
        buffer_add_text(out, i > 1 ? ", " : "[");
        lua_rawgeti(state, index, i);
        value_write(pretty, state, -1, depth, out);
        lua_pop(state, 1);
    }
    buffer_add_char(out, ']');
}

static void record_write(struct pretty *pretty, lua_State *state, int index, int depth, struct buffer *out)
{
    size_t count;
    const char **keys = keys_sorted(state, index, &count);
    buffer_add_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(out, i > 0 ? ", " : "");
        text_write(pretty, keys[i], out);
        buffer_add_text(out, ": ");
        lua_getfield(state, index, keys[i]);
        value_write(pretty, state, -1, depth, out);
        lua_pop(state, 1);
    }
    buffer_add_char(out, '}');
    lua_pop(state, 1);
}

/* lua-cjson writes the texts; whole numbers and the order of keys are written here, since it makes the ones
 * floats and has no order for the others. */
static void value_write(struct pretty *pretty, lua_State *state, int index, int depth, struct buffer *out)
{
    luaL_checkstack(state, 8, "pretty");
    index = lua_absindex(state, index);
    if (lua_type(state, index) == LUA_TSTRING)
        text_write(pretty, lua_tostring(state, index), out);
    else if (!lua_istable(state, index) || depth == DEPTH_MAX)
        plain_write(state, index, out);
    else if (lua_rawlen(state, index) > 0)
        list_write(pretty, state, index, depth + 1, out);
    else
        record_write(pretty, state, index, depth + 1, out);
}

void pretty_write(struct pretty *pretty, lua_State *state, int index, struct buffer *out)
{
    size_t start = out->length;
    value_write(pretty, state, index, 0, out);
    size_t length = out->length - start;
    size_t kept = text_cut(buffer_text(out) + start, length, ANSWER_BYTES_MAX);
    if (kept < length) {
        out->length = start + kept;
        buffer_add_text(out, "...");
    }
}

/* --- The answer as a table --- */

static void access_push(lua_State *state, const struct hook_call *call)
{
    lua_createtable(state, 0, ROLE_COUNT);
    for (int role = 0; role < ROLE_COUNT; role++) {
        lua_createtable(state, 0, ACTION_COUNT);
        for (int action = 0; action < ACTION_COUNT; action++) {
            lua_pushstring(state, relation_names[call->access.relation[role][action]]);
            lua_setfield(state, -2, action_names[action]);
        }
        lua_setfield(state, -2, role_names[role]);
    }
}

static void plan_push(lua_State *state, const struct hook_call *call)
{
    lua_createtable(state, call->step_count, 0);
    for (int i = 0; i < call->step_count; i++) {
        const struct hook_step *step = &call->steps[i];
        lua_createtable(state, 0, STEP_KEYS);
        lua_pushstring(state, step->column);
        lua_setfield(state, -2, "column");
        lua_pushstring(state, match_names[step->match]);
        lua_setfield(state, -2, "match");
        lua_pushstring(state, step->id);
        lua_setfield(state, -2, "id");
        lua_pushinteger(state, step->percent);
        lua_setfield(state, -2, "percent");
        lua_pushstring(state, rounding_name(step->rounding));
        lua_setfield(state, -2, "rounding");
        lua_pushstring(state, source_names[step->source]);
        lua_setfield(state, -2, "source");
        lua_rawseti(state, -2, i + 1);
    }
}

/* The plan as it holds: what the rule leaves out is as the settings have it. */
static void supply_push(lua_State *state, const struct hook_call *call)
{
    struct rules_supply supply;
    hook_supply_fill(call, &supply);
    lua_createtable(state, 0, SUPPLY_KEYS);
    lua_pushstring(state, supply_split_names[supply.split]);
    lua_setfield(state, -2, "split");
    lua_pushstring(state, supply_display_names[supply.display]);
    lua_setfield(state, -2, "display");
    lua_pushinteger(state, supply.safety);
    lua_setfield(state, -2, "safety");
    lua_pushinteger(state, supply.horizon_days);
    lua_setfield(state, -2, "horizon_days");
    lua_createtable(state, supply.warehouse_count, 0);
    for (int i = 0; i < supply.warehouse_count; i++) {
        lua_createtable(state, 0, SUPPLY_WAREHOUSE_KEYS);
        lua_pushstring(state, supply.warehouses[i].id);
        lua_setfield(state, -2, "id");
        if (supply.warehouses[i].handling_days != HANDLING_DAYS_UNSAID) {
            lua_pushinteger(state, supply.warehouses[i].handling_days);
            lua_setfield(state, -2, "handling_days");
        }
        lua_rawseti(state, -2, i + 1);
    }
    lua_setfield(state, -2, "warehouses");
}

static void params_push(lua_State *state, const struct params *params)
{
    lua_createtable(state, 0, params->count);
    for (int i = 0; i < params->count; i++) {
        const struct param *param = &params->items[i];
        if (param->kind == PARAM_TEXT)
            lua_pushstring(state, params_string(params, param));
        else
            lua_pushinteger(state, param->number);
        lua_setfield(state, -2, params_name(params, param));
    }
}

static void decision_push(lua_State *state, const struct hook_call *call)
{
    const struct rules_decision *decision = &call->decision;
    lua_createtable(state, 0, 3);
    lua_pushstring(state, verdict_names[decision->verdict]);
    lua_setfield(state, -2, "verdict");
    if (decision->verdict == VERDICT_REVIEW) {
        lua_pushboolean(state, !decision->let_go);
        lua_setfield(state, -2, "hold");
    }
    lua_createtable(state, decision->reason_count, 0);
    for (int i = 0; i < decision->reason_count; i++) {
        lua_createtable(state, 0, 2);
        lua_pushstring(state, decision->reasons[i].code);
        lua_setfield(state, -2, "code");
        params_push(state, &decision->reasons[i].params);
        lua_setfield(state, -2, "params");
        lua_rawseti(state, -2, i + 1);
    }
    lua_setfield(state, -2, "reasons");
}

/* --- Comparison --- */

enum shape_kind { SHAPE_VALUE = 0, SHAPE_RECORD, SHAPE_LIST, SHAPE_MAP };

/* What an answer can look like, so that a misspelt key of expect is told from a difference. */
struct shape {
    enum shape_kind kind;
    const char *const *keys; /* of a record */
    size_t count;
    const struct shape *inner; /* of every entry; of a record with <inners>: NULL */
    const struct shape *const *inners;
};

static const struct shape value_shape;
static const struct shape map_shape = {.kind = SHAPE_MAP, .inner = &value_shape};
static const char *const reason_keys[] = {"code", "params"};
static const struct shape *const reason_inners[] = {&value_shape, &map_shape};
static const struct shape reason_shape = {
    .kind = SHAPE_RECORD, .keys = reason_keys, .count = 2, .inners = reason_inners};
static const struct shape reasons_shape = {.kind = SHAPE_LIST, .inner = &reason_shape};
static const char *const decision_keys[] = {"hold", "reasons", "verdict"};
static const struct shape *const decision_inners[] = {&value_shape, &reasons_shape, &value_shape};
static const struct shape decision_shape = {
    .kind = SHAPE_RECORD, .keys = decision_keys, .count = 3, .inners = decision_inners};
static const struct shape step_shape = {
    .kind = SHAPE_RECORD, .keys = step_keys, .count = STEP_KEYS, .inner = &value_shape};
static const struct shape plan_shape = {.kind = SHAPE_LIST, .inner = &step_shape};
static const struct shape warehouse_shape = {.kind = SHAPE_RECORD,
                                             .keys = supply_warehouse_keys,
                                             .count = SUPPLY_WAREHOUSE_KEYS,
                                             .inner = &value_shape};
static const struct shape warehouses_shape = {.kind = SHAPE_LIST, .inner = &warehouse_shape};
static const struct shape *const supply_inners[SUPPLY_KEYS] = {&value_shape, &value_shape, &value_shape,
                                                               &value_shape, &warehouses_shape};
static const struct shape supply_shape = {
    .kind = SHAPE_RECORD, .keys = supply_keys, .count = SUPPLY_KEYS, .inners = supply_inners};
static const struct shape role_shape = {
    .kind = SHAPE_RECORD, .keys = action_names, .count = ACTION_COUNT, .inner = &value_shape};
static const struct shape access_shape = {
    .kind = SHAPE_RECORD, .keys = role_names, .count = ROLE_COUNT, .inner = &role_shape};

static const struct {
    void (*push)(lua_State *state, const struct hook_call *call);
    const struct shape *shape;
} answers[HOOK_COUNT] = {
    [HOOK_ACCESS] = {access_push, &access_shape},      [HOOK_PRICE_PLAN] = {plan_push, &plan_shape},
    [HOOK_SUPPLY_PLAN] = {supply_push, &supply_shape}, [HOOK_EXCLUSIVITY] = {decision_push, &decision_shape},
    [HOOK_CONFIRM] = {decision_push, &decision_shape},
};

struct comparison {
    lua_State *state;
    struct pretty *pretty;
    struct buffer *why;
    char path[160];
};

/* The two values at the top differ: expected below actual. */
static bool differ(struct comparison *c)
{
    buffer_printf(c->why, "%s: expected ", c->path);
    pretty_write(c->pretty, c->state, -2, c->why);
    buffer_add_text(c->why, ", got ");
    pretty_write(c->pretty, c->state, -1, c->why);
    return false;
}

static bool same(struct comparison *c, const struct shape *shape);

/* Compares the entries under the key at the top, of the tables below it; pops the key. */
static bool entry_same(struct comparison *c, const struct shape *inner, const char *name, lua_Integer number)
{
    size_t length = strlen(c->path);
    if (number > 0)
        snprintf(c->path + length, sizeof c->path - length, "[%d]", (int)number);
    else if (strchr(name, '.'))
        snprintf(c->path + length, sizeof c->path - length, "[\"%s\"]", name);
    else
        snprintf(c->path + length, sizeof c->path - length, ".%s", name);
    lua_pushvalue(c->state, -1);
    lua_rawget(c->state, -4); /* expected, actual, key, key */
    lua_insert(c->state, -2);
    lua_rawget(c->state, -3);
    bool equal = same(c, inner);
    lua_pop(c->state, 2);
    c->path[length] = 0;
    return equal;
}

static bool list_same(struct comparison *c, const struct shape *shape)
{
    lua_State *state = c->state;
    int expected = (int)lua_rawlen(state, -2), actual = (int)lua_rawlen(state, -1);
    if (!table_is_list(state, -2))
        luaL_error(state, "%s must be a list { ... }", c->path);
    bool equal = expected == actual;
    if (!equal) {
        buffer_printf(c->why, "%s: expected %d of them, got %d", c->path, expected, actual);
        return false;
    }
    for (int i = 1; equal && i <= expected; i++) {
        lua_pushinteger(state, i);
        equal = entry_same(c, shape->inner, "", i);
    }
    return equal;
}

static bool keys_same(struct comparison *c, const struct shape *shape)
{
    lua_State *state = c->state;
    if (shape->kind == SHAPE_RECORD) {
        const char *stranger = table_stranger(state, -2, shape->keys, shape->count);
        if (stranger)
            luaL_error(state, "%s: no key %s", c->path,
                       table_suggest(state, stranger, shape->keys, shape->count));
    }
    size_t count;
    int expected = lua_absindex(state, -2);
    const char **keys = keys_sorted(state, expected, &count);
    if (count == 0)
        luaL_error(state, "%s names nothing to compare", c->path);
    lua_insert(state, expected); /* keeps the keys alive below the two */
    bool equal = true;
    for (size_t i = 0; equal && i < count; i++) {
        int at = shape->inners ? table_word(keys[i], shape->keys, shape->count) : 0;
        lua_pushstring(state, keys[i]);
        equal = entry_same(c, shape->inners ? shape->inners[at] : shape->inner, keys[i], 0);
    }
    lua_remove(state, expected);
    return equal;
}

/* Compares expected with actual, the two values at the top; leaves them. */
static bool same(struct comparison *c, const struct shape *shape)
{
    luaL_checkstack(c->state, 12, "expect");
    if (shape->kind == SHAPE_VALUE) {
        if (lua_istable(c->state, -2))
            luaL_error(c->state, "%s is one value, not a table", c->path);
        return lua_rawequal(c->state, -2, -1) || differ(c);
    }
    if (!lua_istable(c->state, -2))
        luaL_error(c->state, "%s must be a table { ... }, not a %s", c->path, luaL_typename(c->state, -2));
    if (!lua_istable(c->state, -1))
        return differ(c);
    return shape->kind == SHAPE_LIST ? list_same(c, shape) : keys_same(c, shape);
}

static void codes_push(lua_State *state, const struct hook_call *call)
{
    lua_createtable(state, call->decision.reason_count, 0);
    for (int i = 0; i < call->decision.reason_count; i++) {
        lua_pushstring(state, call->decision.reasons[i].code);
        lua_rawseti(state, -2, i + 1);
    }
}

bool answer_as_expected(lua_State *state, const struct hook_call *call, struct pretty *pretty,
                        struct buffer *why)
{
    struct comparison c = {.state = state, .pretty = pretty, .why = why, .path = "expect"};
    answers[call->hook - hooks].push(state, call);
    bool equal = same(&c, answers[call->hook - hooks].shape);
    if (!equal) {
        buffer_add_text(why, "\nanswer: ");
        pretty_write(pretty, state, -1, why);
    }
    lua_pop(state, 1);
    return equal;
}

bool answer_for_reasons(lua_State *state, const struct hook_call *call, struct pretty *pretty,
                        struct buffer *why)
{
    struct comparison c = {.state = state, .pretty = pretty, .why = why, .path = "because"};
    if (!call->hook->verdicts)
        luaL_error(state, "'because' is for verdicts: %s gives none", call->hook->name);
    codes_push(state, call);
    if (!lua_istable(state, -2) || !table_is_list(state, -2))
        luaL_error(state, "'because' must be a list of codes: { \"short\" }");
    lua_Integer count = (lua_Integer)lua_rawlen(state, -2);
    bool equal = count == call->decision.reason_count;
    for (lua_Integer i = 1; equal && i <= count; i++) {
        lua_rawgeti(state, -2, i);
        lua_rawgeti(state, -2, i);
        equal = lua_rawequal(state, -1, -2);
        lua_pop(state, 2);
    }
    if (!equal)
        differ(&c);
    lua_pop(state, 1);
    return equal;
}
