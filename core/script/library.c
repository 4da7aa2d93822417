/* The bundled library: each state loads a file of it when a script first names it. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "script/state.h"

/* What its chunk's name begins with, so that a line of it is none of a script called the same. */
#define FOLDER "lib/"

static const struct library *find(const struct script_host *h, const char *name)
{
	const struct library *l = h->libraries;
	while (l && strcmp(l->name, name) != 0)
		l = l->next;
	return l;
}

/* Is its top level, the function on top of the stack, running already? */
static void refuse_cycle(lua_State *lua, const struct library *l)
{
	lua_Debug at;
	const char *asking = NULL;
	int function = lua_gettop(lua);
	for (int level = 1;
	     level < CYCLE_MOST && lua_getstack(lua, level, &at) && lua_getinfo(lua, "Sf", &at);
	     level++) {
		if (!asking && !strcmp(at.what, "main"))
			asking = at.source + 1 + strlen(FOLDER);
		if (lua_rawequal(lua, function, -1))
			luaL_error(lua, "the modules \"%s\" and \"%s\" need each other", l->name,
				   asking);
		lua_pop(lua, 1);
	}
}

/* The time to compile it is not the call's. */
static int load_unwatched(lua_State *lua, const struct library *l, const char *chunk)
{
	struct run *r = state_of(lua)->current;
	if (r)
		run_rest(r);
	int status = luaL_loadbufferx(lua, l->text, l->len, chunk, "t");
	if (r)
		run_watch(r);
	return status;
}

/* Pushes its top level. Libraries see the base and each other, no script's globals. */
static void push_function(lua_State *lua, const struct library *l)
{
	if (lua_rawgetp(lua, LUA_REGISTRYINDEX, l) != LUA_TNIL)
		return;
	lua_pop(lua, 1);
	const char *chunk = lua_pushfstring(lua, "=" FOLDER "%s", l->name);
	if (load_unwatched(lua, l, chunk))
		lua_error(lua);
	lua_remove(lua, -2);
	lua_rawgeti(lua, LUA_REGISTRYINDEX, state_of(lua)->library_globals);
	lua_setupvalue(lua, -2, 1);
	lua_pushvalue(lua, -1);
	lua_rawsetp(lua, LUA_REGISTRYINDEX, l);
}

static void load(lua_State *lua, const struct library *l)
{
	push_function(lua, l);
	refuse_cycle(lua, l);
	lua_call(lua, 0, 1);
	if (!lua_istable(lua, -1))
		luaL_error(lua, "%s.lua does not return a table", l->name);
	sandbox_freeze(lua);
	lua_pushnil(lua);
	lua_rawsetp(lua, LUA_REGISTRYINDEX, l);
}

bool library_push(lua_State *lua, const char *name)
{
	struct state *s = state_of(lua);
	const struct library *l = find(s->host, name);
	if (!l)
		return false;
	lua_rawgeti(lua, LUA_REGISTRYINDEX, s->base);
	lua_pushstring(lua, name);
	if (lua_rawget(lua, -2) == LUA_TNIL) {
		lua_pop(lua, 1);
		load(lua, l);
		lua_pushstring(lua, name);
		lua_pushvalue(lua, -2);
		lua_rawset(lua, -4);
	}
	lua_remove(lua, -2);
	return true;
}

/* A global that nobody has set: a library's name, or nil. */
static int global(lua_State *lua)
{
	if (lua_type(lua, 2) != LUA_TSTRING || !library_push(lua, lua_tostring(lua, 2)))
		lua_pushnil(lua);
	return 1;
}

static int require(lua_State *lua)
{
	const char *name = luaL_checkstring(lua, 1);
	if (!library_push(lua, name))
		luaL_error(lua, "there is no module \"%s\" in the library", name);
	return 1;
}

static void set_metatable(lua_State *lua, int table)
{
	lua_createtable(lua, 0, 2);
	lua_insert(lua, -2);
	lua_setfield(lua, -2, "__index");
	lua_pushboolean(lua, 0);
	lua_setfield(lua, -2, "__metatable");
	lua_setmetatable(lua, table);
}

void library_open(lua_State *lua)
{
	int base = lua_gettop(lua);
	lua_pushcfunction(lua, global);
	set_metatable(lua, base);
	lua_newtable(lua);
	lua_pushcfunction(lua, require);
	lua_setfield(lua, -2, "require");
	lua_pushvalue(lua, base);
	set_metatable(lua, base + 1);
	state_of(lua)->library_globals = luaL_ref(lua, LUA_REGISTRYINDEX);
}

static int push_named(lua_State *lua)
{
	library_push(lua, lua_touserdata(lua, 1));
	return 1;
}

static int is_lua_file(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);
	return len > 4 && !strcmp(entry->d_name + len - 4, ".lua");
}

static int failed(char **ret_error, const char *where, const char *why, int err)
{
	struct buf b = {0};
	buf_printf(&b, "%s: %s", where, why);
	*ret_error = b.data;
	return err;
}

/* In a state of its own, so that a broken library is an error at start. */
static int try_out(struct script_host *h, const char *dir, char **ret_error)
{
	struct state *s;
	struct owner nobody = {.operator_id = ""};
	int err = 0;
	if (state_new(h, &nobody, &s))
		return failed(ret_error, dir, "not enough memory for a sandbox", -ENOMEM);
	for (const struct library *l = h->libraries; l && !err; l = l->next) {
		struct buf where = {0};
		buf_printf(&where, "%s/%s.lua", dir, l->name);
		lua_pushcfunction(s->lua, push_named);
		lua_pushlightuserdata(s->lua, l->name);
		if (lua_pcall(s->lua, 1, 0, 0))
			err = failed(ret_error, where.data, lua_tostring(s->lua, -1), -EINVAL);
		buf_free(&where);
	}
	state_free(s);
	return err;
}

static int add(struct script_host *h, const char *dir, const char *file, char **ret_error)
{
	struct buf path = {0}, text = {0};
	buf_printf(&path, "%s/%s", dir, file);
	int err = buf_read_file(&text, path.data);
	if (err) {
		failed(ret_error, path.data, strerror(-err), err);
		buf_free(&text);
	} else {
		struct library *l = mem_alloc(sizeof *l);
		*l = (struct library){mem_strndup(file, strlen(file) - 4),
				      text.data ? text.data : mem_strdup(""), text.len,
				      h->libraries};
		h->libraries = l;
	}
	buf_free(&path);
	return err;
}

int script_host_library(struct script_host *h, const char *dir, char **ret_error)
{
	struct dirent **files;
	int n = scandir(dir, &files, is_lua_file, alphasort), err = 0;
	if (n < 0) {
		err = -errno;
		return failed(ret_error, dir, strerror(-err), err);
	}
	for (int i = 0; i < n; i++) {
		if (!err)
			err = add(h, dir, files[i]->d_name, ret_error);
		free(files[i]);
	}
	free(files);
	return err ? err : try_out(h, dir, ret_error);
}

void library_free(struct script_host *h)
{
	while (h->libraries) {
		struct library *l = h->libraries;
		h->libraries = l->next;
		free(l->name);
		free(l->text);
		free(l);
	}
}
