/* Shared by the tests of the configuration: files in a folder of the test's own, and what is said of them.
 * The test defines WORK, that folder. */
#ifndef KABINET_TESTS_CONFIG_FIXTURE_H
#define KABINET_TESTS_CONFIG_FIXTURE_H

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/phrase.h"
#include "policy/config.h"
#include "policy/diagnostic.h"

#define FILES  WORK "/files"
#define FILE_X FILES "/x.yaml"
/* Where files in FILES look for calendars. */
#define CALENDARS WORK "/calendars"

/* The least of a distributor's file. */
#define HEAD "title: Т\nhosts: [localhost]\n"

struct world {
    struct phrases phrases;
    struct arena arena;
    struct faults faults;
    struct buffer text; /* diagnostics */
};

static struct world world;

static inline int group_setup(void **state)
{
    struct fault fault;
    (void)state;
    struct buffer text;
    buffer_init(&text);
    bool ok = phrases_load(&world.phrases, "web/i18n", &fault) && file_make_folder(FILES, &fault) &&
              file_make_folder(CALENDARS, &fault) &&
              file_read("config/calendars/ru.yaml", 100000, &text, &fault) &&
              file_write(CALENDARS "/ru.yaml", buffer_text(&text), text.length, 0640, &fault);
    buffer_free(&text);
    return ok ? 0 : -1;
}

static inline int group_teardown(void **state)
{
    struct fault fault;
    (void)state;
    phrases_free(&world.phrases);
    return file_remove_tree(WORK, &fault) ? 0 : -1;
}

static inline int setup(void **state)
{
    (void)state;
    arena_init(&world.arena);
    faults_init(&world.faults);
    buffer_init(&world.text);
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    buffer_free(&world.text);
    faults_free(&world.faults);
    arena_free(&world.arena);
    return 0;
}

static inline void file_put(const char *path, const char *bytes, size_t length)
{
    /* A new file each time: some file systems write one that is cut to nothing to the disk at once. */
    remove(path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static inline const char *diagnostics(enum language language)
{
    buffer_clear(&world.text);
    diagnostic_write(&world.phrases, (struct phrase_style){language, 20544}, &world.faults, &world.text);
    return buffer_text(&world.text);
}

static inline struct config *load(const char *yaml)
{
    file_put(FILE_X, yaml, strlen(yaml));
    faults_free(&world.faults);
    return config_load(&world.arena, FILE_X, "x", &world.faults);
}

/* What an admin reads about a distributor's file. */
static inline const char *told(const char *yaml)
{
    struct config *config = load(yaml);
    if (config)
        config_close(config);
    assert_true(config ? world.faults.count == 0 : world.faults.count > 0);
    return diagnostics(LANGUAGE_RU);
}

static inline const char *told_process(const char *yaml)
{
    file_put(FILE_X, yaml, strlen(yaml));
    faults_free(&world.faults);
    struct config_process *config = config_process_load(&world.arena, FILE_X, &world.faults);
    assert_true(config ? world.faults.count == 0 : world.faults.count > 0);
    return diagnostics(LANGUAGE_RU);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
