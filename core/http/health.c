#include "http/health.h"

#include <assert.h>

#include "base/json.h"
#include "http/request.h"

struct check {
    const char *name;
    bool (*ready)(void *context);
    void *context;
};

struct warner {
    bool (*warns)(void *context, struct fault *fault);
    void *context;
};

static struct {
    struct check checks[HEALTH_CHECKS_MAX];
    int count;
    struct warner warners[HEALTH_CHECKS_MAX];
    int warner_count;
} state;

void health_watch(const char *name, bool (*ready)(void *context), void *context)
{
    assert(state.count < HEALTH_CHECKS_MAX);
    state.checks[state.count++] = (struct check){name, ready, context};
}

void health_warn(bool (*warns)(void *context, struct fault *fault), void *context)
{
    assert(state.warner_count < HEALTH_CHECKS_MAX);
    state.warners[state.warner_count++] = (struct warner){warns, context};
}

void health_forget(void)
{
    state.count = 0;
    state.warner_count = 0;
}

static void warnings_write(const struct request *request, struct json_out *out)
{
    struct phrase_style style = {request->language, 0};
    struct fault fault;
    json_out_array_begin(out, "warnings");
    for (int i = 0; i < state.warner_count; i++) {
        if (!state.warners[i].warns(state.warners[i].context, &fault))
            continue;
        struct buffer text;
        buffer_init(&text);
        phrase_fault(request->phrases, style, &fault, &text);
        json_out_object_begin(out, NULL);
        json_out_text(out, "code", fault_code_text(fault.code));
        json_out_text(out, "text", buffer_text(&text));
        json_out_object_end(out);
        buffer_free(&text);
    }
    json_out_array_end(out);
}

void health_live(struct request *request, struct response *response)
{
    (void)request;
    response->content_type = "text/plain; charset=utf-8";
    buffer_add_text(&response->body, "ok\n");
}

void health_ready(struct request *request, struct response *response)
{
    bool answers[HEALTH_CHECKS_MAX];
    bool all = true;
    for (int i = 0; i < state.count; i++) {
        answers[i] = state.checks[i].ready(state.checks[i].context);
        all = all && answers[i];
    }
    struct json_out out;
    response_json(response, all ? 200 : 503, &out);
    json_out_object_begin(&out, NULL);
    json_out_bool(&out, "ready", all);
    json_out_object_begin(&out, "checks");
    for (int i = 0; i < state.count; i++)
        json_out_bool(&out, state.checks[i].name, answers[i]);
    json_out_object_end(&out);
    warnings_write(request, &out);
    json_out_object_end(&out);
}
