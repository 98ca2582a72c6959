/* Offers: ready ways out for a line that is short, computed and not held. Split: what is there by the day and
 * the rest as it comes; later: all of it by the first day that has it; less: what can be had by the day;
 * substitute: something else in full by the day. At most one of each.
 *
 * An offer's id says what would be asked again, and nobody has to believe it: whoever takes it up is quoted
 * and promised anew, so it needs neither a row nor a signature.
 *
 * Ownership: everything lives in the caller's arena. Threads: plain data. Errors: FAULT_OFFER_MALFORMED; of
 * the store, they stick to the transaction. */
#ifndef KABINET_TRADE_OFFER_H
#define KABINET_TRADE_OFFER_H

#include <stdbool.h>
#include <stdint.h>

#include "trade/item.h"
#include "trade/quote.h"
#include "trade/taking.h"

struct arena;
struct buffer;
struct fault;

enum offer_kind { OFFER_SPLIT = 0, OFFER_LATER, OFFER_LESS, OFFER_SUBSTITUTE, OFFER_KIND_COUNT };

/* As they travel: "split". */
extern const char *const offer_kind_names[OFFER_KIND_COUNT];

/* Dated parts of one line; a dealer who would take more of them can ask for himself. */
#define OFFER_PARTS_MAX 6

struct offer_part {
    int64_t quantity;
    int32_t day; /* desired */
    struct item_price price;
    int64_t amount; /* kopecks, where price.found */
};

struct offer {
    enum offer_kind kind;
    const struct item *item; /* the line's own, or its substitute */
    struct offer_part parts[OFFER_PARTS_MAX];
    int part_count;
};

struct offers {
    struct offer items[OFFER_KIND_COUNT];
    int count;
};

/* What an answered question leaves to the line <index>: the others keep what they were promised. */
struct offer_question {
    const struct taking *taking; /* of the answer; not touched */
    const struct quote *quote;
    const struct taken *takes; /* per line; nothing asked where the line was refused */
    int index;
    bool substitutes; /* whether to look for one */
};

/* Nothing where the line is not short. What the plan's display hides stays hidden: split and less, which say
 * how much there is, are for an exact one alone, and where nothing is told there are no offers. */
void offers_make(const struct offer_question *question, struct offers *offers);

/* --- what goes into substitutes (offer_substitute.c) --- */

/* Lines of one question that get a substitute looked up: each costs a walk through a brand's goods of a
 * group, and a read ends within 100 ms. */
#define OFFER_SUBSTITUTE_LINES_MAX 20

/* Calls <accept> for what may stand in for the item, better kinds first, and within a kind keeps what it says
 * is nearest: 1C's analogues; else goods of the same collection and format; else of the same group, unit and
 * price class (<like_price>: only what is priced within a fifth of it). <accept> says how far off it is, or
 * -1. NULL where nothing was accepted. */
typedef int64_t offer_accept(void *context, const struct item *item, bool like_price);
const struct item *offer_substitute_find(struct store_tx *tx, const struct item *item, offer_accept *accept,
                                         void *context, struct arena *arena);

/* --- ids --- */

/* The longest id: six parts, two GUIDs of 1C with characteristics, a contract. */
#define OFFER_ID_MAX 1500

/* An offer as its id names it, unchecked. Texts borrow the arena. */
struct offer_wish {
    enum offer_kind kind;
    const char *contract;
    const char *method;
    struct quote_ask asked; /* the line that was short */
    struct quote_ask parts[OFFER_PARTS_MAX];
    int64_t amounts[OFFER_PARTS_MAX]; /* kopecks; -1: without a price */
    int part_count;
};

void offer_id_write(const struct quote *quote, int index, const struct offer *offer, struct buffer *out);
bool offer_id_read(const char *id, struct arena *arena, struct offer_wish *wish, struct fault *fault);

#endif
