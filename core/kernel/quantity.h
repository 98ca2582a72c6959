/* Quantities: int64 thousandths of the item's base unit; other units are rationals to it. Every sum is
 * checked. Pure functions; any thread. */
#ifndef KABINET_KERNEL_QUANTITY_H
#define KABINET_KERNEL_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

#define QUANTITY_SCALE 3
#define QUANTITY_ONE   ((int64_t)1000)

/* A thousand million units: no pool, order or feed honestly holds more, and a million of them add up safely.
 */
#define QUANTITY_MAX ((int64_t)1000000000000)

/* A unit of measure: 1 unit = num/den base units, both > 0 (a box of 1.44 m2: 144/100). */
struct unit_ratio {
    int64_t num;
    int64_t den;
};

/* What is the largest multiple of <pack> that is not above <quantity>; both >= 0, pack > 0. */
static inline int64_t quantity_floor(int64_t quantity, int64_t pack)
{
    return quantity - quantity % pack;
}

/* The smallest multiple of <pack> that is not below <quantity>. */
int64_t quantity_ceil(int64_t quantity, int64_t pack);

/* Converts <quantity> thousandths of a unit into base units. False where it does not come out in whole
 * thousandths or passes QUANTITY_MAX; *nearest then holds the next thousandth above (or QUANTITY_MAX). */
bool quantity_convert(int64_t quantity, struct unit_ratio ratio, int64_t *base, int64_t *nearest);

/* The least quantity of a unit, in thousandths, that is a whole number of packs: what is asked in the unit
 * must be a multiple of it. pack > 0, in thousandths of the base unit. 0 where that is above QUANTITY_MAX:
 * the goods cannot be asked in this unit. */
int64_t quantity_step(struct unit_ratio ratio, int64_t pack);

/* Adds with a check; false and no change where the sum leaves +-QUANTITY_MAX. */
bool quantity_add(int64_t *sum, int64_t quantity);

#endif
