#include "policy/trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/field.h"
#include "policy/lua_text.h"
#include "policy/verdict.h"

/* A value is shown with so many bytes, a list with so many of its entries. */
#define VALUE_BYTES   160
#define TEXT_BYTES    60
#define ENTRIES_SHOWN 4

/* --- Values, as Lua would write them --- */

static void quoted_text(const char *text, size_t length, char out[VALUE_BYTES])
{
    size_t kept = text_cut(text, length, TEXT_BYTES);
    size_t used = 0;
    out[used++] = '"';
    for (size_t i = 0; i < kept && used < VALUE_BYTES - 8; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            out[used++] = '\\';
        out[used++] = c < ' ' || c == 0x7f ? ' ' : (char)c;
    }
    snprintf(out + used, VALUE_BYTES - used, "%s\"", kept < length ? "..." : "");
}

static void field_value(const struct field *field, const void *object, char out[VALUE_BYTES])
{
    char number[LUA_TEXT_NUMBER_SIZE];
    const char *text;
    switch (field->kind) {
    case FIELD_TEXT:
        text = field_text(field, object);
        if (text)
            quoted_text(text, strlen(text), out);
        else
            snprintf(out, VALUE_BYTES, "nil");
        break;
    case FIELD_BOOL: snprintf(out, VALUE_BYTES, field_bool(field, object) ? "true" : "false"); break;
    case FIELD_INTEGER:
        lua_text_number(field->unit, field_integer(field, object), number);
        snprintf(out, VALUE_BYTES, "%s", number);
        break;
    case FIELD_OBJECT:
        snprintf(out, VALUE_BYTES, "%s", field_object(field, object) ? field->type->name : "nil");
        break;
    case FIELD_OBJECTS:
    case FIELD_TEXTS: snprintf(out, VALUE_BYTES, "list of %d", field_objects(field, object).count); break;
    }
}

/* The name of a userdata's class, without what luaL_getmetafield would allocate. */
static const char *class_name(lua_State *state, int index)
{
    const char *name = "value";
    if (!lua_getmetatable(state, index))
        return name;
    lua_pushnil(state);
    while (lua_next(state, -2)) {
        if (lua_type(state, -2) == LUA_TSTRING && lua_type(state, -1) == LUA_TSTRING &&
            strcmp(lua_tostring(state, -2), "__name") == 0)
            name = lua_tostring(state, -1);
        lua_pop(state, 1);
    }
    lua_pop(state, 1);
    return name;
}

static void plain_value(lua_State *state, int index, char out[VALUE_BYTES])
{
    const struct verdict_value *verdict;
    size_t length;
    switch (lua_type(state, index)) {
    case LUA_TNIL: snprintf(out, VALUE_BYTES, "nil"); return;
    case LUA_TBOOLEAN: snprintf(out, VALUE_BYTES, lua_toboolean(state, index) ? "true" : "false"); return;
    case LUA_TNUMBER:
        if (lua_isinteger(state, index))
            snprintf(out, VALUE_BYTES, "%" PRId64, (int64_t)lua_tointeger(state, index));
        else
            snprintf(out, VALUE_BYTES, "%.14g", lua_tonumber(state, index));
        return;
    case LUA_TSTRING: {
        const char *text = lua_tolstring(state, index, &length);
        quoted_text(text, length, out);
        return;
    }
    case LUA_TUSERDATA:
        verdict = verdict_at(state, index);
        if (!verdict)
            snprintf(out, VALUE_BYTES, "%s", class_name(state, index));
        else if (verdict->reasoned)
            snprintf(out, VALUE_BYTES, "%s(\"%s\")", verdict_names[verdict->verdict], verdict->reason.code);
        else
            snprintf(out, VALUE_BYTES, "%s()", verdict_names[verdict->verdict]);
        return;
    default: snprintf(out, VALUE_BYTES, "%s", lua_typename(state, lua_type(state, index)));
    }
}

/* A table shows its first entries where it is a list; other keys have no order to show them in. */
static void table_value(lua_State *state, int index, char out[VALUE_BYTES])
{
    char entry[VALUE_BYTES];
    lua_Integer count = (lua_Integer)lua_rawlen(state, index);
    size_t used = 0;
    lua_pushnil(state);
    if (!lua_next(state, index)) {
        snprintf(out, VALUE_BYTES, "{}");
        return;
    }
    lua_pop(state, 2);
    if (count == 0) {
        snprintf(out, VALUE_BYTES, "{ ... }");
        return;
    }
    used += (size_t)snprintf(out, VALUE_BYTES, "{ ");
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(state, index, i);
        if (lua_istable(state, -1))
            snprintf(entry, sizeof entry, "{ ... }");
        else
            plain_value(state, -1, entry);
        lua_pop(state, 1);
        if (i > ENTRIES_SHOWN || used + strlen(entry) + 24 > VALUE_BYTES) {
            snprintf(out + used, VALUE_BYTES - used, "... #%" PRId64 " }", (int64_t)count);
            return;
        }
        used += (size_t)snprintf(out + used, VALUE_BYTES - used, "%s%s", entry, i < count ? ", " : " }");
    }
}

static void value_text(lua_State *state, int index, char out[VALUE_BYTES])
{
    index = lua_absindex(state, index);
    if (lua_istable(state, index))
        table_value(state, index, out);
    else
        plain_value(state, index, out);
}

/* --- Notes --- */

static void note(struct trace_recorder *recorder, struct trace_step *step, enum trace_kind kind,
                 const char *name, const char *text)
{
    /* That the local order is the order says nothing. */
    if (strcmp(name, text) == 0)
        return;
    for (struct trace_value *value = step->first; value; value = value->next)
        if (value->kind == kind && strcmp(value->name, name) == 0 && strcmp(value->text, text) == 0)
            return;
    struct trace_value *value = arena_alloc(recorder->arena, sizeof *value);
    *value = (struct trace_value){kind, arena_strdup(recorder->arena, name),
                                  arena_strdup(recorder->arena, text), NULL};
    if (step->last)
        step->last->next = value;
    else
        step->first = value;
    step->last = value;
}

