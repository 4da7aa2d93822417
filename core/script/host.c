/* The host of all operators' states; the functions of script.h. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "script/state.h"
#include "json/json.h"

#define DEFAULT_MS 10000

struct script_host *script_host_new(struct loop *loop, const struct script_limits *limits)
{
	struct script_host *h = mem_zalloc(sizeof *h);
	h->loop = loop;
	h->limits = *limits;
	h->zones = zones_new(NULL);
	return h;
}

static void free_library(struct library *l)
{
	free(l->name);
	free(l->text);
	free(l);
}

void script_host_free(struct script_host *h)
{
	if (!h)
		return;
	while (h->states) {
		struct state *s = h->states;
		h->states = s->next;
		state_free(s);
	}
	while (h->libraries) {
		struct library *l = h->libraries;
		h->libraries = l->next;
		free_library(l);
	}
	while (h->exports) {
		struct export *e = h->exports;
		h->exports = e->next;
		free(e);
	}
	zones_free(h->zones);
	free(h);
}

static int is_lua_file(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);
	return len > 4 && !strcmp(entry->d_name + len - 4, ".lua");
}

/* Runs in a state of its own, so that a broken library is an error at start. */
static int try_libraries(struct script_host *h, const char *path, char **ret_error)
{
	struct state *s;
	char *why = NULL;
	if (state_new(h, "", &s, &why)) {
		struct buf b = {0};
		buf_printf(&b, "%s: %s", path, why ? why : "not enough memory");
		free(why);
		*ret_error = b.data;
		return -EINVAL;
	}
	state_free(s);
	return 0;
}

static int add_library(struct script_host *h, const char *dir, const char *file, char **ret_error)
{
	struct buf path = {0}, text = {0};
	buf_printf(&path, "%s/%s", dir, file);
	int err = buf_read_file(&text, path.data);
	if (err) {
		struct buf b = {0};
		buf_printf(&b, "%s: %s", path.data, strerror(-err));
		*ret_error = b.data;
		buf_free(&text);
	} else {
		struct library *l = mem_alloc(sizeof *l);
		*l = (struct library){mem_strndup(file, strlen(file) - 4),
				      text.data ? text.data : mem_strdup(""), text.len,
				      h->libraries};
		h->libraries = l;
		err = try_libraries(h, path.data, ret_error);
	}
	buf_free(&path);
	return err;
}

int script_host_library(struct script_host *h, const char *dir, char **ret_error)
{
	struct dirent **files;
	int n = scandir(dir, &files, is_lua_file, alphasort), err = 0;
	if (n < 0) {
		struct buf b = {0};
		err = -errno;
		buf_printf(&b, "%s: %s", dir, strerror(-err));
		*ret_error = b.data;
		return err;
	}
	for (int i = 0; i < n; i++) {
		if (!err)
			err = add_library(h, dir, files[i]->d_name, ret_error);
		free(files[i]);
	}
	free(files);
	return err;
}

void script_host_export(struct script_host *h, const char *group, const char *name,
			script_host_fn *fn, void *self)
{
	struct export *e = mem_alloc(sizeof *e);
	*e = (struct export){group, name, fn, self, h->exports};
	h->exports = e;
}

static int find_state(struct script_host *h, const char *operator_id, struct state **ret)
{
	for (struct state *s = h->states; s; s = s->next) {
		if (strcmp(s->operator_id, operator_id) != 0)
			continue;
		*ret = s;
		return 0;
	}
	int err = state_new(h, operator_id, ret, NULL);
	if (err)
		return err;
	(*ret)->next = h->states;
	h->states = *ret;
	return 0;
}

static int no_state(const struct bb_script *script, bb_json_fn *fn, void *arg)
{
	struct bb_arena *a = arena_new(0);
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "detail", "there is not enough memory for a sandbox");
	bb_put_str(&b, "script", script->name);
	fn(-ENOMEM, bb_build_object(&b), arg);
	arena_free(a);
	return 0;
}

static void start_later(void *arg)
{
	struct run *r = arg;
	r->postponed = false;
	if (r->over)
		run_free(r);
	else
		run_start(r);
}

/* Lua calls the host, the host calls Lua of the same operator: not before the first has returned.
 */
static void postpone(struct run *r)
{
	r->script.version = bb_strdup(r->arena, r->script.version);
	r->script.text = bb_strndup(r->arena, r->script.text, r->script.len);
	r->question = r->question ? json_copy(r->arena, r->question) : NULL;
	r->postponed = true;
	loop_defer(r->state->host->loop, start_later, r);
}

int script_call(struct script_host *h, const struct bb_script *script, const char *function,
		const struct bb_json *question, uint32_t ms, bb_json_fn *fn, void *arg)
{
	struct state *s;
	if (find_state(h, script->operator_id, &s))
		return no_state(script, fn, arg);
	struct run *r = run_new(s, script, function);
	r->question = question;
	r->ms = ms ? ms : DEFAULT_MS;
	r->fn = fn;
	r->arg = arg;
	if (s->current)
		postpone(r);
	else
		run_start(r);
	return 0;
}

int script_check(struct script_host *h, const struct bb_script *script, struct bb_arena *arena,
		 const char **ret_error)
{
	struct state bare = {.host = h};
	lua_State *lua = lua_newstate(state_alloc, &bare);
	int status = LUA_ERRMEM;
	if (script->len > SCRIPT_TEXT_MOST) {
		*ret_error = arena_printf(arena, "%s:1: the script is longer than %zu bytes",
					  script->name, SCRIPT_TEXT_MOST);
	} else if (lua) {
		const char *chunk = arena_printf(arena, "=%s", run_chunk_name(arena, script->name));
		status = luaL_loadbufferx(lua, script->text, script->len, chunk, "t");
		if (status)
			*ret_error = values_clean(arena, lua_tostring(lua, -1));
	} else {
		*ret_error = "there is not enough memory for a sandbox";
	}
	if (lua)
		lua_close(lua);
	return status ? -EPERM : 0;
}
