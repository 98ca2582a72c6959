#include "http/health.h"

#include <assert.h>

#include "base/json.h"
#include "http/request.h"

struct check {
    const char *name;
    bool (*ready)(void *context);
    void *context;
};

static struct {
    struct check checks[HEALTH_CHECKS_MAX];
    int count;
} state;

void health_watch(const char *name, bool (*ready)(void *context), void *context)
{
    assert(state.count < HEALTH_CHECKS_MAX);
    state.checks[state.count++] = (struct check){name, ready, context};
}

void health_forget(void)
{
    state.count = 0;
}

void health_live(struct request *request, struct response *response)
{
    (void)request;
    response->content_type = "text/plain; charset=utf-8";
    buffer_add_text(&response->body, "ok\n");
}

void health_ready(struct request *request, struct response *response)
{
    (void)request;
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
    json_out_object_end(&out);
}
