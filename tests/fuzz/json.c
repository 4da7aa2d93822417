/* Whatever the parser takes, it takes again as the writer wrote it, and it is the same. */
#include "json/json.h"
#include "base/arena.h"
#include "fuzz.h"

static void check_value(const struct bb_json *v, unsigned depth)
{
	FUZZ_CHECK(v->type <= BB_JSON_OBJECT);
	FUZZ_CHECK(depth <= JSON_MAX_DEPTH);
	if (v->type == BB_JSON_STRING)
		FUZZ_CHECK(strlen(v->s) == v->len);
	if (v->type == BB_JSON_ARRAY)
		for (uint32_t i = 0; i < v->len; i++)
			check_value(bb_json_at(v, i), depth + 1);
	if (v->type == BB_JSON_OBJECT)
		for (uint32_t i = 0; i < v->len; i++) {
			const struct bb_member *m = &v->members[i];
			FUZZ_CHECK(strlen(m->key) == m->key_len);
			FUZZ_CHECK(m->hash == bb_json_hash(m->key, m->key_len));
			FUZZ_CHECK(bb_json_get(v, m->key) == &m->value);
			check_value(&m->value, depth + 1);
		}
}

static void check_round_trip(struct bb_arena *arena, const struct bb_json *v)
{
	size_t len;
	const char *text = json_text(arena, v, &len);
	const struct bb_json *again;
	FUZZ_CHECK(json_parse(arena, text, len, &again, NULL) == 0);
	FUZZ_CHECK(json_equal(v, again) && json_equal(again, v));
	FUZZ_CHECK(strcmp(json_text(arena, again, NULL), text) == 0);
	FUZZ_CHECK(strcmp(json_text(arena, json_copy(arena, v), NULL), text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bb_arena *arena = arena_new(0);
	const struct bb_json *v = NULL;
	struct json_fault fault = {0};
	int err = json_parse(arena, (const char *)data, size, &v, &fault);
	FUZZ_CHECK((err == 0) == (v != NULL));
	FUZZ_CHECK((err == 0) == (fault.reason == NULL));
	if (!err) {
		check_value(v, 0);
		check_round_trip(arena, v);
	}
	arena_free(arena);
	return 0;
}
