#include <string.h>

#include "plugin/host_state.h"

static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", NULL};

static bool is_method(const char *m)
{
	for (const char *const *known = methods; *known; known++)
		if (!strcmp(m, *known))
			return true;
	return false;
}

/* One part of a path, between slashes. */
static const char *check_part(const char *part, size_t len, bool last, bool wild_allowed)
{
	bool opens = memchr(part, '{', len) != NULL, closes = memchr(part, '}', len) != NULL;
	if (len == 0)
		return "has an empty part";
	if (memchr(part, '*', len) && (len != 1 || !last || !wild_allowed))
		return "may have a \"*\" only as the last part of a guard's or an observer's";
	if (!opens && !closes)
		return NULL;
	if (part[0] != '{' || part[len - 1] != '}' || len < 3 || memchr(part + 1, '{', len - 1) ||
	    memchr(part, '}', len - 1))
		return "has braces that are not around a whole part";
	return NULL;
}

/* Does a parameter's name come again in the rest of the path? */
static bool comes_again(const char *part, size_t len)
{
	if (part[0] != '{')
		return false;
	for (const char *p = strchr(part + len, '{'); p; p = strchr(p + 1, '{'))
		if (!strncmp(p, part, len))
			return true;
	return false;
}

static const char *check_path(const char *path, bool wild_allowed)
{
	if (path[0] != '/')
		return "has a path that does not begin with \"/\"";
	if (!path[1])
		return NULL;
	for (const char *at = path + 1;; at++) {
		size_t len = strcspn(at, "/");
		const char *fault = check_part(at, len, !at[len], wild_allowed);
		if (fault)
			return fault;
		if (comes_again(at, len))
			return "names a parameter twice";
		at += len;
		if (!*at)
			return NULL;
	}
}

#define FLAGS \
	(BB_STREAM_BODY | BB_STREAM_ANSWER | BB_EVENT_STREAM | BB_HEEDS_IF_MATCH | BB_ANSWERS_503)

static const char *check_flags(const struct bb_route *r)
{
	if (r->flags & ~(uint32_t)FLAGS)
		return "has unknown flags";
	if (r->flags & BB_HEEDS_IF_MATCH && strcmp(r->method, "PUT") != 0)
		return "heeds If-Match, which a PUT may";
	if (r->flags & BB_STREAM_BODY && (r->body || r->phase != BB_OWNER))
		return "streams its body, which an owner without a schema of it may";
	if (r->flags & BB_STREAM_BODY && strcmp(r->method, "POST") != 0 &&
	    strcmp(r->method, "PUT") != 0 && strcmp(r->method, "PATCH") != 0)
		return "streams the body of a method that has none";
	return r->max_body < 0 ? "has a negative max_body" : NULL;
}

bool is_media_type(const char *answer)
{
	static const char *const trees[] = {"application/", "text/", "image/"};
	for (size_t i = 0; answer && i < sizeof trees / sizeof *trees; i++)
		if (!strncmp(answer, trees[i], strlen(trees[i])))
			return true;
	return false;
}

const char *check_route(const struct bb_route *r)
{
	bool wild_allowed = r->phase != BB_OWNER;
	if (!is_method(r->method) && !(wild_allowed && !strcmp(r->method, "*")))
		return "has an unknown method";
	if (r->phase == BB_OWNER && (!r->scope || !*r->scope))
		return "has no scope; say \"public\" if anybody may";
	const char *fault = check_flags(r);
	return fault ? fault : check_path(r->path, wild_allowed);
}
