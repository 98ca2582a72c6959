#include "base/ids.h"

#include <stdlib.h>

int ids_compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

int32_t ids_settle(int64_t *ids, int32_t count)
{
    int32_t kept = 0;
    if (count > 1)
        qsort(ids, (size_t)count, sizeof *ids, ids_compare);
    for (int32_t i = 0; i < count; i++)
        if (kept == 0 || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    return kept;
}
