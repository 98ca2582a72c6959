/* Every path of the API. A test holds this table against web/openapi.yaml, another calls each row in every
 * role. */
#include "http/api.h"
#include "http/health.h"

/* A question of 500 lines fits many times over; a login needs a line. */
#define BODY_SMALL ((size_t)4 << 10)
#define BODY_ORDER ((size_t)512 << 10)

const struct route api_routes[] = {
    {"POST", "/api/v1/session", "session_create", ROUTE_ANYONE, ACTION_COUNT, ROUTE_BODY_JSON, BODY_SMALL,
     api_session_create},
    {"DELETE", "/api/v1/session", "session_delete", ROUTE_USERS, ACTION_COUNT, ROUTE_BODY_NONE, 0,
     api_session_delete},
    {"GET", "/api/v1/me", "me_get", ROUTE_USERS, ACTION_COUNT, ROUTE_BODY_NONE, 0, api_me_get},
    {"GET", "/api/v1/portal", "portal_get", ROUTE_ANYONE, ACTION_COUNT, ROUTE_BODY_NONE, 0, api_portal_get},
    {"GET", "/api/v1/groups", "group_list", ROUTE_USERS, ACTION_CATALOGUE_VIEW, ROUTE_BODY_NONE, 0,
     api_group_list},
    {"GET", "/api/v1/items", "item_list", ROUTE_USERS, ACTION_CATALOGUE_VIEW, ROUTE_BODY_NONE, 0,
     api_item_list},
    {"GET", "/api/v1/items/{id}", "item_get", ROUTE_USERS, ACTION_CATALOGUE_VIEW, ROUTE_BODY_NONE, 0,
     api_item_get},
    {"GET", "/api/v1/items/{id}/availability", "item_availability", ROUTE_USERS, ACTION_CATALOGUE_VIEW,
     ROUTE_BODY_NONE, 0, api_item_availability},
    {"POST", "/api/v1/promise", "promise_ask", ROUTE_DEALER, ACTION_CATALOGUE_VIEW, ROUTE_BODY_JSON,
     BODY_ORDER, api_promise_ask},
    {"GET", "/api/v1/orders", "order_list", ROUTE_USERS, ACTION_ORDER_VIEW, ROUTE_BODY_NONE, 0,
     api_order_list},
    {"POST", "/api/v1/orders", "order_create", ROUTE_DEALER, ACTION_ORDER_CREATE, ROUTE_BODY_JSON, BODY_ORDER,
     api_order_create},
    {"GET", "/api/v1/orders/{id}", "order_get", ROUTE_USERS, ACTION_ORDER_VIEW, ROUTE_BODY_NONE, 0,
     api_order_get},
    {"PATCH", "/api/v1/orders/{id}", "order_change", ROUTE_USERS, ACTION_ORDER_CHANGE, ROUTE_BODY_JSON,
     BODY_ORDER, api_order_change},
    {"POST", "/api/v1/orders/{id}/cancel", "order_cancel", ROUTE_USERS, ACTION_ORDER_CANCEL, ROUTE_BODY_JSON,
     BODY_SMALL, api_order_cancel},
    {"GET", "/api/v1/holds", "hold_list", ROUTE_DEALER, ACTION_ORDER_VIEW, ROUTE_BODY_NONE, 0, api_hold_list},
    {"POST", "/api/v1/holds", "hold_create", ROUTE_DEALER, ACTION_ORDER_CREATE, ROUTE_BODY_JSON, BODY_SMALL,
     api_hold_create},
    {"DELETE", "/api/v1/holds/{id}", "hold_release", ROUTE_DEALER, ACTION_ORDER_CANCEL, ROUTE_BODY_NONE, 0,
     api_hold_release},
    {"POST", "/api/v1/replan/preview", "replan_preview", ROUTE_STAFF, ACTION_ORDER_VIEW, ROUTE_BODY_JSON,
     BODY_ORDER, api_replan_preview},
    {"GET", "/api/v1/changes", "change_list", ROUTE_USERS, ACTION_ORDER_VIEW, ROUTE_BODY_NONE, 0,
     api_change_list},
    {"GET", "/api/v1/admin/revisions", "revision_list", ROUTE_ROLE(ROLE_ADMIN), ACTION_COUNT, ROUTE_BODY_NONE,
     0, api_revision_list},
    {"POST", "/api/v1/admin/reload", "policy_reload", ROUTE_ROLE(ROLE_ADMIN), ACTION_COUNT, ROUTE_BODY_JSON,
     BODY_SMALL, api_policy_reload},
    {"POST", "/api/v1/admin/rollback", "policy_rollback", ROUTE_ROLE(ROLE_ADMIN), ACTION_COUNT,
     ROUTE_BODY_JSON, BODY_SMALL, api_policy_rollback},
    {"GET", "/api/v1/openapi.json", "openapi_get", ROUTE_ANYONE, ACTION_COUNT, ROUTE_BODY_NONE, 0,
     api_openapi_get},
    {"GET", "/livez", NULL, ROUTE_BARE, ACTION_COUNT, ROUTE_BODY_NONE, 0, health_live},
    {"GET", "/readyz", NULL, ROUTE_BARE, ACTION_COUNT, ROUTE_BODY_NONE, 0, health_ready},
};

const size_t api_route_count = sizeof api_routes / sizeof api_routes[0];
