/* The dialect: one row for each keyword. */
#include <errno.h>
#include <math.h>

#include "base/arena.h"
#include "schema/compile.h"

typedef int read_fn(struct compiler *, const struct place *, const struct bb_json *, struct node *);

static const struct type_name {
	const char *name;
	uint32_t types;
} type_names[] = {
    {"null", TYPE_BIT(BB_JSON_NULL)},
    {"boolean", TYPE_BIT(BB_JSON_BOOL)},
    {"integer", TYPES_NUMBER},
    {"number", TYPES_NUMBER},
    {"string", TYPE_BIT(BB_JSON_STRING)},
    {"array", TYPE_BIT(BB_JSON_ARRAY)},
    {"object", TYPE_BIT(BB_JSON_OBJECT)},
};

static int read_type_name(struct compiler *c, const struct place *at, const struct bb_json *v,
			  struct node *node)
{
	const char *name = bb_json_str(v, "");
	for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
		if (!strcmp(type_names[i].name, name)) {
			node->types |= type_names[i].types;
			node->integer |= !strcmp(name, "integer");
			return 0;
		}
	return compile_error(c, at, "is not the name of a type");
}

static int read_type(struct compiler *c, const struct place *at, const struct bb_json *v,
		     struct node *node)
{
	node->types = 0;
	node->said_type = true;
	if (!bb_json_is(v, BB_JSON_ARRAY))
		return read_type_name(c, at, v, node);
	int err = 0;
	for (uint32_t i = 0; i < v->len && !err; i++)
		err = read_type_name(c, at, &v->items[i], node);
	if (!err && (v->len != 2 || !(node->types & TYPE_BIT(BB_JSON_NULL)) ||
		     node->types == TYPE_BIT(BB_JSON_NULL)))
		err = compile_error(c, at, "is not one type and \"null\"");
	return err;
}

static int read_count(struct compiler *c, const struct place *at, const struct bb_json *v,
		      uint32_t *ret)
{
	int64_t count = bb_json_int(v, -1);
	if (count < 0 || count >= NO_LIMIT)
		return compile_error(c, at, "is not a count");
	*ret = (uint32_t)count;
	return 0;
}

static int read_min_length(struct compiler *c, const struct place *at, const struct bb_json *v,
			   struct node *node)
{
	return read_count(c, at, v, &node->min_length);
}

static int read_max_length(struct compiler *c, const struct place *at, const struct bb_json *v,
			   struct node *node)
{
	int err = read_count(c, at, v, &node->max_length);
	if (!err && node->max_length < node->min_length)
		err = compile_error(c, at, "is below minLength");
	return err;
}

static int read_min_items(struct compiler *c, const struct place *at, const struct bb_json *v,
			  struct node *node)
{
	return read_count(c, at, v, &node->min_items);
}

static int read_min_properties(struct compiler *c, const struct place *at, const struct bb_json *v,
			       struct node *node)
{
	return read_count(c, at, v, &node->min_properties);
}

static int read_max_items(struct compiler *c, const struct place *at, const struct bb_json *v,
			  struct node *node)
{
	int err = read_count(c, at, v, &node->max_items);
	if (!err && node->max_items < node->min_items)
		err = compile_error(c, at, "is below minItems");
	return err;
}

static int read_number(struct compiler *c, const struct place *at, const struct bb_json *v,
		       double *ret)
{
	if (!bb_json_is(v, BB_JSON_INT) && !bb_json_is(v, BB_JSON_REAL))
		return compile_error(c, at, "is not a number");
	*ret = bb_json_real(v, 0);
	return 0;
}

static int read_minimum(struct compiler *c, const struct place *at, const struct bb_json *v,
			struct node *node)
{
	return read_number(c, at, v, &node->minimum);
}

static int read_maximum(struct compiler *c, const struct place *at, const struct bb_json *v,
			struct node *node)
{
	int err = read_number(c, at, v, &node->maximum);
	if (!err && node->maximum < node->minimum)
		err = compile_error(c, at, "is below minimum");
	return err;
}

static int read_multiple_of(struct compiler *c, const struct place *at, const struct bb_json *v,
			    struct node *node)
{
	int err = read_number(c, at, v, &node->multiple_of);
	if (!err && node->multiple_of <= 0)
		err = compile_error(c, at, "is not above 0");
	return err;
}

