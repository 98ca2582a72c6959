/* 1C's script paths over HTTP: the adapter between a request and exchange/protocol. */
#ifndef KABINET_HTTP_EXCHANGE_H
#define KABINET_HTTP_EXCHANGE_H

#include <stddef.h>

struct route;

/* Each path answers GET and POST. */
#define EXCHANGE_METHODS 2

/* Adds the rows of one script path, unless the table has them already; the table has room. Returns the new
 * count. <path> is kept. */
size_t exchange_routes_add(struct route *routes, size_t count, const char *path);

#endif
