#include "busbard/parameters.h"

#include <stdlib.h>
#include <string.h>

#include <busbar/rest.h>

#include "base/arena.h"
#include "busbard/places.h"

#define MOST_FAULTS 16u
#define MOST_SHOWN 64u

/* Digits, perhaps behind a minus sign. */
static bool is_digits(const char *text)
{
	const char *at = text + (*text == '-');
	size_t n = strspn(at, "0123456789");
	return n && !at[n];
}

/* The text as a value of the schema's type; one that is none stays a text, which the schema then
 * refuses. */
static struct bb_json value_of(const struct bb_json *schema, const char *text)
{
	const char *type = bb_json_get_str(schema, "type", "string");
	int64_t v;
	if (!strcmp(type, "integer") && is_digits(text))
		return bb_parse_int(text, &v) ? bb_json_make_int(v)
					      : bb_json_make_real(strtod(text, NULL));
	if (!strcmp(type, "boolean") && (!strcmp(text, "true") || !strcmp(text, "false")))
		return bb_json_make_bool(text[0] == 't');
	return bb_json_make_str(text);
}

/* "limit, cursor, state" */
static const char *names_of(struct bb_arena *a, const struct bb_json *known)
{
	const char *text = "";
	for (uint32_t i = 0; i < known->len; i++)
		text = arena_printf(a, "%s%s%s", text, i ? ", " : "", known->members[i].key);
	return text;
}

size_t parameters_count(const struct exchange *x, const char *name)
{
	size_t n = 0;
	const char *other;
	for (size_t i = 0; (other = net_param_name(x->request, i)); i++)
		n += !strcmp(other, name);
	return n;
}

int parameters_shown(const char *name)
{
	size_t n = strnlen(name, MOST_SHOWN);
	while (n && (name[n] & 0xC0) == 0x80)
		n--;
	return (int)n;
}

/* A misspelt filter would answer with everything; so no route takes what it does not name. */
static const char *name_fault(const struct exchange *x, const struct bb_json *known,
			      const char *const *places, struct schema_fault *ret)
{
	const char *name;
	for (size_t i = 0; (name = net_param_name(x->request, i)); i++) {
		ret->path = arena_printf(x->arena, "%.*s", parameters_shown(name), name);
		ret->rule = arena_printf(x->arena, "there is no parameter \"%s\" here", ret->path);
		if (!bb_json_get(known, name) && !places_have(places, name))
			return arena_printf(x->arena, "%s; %s%s", ret->rule,
					    known->len ? "known are: " : "this route takes none",
					    names_of(x->arena, known));
		ret->rule = "comes twice";
		if (parameters_count(x, name) > 1)
			return arena_printf(x->arena, "the query parameter %s comes twice",
					    ret->path);
	}
	return NULL;
}

static const struct bb_json *values_of(const struct exchange *x, const struct bb_json *known)
{
	struct bb_builder b = bb_build(x->arena);
	for (uint32_t i = 0; i < known->len; i++) {
		const struct bb_member *m = &known->members[i];
		const char *text = net_param(x->request, m->key);
		if (text)
			bb_put(&b, m->key, value_of(&m->value, text));
	}
	return bb_build_object(&b);
}

/* Where it says more than the schema's rule. */
static const char *rule_of(struct bb_arena *a, const struct schema_fault *f,
			   const struct bb_json *schema, const char *text)
{
	const char *type = bb_json_get_str(schema, "type", ""), *format;
	const struct bb_json *least = bb_json_get(schema, "minimum");
	const struct bb_json *most = bb_json_get(schema, "maximum");
	format = bb_json_get_str(schema, "format", "");
	if (!strcmp(type, "integer") && least && most)
		return arena_printf(a, "is not an integer from %lld to %lld",
				    (long long)bb_json_int(least, 0),
				    (long long)bb_json_int(most, 0));
	if (!strcmp(type, "boolean"))
		return "is neither true nor false";
	if (!strcmp(format, "date-time"))
		return arena_printf(a, "%s, like 2026-12-24T18:00:00Z%s", f->rule,
				    strchr(text, ' ') ? "; a + in a URL is written %2B" : "");
	if (!strcmp(format, "time-zone"))
		return arena_printf(a, "%s, like Europe/Berlin", f->rule);
	return f->rule;
}

const char *parameters_fault(const struct exchange *x, const char *const *places,
			     const struct bb_json **ret_errors)
{
	const char *fault = places_fault(x, places);
	const struct schema *schema = host_parameters(x->front->host, x->route);
	const struct bb_json *known = bb_json_get(schema_document(schema), "properties");
	if (fault)
		return fault;
	struct schema_fault faults[MOST_FAULTS];
	size_t count = 0;
	fault = name_fault(x, known, places, &faults[0]);
	if (fault) {
		*ret_errors = schema_faults_json(x->arena, faults, 1);
		return fault;
	}
	if (schema_validate(schema, values_of(x, known), x->arena, faults, MOST_FAULTS, &count))
		return NULL;
	for (size_t i = 0; i < count; i++)
		faults[i].rule = rule_of(x->arena, &faults[i], bb_json_get(known, faults[i].path),
					 net_param(x->request, faults[i].path));
	*ret_errors = schema_faults_json(x->arena, faults, count);
	return arena_printf(x->arena, "the query parameter %s %s", faults[0].path, faults[0].rule);
}
