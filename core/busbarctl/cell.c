/* Values as text for people. */
#include "busbarctl/table.h"

#include <inttypes.h>

#include <busbar/money.h>

#include "base/arena.h"
#include "json/json.h"

#define MINOR "_minor"

static bool is_money(const struct bb_json *v)
{
	return bb_json_get(v, "amount_minor") != NULL;
}

static bool is_nested(const struct bb_json *v)
{
	return v->type == BB_JSON_ARRAY || (v->type == BB_JSON_OBJECT && !is_money(v));
}

/* {"kind": "command", "reason": "rejected", "count": 6} as "command rejected 6". */
static const char *words_of(struct ctl *ctl, const struct bb_json *v)
{
	const char *text = "";
	for (uint32_t i = 0; i < bb_json_count(v); i++) {
		const struct bb_json *member = &v->members[i].value;
		if (is_nested(member))
			return json_text(ctl->arena, v, NULL);
		if (member->type != BB_JSON_NULL)
			text = arena_printf(ctl->arena, "%s%s%s", text, *text ? " " : "",
					    table_cell(ctl, member));
	}
	return text;
}

static const char *list_of(struct ctl *ctl, const struct bb_json *v)
{
	const char *text = "";
	for (uint32_t i = 0; i < bb_json_count(v); i++) {
		const struct bb_json *one = bb_json_at(v, i);
		bool words = one->type == BB_JSON_OBJECT && !is_money(one);
		text = arena_printf(ctl->arena, "%s%s%s", text, i ? ", " : "",
				    words ? words_of(ctl, one) : table_cell(ctl, one));
	}
	return *text ? text : "-";
}

const char *table_cell(struct ctl *ctl, const struct bb_json *v)
{
	if (!v || v->type == BB_JSON_NULL)
		return "-";
	if (v->type == BB_JSON_STRING)
		return v->s;
	if (bb_json_is_integer(v))
		return arena_printf(ctl->arena, "%" PRId64, bb_json_int(v, 0));
	if (is_money(v))
		return bb_money_text(ctl->arena, bb_json_get_int(v, "amount_minor", 0),
				     bb_json_get_str(v, "currency", ""));
	if (v->type == BB_JSON_ARRAY)
		return list_of(ctl, v);
	return json_text(ctl->arena, v, NULL);
}

/* A price of one unit may have a fraction of the minor unit, and is left as it is. */
static bool is_minor(const char *name)
{
	size_t len = strlen(name), n = strlen(MINOR);
	return len > n && !strcmp(name + len - n, MINOR) && strcmp(name, "unit_price_minor") != 0;
}

struct cell cell_of(struct ctl *ctl, const struct bb_json *of, const char *name,
		    const char *currency)
{
	const struct bb_json *v = bb_json_get(of, name);
	struct cell c = {.title = name};
	currency = bb_json_get_str(of, "currency", currency);
	bool money =
	    is_minor(name) && currency && (bb_json_is_integer(v) || bb_json_is(v, BB_JSON_NULL));
	if (money)
		c.title = bb_strndup(ctl->arena, name, strlen(name) - strlen(MINOR));
	if (money && bb_json_is_integer(v))
		c.text = bb_money_text(ctl->arena, bb_json_int(v, 0), currency);
	else
		c.text = table_cell(ctl, v);
	return c;
}
