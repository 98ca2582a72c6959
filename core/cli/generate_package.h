/* One CommerceML file in the making, as the typical exchange of 1C writes it (version 2.07, UTF-8 with BOM, a
 * line an element): what is common to all of them. Written piece by piece, in constant memory, beside its
 * place; it takes the place of an older file only when it is whole.
 *
 * Ownership: package_begin and package_end pair. Threads: one at a time. Errors: FAULT_FILE_WRITE, from
 * package_end also for what failed before. */
#ifndef KABINET_CLI_GENERATE_PACKAGE_H
#define KABINET_CLI_GENERATE_PACKAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buffer.h"
#include "exchange/xml.h"

struct fault;
struct goods;
struct goods_list;
struct seed;

#define PACKAGE_PATH_SIZE 4096

/* What boxes, pallets and pieces are called among the units of goods, and all money. */
#define PACKAGE_BOX_NAME    "кор"
#define PACKAGE_PALLET_NAME "пал"
#define PACKAGE_PIECE_CODE  "796"
#define PACKAGE_CURRENCY    "RUB"

/* The first three are the caller's to set, before package_begin. */
struct package {
    const struct goods_list *list;
    const struct seed *seed;
    int64_t goods_count;
    FILE *file;
    int error; /* of errno; 0: none */
    struct buffer buffer;
    struct xml_out xml;
    char path[PACKAGE_PATH_SIZE];
    char fresh[PACKAGE_PATH_SIZE];
};

/* Starts <folder>/<name> with the root element, formed on <day>. On failure there is nothing to end. */
bool package_begin(struct package *package, const char *folder, const char *name, int32_t day,
                   struct fault *fault);
bool package_end(struct package *package, struct fault *fault);

/* Lets memory go: called after each record of a list that may be long. */
void package_flush(struct package *package);

/* An element with the GUID of the <kind> called <key> in the seed. */
void package_guid(struct package *package, const char *element, const char *kind, const char *key);

/* The head of a list: its element, and whether it is complete, which all of them are. Ended by xml_out_end.
 */
void package_list_begin(struct package *package, const char *element);

/* Ид and Наименование of classifier or catalogue, and its owner. */
void package_classifier_head(struct package *package);
void package_owner(struct package *package);

void package_unit(struct package *package, const struct goods *goods);

/* The files generate_packages writes: generate_import.c, generate_offers.c, generate_dealers.c. Each gets a
 * begun package and writes all below the root. */
void package_import_write(struct package *package);
void package_offers_write(struct package *package);
void package_supply_write(struct package *package);
void package_regions_write(struct package *package);
void package_entities_write(struct package *package);
void package_agreements_write(struct package *package);
void package_contracts_write(struct package *package);
void package_restrictions_write(struct package *package);

#endif
