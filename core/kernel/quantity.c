#include "kernel/quantity.h"

#include <assert.h>

int64_t quantity_ceil(int64_t quantity, int64_t pack)
{
    assert(quantity >= 0 && pack > 0);
    int64_t floor = quantity_floor(quantity, pack);
    return floor == quantity ? floor : floor + pack;
}

bool quantity_convert(int64_t quantity, struct unit_ratio ratio, int64_t *base, int64_t *nearest)
{
    assert(quantity >= 0 && ratio.num > 0 && ratio.den > 0);
    __int128 product = (__int128)quantity * ratio.num;
    __int128 up = (product + ratio.den - 1) / ratio.den;
    bool fits = up <= QUANTITY_MAX;
    *nearest = fits ? (int64_t)up : QUANTITY_MAX;
    if (!fits || product % ratio.den != 0)
        return false;
    *base = *nearest;
    return true;
}

/* u units are u num / den base units; that is k packs where u = k pack den / num, which is whole first where
 * k is num over what it shares with pack den. */
int64_t quantity_step(struct unit_ratio ratio, int64_t pack)
{
    assert(pack > 0 && ratio.num > 0 && ratio.den > 0);
    __int128 packs = (__int128)pack * ratio.den;
    __int128 a = packs, b = ratio.num;
    while (b != 0) {
        __int128 rest = a % b;
        a = b;
        b = rest;
    }
    __int128 step = packs / a;
    return step <= QUANTITY_MAX ? (int64_t)step : 0;
}

bool quantity_add(int64_t *sum, int64_t quantity)
{
    int64_t result;
    if (__builtin_add_overflow(*sum, quantity, &result) || result > QUANTITY_MAX || result < -QUANTITY_MAX)
        return false;
    *sum = result;
    return true;
}
