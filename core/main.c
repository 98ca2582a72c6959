/* Kabinet: one program, many verbs. See cli/verb.h. */
#include "cli/verb.h"

int main(int count, char **arguments)
{
    return verb_run(count, arguments);
}
