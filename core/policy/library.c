#include "policy/library.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "policy/view.h"
#include "policy/vm.h"

/* The longest text, less what Lua adds to each. */
#define REP_BYTES_MAX (VM_TEXT_MAX - 64)

/* Replaces the value on top of the stack by its text. */
static void text_of(lua_State *state)
{
    const char *text = NULL;
    switch (lua_type(state, -1)) {
    case LUA_TSTRING: return;
    case LUA_TNUMBER: luaL_tolstring(state, -1, NULL); break;
    case LUA_TBOOLEAN: text = lua_toboolean(state, -1) ? "true" : "false"; break;
    case LUA_TUSERDATA:
        if (luaL_getmetafield(state, -1, "__name") != LUA_TSTRING)
            text = "value";
        break;
    default: text = luaL_typename(state, -1);
    }
    if (text)
        lua_pushstring(state, text);
    lua_remove(state, -2);
}

int library_tostring(lua_State *state)
{
    luaL_checkany(state, 1);
    lua_settop(state, 1);
    text_of(state);
    return 1;
}

/* Writing a fraction with all its digits takes as long as so many instructions. */
#define FRACTION_WORK 100

int library_format(lua_State *state)
{
    size_t length;
    vm_charge_arguments(state);
    const char *format = luaL_checklstring(state, 1, &length);
    const char *end = format + length;
    int argument = 1;
    for (const char *at = memchr(format, '%', length); at; at = memchr(at, '%', (size_t)(end - at))) {
        at++;
        if (*at == '%') {
            at++;
            continue;
        }
        at += strspn(at, "-+ #0123456789.");
        argument++;
        if (*at && strchr("aAeEfFgG", *at))
            vm_charge(state, FRACTION_WORK);
        if (*at == 'p')
            return luaL_error(state, "there is no %%p: addresses differ from run to run");
        if (*at == 's' && argument <= lua_gettop(state)) {
            lua_pushvalue(state, argument);
            text_of(state);
            lua_replace(state, argument);
        }
    }
    return lua_tocfunction(state, lua_upvalueindex(1))(state);
}

int library_rep(lua_State *state)
{
    size_t length, gap;
    vm_charge_arguments(state);
    const char *text = luaL_checklstring(state, 1, &length);
    lua_Integer count = luaL_checkinteger(state, 2);
    const char *separator = luaL_optlstring(state, 3, "", &gap);
    if (count <= 0 || length + gap == 0) {
        lua_pushliteral(state, "");
        return 1;
    }
    if ((size_t)count > REP_BYTES_MAX / (length + gap))
        return luaL_error(state, "the text would be longer than %d KiB", (int)(VM_TEXT_MAX >> 10));
    vm_charge(state, (size_t)count);
    luaL_Buffer buffer;
    luaL_buffinit(state, &buffer);
    for (lua_Integer i = 0; i < count; i++) {
        if (i > 0)
            luaL_addlstring(&buffer, separator, gap);
        luaL_addlstring(&buffer, text, length);
    }
    luaL_pushresult(&buffer);
    return 1;
}

/* Finds <part> in <text>; NULL where it is not. */
static const char *plain_find(const char *text, size_t length, const char *part, size_t part_length)
{
    return part_length <= length ? memmem(text, length, part, part_length) : NULL;
}

int library_find(lua_State *state)
{
    size_t length, part_length;
    vm_charge_arguments(state);
    const char *text = luaL_checklstring(state, 1, &length);
    const char *part = luaL_checklstring(state, 2, &part_length);
    lua_Integer from = luaL_optinteger(state, 3, 1);
    if (from < 0)
        from = from < -(lua_Integer)length ? 1 : (lua_Integer)length + from + 1;
    size_t skip = from > 0 ? (size_t)from - 1 : 0;
    const char *found = skip <= length ? plain_find(text + skip, length - skip, part, part_length) : NULL;
    if (!found) {
        lua_pushnil(state);
        return 1;
    }
    lua_pushinteger(state, found - text + 1);
    lua_pushinteger(state, found - text + (lua_Integer)part_length);
    return 2;
}

int library_split(lua_State *state)
{
    size_t length, gap;
    const char *text = luaL_checklstring(state, 1, &length);
    const char *separator = luaL_checklstring(state, 2, &gap);
    luaL_argcheck(state, gap > 0, 2, "the separator is empty");
    vm_charge_arguments(state);
    lua_newtable(state);
    const char *end = text + length;
    for (lua_Integer i = 1;; i++) {
        vm_charge(state, 1);
        const char *cut = plain_find(text, (size_t)(end - text), separator, gap);
        lua_pushlstring(state, text, (size_t)((cut ? cut : end) - text));
        lua_rawseti(state, -2, i);
        if (!cut)
            return 1;
        text = cut + gap;
    }
}

int library_starts_with(lua_State *state)
{
    size_t length, start_length;
    const char *text = luaL_checklstring(state, 1, &length);
    const char *start = luaL_checklstring(state, 2, &start_length);
    vm_charge_arguments(state);
    lua_pushboolean(state, start_length <= length && memcmp(text, start, start_length) == 0);
    return 1;
}

/* --- pairs --- */

struct key {
    const char *text; /* NULL: a whole number */
    union {
        size_t length;
        lua_Integer number;
    };
};

static int key_order(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    if (!a->text || !b->text)
        return a->text ? 1 : b->text ? -1 : (a->number > b->number) - (a->number < b->number);
    int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
    return order ? order : (a->length > b->length) - (a->length < b->length);
}

