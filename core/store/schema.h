/* The schema, as versions in order. A database is brought to the newest at start; a newer one is refused.
 * Templates: {I64} is the engine's 64-bit integer, {STRICT} ends a table, {CLUSTERED} one that is kept in
 * the order of its primary key. */
#ifndef KABINET_STORE_SCHEMA_H
#define KABINET_STORE_SCHEMA_H

#include <stddef.h>

/* schema_versions[v] holds the statements that lead from version v to v + 1, ended by NULL. */
extern const char *const *const schema_versions[];
extern const int schema_version_count;

#endif
