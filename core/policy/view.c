#include "policy/view.h"

#include <assert.h>

#include <lauxlib.h>

#include "policy/class.h"
#include "policy/field.h"
#include "policy/vm.h"

struct view {
    const struct field_type *type; /* NULL: of a list of texts */
    const char *called;            /* a list: the field it came from */
    const void *at;                /* the struct, or the first of the list */
    int count;                     /* of a list */
    uint64_t call;
};

/* Making a view takes as long as so many instructions. */
#define VIEW_WORK 10

/* The address stands for the class of lists; that of a struct's type for the class of its views. */
static const char list_key;

/* Metamethods alone reach these functions, so that index 1 is always a view. */
static const struct view *view_of(lua_State *state)
{
    const struct view *view = lua_touserdata(state, 1);
    assert(view);
    if (view->call != vm_of(state)->call)
        luaL_error(state, "object used outside its call");
    return view;
}

static struct view *view_new(lua_State *state, const void *class)
{
    vm_charge(state, VIEW_WORK);
    struct view *view = class_new(state, class, sizeof *view);
    view->call = vm_of(state)->call;
    return view;
}

void view_push(lua_State *state, const struct field_type *type, const void *object)
{
    if (!object) {
        lua_pushnil(state);
        return;
    }
    struct view *view = view_new(state, type);
    view->type = type;
    view->at = object;
}

static void list_push(lua_State *state, const struct field *field, const void *object)
{
    struct field_list list = field_objects(field, object);
    struct view *view = view_new(state, &list_key);
    view->type = field->type;
    view->called = field->name;
    view->at = list.items;
    view->count = list.count;
}

static void field_push(lua_State *state, const struct field *field, const void *object)
{
    switch (field->kind) {
    case FIELD_TEXT: lua_pushstring(state, field_text(field, object)); break;
    case FIELD_BOOL: lua_pushboolean(state, field_bool(field, object)); break;
    case FIELD_INTEGER: lua_pushinteger(state, field_integer(field, object)); break;
    case FIELD_OBJECT: view_push(state, field->type, field_object(field, object)); break;
    case FIELD_OBJECTS:
    case FIELD_TEXTS: list_push(state, field, object); break;
    }
    if (field->of_today)
        vm_of(state)->day_read = true;
}

static int object_index(lua_State *state)
{
    const struct view *view = view_of(state);
    if (lua_type(state, 2) != LUA_TSTRING)
        return luaL_error(state, "fields of %s have names, this is a %s", view->type->name,
                          luaL_typename(state, 2));
    const char *name = lua_tostring(state, 2);
    const struct field *field = field_find(view->type, name);
    if (!field) {
        const char *near = field_nearest(view->type, name);
        return near ? luaL_error(state, "no field '%s' on %s, did you mean '%s'?", name, view->type->name,
                                 near)
                    : luaL_error(state, "no field '%s' on %s", name, view->type->name);
    }
    field_push(state, field, view->at);
    const struct vm_watch *watch = vm_of(state)->watch;
    if (watch && watch->read)
        watch->read(watch->context, view->type->name, field, view->at);
    return 1;
}

static int list_index(lua_State *state)
{
    const struct view *view = view_of(state);
    if (!lua_isinteger(state, 2)) {
        const char *name =
            lua_type(state, 2) == LUA_TSTRING ? lua_tostring(state, 2) : luaL_typename(state, 2);
        return luaL_error(state, "no field '%s' on the list %s: go over it with ipairs", name, view->called);
    }
    lua_Integer index = lua_tointeger(state, 2);
    if (index < 1 || index > view->count)
        lua_pushnil(state);
    else if (view->type)
        view_push(state, view->type, (const char *)view->at + (size_t)(index - 1) * view->type->size);
    else
        lua_pushstring(state, ((const char *const *)view->at)[index - 1]);
    return 1;
}

static int list_length(lua_State *state)
{
    lua_pushinteger(state, view_of(state)->count);
    return 1;
}

static int refuse_change(lua_State *state)
{
    luaL_getmetafield(state, 1, "__name");
    return luaL_error(state, "%s is read-only: a rule answers, it changes nothing", lua_tostring(state, -1));
}

static int refuse_equality(lua_State *state)
{
    return luaL_error(state, "objects cannot be compared: compare their fields, .id for one");
}

void view_setup(lua_State *state)
{
    static const luaL_Reg object_methods[] = {
        {"__index", object_index},
        {"__newindex", refuse_change},
        {"__eq", refuse_equality},
        {NULL, NULL},
    };
    static const luaL_Reg list_methods[] = {
        {"__index", list_index},   {"__len", list_length}, {"__newindex", refuse_change},
        {"__eq", refuse_equality}, {NULL, NULL},
    };
    for (int i = 0; i < FIELD_TYPES_COUNT; i++)
        class_make(state, field_types[i], field_types[i]->name, object_methods);
    class_make(state, &list_key, "list", list_methods);
}

bool view_is_list(lua_State *state, int index)
{
    return class_at(state, index, &list_key) != NULL;
}

static int list_next(lua_State *state)
{
    lua_Integer index = luaL_checkinteger(state, 2) + 1;
    lua_pushinteger(state, index);
    return lua_geti(state, 1, index) == LUA_TNIL ? 1 : 2;
}

int view_ipairs(lua_State *state)
{
    lua_pushcfunction(state, list_next);
    lua_pushvalue(state, 1);
    lua_pushinteger(state, 0);
    return 3;
}
