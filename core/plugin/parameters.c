/* The query parameters of routes. What a word of bb_route.query takes is found, in this order: in
 * the schema that it names itself ("kind=rest/event_kind"), in the document rest/parameters, which
 * has those that many routes know, or in what the route answers: a filter is a member of the list's
 * items, another parameter one of the answer. A word that is nowhere is any text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/host_state.h"

#define COMMON "rest/parameters"

struct parameters {
	const struct bb_route *route;
	const struct schema *schema;
};

struct parameter_list {
	struct parameters *items; /* by the route's address */
	size_t count;
};

static const struct bb_json *document_of(const struct host *h, const char *schema)
{
	const struct schema *s = schema ? schema_find(h->spec.schemas, schema) : NULL;
	return s ? schema_document(s) : NULL;
}

static const struct bb_json *member(const struct bb_json *schema, const char *name)
{
	return bb_json_get(bb_json_get(schema, "properties"), name);
}

/* A list of types or of words without null, which no text is. */
static struct bb_json without_null(struct bb_arena *a, const struct bb_json *v)
{
	struct bb_builder rest = bb_build(a);
	if (!bb_json_is(v, BB_JSON_ARRAY))
		return *v;
	for (uint32_t i = 0; i < v->len; i++)
		if (strcmp(bb_json_str(&v->items[i], "null"), "null") != 0)
			bb_push(&rest, v->items[i]);
	return *bb_build_array(&rest);
}

static struct bb_json as_parameter(struct bb_arena *a, const struct bb_json *schema)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < schema->len; i++) {
		const struct bb_member *m = &schema->members[i];
		bool is_type = !strcmp(m->key, "type");
		struct bb_json v = m->value;
		if (is_type || !strcmp(m->key, "enum"))
			v = without_null(a, &v);
		bb_put(&b, m->key, is_type && bb_json_count(&v) == 1 ? *bb_json_at(&v, 0) : v);
	}
	return *bb_build_object(&b);
}

/* The schema of one parameter, `given` being what the word itself names, or NULL. */
static struct bb_json find(const struct host *h, const struct bb_route *r, const char *name,
			   const char *given)
{
	const struct bb_json *answer = document_of(h, r->answer);
	const struct bb_json *item = schema_list_item(answer);
	const struct bb_json *found = document_of(h, given);
	if (!found)
		found = member(document_of(h, COMMON), name);
	if (!found)
		found = member(item ? item : answer, name);
	return found ? as_parameter(h->arena, found)
		     : *bb_json_one(h->arena, "type", bb_json_make_str("string"));
}

/* One word of bb_route.query, "state" or "state=rest/task_state". */
static int add(struct host *h, struct bb *p, const struct bb_route *r, const char *word, size_t len,
	       struct bb_builder *to, char **ret_error)
{
	const char *name = bb_strndup(h->arena, word, len);
	char *given = strchr(name, '=');
	if (given)
		*given++ = '\0';
	if (given && !document_of(h, given))
		return host_error(ret_error, -EINVAL,
				  "plugin %s (%s): route %s %s: the parameter %s names the schema "
				  "%s, which is not there",
				  p->name, p->file, r->method, r->path, name, given);
	bb_put(to, name, find(h, r, name, given));
	return 0;
}

static int add_all(struct host *h, struct bb *p, const struct bb_route *r, struct bb_builder *to,
		   char **ret_error)
{
	int err = 0;
	for (const char *at = r->query ? r->query : ""; *at && !err;) {
		size_t len = strcspn(at, " ");
		if (len)
			err = add(h, p, r, at, len, to, ret_error);
		at += len + strspn(at + len, " ");
	}
	if (!err && !strcmp(r->method, "GET") && schema_list_item(document_of(h, r->answer)))
		bb_put(to, "format", find(h, r, "format", NULL));
	return err;
}

static int make(struct host *h, struct bb *p, const struct bb_route *r, const struct schema **ret,
		char **ret_error)
{
	struct bb_builder all = bb_build(h->arena), b = bb_build(h->arena);
	int err = add_all(h, p, r, &all, ret_error);
	if (err)
		return err;
	bb_put_str(&b, "type", "object");
	bb_put_json(&b, "properties", bb_build_object(&all));
	const char *name = bb_printf(h->arena, "plugin %s (%s): the parameters of %s %s", p->name,
				     p->file, r->method, r->path);
	return schema_make(h->arena, name, bb_build_object(&b), ret, ret_error);
}

static int by_route(const void *left, const void *right)
{
	const struct parameters *a = left, *b = right;
	return a->route < b->route ? -1 : a->route > b->route;
}

int parameters_build(struct host *h, char **ret_error)
{
	struct parameter_list *list = bb_zalloc(h->arena, sizeof *list);
	size_t total = 0;
	for (size_t i = 0; i < h->count; i++)
		total += h->plugins[i]->def->routes.count;
	list->items = bb_zalloc(h->arena, (total + 1) * sizeof *list->items);
	for (size_t i = 0; i < h->count; i++)
		TABLE_EACH(route, r, h->plugins[i]->def->routes)
		{
			struct parameters *at = &list->items[list->count++];
			at->route = r;
			int err = make(h, h->plugins[i], r, &at->schema, ret_error);
			if (err)
				return err;
		}
	qsort(list->items, list->count, sizeof *list->items, by_route);
	h->parameters = list;
	return 0;
}

const struct schema *host_parameters(struct host *h, const struct bb_route *route)
{
	const struct parameters key = {.route = route};
	const struct parameter_list *list = h->parameters;
	const struct parameters *found =
	    bsearch(&key, list->items, list->count, sizeof key, by_route);
	return found ? found->schema : NULL;
}
