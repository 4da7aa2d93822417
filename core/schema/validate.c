/* The walk over a value and the nodes of its schema, the only part that runs per message. Each
 * check returns false when there is room for no more faults. */
#include "schema/validate.h"

#include <float.h>
#include <math.h>

#include "base/arena.h"
#include "base/utf8.h"

struct run {
	struct bb_arena *arena;
	struct schema_fault *faults;
	size_t count, max;
	bool valid;
};

static bool fault(struct run *r, const struct step *at, enum schema_kind kind, const char *keyword,
		  const char *rule)
{
	r->valid = false;
	if (r->count < r->max)
		r->faults[r->count++] = (struct schema_fault){.kind = kind,
							      .path = fault_path(r->arena, at),
							      .rule = rule,
							      .keyword = keyword};
	return r->count < r->max;
}

static bool check_length(struct run *r, const struct node *n, const struct bb_json *v,
			 const struct step *at)
{
	size_t length = utf8_count(v->s, v->len);
	if (length < n->min_length)
		return fault(r, at, SCHEMA_PROPERTY, "minLength",
			     arena_printf(r->arena, "is shorter than %u character%s", n->min_length,
					  n->min_length == 1 ? "" : "s"));
	if (length > n->max_length)
		return fault(r, at, SCHEMA_PROPERTY, "maxLength",
			     arena_printf(r->arena, "is longer than %u character%s", n->max_length,
					  n->max_length == 1 ? "" : "s"));
	return true;
}

static bool check_string(struct run *r, const struct node *n, const struct bb_json *v,
			 const struct step *at)
{
	if ((v->len > n->max_length || n->min_length) && !check_length(r, n, v, at))
		return false;
	if (n->choices && !words_find(n->choices, v->s, v->len, bb_json_hash(v->s, v->len)))
		return fault(r, at, SCHEMA_PROPERTY, "enum", n->choices_rule);
	if (n->format && !format_fits(n->format, v->s, v->len))
		return fault(r, at, SCHEMA_PROPERTY, "format", format_rule(n->format));
	return true;
}

/* 16.2 / 0.1 is 161.99999999999997: what a double cannot tell from an integer counts as one. */
static bool is_multiple(double v, double of)
{
	double quotient = v / of;
	return fabs(quotient - nearbyint(quotient)) <= 1e-9 + fabs(quotient) * 4 * DBL_EPSILON;
}

static bool check_number(struct run *r, const struct node *n, const struct bb_json *v,
			 const struct step *at)
{
	double number = bb_json_real(v, 0);
	if (number < n->minimum)
		return fault(r, at, SCHEMA_PROPERTY, "minimum",
			     arena_printf(r->arena, "is less than %.15g", n->minimum));
	if (number > n->maximum)
		return fault(r, at, SCHEMA_PROPERTY, "maximum",
			     arena_printf(r->arena, "is greater than %.15g", n->maximum));
	if (n->multiple_of > 0 && !is_multiple(number, n->multiple_of))
		return fault(r, at, SCHEMA_PROPERTY, "multipleOf",
			     arena_printf(r->arena, "is not a multiple of %.15g", n->multiple_of));
	return true;
}

static bool check(struct run *, const struct node *, const struct bb_json *, const struct step *);

static bool check_array(struct run *r, const struct node *n, const struct bb_json *v,
			const struct step *at)
{
	if (v->len < n->min_items &&
	    !fault(r, at, SCHEMA_OCCURRENCE, "minItems",
		   arena_printf(r->arena, "has fewer than %u item%s", n->min_items,
				n->min_items == 1 ? "" : "s")))
		return false;
	if (v->len > n->max_items &&
	    !fault(r, at, SCHEMA_OCCURRENCE, "maxItems",
		   arena_printf(r->arena, "has more than %u item%s", n->max_items,
				n->max_items == 1 ? "" : "s")))
		return false;
	if (!n->items)
		return true;
	struct step here = {.up = at};
	for (; here.index < v->len; here.index++)
		if (!check(r, n->items, &v->items[here.index], &here))
			return false;
	return true;
}

static bool check_missing(struct run *r, const struct node *n, uint64_t missing,
			  const struct step *at)
{
	for (; missing; missing &= missing - 1) {
		const struct step here = {.up = at,
					  .key = n->properties[__builtin_ctzll(missing)].name};
		if (!fault(r, &here, SCHEMA_OCCURRENCE, "required", "is missing"))
			return false;
	}
	return true;
}

static bool check_object(struct run *r, const struct node *n, const struct bb_json *v,
			 const struct step *at)
{
	uint64_t seen = 0;
	for (uint32_t i = 0; i < v->len; i++) {
		const struct bb_member *m = &v->members[i];
		const struct step here = {.up = at, .key = m->key};
		const struct word *w = words_find(&n->names, m->key, m->key_len, m->hash);
		bool go_on = true;
		if (w) {
			seen |= (uint64_t)1 << w->index;
			go_on = check(r, n->properties[w->index].node, &m->value, &here);
		} else if (n->closed) {
			go_on = fault(r, &here, SCHEMA_OCCURRENCE, "additionalProperties",
				      "is not a known member");
		}
		if (!go_on)
			return false;
	}
	if (v->len < n->min_properties &&
	    !fault(r, at, SCHEMA_OCCURRENCE, "minProperties",
		   arena_printf(r->arena, "has fewer than %u member%s", n->min_properties,
				n->min_properties == 1 ? "" : "s")))
		return false;
	return check_missing(r, n, n->required & ~seen, at);
}

static bool type_fits(const struct node *n, const struct bb_json *v)
{
	if (!(n->types & TYPE_BIT(v->type)))
		return false;
	return !n->integer || !(TYPE_BIT(v->type) & TYPES_NUMBER) || bb_json_is_integer(v);
}

static bool check(struct run *r, const struct node *n, const struct bb_json *v,
		  const struct step *at)
{
	if (!type_fits(n, v))
		return fault(r, at, SCHEMA_TYPE, "type", fault_type_rule(r->arena, n, v));
	switch ((enum bb_json_type)v->type) {
	case BB_JSON_NULL:
		return !n->choices || n->null_is_choice ||
		       fault(r, at, SCHEMA_PROPERTY, "enum", n->choices_rule);
	case BB_JSON_INT:
	case BB_JSON_REAL:
		return check_number(r, n, v, at);
	case BB_JSON_STRING:
		return check_string(r, n, v, at);
	case BB_JSON_ARRAY:
		return check_array(r, n, v, at);
	case BB_JSON_OBJECT:
		return check_object(r, n, v, at);
	default:
		return true;
	}
}

bool schema_validate(const struct schema *s, const struct bb_json *v, struct bb_arena *arena,
		     struct schema_fault *faults, size_t max, size_t *ret_count)
{
	struct run r = {.arena = arena, .faults = faults, .max = max, .valid = true};
	const struct step root = {0};
	if (s->root->types == TYPE_BIT(BB_JSON_OBJECT) && v->type != BB_JSON_OBJECT)
		fault(&r, &root, SCHEMA_FORMATION, "type", "is not an object");
	else
		check(&r, s->root, v, &root);
	*ret_count = r.count;
	return r.valid;
}
