/* Lists of ids. Any thread; nothing is allocated. */
#ifndef KABINET_BASE_IDS_H
#define KABINET_BASE_IDS_H

#include <stdint.h>

/* The order of two int64_t, for qsort and bsearch. */
int ids_compare(const void *a, const void *b);

/* Puts <count> ids in ascending order, each once. Returns how many are left. */
int32_t ids_settle(int64_t *ids, int32_t count);

#endif