static int read_format(struct compiler *c, const struct place *at, const struct bb_json *v,
		       struct node *node)
{
	if (format_find(bb_json_str(v, ""), &node->format) < 0)
		return compile_error(c, at, "is not a known format");
	return 0;
}

static int add_choice(struct compiler *c, const struct place *at, const struct bb_json *v,
		      struct node *node, struct words *choices, uint32_t index)
{
	if (bb_json_is(v, BB_JSON_STRING)) {
		if (!words_add(choices, v->s, v->len, index))
			return compile_error(c, at, "has \"%s\" twice", v->s);
	} else if (bb_json_is(v, BB_JSON_NULL) && node->types & TYPE_BIT(BB_JSON_NULL)) {
		node->null_is_choice = true;
	} else {
		return compile_error(c, at, "is not of strings only");
	}
	return 0;
}

static int read_choices(struct compiler *c, const struct place *at, const struct bb_json *list,
			uint32_t count, struct node *node)
{
	struct words *choices = (struct words *)bb_alloc(c->arena, sizeof *choices);
	*choices = words_make(c->arena, count);
	node->choices = choices;
	node->choices_rule = count > 1 ? "is not one of " : "is not ";
	int err = 0;
	for (uint32_t i = 0; i < count && !err; i++) {
		err = add_choice(c, at, &list[i], node, choices, i);
		node->choices_rule = arena_printf(c->arena, "%s%s%s", node->choices_rule,
						  i ? ", " : "", bb_json_str(&list[i], "null"));
	}
	return err;
}

static int read_enum(struct compiler *c, const struct place *at, const struct bb_json *v,
		     struct node *node)
{
	if (!bb_json_is(v, BB_JSON_ARRAY) || !v->len)
		return compile_error(c, at, "is not a list");
	return read_choices(c, at, v->items, v->len, node);
}

static int read_const(struct compiler *c, const struct place *at, const struct bb_json *v,
		      struct node *node)
{
	if (node->choices)
		return compile_error(c, at, "stands beside enum");
	return read_choices(c, at, v, 1, node);
}

static int read_items(struct compiler *c, const struct place *at, const struct bb_json *v,
		      struct node *node)
{
	return compile_schema(c, at, v, &node->items);
}

static int read_properties(struct compiler *c, const struct place *at, const struct bb_json *v,
			   struct node *node)
{
	if (!bb_json_is(v, BB_JSON_OBJECT))
		return compile_error(c, at, "is not an object");
	if (v->len > MAX_PROPERTIES)
		return compile_error(c, at, "has more than %u properties", MAX_PROPERTIES);
	struct property *properties =
	    (struct property *)bb_alloc(c->arena, v->len * sizeof *properties);
	node->properties = properties;
	node->names = words_make(c->arena, v->len);
	int err = 0;
	for (uint32_t i = 0; i < v->len && !err; i++) {
		const struct bb_member *m = &v->members[i];
		const struct place here = {.source = at->source, .up = at, .key = m->key};
		words_add(&node->names, m->key, m->key_len, i);
		properties[i].name = m->key;
		err = compile_schema(c, &here, &m->value, &properties[i].node);
	}
	return err;
}

static int require(struct compiler *c, const struct place *at, const struct bb_json *name,
		   struct node *node)
{
	if (!bb_json_is(name, BB_JSON_STRING))
		return compile_error(c, at, "is not a list of names");
	const struct word *w =
	    words_find(&node->names, name->s, name->len, bb_json_hash(name->s, name->len));
	if (!w)
		return compile_error(c, at, "names %s, which is not in properties", name->s);
	uint64_t bit = (uint64_t)1 << w->index;
	if (node->required & bit)
		return compile_error(c, at, "names %s twice", name->s);
	node->required |= bit;
	return 0;
}

static int read_required(struct compiler *c, const struct place *at, const struct bb_json *v,
			 struct node *node)
{
	if (!bb_json_is(v, BB_JSON_ARRAY))
		return compile_error(c, at, "is not a list of names");
	int err = 0;
	for (uint32_t i = 0; i < v->len && !err; i++)
		err = require(c, at, &v->items[i], node);
	return err;
}

