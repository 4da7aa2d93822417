#include "busbard/kept.h"

#include <stdlib.h>
#include <string.h>

#include <busbar/rest.h>

#include "base/arena.h"
#include "json/json.h"

static const char *const headers[] = {"idempotency-key", "if-match"};

struct kept {
	struct kept *next;
	const char *name, *value;
};

static void add(struct bb_arena *a, struct kept **list, const char *name, const char *value)
{
	if (!value)
		return;
	struct kept *k = bb_alloc(a, sizeof *k);
	*k = (struct kept){*list, bb_strdup(a, name), bb_strdup(a, value)};
	*list = k;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct kept *const *)a)->name,
		      (*(const struct kept *const *)b)->name);
}

static const char *query_text(struct bb_arena *a, const struct kept *list)
{
	size_t n = 0;
	for (const struct kept *k = list; k; k = k->next)
		n++;
	const struct kept **sorted = bb_alloc(a, (n + 1) * sizeof *sorted);
	n = 0;
	for (const struct kept *k = list; k; k = k->next)
		sorted[n++] = k;
	qsort(sorted, n, sizeof *sorted, by_name);
	struct bb_builder b = bb_build(a);
	for (size_t i = 0; i < n; i++)
		bb_put_str(&b, sorted[i]->name, sorted[i]->value);
	return json_text(a, bb_build_object(&b), NULL);
}

void kept_take(struct exchange *x)
{
	const char *name;
	if (bb_is_reading(x->http.method))
		return;
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		add(x->arena, &x->headers, headers[i], net_header(x->request, headers[i]));
	for (size_t i = 0; (name = net_param_name(x->request, i)); i++)
		add(x->arena, &x->params, name, net_param(x->request, name));
	x->http.query = query_text(x->arena, x->params);
}

static const char *find(const struct kept *k, const char *name)
{
	while (k && strcmp(k->name, name) != 0)
		k = k->next;
	return k ? k->value : NULL;
}

const char *kept_header(const struct exchange *x, const char *name)
{
	return find(x->headers, name);
}

const char *kept_param(const struct exchange *x, const char *name)
{
	return find(x->params, name);
}
