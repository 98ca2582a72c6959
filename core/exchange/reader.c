#include "exchange/reader.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <expat.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "exchange/encoding.h"
#include "exchange/walk.h"

/* What is read and parsed at once: larger pieces are no faster. */
#define PIECE_BYTES (64 << 10)

/* What expat may hold of one file: a tag or comment, which it keeps whole, and every name it has met. An
 * honest file needs a hundredth. */
#define PARSER_BYTES_MAX ((size_t)16 << 20)

const char *const file_kind_names[] = {
    [FILE_KIND_CLASSIFIER] = "classifier",
    [FILE_KIND_IMPORT] = "import",
    [FILE_KIND_OFFERS] = "offers",
    [FILE_KIND_PRICES] = "prices",
    [FILE_KIND_RESTS] = "rests",
    [FILE_KIND_COUNTERPARTIES] = "counterparties",
    [FILE_KIND_REGIONS] = "regions",
    [FILE_KIND_AGREEMENTS] = "agreements",
    [FILE_KIND_CONTRACTS] = "contracts",
    [FILE_KIND_SUPPLY] = "supply",
    [FILE_KIND_RESTRICTIONS] = "restrictions",
    [FILE_KIND_RESERVES] = "reserves",
    [FILE_KIND_DOCUMENTS] = "documents",
};

struct reader {
    XML_Parser parser;
    struct walk walk;
    enum encoding encoding;
    int file;
    bool begun; /* the start was looked at */
};

/* --- Expat's memory, bounded --- */

/* Each block is preceded by its size. The thread counts, because expat tells its allocator nothing. */
struct parser_block {
    _Alignas(16) size_t size;
};

static _Thread_local struct {
    size_t bytes;
} parser_memory;

static void *parser_realloc(void *memory, size_t size)
{
    struct parser_block *block = memory ? (struct parser_block *)memory - 1 : NULL;
    size_t before = block ? block->size : 0;
    size_t others = parser_memory.bytes - before;
    if (size > PARSER_BYTES_MAX || others > PARSER_BYTES_MAX - size)
        return NULL;
    block = mem_grow(block, 1, sizeof *block + size);
    block->size = size;
    parser_memory.bytes = others + size;
    return block + 1;
}

static void *parser_malloc(size_t size)
{
    return parser_realloc(NULL, size);
}

static void parser_free(void *memory)
{
    if (!memory)
        return;
    struct parser_block *block = (struct parser_block *)memory - 1;
    parser_memory.bytes -= block->size;
    free(block);
}

/* --- What expat calls --- */

static void stop_if_refused(const struct reader *reader)
{
    if (reader->walk.stopped)
        XML_StopParser(reader->parser, XML_FALSE);
}

static int line_now(const struct reader *reader)
{
    return (int)XML_GetCurrentLineNumber(reader->parser);
}

static int column_now(const struct reader *reader)
{
    return (int)XML_GetCurrentColumnNumber(reader->parser) + 1;
}

static void XMLCALL take_open(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *reader = user;
    walk_open(&reader->walk, name, (const char *const *)attributes, line_now(reader));
    stop_if_refused(reader);
}

static void XMLCALL take_close(void *user, const XML_Char *name)
{
    struct reader *reader = user;
    (void)name;
    walk_close(&reader->walk);
    stop_if_refused(reader);
}

static void XMLCALL take_text(void *user, const XML_Char *bytes, int length)
{
    struct reader *reader = user;
    walk_add_text(&reader->walk, bytes, (size_t)length);
    stop_if_refused(reader);
}

static void XMLCALL take_doctype(void *user, const XML_Char *name, const XML_Char *system,
                                 const XML_Char *public, int internal)
{
    struct reader *reader = user;
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    if (!reader->walk.stopped)
        walk_refuse(&reader->walk, FAULT_XML_DOCTYPE, line_now(reader), column_now(reader));
    stop_if_refused(reader);
}

