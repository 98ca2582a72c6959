/* The log: one JSON object a line on stderr. No secrets, no bodies of requests.
 * Any thread; a line is written whole by one write. Errors: what stderr does not take is lost. */
#ifndef KABINET_BASE_LOG_H
#define KABINET_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

struct clock;

enum log_level { LOG_DEBUG = 0, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Fields are built by these macros: log_line(LOG_INFO, "listening", LOG_TEXT("address", a),
 * LOG_NUMBER("port", p)). */
struct log_field {
    const char *name; /* NULL ends the list */
    const char *text; /* NULL: the number counts */
    int64_t number;
};
#define LOG_TEXT(name, value)   ((struct log_field){(name), (value) ? (value) : "", 0})
#define LOG_NUMBER(name, value) ((struct log_field){(name), NULL, (value)})
/* The empty field in front lets the list be empty; cppcheck cannot read __VA_OPT__. */
#define log_line(level, message, ...)                                                                        \
    log_write((level), (message), (const struct log_field[]){{0}, ##__VA_ARGS__, {0}} + 1)

/* Sets what is written at all (default LOG_INFO) and the clock that stamps it (default: none, no time is
 * written). Call before other threads start. */
void log_setup(enum log_level least, const struct clock *clock);

void log_write(enum log_level level, const char *message, const struct log_field *fields);

#endif
