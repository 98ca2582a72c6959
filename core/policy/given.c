#include "policy/given.h"

#include <stdbool.h>
#include <string.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/field.h"
#include "policy/table.h"

/* What the tests of one file may take: a text is copied for each field that has it. */
#define GIVEN_BYTES_MAX ((size_t)64 << 20)

static void object_fill(lua_State *state, const struct field_type *type, const char *path,
                        struct arena *arena, char *object);

/* Stores <value>, a pointer, into the field. */
static void pointer_store(const struct field *field, char *object, const void *value)
{
    memcpy(object + field->offset, &value, sizeof value);
}

static void refuse(lua_State *state, const char *path, const struct field *field, const char *wanted)
{
    luaL_error(state, "%s: '%s' must be %s, not a %s", path, field->name, wanted, luaL_typename(state, -1));
}

static const char *whole_number_wanted(enum field_unit unit)
{
    switch (unit) {
    case UNIT_MONEY: return "kopecks (money \"1234.50\")";
    case UNIT_PRICE: return "a price in 1/10000 of the currency unit";
    case UNIT_QUANTITY: return "thousandths (qty \"12.5\")";
    case UNIT_DAY: return "a day (day \"2026-04-17\")";
    case UNIT_PERCENT: return "a whole number of 1/100 %";
    case UNIT_NONE: break;
    }
    return "a whole number";
}

static void text_store(lua_State *state, const struct field *field, const char *path, struct arena *arena,
                       char *object)
{
    size_t length;
    const char *text = field->optional ? NULL : "";
    if (lua_type(state, -1) == LUA_TSTRING) {
        const char *given = lua_tolstring(state, -1, &length);
        text = arena_copy(arena, given, length);
    } else if (!lua_isnil(state, -1)) {
        refuse(state, path, field, "a text");
    }
    pointer_store(field, object, text);
}

static void integer_store(lua_State *state, const struct field *field, const char *path, char *object)
{
    if (!lua_isnil(state, -1) && !lua_isinteger(state, -1))
        refuse(state, path, field, whole_number_wanted(field->unit));
    int64_t number = lua_tointeger(state, -1);
    memcpy(object + field->offset, &number, sizeof number);
}

static void bool_store(lua_State *state, const struct field *field, const char *path, char *object)
{
    if (!lua_isnil(state, -1) && !lua_isboolean(state, -1))
        refuse(state, path, field, "true or false");
    bool flag = lua_toboolean(state, -1);
    memcpy(object + field->offset, &flag, sizeof flag);
}

static void object_store(lua_State *state, const struct field *field, const char *path, struct arena *arena,
                         char *object)
{
    if (lua_isnil(state, -1) && field->optional)
        return;
    pointer_store(field, object,
                  given_read(state, field->type, arena_printf(arena, "%s.%s", path, field->name), arena));
}

static void list_store(lua_State *state, const struct field *field, const char *path, struct arena *arena,
                       char *object)
{
    if (lua_isnil(state, -1))
        return;
    if (!lua_istable(state, -1) || !table_is_list(state, -1))
        refuse(state, path, field, "a list { ... }");
    size_t count = (size_t)lua_rawlen(state, -1);
    if (count > GIVEN_LIST_MAX)
        luaL_error(state, "%s: '%s' has more than %d entries", path, field->name, GIVEN_LIST_MAX);
    size_t size = field->kind == FIELD_TEXTS ? sizeof(const char *) : field->type->size;
    char *items = arena_array(arena, count, size);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(state, -1, (lua_Integer)i + 1);
        if (field->kind == FIELD_TEXTS) {
            if (lua_type(state, -1) != LUA_TSTRING)
                refuse(state, path, field, "a list of texts");
            const char *text = arena_strdup(arena, lua_tostring(state, -1));
            memcpy(items + i * size, &text, sizeof text);
        } else {
            object_fill(state, field->type, arena_printf(arena, "%s.%s[%zu]", path, field->name, i + 1),
                        arena, items + i * size);
        }
        lua_pop(state, 1);
    }
    struct field_list list = {items, (int)count};
    memcpy(object + field->offset, &list, sizeof list);
}

/* Fills <object> from the table, or nil, at the top of the stack. */
static void object_fill(lua_State *state, const struct field_type *type, const char *path,
                        struct arena *arena, char *object)
{
    luaL_checkstack(state, 8, "given");
    if (arena->bytes > GIVEN_BYTES_MAX)
        luaL_error(state, "what is given takes more than %d MiB", (int)(GIVEN_BYTES_MAX >> 20));
    if (!lua_istable(state, -1) && !lua_isnil(state, -1))
        luaL_error(state, "%s must be a table, not a %s", path, luaL_typename(state, -1));
    if (lua_istable(state, -1)) {
        const char *names[FIELDS_MAX];
        for (int i = 0; i < type->count; i++)
            names[i] = type->fields[i].name;
        const char *stranger = table_stranger(state, -1, names, (size_t)type->count);
        const char *near = stranger ? text_nearest(stranger, names, (size_t)type->count) : NULL;
        if (near)
            luaL_error(state, "%s: no field '%s' on %s, did you mean '%s'?", path, stranger, type->name,
                       near);
        if (stranger)
            luaL_error(state, "%s: no field '%s' on %s", path, stranger, type->name);
    }
    for (int i = 0; i < type->count; i++) {
        const struct field *field = &type->fields[i];
        if (lua_istable(state, -1))
            lua_getfield(state, -1, field->name);
        else
            lua_pushnil(state);
        switch (field->kind) {
        case FIELD_TEXT: text_store(state, field, path, arena, object); break;
        case FIELD_INTEGER: integer_store(state, field, path, object); break;
        case FIELD_BOOL: bool_store(state, field, path, object); break;
        case FIELD_OBJECT: object_store(state, field, path, arena, object); break;
        case FIELD_OBJECTS:
        case FIELD_TEXTS: list_store(state, field, path, arena, object); break;
        }
        lua_pop(state, 1);
    }
}

const void *given_read(lua_State *state, const struct field_type *type, const char *path, struct arena *arena)
{
    char *object = arena_alloc(arena, type->size);
    object_fill(state, type, path, arena, object);
    return object;
}
