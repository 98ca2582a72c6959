/* Money: int64 minor units (kopecks); prices: int64 1/10000 of the currency unit. A line is rounded once,
 * half up. Every sum is checked. Pure functions; any thread. */
#ifndef KABINET_KERNEL_MONEY_H
#define KABINET_KERNEL_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#define MONEY_SCALE 2
#define PRICE_SCALE 4

/* Ten million million roubles: above any account, and a thousand of them add up safely. */
#define MONEY_MAX ((int64_t)1000000000000000)

/* A price as 1C keeps it: so much for one unit that holds num/den base units (PROTOCOL 9, Коэффициент). */
struct price {
    int64_t amount; /* 1/10000 of the currency unit, >= 0 */
    int64_t num;    /* > 0 */
    int64_t den;    /* > 0 */
};

/* price x quantity / coefficient, rounded half up to the minor unit once, with a 128-bit intermediate. False
 * where the result passes MONEY_MAX. <quantity> >= 0 thousandths of the base unit. */
bool money_line(struct price price, int64_t quantity, int64_t *amount);

/* VAT rates are 1/100 of a percent; these two mark what is no rate. */
#define VAT_NONE    -1 /* «Без НДС»: not subject to it, which is not 0 % */
#define VAT_UNKNOWN -2 /* 1C said nothing */

/* The VAT in <amount> (included) or on top of it, rounded half up; 0 for VAT_NONE. <amount> >= 0. */
int64_t money_vat(int64_t amount, int rate, bool included);

/* Adds with a check; false and no change where the sum leaves +-MONEY_MAX. */
bool money_add(int64_t *sum, int64_t amount);

#endif
