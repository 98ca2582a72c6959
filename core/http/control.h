/* The console's way into a running server: DIR/control, a file that only the server's own user can read, says
 * where it listens and with which token it may be asked as an admin of any of its distributors.
 *
 * Threads: one at start; control_call anywhere. Errors: FAULT_FILE_*, FAULT_CONTROL_NONE where no server runs
 * on the folder. */
#ifndef KABINET_HTTP_CONTROL_H
#define KABINET_HTTP_CONTROL_H

#include <stdbool.h>

struct arena;
struct buffer;
struct fault;
struct request;

#define CONTROL_ACTOR "console"

/* Which distributor the console asks about. */
#define CONTROL_DISTRIBUTOR "X-Kabinet-Distributor"

/* Writes <folder>/control for a server at <host>:<port> that knows <token>; removes it. */
bool control_write(const char *folder, const char *host, int port, const char *token, struct fault *fault);
void control_remove(const char *folder);

/* Whether the request comes from this machine and carries <token>. */
bool control_permits(const struct request *request, const char *token);

/* One question to the server of <folder>, as an admin of <distributor>; <body> is JSON or NULL. Fills the
 * answer's status and body. */
bool control_call(struct arena *arena, const char *folder, const char *distributor, const char *language,
                  const char *method, const char *path, const char *body, int *status, struct buffer *answer,
                  struct fault *fault);

#endif
