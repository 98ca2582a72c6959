#include "policy/source.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include <lauxlib.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/text.h"
#include "policy/vm.h"

/* What editors under Windows put before UTF-8. */
#define MARK "\xef\xbb\xbf"

bool source_read(struct source *source, struct arena *arena, const char *folder, const char *name,
                 const char *file, struct faults *faults)
{
    struct buffer buffer;
    struct fault fault;
    *source = (struct source){
        .chunk = arena_printf(arena, "%s/%s", name, file),
        .path = arena_printf(arena, "%s/%s/%s", folder, name, file),
    };
    buffer_init(&buffer);
    bool ok = file_read(source->path, SOURCE_BYTES_MAX, &buffer, &fault);
    if (!ok) {
        faults_take(faults, &fault);
    } else {
        size_t skip = strncmp(buffer_text(&buffer), MARK, strlen(MARK)) == 0 ? strlen(MARK) : 0;
        source->length = buffer.length - skip;
        source->text = arena_copy(arena, buffer_text(&buffer) + skip, source->length);
        ok = text_valid(source->text, source->length);
        if (!ok)
            fault_file(faults_add(faults, FAULT_RULES_ENCODING), source->path, 0, 0);
        unsigned char digest[crypto_hash_sha256_BYTES];
        _Static_assert(sizeof source->hash == 2 * sizeof digest + 1, "two digits a byte");
        crypto_hash_sha256(digest, (const unsigned char *)source->text, source->length);
        sodium_bin2hex(source->hash, sizeof source->hash, digest, sizeof digest);
    }
    buffer_free(&buffer);
    return ok;
}

struct compilation {
    const struct source *source;
    struct buffer code;
};

static int code_write(lua_State *state, const void *bytes, size_t length, void *context)
{
    (void)state;
    buffer_add(context, bytes, length);
    return 0;
}

static int compile(lua_State *state)
{
    struct compilation *compilation = lua_touserdata(state, 1);
    const struct source *source = compilation->source;
    const char *chunk = lua_pushfstring(state, "@%s", source->chunk);
    if (luaL_loadbufferx(state, source->text, source->length, chunk, "t") != LUA_OK) {
        vm_of(state)->failure.outcome = VM_SYNTAX;
        return lua_error(state);
    }
    lua_dump(state, code_write, &compilation->code, 0);
    return 0;
}

bool source_compile(struct source *source, struct arena *arena, struct vm *vm, struct faults *faults)
{
    struct compilation compilation = {.source = source};
    struct vm_failure failure;
    buffer_init(&compilation.code);
    bool ok = vm_run(vm, compile, &compilation, VM_LOAD_INSTRUCTIONS, &failure);
    if (ok) {
        source->code_length = compilation.code.length;
        source->code = arena_copy(arena, buffer_text(&compilation.code), compilation.code.length);
    } else {
        struct fault *fault =
            faults_add(faults, failure.outcome == VM_MEMORY ? FAULT_RULES_MEMORY : FAULT_RULES_SYNTAX);
        params_add_text(&fault->params, "detail", failure.text);
        source_place(source, &failure, source->path, 0, fault);
    }
    buffer_free(&compilation.code);
    return ok;
}

void source_load(lua_State *state, const struct source *source)
{
    assert(source->code);
    /* The bytecode is our own dump: no file is ever loaded in this mode. */
    if (luaL_loadbufferx(state, source->code, source->code_length, source->chunk, "b") != LUA_OK)
        lua_error(state);
    lua_call(state, 0, 1);
}

/* --- Places --- */

static bool letter(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The first place of <word> as a whole word in [from, end). */
static const char *word_find(const char *from, const char *end, const char *start, const char *word,
                             size_t length)
{
    for (const char *at = from; (at = memmem(at, (size_t)(end - at), word, length)) != NULL; at++) {
        bool begins = at == start || !letter(at[-1]) || !letter(word[0]);
        bool ends = at + length == end || !letter(at[length]) || !letter(word[length - 1]);
        if (begins && ends)
            return at;
    }
    return NULL;
}

static const char *line_start(const struct source *source, int line)
{
    const char *at = source->text;
    while (--line > 0) {
        const char *end = strchr(at, '\n');
        if (!end)
            return source->text + source->length;
        at = end + 1;
    }
    return at;
}

static void place_of(const struct source *source, const char *at, int *line, int *column)
{
    const char *start = source->text;
    *line = 1;
    for (const char *end; (end = memchr(start, '\n', (size_t)(at - start))) != NULL; start = end + 1)
        ++*line;
    *column = 1;
    for (; start < at; start++)
        *column += ((unsigned char)*start & 0xc0) != 0x80;
}

bool source_find(const struct source *source, const char *word, int from, int *line, int *column)
{
    const char *found = word[0] ? word_find(line_start(source, from), source->text + source->length,
                                            source->text, word, strlen(word))
                                : NULL;
    if (found)
        place_of(source, found, line, column);
    return found != NULL;
}

/* Takes the next 'quoted' word of <text> into <word>; returns what is behind it, or NULL. */
static const char *quoted_next(const char *text, char word[64])
{
    const char *open = strchr(text, '\'');
    const char *close = open ? strchr(open + 1, '\'') : NULL;
    if (!close)
        return NULL;
    size_t length = (size_t)(close - open - 1);
    if (length >= 64)
        length = 63;
    memcpy(word, open + 1, length);
    word[length] = 0;
    return close + 1;
}

void source_place(const struct source *source, const struct vm_failure *failure, const char *file, int line,
                  struct fault *fault)
{
    int known = strcmp(failure->chunk, source->chunk) == 0 ? failure->line : 0;
    int found, column;
    char word[64];
    /* What a syntax error is "near" stands there, what was "expected" does not. */
    const char *near = strstr(failure->text, " near ");
    const char *words = failure->outcome != VM_SYNTAX ? failure->text : near ? near : "";
    for (const char *at = words; (at = quoted_next(at, word)) != NULL;) {
        bool there = source_find(source, word, known ? known : line, &found, &column);
        if (known ? there && found == known : there || source_find(source, word, 1, &found, &column)) {
            fault_file(fault, file, found, column);
            return;
        }
    }
    fault_file(fault, file, known ? known : line, 0);
}