/* The iterator: upvalues are the table, the list of its keys and how many are done. */
static int pairs_next(lua_State *state)
{
    lua_Integer at = lua_tointeger(state, lua_upvalueindex(3));
    for (;;) {
        lua_pushinteger(state, ++at);
        lua_replace(state, lua_upvalueindex(3));
        if (lua_rawgeti(state, lua_upvalueindex(2), at) == LUA_TNIL)
            return 1;
        lua_pushvalue(state, -1);
        /* What was removed meanwhile is passed over. */
        if (lua_rawget(state, lua_upvalueindex(1)) != LUA_TNIL)
            return 2;
        lua_pop(state, 2);
    }
}

/* How many there are. Sorting them is charged for: a few instructions each, and looking at long texts as
 * often as sorting compares one. */
static lua_Integer keys_count(lua_State *state, int table)
{
    lua_Integer count = 0;
    size_t bytes = 0;
    for (lua_pushnil(state); lua_next(state, table); lua_pop(state, 1)) {
        count++;
        if (lua_type(state, -2) != LUA_TSTRING && !lua_isinteger(state, -2))
            luaL_error(state, "pairs needs keys that are texts or whole numbers, not a %s",
                       luaL_typename(state, -2));
        if (lua_type(state, -2) == LUA_TSTRING)
            bytes += lua_rawlen(state, -2);
    }
    size_t rounds = 1;
    while ((lua_Integer)1 << rounds < count)
        rounds++;
    vm_charge(state, (size_t)count * 4 + rounds * bytes / VM_BYTES_PER_INSTRUCTION);
    return count;
}

/* Pushes the sorted list of the keys of the table at <table>. */
static void keys_push(lua_State *state, int table, lua_Integer count)
{
    struct key *keys = lua_newuserdatauv(state, (size_t)(count + 1) * sizeof *keys, 0);
    lua_Integer used = 0;
    for (lua_pushnil(state); lua_next(state, table); lua_pop(state, 1)) {
        struct key *key = &keys[used++];
        *key = (struct key){0};
        if (lua_type(state, -2) == LUA_TSTRING)
            key->text = lua_tolstring(state, -2, &key->length);
        else
            key->number = lua_tointeger(state, -2);
    }
    assert(used == count);
    qsort(keys, (size_t)count, sizeof *keys, key_order);
    lua_createtable(state, (int)count, 0);
    for (lua_Integer i = 0; i < count; i++) {
        if (keys[i].text)
            lua_pushlstring(state, keys[i].text, keys[i].length);
        else
            lua_pushinteger(state, keys[i].number);
        lua_rawseti(state, -2, i + 1);
    }
    lua_remove(state, -2);
}

int library_pairs(lua_State *state)
{
    if (view_is_list(state, 1))
        return view_ipairs(state);
    luaL_checktype(state, 1, LUA_TTABLE);
    lua_settop(state, 1);
    lua_Integer count = keys_count(state, 1);
    lua_pushvalue(state, 1);
    keys_push(state, 1, count);
    lua_pushinteger(state, 0);
    lua_pushcclosure(state, pairs_next, 3);
    return 1;
}

/* --- sort --- */

/* Whether the value on top comes before the one below it; pops both. Index 2 is the order, or nil. */
static bool top_before(lua_State *state)
{
    if (lua_isnil(state, 2)) {
        if (lua_type(state, -1) == LUA_TSTRING)
            vm_charge(state, lua_rawlen(state, -1) / VM_BYTES_PER_INSTRUCTION);
        bool before = lua_compare(state, -1, -2, LUA_OPLT);
        lua_pop(state, 2);
        return before;
    }
    lua_pushvalue(state, 2);
    lua_insert(state, -3);
    lua_insert(state, -2);
    lua_call(state, 2, 1);
    bool before = lua_toboolean(state, -1);
    lua_pop(state, 1);
    return before;
}

/* Merges [low, middle) and [middle, high) of the table at <from> into the one at <to>. */
static void merge(lua_State *state, int from, int to, lua_Integer low, lua_Integer middle, lua_Integer high)
{
    lua_Integer left = low, right = middle;
    for (lua_Integer at = low; at < high; at++) {
        bool take_right = left == middle;
        if (!take_right && right < high) {
            lua_rawgeti(state, from, left);
            lua_rawgeti(state, from, right);
            take_right = top_before(state);
        }
        lua_rawgeti(state, from, take_right ? right++ : left++);
        lua_rawseti(state, to, at);
    }
}

int library_sort(lua_State *state)
{
    luaL_checktype(state, 1, LUA_TTABLE);
    if (!lua_isnoneornil(state, 2))
        luaL_checktype(state, 2, LUA_TFUNCTION);
    lua_settop(state, 2);
    lua_Integer count = (lua_Integer)lua_rawlen(state, 1);
    lua_createtable(state, (int)count, 0);
    int from = 1, to = 3;
    for (lua_Integer width = 1; width < count; width *= 2) {
        vm_charge(state, (size_t)count);
        for (lua_Integer low = 1; low <= count; low += 2 * width) {
            lua_Integer middle = low + width > count + 1 ? count + 1 : low + width;
            lua_Integer high = middle + width > count + 1 ? count + 1 : middle + width;
            merge(state, from, to, low, middle, high);
        }
        int spare = from;
        from = to;
        to = spare;
    }
    for (lua_Integer i = 1; from != 1 && i <= count; i++) {
        lua_rawgeti(state, from, i);
        lua_rawseti(state, 1, i);
    }
    return 0;
}
