/* What a demand keeps of its promise when its order is changed. */
#include "trade/pool.h"

/* What a demand may keep of its promise. */
struct keeping {
    int64_t left; /* at most, from here on */
    int32_t day;
    bool late_stays;
    int64_t kept;
};

static int64_t keep_some(struct keeping *keeping, int64_t quantity)
{
    int64_t some = quantity < keeping->left ? quantity : keeping->left;
    keeping->left -= some;
    keeping->kept += some;
    return some;
}

/* Keeps of the demand's firm quantities, and then of its lines, those that are <late> or those that are not;
 * what is not kept goes to 0. What was early enough is for the new day now. */
static void rows_keep(struct promise_pool *k, int32_t demand, bool late, struct keeping *keeping)
{
    bool stays = !late || keeping->late_stays;
    for (int32_t i = 0; i < k->firm_count; i++) {
        struct promise_firm *firm = &k->firms[i];
        if (firm->demand != demand || (firm->day > keeping->day) != late)
            continue;
        int64_t some = stays ? keep_some(keeping, firm->quantity) : 0;
        k->supplies[firm->supply].firm -= firm->quantity - some;
        k->demands[demand].firm -= firm->quantity - some;
        firm->quantity = some;
    }
    for (int32_t i = 0; i < k->line_count; i++)
        if (k->lines[i].demand == demand && (k->lines[i].day > keeping->day) == late)
            k->lines[i].quantity = stays ? keep_some(keeping, k->lines[i].quantity) : 0;
}

/* Moves what was early enough to the new day, joins what then is one row, and drops what is empty. */
static void rows_settle(struct promise_pool *k, int32_t demand, int32_t day)
{
    int32_t firms = 0, lines = 0;
    for (int32_t i = 0; i < k->firm_count; i++) {
        struct promise_firm firm = k->firms[i];
        struct promise_firm *last = firms > 0 ? &k->firms[firms - 1] : NULL;
        if (firm.demand == demand && firm.day < day)
            firm.day = day;
        bool joins = last && firm.demand == demand && last->demand == demand && last->supply == firm.supply &&
                     last->suspended == firm.suspended && last->day == firm.day;
        if (joins)
            last->quantity += firm.quantity;
        else if (firm.quantity > 0)
            k->firms[firms++] = firm;
    }
    k->firm_count = firms;
    for (int32_t i = 0; i < k->line_count; i++) {
        if (k->lines[i].demand == demand && k->lines[i].day < day)
            k->lines[i].day = day;
        if (k->lines[i].quantity > 0)
            k->lines[lines++] = k->lines[i]; /* the kernel joins lines of one day when it orders them */
    }
    k->line_count = lines;
}

int64_t pool_keep_demand(struct pool *pool, int32_t index, int64_t most, int32_t day, bool late_stays)
{
    struct promise_pool *k = &pool->kernel;
    struct promise_demand *demand = &k->demands[index];
    struct keeping keeping = {.left = most, .day = day, .late_stays = late_stays};
    rows_keep(k, index, false, &keeping);
    rows_keep(k, index, true, &keeping);
    rows_settle(k, index, day);
    if (keeping.kept == 0)
        return 0;
    demand->confirmed = demand->shipped + demand->cancelled + keeping.kept;
    demand->shortage = 0;
    demand->wanted_day = day;
    return keeping.kept;
}
