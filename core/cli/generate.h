/* Demonstration data: from a small hand-kept seed, the CommerceML packages a typical 1C of that distributor
 * would send. The same seed, size and day give the same bytes on every machine.
 *
 * Threads: any. Errors: FAULT_SEED_*, FAULT_YAML_*, FAULT_FILE_*, FAULT_GENERATE_ITEMS. */
#ifndef KABINET_CLI_GENERATE_H
#define KABINET_CLI_GENERATE_H

#include <stdbool.h>
#include <stdint.h>

struct fault;

#define GENERATE_FILE_COUNT 8

/* The names of the files, in an order in which each refers only to what was loaded before. */
extern const char *const generate_files[GENERATE_FILE_COUNT];

/* Writes all files into <out_folder>, which is made where it is missing. <items>: how many goods, at least as
 * many as the seed describes; 0: as many. <day>: on which the packages were formed; what the seed dates
 * stays. */
bool generate_packages(const char *seed_path, const char *out_folder, int64_t items, int32_t day,
                       struct fault *fault);

#endif
