/* With busbar.check_answers, an answer that is not as described does not leave. */
#include "busbard/answers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "json/json.h"

static const char *fault_of(bool check, const char *schema, const char *text)
{
	char *error = NULL;
	static char fault[256];
	struct schema_set *schemas = NULL;
	cr_assert_eq(schema_load(BUSBAR_ROOT "/schemas", &schemas, &error), 0, "%s", error);
	const struct bb_route route = {.method = "GET", .path = "/x", .answer = schema};
	struct http_front front = {.schemas = schemas, .check_answers = check};
	struct exchange x = {.front = &front, .route = &route, .out = arena_new(0)};
	const struct bb_json *answer;
	struct json_fault unread;
	cr_assert_eq(json_parse(x.out, text, strlen(text), &answer, &unread), 0);
	const char *found = answer_fault_of(&x, answer);
	if (found)
		snprintf(fault, sizeof fault, "%s", found);
	arena_free(x.out);
	schema_free(schemas);
	return found ? fault : NULL;
}

#define HEALTH "{\"status\": \"ok\", \"storage\": \"ok\", \"connections\": 1"

Test(answers, one_as_described_leaves)
{
	cr_expect_null(fault_of(true, "rest/health", HEALTH ", \"version\": \"1\"}"));
}

Test(answers, one_that_lacks_what_is_always_there_does_not)
{
	cr_expect_str_eq(fault_of(true, "rest/health", HEALTH "}"),
			 "the answer breaks its schema, rest/health: version is missing");
}

Test(answers, one_that_has_what_is_not_described_does_not)
{
	cr_expect_not_null(fault_of(true, "rest/health", HEALTH ", \"version\": \"1\", \"x\": 1}"));
}

Test(answers, nobody_looks_unless_asked_to)
{
	cr_expect_null(fault_of(false, "rest/health", HEALTH "}"));
}

Test(answers, what_has_a_media_type_in_the_place_of_a_schema_is_anything)
{
	cr_expect_null(fault_of(true, "text/html", "{}"));
	cr_expect_null(fault_of(true, NULL, "{}"));
}
