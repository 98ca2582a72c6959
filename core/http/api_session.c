/* Logging in and out, and who one is. */
#include <stdio.h>
#include <string.h>

#include "http/api.h"
#include "http/inside.h"
#include "http/visit.h"
#include "trade/catalogue.h"
#include "trade/dictionary.h"
#include "trade/login.h"
#include "trade/terms.h"

static void permissions_write(struct json_out *out, const struct visit *visit)
{
    static const char *const relations[] = {"none", "own", "cabinet", "assigned", "any"};
    const struct access_matrix *matrix = rules_access(visit->snapshot->rules);
    json_out_object_begin(out, "permissions");
    for (int action = 0; action < ACTION_COUNT; action++)
        json_out_text(out, action_names[action],
                      relations[actor_relation(&visit->actor, matrix, (enum action)action)]);
    json_out_object_end(out);
}

static void dealer_write(struct json_out *out, const struct terms *terms)
{
    const struct dealer *dealer = terms->dealer;
    if (!dealer) {
        json_out_null(out, "dealer");
        return;
    }
    int32_t region = dictionary_region_find(terms->dictionary, dealer->region_guid);
    json_out_object_begin(out, "dealer");
    json_out_text(out, "id", dealer->guid);
    json_out_text(out, "name", dealer->name);
    json_out_text(out, "region", region < 0 ? NULL : terms->dictionary->regions[region].name);
    json_out_text(out, "manager", dealer->manager_name[0] ? dealer->manager_name : NULL);
    json_out_object_end(out);
}

