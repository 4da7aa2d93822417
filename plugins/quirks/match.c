#include "match.h"

#include <ctype.h>

static bool same(char a, char b)
{
	return a == '?' || tolower((unsigned char)a) == tolower((unsigned char)b);
}

bool match_glob(const char *pattern, const char *text)
{
	const char *star = NULL, *retry = NULL;
	text = text ? text : "";
	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			retry = text;
		} else if (*pattern && same(*pattern, *text)) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

static bool fits(const struct rule *r, const struct bb_json *known)
{
	const struct {
		const char *pattern, *member;
	} parts[] = {{r->vendor, "vendor"}, {r->model, "model"}, {r->firmware, "firmware_version"}};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i].pattern &&
		    !match_glob(parts[i].pattern, bb_json_get_str(known, parts[i].member, NULL)))
			return false;
	return true;
}

struct matching {
	struct bb_builder rules, quirks;
	const char *validation; /* NULL while nobody has said it */
	bool by_rules;          /* the charger has no names of its own */
	bool over;
};

static void add_quirk(struct matching *m, const struct bb_json *name)
{
	for (uint32_t i = 0; i < m->quirks.count; i++)
		if (!strcmp(m->quirks.slots[i].value.s, name->s))
			return;
	bb_push(&m->quirks, *name);
}

static void add_quirks(struct matching *m, const struct bb_json *names)
{
	for (uint32_t i = 0; i < bb_json_count(names); i++)
		if (bb_json_is(&names->items[i], BB_JSON_STRING))
			add_quirk(m, &names->items[i]);
}

static void try_rules(struct matching *m, const struct bb_json *known, const struct rule *rules,
		      uint32_t count)
{
	for (uint32_t i = 0; i < count && !m->over; i++) {
		const struct rule *r = &rules[i];
		if (!fits(r, known))
			continue;
		bb_push(&m->rules, bb_json_make_str(r->name));
		if (!m->validation)
			m->validation = r->validation;
		if (m->by_rules)
			add_quirks(m, r->quirks);
		m->over = r->final;
	}
}

const struct bb_json *match_answer(struct bb_arena *a, const struct bb_json *known,
				   const struct rule *own, uint32_t own_count,
				   const struct rule *bundled, uint32_t bundled_count)
{
	const struct bb_json *names = bb_json_get(known, "quirks");
	struct matching m = {
	    .rules = bb_build(a),
	    .quirks = bb_build(a),
	    .validation = bb_json_get_str(known, "validation", NULL),
	    .by_rules = !bb_json_is(names, BB_JSON_ARRAY),
	};
	add_quirks(&m, names);
	try_rules(&m, known, own, own_count);
	try_rules(&m, known, bundled, bundled_count);
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "validation", m.validation ? m.validation : "strict");
	bb_put_json(&b, "rules", bb_build_array(&m.rules));
	bb_put_json(&b, "quirks", bb_build_array(&m.quirks));
	return bb_build_object(&b);
}
