/* The browser client's files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "http/files.h"
#include "http/response.h"

static char folder[] = "/tmp/kabinet-files-XXXXXX";
static struct arena arena;
static struct response response;
static struct request request;

static bool written(const char *name, const char *text)
{
    struct fault fault;
    return file_write(arena_printf(&arena, "%s/%s", folder, name), text, strlen(text), 0640, &fault);
}

static int setup(void **state)
{
    (void)state;
    struct fault fault;
    arena_init(&arena);
    response_init(&response);
    bool ok = mkdtemp(folder) && file_make_folder(arena_printf(&arena, "%s/web/pages", folder), &fault) &&
              file_make_folder(arena_printf(&arena, "%s/lib", folder), &fault) &&
              written("web/index.html", "<!doctype html>") && written("web/app.js", "let a") &&
              written("web/app.js.gz", "packed") && written("web/pages/order.mjs", "order") &&
              written("web/.secret.json", "{}") && written("web/notes.md", "no") &&
              written("web/run.sh", "no") && written("secret.json", "{}") &&
              written("lib/preact.js", "preact") && written("lib/app.js", "other");
    return ok ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    struct fault fault;
    file_remove_tree(folder, &fault);
    response_free(&response);
    arena_free(&arena);
    return 0;
}

static struct files *loaded(bool reload)
{
    struct files_mount mounts[] = {{"/", arena_printf(&arena, "%s/web", folder)},
                                   {"/lib/", arena_printf(&arena, "%s/lib", folder)},
                                   {"/vendor.js", arena_printf(&arena, "%s/lib/preact.js", folder)}};
    struct fault fault;
    struct files *files = files_load(mounts, 3, reload, &fault);
    assert_non_null(files);
    return files;
}

/* The body of the answer, or NULL where there is no such file. */
static const char *got(const struct files *files, const char *path, const char *name, const char *value)
{
    response_reset(&response);
    request = (struct request){.arena = &arena, .method = "GET", .path = path, .query = ""};
    if (name)
        request.headers[request.header_count++] = (struct header){name, value};
    return files_answer(files, &request, &response) ? buffer_text(&response.body) : NULL;
}

static const char *header(const char *name)
{
    for (int i = 0; i < response.header_count; i++)
        if (strcmp(response.headers[i].name, name) == 0)
            return response.headers[i].value;
    return NULL;
}

static void files_are_served(bool reload)
{
    struct files *files = loaded(reload);
    assert_string_equal(got(files, "/app.js", NULL, NULL), "let a");
    assert_string_equal(response.content_type, "text/javascript; charset=utf-8");
    assert_string_equal(header("Cache-Control"), "no-cache");
    assert_string_equal(got(files, "/pages/order.mjs", NULL, NULL), "order");
    assert_string_equal(got(files, "/lib/preact.js", NULL, NULL), "preact");
    assert_string_equal(got(files, "/lib/app.js", NULL, NULL), "other");
    files_free(files);
}

static void kept_files_are_served(void **state)
{
    (void)state;
    files_are_served(false);
}

static void fresh_files_are_served(void **state)
{
    (void)state;
    files_are_served(true);
    struct files *files = loaded(true);
    assert_null(got(files, "/new.css", NULL, NULL));
    assert_true(written("web/new.css", "a{}"));
    assert_string_equal(got(files, "/new.css", NULL, NULL), "a{}");
    assert_true(written("web/new.css", "b{}"));
    assert_string_equal(got(files, "/new.css", NULL, NULL), "b{}");
    files_free(files);
}

static void every_page_is_the_client(void **state)
{
    (void)state;
    struct files *files = loaded(false);
    static const char *const pages[] = {"/", "/login", "/orders/0197", "/apiary", "/pages/"};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        assert_string_equal(got(files, pages[i], NULL, NULL), "<!doctype html>");
        assert_string_equal(response.content_type, "text/html; charset=utf-8");
    }
    files_free(files);
}

static void nothing_else_exists(void **state)
{
    (void)state;
    static const char *const paths[] = {"/api",
                                        "/api/v1/nothing",
                                        "/livez",
                                        "/readyz/x",
                                        "/metrics",
                                        "/bitrix/admin/x",
                                        "/no.js",
                                        "/.secret.json",
                                        "/notes.md",
                                        "/run.sh",
                                        "/app.js.gz",
                                        "/secret.json",
                                        "/../secret.json",
                                        "/lib/no.js",
                                        "/pages/.x.js"};
    for (int reload = 0; reload <= 1; reload++) {
        struct files *files = loaded(reload);
        for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
            if (got(files, paths[i], NULL, NULL))
                fail_msg("%s is served", paths[i]);
        files_free(files);
    }
}

static void a_known_file_is_not_sent_again(void **state)
{
    (void)state;
    struct files *files = loaded(false);
    assert_string_equal(got(files, "/app.js", NULL, NULL), "let a");
    char *etag = arena_strdup(&arena, header("ETag"));
    assert_int_equal(strlen(etag), 34);
    assert_string_equal(got(files, "/app.js", "If-None-Match", etag), "");
    assert_int_equal(response.status, 304);
    assert_string_equal(header("ETag"), etag);
    assert_string_equal(header("Cache-Control"), "no-cache");
    assert_string_equal(got(files, "/lib/app.js", "If-None-Match", etag), "other");
    files_free(files);
}

static void the_packed_form_goes_to_who_takes_it(void **state)
{
    (void)state;
    struct files *files = loaded(false);
    assert_string_equal(got(files, "/app.js", "Accept-Encoding", "br, gzip"), "packed");
    assert_string_equal(header("Content-Encoding"), "gzip");
    assert_string_equal(header("Vary"), "Accept-Encoding");
    char *packed = arena_strdup(&arena, header("ETag"));
    assert_string_equal(got(files, "/app.js", "Accept-Encoding", "gzip;q=0, br"), "let a");
    assert_null(header("Content-Encoding"));
    assert_string_equal(header("Vary"), "Accept-Encoding");
    assert_string_not_equal(header("ETag"), packed);
    assert_string_equal(got(files, "/index.html", "Accept-Encoding", "gzip"), "<!doctype html>");
    assert_null(header("Vary"));
    files_free(files);
}

static void one_file_is_mounted_alone(void **state)
{
    (void)state;
    for (int reload = 0; reload < 2; reload++) {
        struct files *files = loaded(reload);
        assert_string_equal(got(files, "/vendor.js", NULL, NULL), "preact");
        assert_null(got(files, "/vendor.json", NULL, NULL));
        files_free(files);
    }
}

static void a_folder_that_is_missing_stops_the_start(void **state)
{
    (void)state;
    struct files_mount mount = {"/", "/nowhere/at/all"};
    struct fault fault;
    assert_null(files_load(&mount, 1, false, &fault));
    assert_int_equal(fault.code, FAULT_FILE_READ);
    assert_string_equal(params_string(&fault.params, params_find(&fault.params, "path")), "/nowhere/at/all");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_files_are_served),
        cmocka_unit_test(fresh_files_are_served),
        cmocka_unit_test(every_page_is_the_client),
        cmocka_unit_test(nothing_else_exists),
        cmocka_unit_test(a_known_file_is_not_sent_again),
        cmocka_unit_test(the_packed_form_goes_to_who_takes_it),
        cmocka_unit_test(one_file_is_mounted_alone),
        cmocka_unit_test(a_folder_that_is_missing_stops_the_start),
    };
    return cmocka_run_group_tests_name("files", tests, setup, teardown);
}
