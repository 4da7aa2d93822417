/* Which route a request means. Owners are in a tree of path parts; guards and observers, which are
 * few and may have wildcards, are compared with each request. */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "plugin/host_state.h"

#define MOST_PARTS 32u

struct owned {
	struct handler handler;
	const struct bb_route *route;
	struct owned *next; /* another method of the same path */
};

struct node {
	const char *part; /* a literal, or NULL in the root and where a parameter stands */
	size_t len;
	struct node *literals, *param, *next;
	struct owned *owners;
};

struct around {
	struct handler handler;
	const struct bb_route *route;
	struct around *next;
};

struct route_tree {
	struct node root;
	struct around *around, **around_end; /* guards and observers */
	struct bb_route_info *infos;
	uint32_t count;
};

struct part {
	const char *at;
	size_t len;
};

/* The next part of a path; `len` 0 at its end. */
static struct part next_part(const char **path)
{
	if (**path == '/')
		(*path)++;
	struct part p = {*path, strcspn(*path, "/")};
	*path += p.len;
	return p;
}

static struct node *child(struct node *n, struct part p)
{
	for (struct node *c = n->literals; c; c = c->next)
		if (c->len == p.len && !memcmp(c->part, p.at, p.len))
			return c;
	return NULL;
}

static struct node *child_made(struct node *n, struct bb_arena *a, struct part p)
{
	struct node *c = p.at[0] == '{' ? n->param : child(n, p);
	if (c)
		return c;
	c = bb_zalloc(a, sizeof *c);
	if (p.at[0] == '{') {
		n->param = c;
		return c;
	}
	c->part = p.at;
	c->len = p.len;
	c->next = n->literals;
	n->literals = c;
	return c;
}

static const struct owned *of_method(const struct node *n, const char *method)
{
	for (const struct owned *o = n->owners; o; o = o->next)
		if (!strcmp(o->route->method, method))
			return o;
	return NULL;
}

static int add_owner(struct host *h, struct bb *p, const struct bb_route *r, char **ret_error)
{
	struct node *n = &h->routes->root;
	for (const char *path = r->path; path[0] && path[1];)
		n = child_made(n, h->arena, next_part(&path));
	const struct owned *other = of_method(n, r->method);
	if (other)
		return host_error(
		    ret_error, -EEXIST, "route %s %s is owned by both %s and %s (as %s)", r->method,
		    r->path, other->handler.plugin->name, p->name, other->route->path);
	struct owned *o = bb_alloc(h->arena, sizeof *o);
	*o = (struct owned){{p, r->phase, r->order, r->fn, r}, r, n->owners};
	n->owners = o;
	h->routes->infos[h->routes->count++] = (struct bb_route_info){p->name, r};
	return 0;
}

static void add_around(struct host *h, struct bb *p, const struct bb_route *r)
{
	struct around *a = bb_alloc(h->arena, sizeof *a);
	*a = (struct around){{p, r->phase, r->order, r->fn, r}, r, NULL};
	*h->routes->around_end = a;
	h->routes->around_end = &a->next;
}

int routes_build(struct host *h, char **ret_error)
{
	size_t total = 0;
	for (size_t i = 0; i < h->count; i++)
		total += h->plugins[i]->def->routes.count;
	h->routes = bb_zalloc(h->arena, sizeof *h->routes);
	h->routes->around_end = &h->routes->around;
	h->routes->infos = bb_alloc(h->arena, total * sizeof *h->routes->infos);
	int err = 0;
	for (size_t i = 0; i < h->count; i++)
		TABLE_EACH(route, r, h->plugins[i]->def->routes)
		{
			if (r->phase != BB_OWNER)
				add_around(h, h->plugins[i], r);
			else if (!err)
				err = add_owner(h, h->plugins[i], r, ret_error);
		}
	return err;
}

/* The node of a path that has the method, or any if `method` is NULL. Literals win over
 * parameters; where a literal leads nowhere, the parameter is tried. */
static const struct node *find(const struct node *n, const char *path, const char *method,
			       unsigned depth)
{
	if (!*path || (depth == 0 && !path[1]))
		return n->owners && (!method || of_method(n, method)) ? n : NULL;
	struct part p = next_part(&path);
	if (!p.len || depth == MOST_PARTS)
		return NULL;
	const struct node *c = child((struct node *)n, p);
	const struct node *found = c ? find(c, path, method, depth + 1) : NULL;
	if (!found && n->param)
		found = find(n->param, path, method, depth + 1);
	return found;
}

static bool matches(const char *pattern, const char *path)
{
	while (*pattern && *path) {
		struct part want = next_part(&pattern), got = next_part(&path);
		if (want.len == 1 && want.at[0] == '*')
			return got.len > 0;
		if (!got.len && want.len)
			return false;
		if (want.at[0] != '{' &&
		    (want.len != got.len || memcmp(want.at, got.at, got.len) != 0))
			return false;
	}
	return !*pattern && !*path;
}

static const char *const *params_of(struct bb_arena *a, const char *pattern, const char *path)
{
	const char **list = bb_zalloc(a, (2 * MOST_PARTS + 1) * sizeof *list), **at = list;
	while (*pattern && *path) {
		struct part name = next_part(&pattern), value = next_part(&path);
		if (name.len && name.at[0] == '{') {
			*at++ = bb_strndup(a, name.at + 1, name.len - 2);
			*at++ = bb_strndup(a, value.at, value.len);
		}
	}
	return list;
}

static const char *allowed_of(struct bb_arena *a, const struct node *n)
{
	const char *text = "";
	for (const struct owned *o = n->owners; o; o = o->next)
		text = arena_printf(a, "%s%s%s%s", text, *text ? ", " : "", o->route->method,
				    strcmp(o->route->method, "GET") ? "" : ", HEAD");
	return text;
}

/* The owner, with the guards and observers that match the path. NULL if there is nobody. */
static const struct chain *assemble(const struct host *h, struct bb_arena *a, const char *method,
				    const char *path, const struct owned *owner)
{
	struct name *n = bb_zalloc(a, sizeof *n);
	for (const struct around *r = h->routes->around; r; r = r->next)
		if ((!strcmp(r->route->method, "*") || !strcmp(r->route->method, method)) &&
		    matches(r->route->path, path))
			name_add(n, a, r->handler);
	if (owner)
		name_add(n, a, owner->handler);
	n->chain.name =
	    arena_printf(a, "route %s %s", method, owner ? owner->route->path : "of no owner");
	return n->count ? &n->chain : NULL;
}

const struct chain *host_route(struct host *h, struct bb_arena *a, const char *method,
			       const char *path, const char *const **ret_params,
			       const struct bb_route **ret_route, const char **ret_allowed)
{
	if (!strcmp(method, "HEAD"))
		method = "GET";
	const struct node *n = find(&h->routes->root, path, method, 0);
	const struct node *other = n ? n : find(&h->routes->root, path, NULL, 0);
	if (!n && other)
		*ret_allowed = allowed_of(a, other);
	const struct owned *owner = n ? of_method(n, method) : NULL;
	const struct chain *chain = assemble(h, a, method, path, owner);
	if (owner) {
		*ret_params = params_of(a, owner->route->path, path);
		*ret_route = owner->route;
	}
	return chain;
}

const struct bb_route *host_route_of(struct host *h, const char *method, const char *path)
{
	const struct node *n = find(&h->routes->root, path, method, 0);
	return n ? of_method(n, method)->route : NULL;
}

bool host_route_at(struct host *h, uint32_t i, struct bb_route_info *ret)
{
	if (!h->routes || i >= h->routes->count)
		return false;
	*ret = h->routes->infos[i];
	return true;
}
