/* Faults as people read them, in the one form all files share:
 *
 *     config/distributors/novus.yaml:14:3: ошибка C0003: нет ключа «adress»
 *       14 │   adress: 127.0.0.1
 *          │   ^^^^^^
 *       подсказка: возможно, «address»?
 *
 * Code and params give the sentence "fault.CODE" and, where the catalogues have it, the hint "hint.CODE". The
 * line is read from the file the fault names; where that cannot be done the sentence and the hint stand
 * alone.
 *
 * Threads: any. Errors: none. Control characters of file and params are not passed on to a terminal. */
#ifndef KABINET_POLICY_DIAGNOSTIC_H
#define KABINET_POLICY_DIAGNOSTIC_H

#include "base/phrase.h"

struct buffer;
struct faults;

/* Appends all faults in their order, each ended by a newline, and a last line with how many more there were.
 */
void diagnostic_write(const struct phrases *phrases, struct phrase_style style, const struct faults *faults,
                      struct buffer *buffer);

#endif
