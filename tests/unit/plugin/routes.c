#include <criterion/criterion.h>

#include "stage.h"

static void setup(void)
{
	static const char *const names[] = {"beta", "alpha", NULL};
	stage_setup();
	cr_assert_eq(stage_load(NULL, names), 0, "%s", stage.error);
}

TestSuite(routes, .init = setup, .fini = stage_teardown);

/* "GET /api/things/{id} id=7 [beta alpha]", or what other methods there are, or "-". */
static const char *found(const char *method, const char *path)
{
	static char text[256];
	const char *const *params = NULL;
	const struct bb_route *route = NULL;
	const char *allowed = NULL;
	const struct chain *c =
	    host_route(stage.host, stage.arena, method, path, &params, &route, &allowed);
	if (!c)
		return allowed ? allowed : "-";
	size_t len = (size_t)snprintf(text, sizeof text, "%s %s", route ? route->method : "-",
				      route ? route->path : "-");
	if (allowed)
		len += (size_t)snprintf(text + len, sizeof text - len, " (%s)", allowed);
	for (; params && *params; params += 2)
		len +=
		    (size_t)snprintf(text + len, sizeof text - len, " %s=%s", params[0], params[1]);
	for (size_t i = 0; i < c->count; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, " %s(%d)",
					c->handlers[i].plugin->name, c->handlers[i].phase);
	return text;
}

static const struct request {
	const char *method, *path, *found;
} requests[] = {
    {"GET", "/", "GET / alpha(0)"},
    {"GET", "", "GET / alpha(0)"},
    {"GET", "/api/things", "GET /api/things beta(-1) alpha(0)"},
    {"HEAD", "/api/things", "GET /api/things beta(-1) alpha(0)"},
    {"GET", "/api/things/7", "GET /api/things/{id} id=7 beta(-1) alpha(0)"},
    {"GET", "/api/things/a b", "GET /api/things/{id} id=a b beta(-1) alpha(0)"},
    {"PUT", "/api/things/7", "PUT /api/things/{id} id=7 beta(-1) alpha(0) beta(1)"},
    {"GET", "/api/things/new", "GET /api/things/new beta(-1) alpha(0)"},
    /* The literal knows no PUT, the parameter does. */
    {"PUT", "/api/things/new", "PUT /api/things/{id} id=new beta(-1) alpha(0) beta(1)"},
    {"GET", "/api/things/7/parts/x",
     "GET /api/{kind}/{id}/parts/{part} kind=things id=7 part=x beta(-1) alpha(0)"},
    {"GET", "/api/other/7/parts/x",
     "GET /api/{kind}/{id}/parts/{part} kind=other id=7 part=x beta(-1) alpha(0)"},
    {"DELETE", "/api/things", "- - (GET, HEAD) beta(-1)"},
    {"POST", "/api/things/7", "- - (PUT, GET, HEAD) beta(-1)"},
    {"POST", "/", "GET, HEAD"},
    {"GET", "/nothing", "-"},
    {"GET", "/api", "-"},
    {"GET", "//api/things", "-"},
    /* A guard runs for an unknown path, too. */
    {"GET", "/api/unknown", "- - beta(-1)"},
    {"GET", "/api/things/", "- - beta(-1)"},
    {"GET", "/api/things/7/parts", "- - beta(-1)"},
};

Test(routes, leads_each_request_to_its_owner_through_its_guards)
{
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		const struct request *r = &requests[i];
		cr_expect_str_eq(found(r->method, r->path), r->found, "%s %s", r->method, r->path);
	}
}

Test(routes, survives_a_path_of_very_many_parts)
{
	char path[4096] = "";
	while (strlen(path) < sizeof path - 8)
		strcat(path, "/a");
	cr_assert_str_eq(found("GET", path), "-");
}

Test(routes, are_listed_once_each)
{
	struct bb_route_info info;
	uint32_t n = 0;
	uint32_t others = 0;
	while (host_route_at(stage.host, n + others, &info)) {
		bool storage = !strncmp(info.plugin, "storage_", strlen("storage_"));
		cr_expect(storage || !strcmp(info.plugin, "alpha"), "%s", info.plugin);
		*(storage ? &others : &n) += 1;
	}
	cr_assert_eq(n, 6);
	cr_assert_eq(others, 1, "an engine's own backup");
	cr_assert_not(host_route_at(stage.host, n + others + 1, &info));
}

Test(routes, an_action_without_an_owner_is_nobodys)
{
	cr_assert_not_null(host_action(stage.host, "ocpp1.6", "Ping"));
	cr_assert_null(host_action(stage.host, "ocpp1.6", "Unowned"));
	cr_assert_null(host_action(stage.host, "ocpp2.0.1", "Ping"));
	cr_assert_null(host_action(stage.host, "ocpp1.6", "Nothing"));
}
