/* Where in a CommerceML file which element means what: the one table of what Kabinet reads.
 * Read-only; any thread. */
#ifndef KABINET_EXCHANGE_ROUTE_H
#define KABINET_EXCHANGE_ROUTE_H

#include "base/fault.h"
#include "exchange/element.h"
#include "exchange/reader.h"

/* Where the reading is: what the innermost open element is to Kabinet. */
enum place {
    PLACE_FILE = 0,
    PLACE_ROOT,
    PLACE_CLASSIFIER,
    PLACE_CATALOGUE,
    PLACE_PACKAGE,
    PLACE_GROUPS,
    PLACE_GROUP,
    PLACE_PROPERTIES,
    PLACE_UNITS,
    PLACE_PRICE_TYPES,
    PLACE_WAREHOUSES,
    PLACE_GOODS,
    PLACE_OFFERS,
    PLACE_LEGAL_ENTITIES,
    PLACE_REGIONS,
    PLACE_AGREEMENTS,
    PLACE_CONTRACTS,
    PLACE_RECEIPTS,
    PLACE_RESTRICTIONS,
    PLACE_RESERVES,
    PLACE_DOCUMENTS,
    PLACE_TREE,   /* in a record, or in a child of a head */
    PLACE_PASSED, /* in what Kabinet does not keep */
};

enum reader_role {
    ROUTE_ROOT = 1,
    ROUTE_CONTAINER, /* has a head, given away before its first record, and an end */
    ROUTE_GROUP,     /* is a record, and holds records of its kind */
    ROUTE_LIST,      /* holds records */
    ROUTE_RECORD,
    ROUTE_PASS, /* known, and not kept */
};

struct reader_route {
    enum place from;
    enum element_name name;
    enum reader_role role;
    enum place to;
    enum record_kind record; /* what it gives away; 0: nothing */
    enum file_kind file;     /* what it makes the file, if nothing did before; 0: nothing */
};

/* NULL where the element means nothing at that place. */
const struct reader_route *reader_route_find(enum place from, enum element_name name);

/* Why a file with this element below its root is not taken; FAULT_NONE where that is no reason. */
enum fault_code reader_route_refusal(enum element_name name);

/* Whether a record counts in file_facts.records. */
bool reader_route_counts(enum record_kind kind);

#endif
