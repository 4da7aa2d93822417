#include "schema/compile.h"

#include <errno.h>
#include <math.h>

#include "base/arena.h"
#include "base/buf.h"

/* As a JSON pointer. */
static void write_place(struct buf *out, const struct place *at)
{
	if (!at->up) {
		buf_printf(out, "%s#", at->source->file);
		return;
	}
	write_place(out, at->up);
	buf_printf(out, "/%s", at->key);
}

int compile_error(struct compiler *c, const struct place *at, const char *fmt, ...)
{
	if (c->error)
		return -EINVAL;
	struct buf place = {0};
	write_place(&place, at);
	va_list ap;
	va_start(ap, fmt);
	c->error = arena_printf(c->arena, "%s: %s", place.data, arena_vprintf(c->arena, fmt, ap));
	va_end(ap);
	buf_free(&place);
	return -EINVAL;
}

/* A table in which nothing is found. */
static struct word no_word;

static const struct node no_rules = {
    .types = TYPES_ANY,
    .max_length = NO_LIMIT,
    .max_items = NO_LIMIT,
    .minimum = -INFINITY,
    .maximum = INFINITY,
    .names = {.slots = &no_word},
};

static int compile_keywords(struct compiler *c, const struct place *at, const struct bb_json *v,
			    const struct node **ret)
{
	struct node *node = (struct node *)bb_alloc(c->arena, sizeof *node);
	*node = no_rules;
	int err = keywords_read(c, at, v, node);
	if (!err)
		*ret = node;
	return err;
}

static struct definition *definition_find(struct compiler *c, const struct bb_json *document)
{
	struct definition *d = c->definitions;
	while (d && d->document != document)
		d = d->next;
	return d;
}

int compile_definition(struct compiler *c, const struct source *source, const char *name,
		       const struct bb_json *v, const struct node **ret)
{
	const struct place root = {.source = source};
	const struct place defs = {.source = source, .up = &root, .key = "$defs"};
	const struct place at = {.source = source, .up = &defs, .key = name};
	struct definition *d = definition_find(c, v);
	if (d && !d->node)
		return compile_error(c, &at, "refers to itself");
	if (!d) {
		d = (struct definition *)bb_alloc(c->arena, sizeof *d);
		*d = (struct definition){.document = v, .next = c->definitions};
		c->definitions = d;
		int err = compile_schema(c, &at, v, &d->node);
		if (err)
			return err;
	}
	*ret = d->node;
	return 0;
}

static int compile_ref(struct compiler *c, const struct place *at, const struct bb_json *v,
		       const struct node **ret)
{
	const char *ref = bb_json_get_str(v, "$ref", NULL);
	if (!ref)
		return compile_error(c, at, "$ref is not a string");
	for (uint32_t i = 0; i < v->len; i++) {
		const char *key = v->members[i].key;
		if (strcmp(key, "$ref") != 0 && !keyword_is_annotation(key))
			return compile_error(c, at, "has %s beside $ref", key);
	}
	const struct source *source;
	const struct bb_json *target = ref_find(at->source, ref, &source);
	if (!target)
		return compile_error(c, at, "there is no %s", ref);
	return compile_definition(c, source, strrchr(ref, '/') + 1, target, ret);
}

int compile_schema(struct compiler *c, const struct place *at, const struct bb_json *v,
		   const struct node **ret)
{
	if (!bb_json_is(v, BB_JSON_OBJECT))
		return compile_error(c, at, "is not a schema: it is not an object");
	if (bb_json_get(v, "$ref"))
		return compile_ref(c, at, v, ret);
	return compile_keywords(c, at, v, ret);
}
