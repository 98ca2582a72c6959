#include "base/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/json.h"

static struct {
    enum log_level least;
    const struct clock *clock;
} state = {LOG_INFO, NULL};

void log_setup(enum log_level least, const struct clock *clock)
{
    state.least = least;
    state.clock = clock;
}

void log_write(enum log_level level, const char *message, const struct log_field *fields)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if (level < state.least)
        return;
    struct buffer buffer;
    struct json_out out;
    buffer_init(&buffer);
    json_out_init(&out, &buffer);
    json_out_object_begin(&out, NULL);
    if (state.clock) {
        char stamp[CLOCK_TEXT_SIZE];
        clock_format_utc(clock_now_ms(state.clock), stamp);
        json_out_text(&out, "ts", stamp);
    }
    json_out_text(&out, "level", names[level]);
    json_out_text(&out, "msg", message);
    for (; fields->name; fields++) {
        if (fields->text)
            json_out_text(&out, fields->name, fields->text);
        else
            json_out_integer(&out, fields->name, fields->number);
    }
    json_out_object_end(&out);
    buffer_add_char(&buffer, '\n');
    ssize_t written = write(STDERR_FILENO, buffer.data, buffer.length);
    (void)written; /* There is nowhere to report a log that cannot be written. */
    buffer_free(&buffer);
}
