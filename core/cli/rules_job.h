/* What the files of the family `kabinet rules` share: which rules, in which form to answer, what is wrong.
 * Ownership: everything lives in the command's arena. Threads: the program's first alone. */
#ifndef KABINET_CLI_RULES_JOB_H
#define KABINET_CLI_RULES_JOB_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/fault.h"
#include "base/json.h"
#include "cli/option.h"
#include "cli/verb.h"

struct rules;

/* A folder with more distributors is no rule folder. */
#define RULES_NAMES_MAX 64

enum rules_format { FORMAT_HUMAN = 0, FORMAT_TAP, FORMAT_JUNIT, FORMAT_JSON, FORMAT_COUNT };

struct rules_job {
    struct cli *cli;
    const struct options *options;
    enum rules_format format;
    const char *folder; /* that holds the folders of rules */
    const char *names[RULES_NAMES_MAX];
    int name_count;
    struct faults faults;
    struct buffer json;
    struct json_out out;
};

/* Fills <cli> and <options>; the rest by the calls below. */
void rules_job_init(struct rules_job *job, struct cli *cli, const struct options *options);
void rules_job_free(struct rules_job *job);

/* Reads --rules and the name of rules, which is the plain argument number <place>. */
bool rules_job_name(struct rules_job *job, int place, struct fault *fault);

/* The plain argument number <place>, or NULL. */
const char *rules_job_argument(const struct rules_job *job, int place);

/* The rules of <name>, or of the only folder there is, built; NULL where they do not hold, with everything
 * said and the exit code in *result. */
struct rules *rules_job_open(struct rules_job *job, int *result);

/* The number of the hook called <name> (policy/workbench.h). */
bool rules_hook_read(const char *name, int *hook, struct fault *fault);

/* The sentence for <key>. Allocates. */
const char *rules_sentence(const struct rules_job *job, const char *key, const struct params *params);

/* Says every fault and returns the exit code they mean, <result> where there is none. */
int rules_faults_say(struct rules_job *job, int result);

/* One fault, to stderr or as an object of the JSON. */
void rules_fault_print(struct rules_job *job, const struct fault *fault);
void rules_fault_json(struct rules_job *job, const char *key, const struct fault *fault);

/* Prints <text> with <indent> before each of its lines. */
void rules_lines_print(const char *indent, const char *text);

/* The subcommands, one file each; they return an exit code. Of those that read, the JSON's outer object is
 * open.
 */
int rules_check(struct rules_job *job);
int rules_test_verb(struct rules_job *job);
int rules_run(struct rules_job *job);
int rules_explain(struct rules_job *job);
int rules_trace(struct rules_job *job);
int rules_bench(struct rules_job *job);
int rules_replay(struct rules_job *job);
int rules_diff(struct rules_job *job);
int rules_api(struct rules_job *job);
int rules_new(struct rules_job *job);

#endif
