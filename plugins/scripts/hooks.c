/* An operator's script in the chains of hooks. Its function of the hook's name answers. */
#include "scripts.h"

#define ADMIT_MS 1000u
#define NORMALIZE_MS 1000u
#define REPAIR "scripts.normalize"

static const struct {
	const char *name;
	uint32_t bit;
} names[] = {
    {"admit", H_ADMIT},         {"authorize", H_AUTHORIZE},
    {"boot", H_BOOT},           {"stop", H_STOP},
    {"normalize", H_NORMALIZE}, {"price", H_PRICE},
    {"schedule", H_SCHEDULE},   {"notify", H_NOTIFY},
    {"tick", H_TICK},           {"data_transfer", H_DATA_TRANSFER},
};
#define NAMES (sizeof names / sizeof *names)

static uint32_t bit_of(const char *name)
{
	for (size_t i = 0; i < NAMES; i++)
		if (!strcmp(names[i].name, name))
			return names[i].bit;
	return 0;
}

uint32_t hooks_of(const struct bb_json *functions)
{
	uint32_t bits = 0;
	for (uint32_t i = 0; i < bb_json_count(functions); i++)
		bits |= bit_of(bb_json_str(bb_json_at(functions, i), ""));
	return bits;
}

const struct bb_json *hooks_named(struct bb_arena *a, const struct bb_json *functions)
{
	uint32_t bits = hooks_of(functions);
	struct bb_builder b = bb_build(a);
	for (size_t i = 0; i < NAMES; i++)
		if (bits & names[i].bit)
			bb_push(&b, bb_json_make_str(names[i].name));
	return bb_build_array(&b);
}

static const char *operator_of(const struct bb_json *question)
{
	return bb_json_get_str(question, "operator_id", "default");
}

/* What an answer to `price` says of its origin, whatever the script itself says: by which set it
 * can be given once more, and that it is no tariff's. */
static const struct bb_json *origin_of_price(struct bb_arena *a, const struct active *set)
{
	struct bb_builder b = bb_build(a);
	bb_put_int(&b, "script_activation", set->number);
	bb_put_json(&b, "tariff_id", NULL);
	bb_put_json(&b, "tariff_version", NULL);
	bb_put_json(&b, "parts", NULL);
	return bb_build_object(&b);
}

static int answer(struct scripts *p, struct bb_call *call, const char *hook)
{
	if (!p->loaded) {
		p->api->fail(call, "NotReady", "scripts are still being loaded");
		return BB_DONE;
	}
	const struct bb_json *q = p->api->payload(call);
	uint32_t bit = bit_of(hook);
	const struct active *a = book_find(p, operator_of(q), bit);
	if (!a)
		return BB_PASS;
	return p->api->script_answer_with(p->me, call, &a->script, hook, q,
					  bit == H_PRICE ? origin_of_price(p->api->arena(call), a)
							 : NULL);
}

#define ANSWERS(hook)                                   \
	int on_##hook(struct bb_call *call, void *self) \
	{                                               \
		return answer(self, call, #hook);       \
	}
ANSWERS(authorize)
ANSWERS(boot)
ANSWERS(price)
ANSWERS(stop)
ANSWERS(tick)
ANSWERS(data_transfer)
ANSWERS(notify)
ANSWERS(schedule)
