/* What handlers read of their call, and how they answer it at once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "plugin/call_state.h"
#include "json/json.h"

const struct bb_json *call_payload(const struct bb_call *c)
{
	return c->spec.payload;
}

const char *call_attr(const struct bb_call *c, const char *key)
{
	for (const struct attr *a = c->attrs; a; a = a->next)
		if (!strcmp(a->key, key))
			return a->value;
	return NULL;
}

void call_set_attr(struct bb_call *c, const char *key, const char *value)
{
	struct attr *a = bb_alloc(c->spec.arena, sizeof *a);
	*a = (struct attr){bb_strdup(c->spec.arena, key),
			   value ? bb_strdup(c->spec.arena, value) : NULL, c->attrs};
	c->attrs = a;
}

/* The newest of a name stands last, and so counts where they are set again. */
const char *const *call_attrs(const struct bb_call *c, struct bb_arena *arena)
{
	size_t n = 0;
	for (const struct attr *a = c->attrs; a; a = a->next)
		n += 2;
	const char **list = bb_zalloc(arena, (n + 1) * sizeof *list);
	for (const struct attr *a = c->attrs; a; a = a->next) {
		n -= 2;
		list[n] = bb_strdup(arena, a->key);
		list[n + 1] = a->value ? bb_strdup(arena, a->value) : NULL;
	}
	return list;
}

struct bb_arena *call_arena(struct bb_call *c)
{
	return c->spec.arena;
}

const struct bb_link *call_link(const struct bb_call *c)
{
	return c->spec.link;
}

const struct bb_http *call_http(const struct bb_call *c)
{
	return c->spec.http;
}

const char *call_header(const struct bb_call *c, const char *name)
{
	return c->spec.header ? c->spec.header(c, name, c->spec.arg) : NULL;
}

const char *call_param(const struct bb_call *c, const char *name)
{
	return c->spec.param ? c->spec.param(c, name, c->spec.arg) : NULL;
}

/* Whoever holds it may be on the way to an answer that nobody waits for any more, and need not
 * know.
 */
static bool is_late(const struct bb_call *c)
{
	return c->late && !c->running;
}

/* May the handler at work answer now? */
static bool may_answer(const struct bb_call *c)
{
	if (c->running && !c->answered && !c->waiting)
		return true;
	call_blame(c, c->answered ? "answered a second time" : "answered out of its turn");
	return false;
}

int call_reply(struct bb_call *c, const struct bb_json *v)
{
	if (!may_answer(c))
		return -EALREADY;
	c->answer.json = v ? json_copy(c->spec.arena, v) : NULL;
	c->answered = true;
	return 0;
}

int call_vfail(struct bb_call *c, const char *code, const char *fmt, va_list ap)
{
	if (!may_answer(c))
		return -EALREADY;
	c->answer.code = bb_strdup(c->spec.arena, code ? code : "InternalError");
	c->answer.text = arena_vprintf(c->spec.arena, fmt, ap);
	c->answered = true;
	return 0;
}

int call_fail(struct bb_call *c, const char *code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int err = call_vfail(c, code, fmt, ap);
	va_end(ap);
	return err;
}

static bool may_shape(const struct bb_call *c)
{
	if (!c->over && (c->running || c->waiting))
		return true;
	if (!is_late(c))
		call_blame(c, "changed an answer that is fixed");
	return false;
}

void call_set_status(struct bb_call *c, int status)
{
	if (may_shape(c))
		c->answer.status = status;
}

const char *call_answer_header(const struct bb_call *c, const char *name)
{
	for (const struct call_header *h = c->answer.headers; h; h = h->next)
		if (!strcasecmp(h->name, name))
			return h->value;
	return NULL;
}

/* The last one set counts; but each cookie has a line of its own. */
static void forget_header(struct bb_call *c, const char *name)
{
	struct call_header **at = &c->answer.headers;
	while (*at && strcasecmp((*at)->name, name) != 0)
		at = &(*at)->next;
	if (*at && strcasecmp(name, "set-cookie") != 0)
		*at = (*at)->next;
}

void call_set_header(struct bb_call *c, const char *name, const char *value)
{
	if (!may_shape(c))
		return;
	forget_header(c, name);
	struct call_header *h = bb_alloc(c->spec.arena, sizeof *h);
	*h = (struct call_header){bb_strdup(c->spec.arena, name), bb_strdup(c->spec.arena, value),
				  c->answer.headers};
	c->answer.headers = h;
}

void call_set_errors(struct bb_call *c, const struct bb_json *errors)
{
	if (may_shape(c))
		c->answer.errors = errors ? json_copy(c->spec.arena, errors) : NULL;
}

int call_reply_bytes(struct bb_call *c, const char *content_type, const void *bytes, size_t len)
{
	bool later = c->waiting && !c->over;
	if (is_late(c))
		return -ECANCELED;
	if (!later && !may_answer(c))
		return -EALREADY;
	char *copy = bb_strndup(c->spec.arena, "", 0);
	if (len) {
		copy = bb_alloc(c->spec.arena, len);
		memcpy(copy, bytes, len);
	}
	c->answer.content_type = bb_strdup(c->spec.arena, content_type);
	c->answer.bytes = copy;
	c->answer.len = len;
	c->answered = !later;
	return 0;
}

int call_reply_stream(struct bb_call *c, const struct bb_stream *s)
{
	bool later = c->waiting && !c->over;
	if (is_late(c))
		return -ECANCELED;
	if (c->stream || (!later && !may_answer(c)))
		return -EALREADY;
	c->stream = bb_alloc(c->spec.arena, sizeof *s);
	*c->stream = *s;
	c->stream->content_type = bb_strdup(c->spec.arena, s->content_type);
	c->answered = !later;
	return 0;
}

int call_body_next(struct bb_call *c, bb_body_fn *fn, void *arg)
{
	if (c->over)
		return -ECANCELED;
	if (!c->waiting || !c->spec.body_next)
		return -EINVAL;
	return c->spec.body_next(c, fn, arg, c->spec.arg);
}

int64_t call_body_length(const struct bb_call *c)
{
	return c->spec.body_length ? c->spec.body_length(c, c->spec.arg) : 0;
}

const struct bb_json *call_answer(const struct bb_call *c, int *ret_status, const char **ret_code)
{
	if (ret_status)
		*ret_status = c->answer.status;
	if (ret_code)
		*ret_code = c->answer.code;
	return c->answer.json;
}
