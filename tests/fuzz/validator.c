/* Any JSON against every schema that is shipped: each verdict has its reasons, and the first of
 * them is the same whether one is asked for or many. */
#include "base/arena.h"
#include "fuzz.h"
#include "schema/schema.h"
#include "json/json.h"

#define MANY 16

static struct schema_set *set;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	char *error;
	if (schema_load(BUSBAR_ROOT "/schemas", &set, &error) == 0)
		return 0;
	fprintf(stderr, "%s\n", error);
	abort();
}

static void check_faults(const struct schema_fault *faults, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		FUZZ_CHECK(faults[i].kind <= SCHEMA_FORMATION);
		FUZZ_CHECK(*schema_kind_code(faults[i].kind));
		FUZZ_CHECK(faults[i].path);
		FUZZ_CHECK(*faults[i].rule);
	}
}

static void check_schema(const struct schema *s, const struct bb_json *v, struct bb_arena *arena)
{
	struct schema_fault first, many[MANY];
	size_t one, count;
	bool valid = schema_validate(s, v, arena, &first, 1, &one);
	FUZZ_CHECK(one == (valid ? 0 : 1));
	FUZZ_CHECK(schema_validate(s, v, arena, many, MANY, &count) == valid);
	FUZZ_CHECK((count == 0) == valid && count <= MANY);
	check_faults(many, count);
	if (valid)
		return;
	FUZZ_CHECK(first.kind == many[0].kind);
	FUZZ_CHECK(strcmp(first.path, many[0].path) == 0);
	FUZZ_CHECK(strcmp(first.rule, many[0].rule) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bb_arena *arena = arena_new(0);
	const struct bb_json *v;
	if (json_parse(arena, (const char *)data, size, &v, NULL) == 0) {
		const struct schema *s;
		for (size_t i = 0; (s = schema_at(set, i)); i++)
			check_schema(s, v, arena);
	}
	arena_free(arena);
	return 0;
}
