/* Query parameters that stand for a part of the path. */
#include "busbard/places.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "busbard/stage.h"

#include "base/arena.h"

/* "a/b /tokens/a/b", what the first parameter is and the path, or the fault. */
static const char *placed(const char *path, const char *part, const char *const *query)
{
	static char text[256];
	struct net_request r = {.http = {.method = "PUT"}, .query = query};
	struct exchange x = {.request = &r, .arena = arena_new(0), .http = {.path = path}};
	const char *const params[] = {"id_tag", part, NULL};
	const char *fault = places_fault(&x, params);
	const char *const *filled = places_fill(&x, params);
	cr_expect_str_eq(filled[0], "id_tag");
	cr_expect_null(filled[2]);
	snprintf(text, sizeof text, "%s %s", fault ? fault : filled[1], x.http.path);
	arena_free(x.arena);
	return text;
}

Test(places, a_part_of_a_path_in_braces_stands_for_a_query_parameter)
{
	static const char *const id[] = {"limit", "5", "id", "../a/b", NULL};
	static const char *const empty[] = {"id", "", NULL};
	static const char *const twice[] = {"id", "a", "id", "b", NULL};
	static const char *const own[] = {"id", "{id}", NULL};
	cr_expect_str_eq(placed("/t/{id}", "{id}", id), "../a/b /t/../a/b");
	cr_expect_str_eq(placed("/t/{id}/x", "{id}", id), "../a/b /t/../a/b/x");
	cr_expect_str_eq(placed("/{id}s/{id}", "{id}", id), "../a/b /{id}s/../a/b");
	cr_expect_str_eq(placed("/t/{id}", "{id}", own), "{id} /t/{id}");
	/* Ids of their own. */
	cr_expect_str_eq(placed("/t/{id}", "{id}", NULL), "{id} /t/{id}");
	cr_expect_str_eq(placed("/t/{ix}", "{ix}", id), "{ix} /t/{ix}");
	cr_expect_str_eq(placed("/t/{}", "{}", id), "{} /t/{}");
	cr_expect_str_eq(placed("/t/{id", "{id", id), "{id /t/{id");
	cr_expect_str_eq(placed("/t/id", "id", id), "id /t/id");
	cr_expect(strstr(placed("/t/{id}", "{id}", empty), "not empty"));
	cr_expect(strstr(placed("/t/{id}", "{id}", twice), "comes once"));
	const char *const params[] = {"id_tag", "{id}", NULL};
	cr_expect(places_have(params, "id"));
	cr_expect_not(places_have(params, "id_tag"));
	cr_expect_not(places_have(params, "i"));
	cr_expect_not(places_have(NULL, "id"));
}
