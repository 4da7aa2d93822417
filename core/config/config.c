#include "config/config.h"

#include <errno.h>
#include <stdlib.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "config/state.h"

int config_error(const struct config *c, char **ret_error, int line, const char *fmt, ...)
{
	struct buf b = {0};
	if (c->path && line > 0)
		buf_printf(&b, "%s:%d: ", c->path, line);
	else if (c->path)
		buf_printf(&b, "%s: ", c->path);
	va_list ap;
	va_start(ap, fmt);
	buf_add_str(&b, arena_vprintf(c->arena, fmt, ap));
	va_end(ap);
	*ret_error = b.data;
	return -EINVAL;
}

static int override_error(struct config *c, const char *text, char **ret_error)
{
	*ret_error =
	    mem_strdup(arena_printf(c->arena, "\"%s\" is not of the form section.key=value", text));
	return -EINVAL;
}

static int add_override(struct config *c, const char *text, char **ret_error)
{
	const char *equals = strchr(text, '=');
	if (!equals || equals == text)
		return override_error(c, text, ret_error);
	char *name = bb_strndup(c->arena, text, (size_t)(equals - text));
	char *dot = strchr(name, '.');
	if (dot == name || (dot && !dot[1]))
		return override_error(c, text, ret_error);
	if (dot)
		*dot++ = '\0';
	struct override *o = bb_alloc(c->arena, sizeof *o);
	*o = (struct override){
	    .text = bb_strdup(c->arena, text),
	    .section = name,
	    .key = dot,
	    .value = bb_strdup(c->arena, equals + 1),
	    .next = c->overrides,
	};
	c->overrides = o;
	return 0;
}

static int read_file(struct config *c, const char *path, char **ret_error)
{
	struct buf b = {0};
	int err = buf_read_file(&b, path);
	if (err) {
		*ret_error = mem_strdup(arena_printf(
		    c->arena, "cannot read the configuration %s: %s", path, strerror(-err)));
	} else {
		const char *text = bb_strndup(c->arena, b.data ? b.data : "", b.len);
		c->source = source_scan(c->arena, text, b.len);
		err = config_run(c, text, b.len, ret_error);
	}
	buf_free(&b);
	return err;
}

int config_load(const char *path, const char *const *override, struct config **ret,
		char **ret_error)
{
	struct config *c = mem_zalloc(sizeof *c);
	c->arena = arena_new(0);
	c->path = path ? bb_strdup(c->arena, path) : NULL;
	c->source = source_scan(c->arena, "", 0);
	c->sections = LUA_NOREF;
	int err = 0;
	for (; !err && override && *override; override++)
		err = add_override(c, *override, ret_error);
	if (!err && path)
		err = read_file(c, path, ret_error);
	if (err)
		config_free(c);
	else
		*ret = c;
	return err;
}

void config_free(struct config *c)
{
	if (!c)
		return;
	if (c->lua)
		lua_close(c->lua);
	arena_free(c->arena);
	free(c);
}
