/* Each rule that tests/data/ocpp16_fields.tsv has for a message, broken alone: the validator names
 * it by code and path, and takes what breaks none. The cases are made by
 * tests/scenarios/support/negatives.lua, from the table only. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "fixture.h"

enum column {
	MESSAGE,
	CODE, /* "-": it is right */
	PATH,
	COUNT,
	PAYLOAD,
	WHAT,
	COLUMNS,
};

#define MAX_FAULTS 16

static void split(char *line, char *ret[COLUMNS])
{
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < COLUMNS; i++) {
		ret[i] = strsep(&line, "\t");
		cr_assert_not_null(ret[i], "a row has %d columns", i);
	}
}

static void expect_fault(char *const row[COLUMNS], const struct schema_fault *faults, size_t count)
{
	const char *code = schema_kind_code(faults[0].kind);
	cr_expect_str_eq(code, row[CODE], "%s is %s: %s", row[WHAT], code, row[PAYLOAD]);
	cr_expect_str_eq(faults[0].path, row[PATH], "%s is told of %s: %s", row[WHAT],
			 faults[0].path, row[PAYLOAD]);
	cr_expect(*faults[0].rule, "%s", row[WHAT]);
	cr_expect_eq(count, strtoul(row[COUNT], NULL, 10), "%s has %zu faults: %s", row[WHAT],
		     count, row[PAYLOAD]);
}

/* True if it is one of those that must be refused. */
static bool expect_row(const struct schema_set *set, char *const row[COLUMNS])
{
	struct bb_arena *arena = arena_new(0);
	struct schema_fault faults[MAX_FAULTS];
	size_t count = 0;
	char name[64];
	snprintf(name, sizeof name, "ocpp1.6/%s", row[MESSAGE]);
	const struct schema *s = schema_find(set, name);
	cr_assert_not_null(s, "%s", name);
	bool right = !strcmp(row[CODE], "-");
	bool valid = schema_validate(s, fixture_value(arena, row[PAYLOAD]), arena, faults,
				     MAX_FAULTS, &count);
	cr_expect_eq(valid, right, "%s %s: %s", row[MESSAGE], row[WHAT], row[PAYLOAD]);
	if (!valid && !right)
		expect_fault(row, faults, count);
	arena_free(arena);
	return !right;
}

Test(negatives, every_rule_of_every_message_is_kept_and_no_other)
{
	struct schema_set *set = NULL;
	char *error = NULL, *line = NULL, *row[COLUMNS];
	size_t size = 0, wrong = 0, right = 0, messages = 0;
	cr_assert_eq(schema_load(BUSBAR_ROOT "/schemas", &set, &error), 0, "%s", error);
	FILE *cases =
	    popen(BUSBAR_BUILD "/bin/busbar-sim --quiet --url ws://127.0.0.1:1 " BUSBAR_ROOT
			       "/tests/unit/schema/negatives.lua",
		  "r");
	cr_assert_not_null(cases);
	char last[64] = "";
	while (getline(&line, &size, cases) > 0) {
		split(line, row);
		messages += strcmp(last, row[MESSAGE]) != 0;
		snprintf(last, sizeof last, "%s", row[MESSAGE]);
		if (expect_row(set, row))
			wrong++;
		else
			right++;
	}
	cr_assert_eq(pclose(cases), 0);
	printf("%zu messages: %zu payloads that break one rule, %zu that break none\n", messages,
	       wrong, right);
	cr_expect_eq(messages, 78);
	cr_expect_gt(wrong, 2000);
	free(line);
	schema_free(set);
}
