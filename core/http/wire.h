/* Whether civetweb's parser has shown a request's head as it came. It silently drops every header behind one
 * it cannot read (a folded line, a name with a strange byte, a 65th header), and a dropped Content-Length
 * makes the body run as the next request. It parses in place, though: each string it shows ends where its
 * line ended, so a head it left nothing out of is a run without gaps from the method to the empty line.
 *
 * Threads: one request, one thread. */
#ifndef KABINET_HTTP_WIRE_H
#define KABINET_HTTP_WIRE_H

#include <stdbool.h>

#include <civetweb.h>

/* The room civetweb has for a head, and for what of the body came with it. */
#define WIRE_HEAD_MAX 16384

/* True where nothing is missing, every line ended with CR LF and no blank stood before a colon. *start is the
 * lowest address a request of this thread began at, that is, the start of its buffer, which never moves; NULL
 * at first.
 *
 * What cannot be seen: blanks before the very first request of a thread, and any two blanks in place of the
 * CR LF behind the request line. No header is lost to either. */
bool wire_whole(const struct mg_request_info *info, const char **start);

#endif
