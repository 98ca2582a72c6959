/* The admin's room: which configuration and rules run, taking up changed ones, and going back. The console
 * (http/control.h) calls the same. */
#include <stdlib.h>
#include <string.h>

#include "http/api.h"
#include "http/inside.h"
#include "http/visit.h"
#include "policy/diagnostic.h"
#include "trade/generation.h"

/* --- refusals --- */

static void problem_write(const struct request *request, struct json_out *out, const struct fault *fault)
{
    struct buffer text;
    buffer_init(&text);
    phrase_fault(request->phrases, visit_style(request), fault, &text);
    json_out_object_begin(out, NULL);
    json_out_text(out, "code", fault_code_text(fault->code));
    json_out_text(out, "text", buffer_text(&text));
    json_out_text(out, "file", fault->file[0] ? fault->file : NULL);
    json_out_integer(out, "line", fault->line);
    json_out_integer(out, "column", fault->column);
    json_out_object_end(out);
    buffer_free(&text);
}

/* What is wrong with the files, each thing with its place, and all of it as a person reads it. */
static void files_refuse(struct request *request, struct response *response, const struct faults *faults)
{
    struct buffer text;
    struct json_out out;
    struct fault fault;
    buffer_init(&text);
    diagnostic_write(request->phrases, visit_style(request), faults, &text);
    fault_set(&fault, FAULT_RELOAD_REFUSED);
    params_add_number(&fault.params, "count", PARAM_COUNT, faults->count + faults->dropped);
    struct buffer problems;
    buffer_init(&problems);
    json_out_init(&out, &problems);
    json_out_object_begin(&out, NULL);
    json_out_text(&out, "text", buffer_text(&text));
    json_out_array_begin(&out, "list");
    for (int i = 0; i < faults->count; i++)
        problem_write(request, &out, &faults->items[i]);
    json_out_array_end(&out);
    json_out_object_end(&out);
    response_fault_with(request, response, &fault, "problems", buffer_text(&problems));
    buffer_free(&problems);
    buffer_free(&text);
}

static void refuse(struct request *request, struct response *response, const struct faults *faults)
{
    const struct fault *first = &faults->items[0];
    bool is_state = first->code == FAULT_RELOAD_UNDERWAY || first->code == FAULT_REVISION_CHANGED ||
                    first->code == FAULT_REVISION_GONE;
    if (is_state)
        response_fault(request, response, first);
    else
        files_refuse(request, response, faults);
}

/* --- changing --- */

static void outcome_write(struct response *response, const struct generation_outcome *outcome, bool dry)
{
    struct json_out out;
    response_json(response, 200, &out);
    json_out_object_begin(&out, NULL);
    json_out_integer(&out, "revision", outcome->revision);
    json_out_integer(&out, "generation", (int64_t)outcome->generation);
    json_out_bool(&out, "published", outcome->change_count > 0 && !dry);
    json_out_integer(&out, "tests", outcome->tests);
    json_out_bool(&out, "restart", outcome->restart);
    json_out_array_begin(&out, "changes");
    for (int i = 0; i < outcome->change_count; i++) {
        json_out_object_begin(&out, NULL);
        json_out_text(&out, "file", outcome->changes[i].file);
        json_out_integer(&out, "added", outcome->changes[i].added);
        json_out_integer(&out, "removed", outcome->changes[i].removed);
        json_out_text(&out, "diff", outcome->changes[i].difference);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    json_out_object_end(&out);
}

/* The revision an If-Match names: 0 where it names none, -1 where it is none of ours. */
static int64_t revision_matched(const struct request *request)
{
    const char *match = request_header(request, "If-Match");
    if (!match || strcmp(match, "*") == 0)
        return 0;
    int64_t revision = match[0] == '"' ? strtoll(match + 1, NULL, 10) : -1;
    return revision > 0 ? revision : -1;
}

struct wished {
    const char *why;
    bool dry;
    int64_t revision; /* to go back to */
};

static bool wish_read(struct request *request, bool back, struct wished *wished, struct fault *fault)
{
    static const struct api_field fields[] = {{"why", GENERATION_WHY_BYTES}, {"dry_run", 0}, {"revision", 0}};
    struct json_doc doc;
    struct json_in root;
    if (!api_body(request, &doc, &root, fault))
        return false;
    /* Where to go back to is said to rollback alone. */
    bool ok = api_fields(root, fields, back ? 3 : 2, "", fault);
    const char *why = api_text(request, root, "why");
    *wished = (struct wished){why ? why : "", json_in_bool_or(json_in_get(root, "dry_run"), false),
                              json_in_integer_or(json_in_get(root, "revision"), 0)};
    if (ok && back && wished->revision <= 0) {
        fault_set(fault, FAULT_FIELD_MISSING);
        params_add_text(&fault->params, "field", "revision");
        fault_pointer(fault, "/revision");
        ok = false;
    }
    json_doc_free(&doc);
    return ok;
}

static void change(struct request *request, struct response *response, bool back)
{
    struct visit *visit = visit_of(request);
    struct wished wished;
    struct fault fault;
    struct faults faults;
    struct generation_outcome outcome;
    if (!wish_read(request, back, &wished, &fault)) {
        response_fault(request, response, &fault);
        return;
    }
    struct portal_hosts hosts = {visit->portal, visit->distributor};
    struct generation_wish wish = {.actor = visit->actor.login,
                                   .why = wished.why,
                                   .revision = revision_matched(request),
                                   .dry = wished.dry,
                                   .accept = portal_hosts_free,
                                   .context = &hosts};
    faults_init(&faults);
    bool ok = back ? generation_rollback(visit->distributor, &wish, wished.revision, request->arena, &outcome,
                                         &faults)
                   : generation_reload(visit->distributor, &wish, request->arena, &outcome, &faults);
    if (ok)
        outcome_write(response, &outcome, wished.dry);
    else
        refuse(request, response, &faults);
    faults_free(&faults);
}

void api_policy_reload(struct request *request, struct response *response)
{
    change(request, response, false);
}

void api_policy_rollback(struct request *request, struct response *response)
{
    change(request, response, true);
}

/* --- looking --- */

void api_revision_list(struct request *request, struct response *response)
{
    const struct visit *visit = visit_of(request);
    const struct generation_revision *revisions;
    struct fault fault;
    struct json_out out;
    int count;
    if (!generation_list(visit->distributor, request->arena, &revisions, &count, &fault)) {
        response_fault(request, response, &fault);
        return;
    }
    response_header(response, "ETag",
                    arena_printf(request->arena, "\"%lld\"", (long long)visit->snapshot->revision));
    response_json(response, 200, &out);
    json_out_object_begin(&out, NULL);
    json_out_integer(&out, "revision", visit->snapshot->revision);
    json_out_integer(&out, "generation", (int64_t)visit->snapshot->generation);
    json_out_array_begin(&out, "revisions");
    for (int i = 0; i < count; i++) {
        const struct generation_revision *revision = &revisions[i];
        json_out_object_begin(&out, NULL);
        json_out_integer(&out, "id", revision->id);
        api_time(&out, "at", revision->at_ms);
        json_out_text(&out, "actor", revision->actor);
        json_out_text(&out, "why", revision->why);
        json_out_text(&out, "kind", revision->kind);
        json_out_text(&out, "hash", revision->hash);
        json_out_integer(&out, "tests", revision->tests);
        json_out_bool(&out, "kept", revision->kept);
        json_out_raw(&out, "changes", revision->changes);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    json_out_object_end(&out);
}
