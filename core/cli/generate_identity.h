/* Identities of generated data, functions of names alone: the same seed gives the same GUIDs, barcodes and
 * choices on every machine. Pure functions; any thread. */
#ifndef KABINET_CLI_GENERATE_IDENTITY_H
#define KABINET_CLI_GENERATE_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#define IDENTITY_GUID_SIZE    37
#define IDENTITY_BARCODE_SIZE 14

/* The GUID that <owner> gave to the <kind> called <name>, shaped as the random ones 1C makes. */
void identity_guid(const char *owner, const char *kind, const char *name, char guid[IDENTITY_GUID_SIZE]);

/* A number below <bound> > 0 that looks drawn, for the <purpose> about <name>. */
int64_t identity_pick(const char *purpose, const char *name, int64_t bound);

/* EAN-13 of the range kept for internal use (200-299); 0 <= <number> < 10^10. */
void identity_barcode(int64_t number, char barcode[IDENTITY_BARCODE_SIZE]);

/* Whether <text> is an ИНН, of 10 digits or a person's of 12, with right check digits. */
bool identity_inn_valid(const char *text);

#endif