static void contracts_write(struct json_out *out, const struct terms *terms)
{
    json_out_array_begin(out, "contracts");
    for (int i = 0; terms->dealer && i < terms->dealer->contract_count; i++) {
        const struct contract *contract = &terms->dealer->contracts[i];
        json_out_object_begin(out, NULL);
        json_out_text(out, "id", contract->guid);
        json_out_text(out, "number", contract->number);
        json_out_text(out, "name", contract->name);
        json_out_text(out, "legal_entity", contract->entity_name);
        json_out_text(out, "inn", contract->inn);
        json_out_text(out, "currency", contract->currency);
        json_out_array_begin(out, "columns");
        for (int c = 0; c < contract->column_count; c++)
            json_out_text(out, NULL, terms->dictionary->columns[contract->columns[c]].name);
        json_out_array_end(out);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

/* What the distributor's own people should do something about. */
static void warnings_write(const struct request *request, struct json_out *out, int32_t today)
{
    const struct visit *visit = visit_of(request);
    struct fault fault;
    json_out_array_begin(out, "warnings");
    if (!visit->actor.dealer_id && config_warning(visit->config, today, &fault))
        api_fault(request, out, NULL, &fault);
    json_out_array_end(out);
}

static void me_write(const struct request *request, struct json_out *out, const struct terms *terms)
{
    const struct visit *visit = visit_of(request);
    const struct actor *actor = &visit->actor;
    json_out_object_begin(out, NULL);
    json_out_object_begin(out, "user");
    json_out_text(out, "id", actor->uuid);
    json_out_text(out, "login", actor->login);
    json_out_text(out, "name", actor->name);
    json_out_text(out, "role", role_names[actor->role]);
    json_out_text(out, "language", language_text(actor->language));
    json_out_object_end(out);
    dealer_write(out, terms);
    contracts_write(out, terms);
    json_out_text(out, "contract", terms->contract ? terms->contract->guid : NULL);
    permissions_write(out, visit);
    json_out_day(out, "today", terms->today);
    json_out_day(out, "earliest_date",
                 catalogue_first_day(terms, visit->config, config_order_day(visit->config, request->now_ms)));
    json_out_array_begin(out, "methods");
    for (int i = 0; i < visit->config->method_count; i++) {
        const struct config_method *method = &visit->config->methods[i];
        json_out_object_begin(out, NULL);
        json_out_text(out, "name", method->name);
        /* In every language, so that a page which changes its own need not ask again who is there. */
        json_out_object_begin(out, "titles");
        json_out_text(out, "ru", method->title_ru);
        json_out_text(out, "en", method->title_en);
        json_out_object_end(out);
        json_out_integer(out, "transit_days", method->transit_days);
        json_out_object_end(out);
    }
    json_out_array_end(out);
    /* 0: nobody may hold. */
    json_out_integer(out, "hold_minutes",
                     visit->config->holds.per_dealer > 0 ? visit->config->holds.minutes : 0);
    json_out_text(out, "title", visit->config->title);
    warnings_write(request, out, terms->today);
    json_out_object_end(out);
}

void api_me_get(struct request *request, struct response *response)
{
    struct json_out out;
    const struct terms *terms = visit_terms(request, response, NULL);
    if (!terms)
        return;
    response_json(response, 200, &out);
    me_write(request, &out, terms);
}

static void cookie_set(struct request *request, struct response *response, const char *token, bool clear)
{
    const struct config *config = visit_of(request)->config;
    response_header(response, "Set-Cookie",
                    arena_printf(request->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
                                 visit_cookie_name(config), token, visit_secure(config) ? "; Secure" : "",
                                 clear ? "; Max-Age=0" : ""));
}

void api_session_create(struct request *request, struct response *response)
{
    static const struct api_field fields[] = {{"login", 200}, {"password", 200}};
    struct visit *visit = visit_of(request);
    struct json_doc doc;
    struct json_in root;
    struct fault fault;
    char *token = arena_alloc(request->arena, TOKEN_TEXT_SIZE);
    if (!api_body(request, &doc, &root, &fault)) {
        response_fault(request, response, &fault);
        return;
    }
    bool ok = api_fields(root, fields, 2, "", &fault);
    const char *login = api_text(request, root, "login");
    const char *password = api_text(request, root, "password");
    if (ok && (!login || !password)) {
        fault_set(&fault, FAULT_FIELD_MISSING);
        params_add_text(&fault.params, "field", login ? "password" : "login");
        ok = false;
    }
    json_doc_free(&doc);
    ok = ok && login_open(visit->distributor, login, password, request->remote, token, &fault) &&
         login_find(visit->distributor, visit->config, token, request->arena, &visit->actor, &fault);
    if (!ok) {
        response_fault(request, response, &fault);
        return;
    }
    visit->known = true;
    if (!request_header(request, "Accept-Language"))
        request->language = visit->actor.language;
    cookie_set(request, response, token, false);
    api_me_get(request, response);
}

void api_session_delete(struct request *request, struct response *response)
{
    struct visit *visit = visit_of(request);
    login_close(visit->distributor, visit->token);
    cookie_set(request, response, "", true);
    response->status = 204;
}

void api_portal_get(struct request *request, struct response *response)
{
    const struct visit *visit = visit_of(request);
    struct json_out out;
    response_json(response, 200, &out);
    json_out_object_begin(&out, NULL);
    json_out_text(&out, "title", visit->config->title);
    json_out_day(&out, "today", visit_style(request).today);
    json_out_bool(&out, "insecure", visit->config->insecure_http);
    json_out_array_begin(&out, "logins");
    for (const struct portal_login *login = visit->config->demo_logins ? visit->portal->demo_logins : NULL;
         login && login->login; login++) {
        json_out_object_begin(&out, NULL);
        json_out_text(&out, "login", login->login);
        json_out_text(&out, "password", login->password);
        json_out_text(&out, "role", login->role);
        json_out_text(&out, "dealer", login->dealer);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    json_out_object_end(&out);
}

void api_openapi_get(struct request *request, struct response *response)
{
    const struct visit *visit = visit_of(request);
    response->content_type = "application/json; charset=utf-8";
    buffer_add_text(&response->body, visit->portal->openapi);
}
