/* The table of routes and the contract that describes it say the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/yaml.h"
#include "http/api.h"

static struct arena arena;
static struct yaml_node *paths;

static int setup(void **state)
{
    (void)state;
    struct faults faults;
    struct fault fault;
    struct buffer text;
    arena_init(&arena);
    faults_init(&faults);
    buffer_init(&text);
    if (!file_read("web/openapi.yaml", (size_t)1 << 20, &text, &fault))
        return -1;
    struct yaml_node *root = yaml_read(&arena, "web/openapi.yaml", buffer_text(&text), text.length, &faults);
    paths = root ? yaml_get(root, "paths") : NULL;
    buffer_free(&text);
    faults_free(&faults);
    return paths ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* The operation the contract has for a route; NULL where it has none. */
static const struct yaml_node *operation_of(const struct route *route)
{
    char method[16];
    size_t length = strlen(route->method);
    assert_true(length < sizeof method);
    for (size_t i = 0; i <= length; i++)
        method[i] = (char)(route->method[i] >= 'A' && route->method[i] <= 'Z' ? route->method[i] + 32
                                                                              : route->method[i]);
    const struct yaml_node *path = yaml_get(paths, route->path + strlen("/api/v1"));
    return path ? yaml_get(path, method) : NULL;
}

static void every_route_is_in_the_contract(void **state)
{
    (void)state;
    for (size_t i = 0; i < api_route_count; i++) {
        const struct route *route = &api_routes[i];
        if (!route->operation)
            continue;
        const struct yaml_node *operation = operation_of(route);
        if (!operation)
            fail_msg("the contract lacks %s %s", route->method, route->path);
        const struct yaml_node *id = yaml_get(operation, "operationId");
        if (!id || strcmp(id->text, route->operation) != 0)
            fail_msg("%s %s has another operationId in the contract", route->method, route->path);
    }
}

static void every_operation_of_the_contract_is_a_route(void **state)
{
    (void)state;
    for (const struct yaml_node *path = paths->first; path; path = path->next) {
        for (const struct yaml_node *method = path->first; method; method = method->next) {
            const struct yaml_node *id = yaml_get(method, "operationId");
            bool found = false;
            for (size_t i = 0; i < api_route_count && !found; i++)
                found = api_routes[i].operation && id && strcmp(api_routes[i].operation, id->text) == 0;
            if (!found)
                fail_msg("no route for %s %s", method->key, path->key);
        }
    }
}

static void every_route_declares_who_may_call_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < api_route_count; i++) {
        const struct route *route = &api_routes[i];
        if (route->roles == 0)
            fail_msg("%s %s declares no roles", route->method, route->path);
        if ((route->body == ROUTE_BODY_NONE) != (route->body_max == 0))
            fail_msg("%s %s declares a body and its limit apart", route->method, route->path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_in_the_contract),
        cmocka_unit_test(every_operation_of_the_contract_is_a_route),
        cmocka_unit_test(every_route_declares_who_may_call_it),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