static int XMLCALL take_encoding(void *user, const XML_Char *name, XML_Encoding *encoding)
{
    (void)user;
    (void)name; /* windows-1251: expat asks for what it was told and does not know */
    encoding_map_1251(encoding->map);
    encoding->convert = NULL;
    encoding->release = NULL;
    encoding->data = NULL;
    return XML_STATUS_OK;
}

/* --- The start of the file --- */

static bool starts_html(const char *bytes, size_t length)
{
    static const char *const starts[] = {"<!doctype html", "<html"};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (length >= strlen(starts[i]) && strncasecmp(bytes, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

/* Looks at the first piece and settles the encoding; the BOM is taken away. False with the fault where the
 * file need not be parsed to know that it is none. */
static bool begin(struct reader *reader, char *bytes, size_t *length)
{
    struct encoding_look look;
    encoding_look(bytes, *length, &look);
    if (look.encoding == ENCODING_UTF16) {
        walk_refuse(&reader->walk, FAULT_XML_UTF16, 1, 0);
        return false;
    }
    *length -= look.mark;
    memmove(bytes, bytes + look.mark, *length);
    size_t blank = 0;
    while (blank < *length && strchr(" \t\r\n", bytes[blank]) && bytes[blank])
        blank++;
    if (blank == *length && *length < PIECE_BYTES - look.mark) {
        walk_refuse(&reader->walk, FAULT_XML_EMPTY, 1, 0);
        return false;
    }
    if (starts_html(bytes + blank, *length - blank)) {
        walk_refuse(&reader->walk, FAULT_XML_HTML, 1, 0);
        return false;
    }
    if (look.encoding == ENCODING_NEITHER) {
        params_add_text(walk_refuse(&reader->walk, FAULT_XML_ENCODING, look.line, 0), "declared",
                        look.declared);
        return false;
    }
    reader->encoding = look.encoding;
    reader->walk.facts->encoding = encoding_text(look.encoding);
    enum XML_Status set = XML_SetEncoding(reader->parser, encoding_text(look.encoding));
    assert(set == XML_STATUS_OK); /* it fails in the midst of a file alone */
    return true;
}

/* --- What expat finds wrong --- */

/* Whether the byte expat stopped at is none of the encoding the file began in. */
static bool stands_foreign_byte(const struct reader *reader)
{
    int offset = 0, size = 0;
    const char *bytes = XML_GetInputContext(reader->parser, &offset, &size);
    if (!bytes || offset >= size)
        return false;
    if (reader->encoding == ENCODING_UTF8)
        return (unsigned char)bytes[offset] >= 0x80 &&
               text_rune_length(bytes + offset, (size_t)(size - offset)) == 0;
    return (unsigned char)bytes[offset] ==
           0x98; /* the one byte windows-1251 has no letter for; half of И in UTF-8 */
}

static enum fault_code code_of(enum XML_Error error)
{
    static const struct {
        enum XML_Error error;
        enum fault_code code;
    } rows[] = {
        {XML_ERROR_INVALID_TOKEN, FAULT_XML_TOKEN},
        {XML_ERROR_TAG_MISMATCH, FAULT_XML_TAG},
        {XML_ERROR_UNDEFINED_ENTITY, FAULT_XML_ENTITY},
        {XML_ERROR_JUNK_AFTER_DOC_ELEMENT, FAULT_XML_TRAILING},
        {XML_ERROR_NO_MEMORY, FAULT_XML_MARKUP_LARGE},
        /* These four come at the end of the file alone. */
        {XML_ERROR_NO_ELEMENTS, FAULT_XML_CUT},
        {XML_ERROR_UNCLOSED_TOKEN, FAULT_XML_CUT},
        {XML_ERROR_UNCLOSED_CDATA_SECTION, FAULT_XML_CUT},
        {XML_ERROR_PARTIAL_CHAR, FAULT_XML_CUT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].error == error)
            return rows[i].code;
    return FAULT_XML_MALFORMED;
}

static void explain(struct reader *reader)
{
    enum XML_Error error = XML_GetErrorCode(reader->parser);
    enum fault_code code = code_of(error);
    if (code == FAULT_XML_TOKEN && stands_foreign_byte(reader))
        code = FAULT_XML_ENCODING_MIXED;
    int column = column_now(reader);
    struct params *params = walk_refuse(&reader->walk, code, line_now(reader), column);
    params_add_number(params, "column", PARAM_COUNT, column);
    if (code == FAULT_XML_ENCODING_MIXED) {
        bool utf8 = reader->encoding == ENCODING_UTF8;
        params_add_text(params, "begun", encoding_text(reader->encoding));
        params_add_text(params, "other", encoding_text(utf8 ? ENCODING_WINDOWS_1251 : ENCODING_UTF8));
    } else if (code == FAULT_XML_MALFORMED) {
        params_add_text(params, "detail", XML_ErrorString(error));
    }
}

/* --- The whole of it --- */

static void refuse_file(struct reader *reader, const char *path)
{
    fault_set(reader->walk.fault, FAULT_FILE_READ);
    params_add_text(&reader->walk.fault->params, "path", path);
    params_add_text(&reader->walk.fault->params, "reason", strerror(errno));
    reader->walk.stopped = true;
}

/* Fills <bytes> as far as the file goes; -1 with the fault where it cannot be read. */
static ssize_t read_piece(struct reader *reader, const char *path, char *bytes)
{
    size_t length = 0;
    while (length < PIECE_BYTES) {
        ssize_t got = read(reader->file, bytes + length, PIECE_BYTES - length);
        if (got == -1 && errno == EINTR)
            continue;
        if (got == -1) {
            refuse_file(reader, path);
            return -1;
        }
        if (got == 0)
            break;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

/* Reads and parses one piece. False where it was the last, or the reading stopped. */
static bool step(struct reader *reader, const char *path)
{
    char *bytes = XML_GetBuffer(reader->parser, PIECE_BYTES);
    if (!bytes) {
        explain(reader);
        return false;
    }
    ssize_t got = read_piece(reader, path, bytes);
    if (got == -1)
        return false;
    bool last = got < PIECE_BYTES;
    size_t length = (size_t)got;
    if (!reader->begun && !begin(reader, bytes, &length))
        return false;
    reader->begun = true;
    enum XML_Status status = XML_ParseBuffer(reader->parser, (int)length, last);
    if (status != XML_STATUS_OK && !reader->walk.stopped)
        explain(reader);
    return !last && !reader->walk.stopped;
}

static XML_Parser parser_make(struct reader *reader)
{
    static const XML_Memory_Handling_Suite suite = {parser_malloc, parser_realloc, parser_free};
    XML_Parser parser = XML_ParserCreate_MM(NULL, &suite, NULL);
    assert(parser);
    XML_SetUserData(parser, reader);
    XML_SetElementHandler(parser, take_open, take_close);
    XML_SetCharacterDataHandler(parser, take_text);
    XML_SetStartDoctypeDeclHandler(parser, take_doctype);
    XML_SetUnknownEncodingHandler(parser, take_encoding, NULL);
    return parser;
}

bool reader_read(const char *path, reader_take *take, void *context, struct file_facts *facts,
                 struct fault *fault)
{
    struct reader reader = {.file = open(path, O_RDONLY | O_CLOEXEC)};
    walk_init(&reader.walk, file_name(path), take, context, facts, fault);
    if (reader.file == -1) {
        refuse_file(&reader, path);
    } else {
        reader.parser = parser_make(&reader);
        while (step(&reader, path))
            ;
        /* An end of line at the end begins no line. */
        facts->lines = line_now(&reader) - (column_now(&reader) == 1);
        XML_ParserFree(reader.parser);
        close(reader.file);
    }
    bool ok = !reader.walk.stopped && walk_finish(&reader.walk);
    walk_free(&reader.walk);
    return ok;
}
