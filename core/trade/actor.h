/* Who acts: a user as his session names him. Plain data, borrowed texts. */
#ifndef KABINET_TRADE_ACTOR_H
#define KABINET_TRADE_ACTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/phrase.h"
#include "policy/rules.h"
#include "store/store.h"

struct actor {
    int64_t user_id;
    const char *uuid;
    const char *login;
    const char *name;
    enum role role;
    int64_t dealer_id;          /* 0: the distributor's own people */
    int64_t preferred_contract; /* the one he ordered under last; 0: none */
    enum language language;
    const char *request; /* the id of the request he makes; NULL: none */
};

/* What an actor's statements may touch: his dealer's rows and what all may see; staff see every dealer, one
 * at a time (tx_as_dealer). */
static inline struct store_rights actor_rights(const struct actor *actor)
{
    unsigned common = SCOPE_BIT(SCOPE_SHARED) | SCOPE_BIT(SCOPE_POOL);
    if (actor->dealer_id)
        return (struct store_rights){common | SCOPE_BIT(SCOPE_DEALER), actor->dealer_id};
    return (struct store_rights){common | SCOPE_BIT(SCOPE_STAFF) | SCOPE_BIT(SCOPE_DEALER), 0};
}

/* On whose things the access rule lets him do <action>. */
static inline enum relation actor_relation(const struct actor *actor, const struct access_matrix *matrix,
                                           enum action action)
{
    return (enum relation)matrix->relation[actor->role][action];
}

#endif