static int read_additional(struct compiler *c, const struct place *at, const struct bb_json *v,
			   struct node *node)
{
	if (!bb_json_is(v, BB_JSON_BOOL) || v->b)
		return compile_error(c, at, "can only be false");
	node->closed = true;
	return 0;
}

static int read_definitions(struct compiler *c, const struct place *at, const struct bb_json *v,
			    struct node *node)
{
	(void)node;
	if (at->up->up)
		return compile_error(c, at, "is not at the root");
	if (!bb_json_is(v, BB_JSON_OBJECT))
		return compile_error(c, at, "is not an object");
	int err = 0;
	for (uint32_t i = 0; i < v->len && !err; i++) {
		const struct node *unused;
		err = compile_definition(c, at->source, v->members[i].key, &v->members[i].value,
					 &unused);
	}
	return err;
}

/* In the order in which they are read: `type` before those that need one, `properties` before
 * `required`, minima before maxima. */
static const struct keyword {
	const char *name;
	read_fn *read;
	uint32_t types; /* the types of which one must be said; 0: whatever */
	const char *types_text;
} keywords[] = {
    {"$defs", read_definitions, 0, NULL},
    {"type", read_type, 0, NULL},
    {"properties", read_properties, TYPE_BIT(BB_JSON_OBJECT), "object"},
    {"required", read_required, TYPE_BIT(BB_JSON_OBJECT), "object"},
    {"additionalProperties", read_additional, TYPE_BIT(BB_JSON_OBJECT), "object"},
    {"minProperties", read_min_properties, TYPE_BIT(BB_JSON_OBJECT), "object"},
    {"items", read_items, TYPE_BIT(BB_JSON_ARRAY), "array"},
    {"minItems", read_min_items, TYPE_BIT(BB_JSON_ARRAY), "array"},
    {"maxItems", read_max_items, TYPE_BIT(BB_JSON_ARRAY), "array"},
    {"enum", read_enum, TYPE_BIT(BB_JSON_STRING), "string"},
    {"const", read_const, TYPE_BIT(BB_JSON_STRING), "string"},
    {"minLength", read_min_length, TYPE_BIT(BB_JSON_STRING), "string"},
    {"maxLength", read_max_length, TYPE_BIT(BB_JSON_STRING), "string"},
    {"format", read_format, TYPE_BIT(BB_JSON_STRING), "string"},
    {"minimum", read_minimum, TYPES_NUMBER, "number"},
    {"maximum", read_maximum, TYPES_NUMBER, "number"},
    {"multipleOf", read_multiple_of, TYPES_NUMBER, "number"},
};
#define KEYWORDS (sizeof keywords / sizeof *keywords)

bool keyword_is_annotation(const char *name)
{
	static const char *const names[] = {"$schema",     "$id",      "title",
					    "description", "examples", "default"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], name))
			return true;
	return !strncmp(name, "x-", 2);
}

static bool is_known(const char *name)
{
	for (size_t i = 0; i < KEYWORDS; i++)
		if (!strcmp(keywords[i].name, name))
			return true;
	return keyword_is_annotation(name);
}

static int keyword_read(struct compiler *c, const struct place *at, const struct keyword *k,
			const struct bb_json *v, struct node *node)
{
	const struct place here = {.source = at->source, .up = at, .key = k->name};
	if (k->types && !(node->said_type && node->types & k->types))
		return compile_error(c, &here, "needs the type %s", k->types_text);
	return k->read(c, &here, v, node);
}

int keywords_read(struct compiler *c, const struct place *at, const struct bb_json *schema,
		  struct node *node)
{
	for (uint32_t i = 0; i < schema->len; i++)
		if (!is_known(schema->members[i].key)) {
			const struct place here = {
			    .source = at->source, .up = at, .key = schema->members[i].key};
			return compile_error(c, &here, "is not a known keyword");
		}
	int err = 0;
	for (size_t i = 0; i < KEYWORDS && !err; i++) {
		const struct bb_json *v = bb_json_get(schema, keywords[i].name);
		if (v)
			err = keyword_read(c, at, &keywords[i], v, node);
	}
	return err;
}