/* The step that is running, or NULL. */
static struct trace_step *step_now(struct trace_recorder *recorder)
{
    struct trace *trace = recorder->trace;
    return trace->count > 0 && trace->dropped == 0 ? &trace->steps[trace->count - 1] : NULL;
}

static uint64_t hash_add(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash * UINT64_C(1099511628211) + 1;
}

/* Notes with <step> which locals of the frame are not what they were. */
static void locals_note(struct trace_recorder *recorder, lua_State *state, const lua_Debug *frame,
                        struct trace_step *step)
{
    char text[VALUE_BYTES];
    uint64_t *was = recorder->locals[recorder->depth];
    for (int i = 1; i <= TRACE_LOCALS_MAX; i++) {
        const char *name = lua_getlocal(state, frame, i);
        if (!name)
            break;
        value_text(state, -1, text);
        lua_pop(state, 1);
        uint64_t hash = hash_add(hash_add(UINT64_C(14695981039346656037), name), text);
        /* Lua's own have names in brackets. */
        if (name[0] != '(' && was[i - 1] != hash)
            note(recorder, step, TRACE_LOCAL, name, text);
        was[i - 1] = hash;
    }
}

/* --- Events --- */

static bool deep(const struct trace_recorder *recorder)
{
    return recorder->depth >= TRACE_DEPTH_MAX;
}

static void frame_begin(struct trace_recorder *recorder)
{
    if (deep(recorder))
        return;
    recorder->last[recorder->depth] = -1;
    memset(recorder->locals[recorder->depth], 0, sizeof recorder->locals[recorder->depth]);
}

/* What the line that ran last in this frame changed, shows now. */
static void frame_settle(struct trace_recorder *recorder, lua_State *state, const lua_Debug *where)
{
    if (deep(recorder) || recorder->last[recorder->depth] < 0 || recorder->trace->dropped > 0)
        return;
    locals_note(recorder, state, where, &recorder->trace->steps[recorder->last[recorder->depth]]);
}

static void line_begin(struct trace_recorder *recorder, lua_State *state, lua_Debug *where)
{
    struct trace *trace = recorder->trace;
    lua_getinfo(state, "Sl", where);
    /* The file's own lines run before each call and only make its functions. */
    if (where->what[0] == 'm' || strcmp(where->short_src, trace->file) != 0)
        return;
    frame_settle(recorder, state, where);
    if (trace->count == TRACE_STEPS_MAX) {
        trace->dropped++;
        return;
    }
    if (recorder->base == 0)
        recorder->base = recorder->depth;
    struct trace_step *step = &trace->steps[trace->count++];
    *step = (struct trace_step){.line = where->currentline, .depth = recorder->depth - recorder->base};
    if (deep(recorder))
        return;
    bool entered = recorder->last[recorder->depth] < 0;
    recorder->last[recorder->depth] = trace->count - 1;
    if (entered)
        locals_note(recorder, state, where, step); /* its parameters */
}

static void on_event(void *context, lua_State *state, lua_Debug *where)
{
    struct trace_recorder *recorder = context;
    switch (where->event) {
    case LUA_HOOKCALL:
        recorder->depth++;
        frame_begin(recorder);
        break;
    case LUA_HOOKTAILCALL: frame_begin(recorder); break;
    case LUA_HOOKLINE: line_begin(recorder, state, where); break;
    case LUA_HOOKRET:
        frame_settle(recorder, state, where);
        recorder->depth--;
        break;
    default: break;
    }
}

static void on_read(void *context, const char *object, const struct field *field, const void *at)
{
    struct trace_recorder *recorder = context;
    struct trace_step *step = step_now(recorder);
    char name[VALUE_BYTES], text[VALUE_BYTES];
    if (!step)
        return;
    snprintf(name, sizeof name, "%s.%s", object, field->name);
    field_value(field, at, text);
    note(recorder, step, TRACE_READ, name, text);
}

/* The innermost function of a rule. */
static bool frame_find(lua_State *state, lua_Debug *frame)
{
    for (int level = 0; level < TRACE_DEPTH_MAX && lua_getstack(state, level, frame); level++) {
        lua_getinfo(state, "l", frame);
        if (frame->currentline > 0)
            return true;
    }
    return false;
}

static void on_said(void *context, lua_State *state)
{
    struct trace_recorder *recorder = context;
    struct trace_step *step = step_now(recorder);
    lua_Debug frame;
    char text[VALUE_BYTES];
    if (!step || !frame_find(state, &frame))
        return;
    step->said = true;
    for (int i = 1; i <= TRACE_LOCALS_MAX; i++) {
        const char *name = lua_getlocal(state, &frame, i);
        if (!name)
            break;
        value_text(state, -1, text);
        lua_pop(state, 1);
        if (name[0] != '(')
            note(recorder, step, TRACE_SAID, name, text);
    }
}

void trace_recorder_init(struct trace_recorder *recorder, struct trace *trace, struct arena *arena)
{
    *recorder = (struct trace_recorder){
        .watch = {.context = recorder,
                  .mask = LUA_MASKLINE | LUA_MASKCALL | LUA_MASKRET,
                  .event = on_event,
                  .read = on_read,
                  .said = on_said},
        .trace = trace,
        .arena = arena,
    };
    trace->steps = arena_array(arena, TRACE_STEPS_MAX, sizeof *trace->steps);
    trace->count = 0;
    trace->dropped = 0;
}
