/* Scripts compiled once per name and version, the latest few of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <lauxlib.h>

#include "base/arena.h"
#include "script/state.h"

static struct compiled **find(struct state *s, const char *name)
{
	struct compiled **at = &s->scripts;
	while (*at && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	return at;
}

static void drop(lua_State *lua, struct compiled **at)
{
	struct compiled *c = *at;
	*at = c->next;
	luaL_unref(lua, LUA_REGISTRYINDEX, c->ref);
	luaL_unref(lua, LUA_REGISTRYINDEX, c->modules);
	environment_free(lua, c->idle);
	free(c->name);
	free(c->version);
	free(c);
}

static void make_room(struct state *s, lua_State *lua)
{
	size_t count = 0;
	struct compiled **oldest = &s->scripts;
	for (struct compiled **at = &s->scripts; *at; at = &(*at)->next) {
		count++;
		if ((*at)->used < (*oldest)->used)
			oldest = at;
	}
	if (count >= SCRIPTS_KEPT)
		drop(lua, oldest);
}

void compile_forget(struct state *s)
{
	while (s->scripts)
		drop(s->lua, &s->scripts);
}

/* The function and the modules on top of the stack. luaL_ref may raise, so it comes before what C
 * holds. */
static void keep(struct state *s, lua_State *lua, const struct bb_script *script)
{
	make_room(s, lua);
	lua_pushvalue(lua, -2);
	int ref = luaL_ref(lua, LUA_REGISTRYINDEX);
	lua_pushvalue(lua, -1);
	int modules = luaL_ref(lua, LUA_REGISTRYINDEX);
	struct compiled *c = mem_alloc(sizeof *c);
	*c = (struct compiled){
	    .name = mem_strdup(script->name),
	    .version = mem_strdup(script->version),
	    .ref = ref,
	    .modules = modules,
	    .serial = ++s->compilations,
	    .used = s->calls,
	    .next = s->scripts,
	};
	s->scripts = c;
}

static size_t length(const struct bb_script *script)
{
	size_t len = script->len;
	for (size_t i = 0; i < script->module_count; i++)
		len += script->modules[i].len;
	return len;
}

static int load(lua_State *lua, const char *name, const char *text, size_t len)
{
	char chunk[CHUNK_NAME_MOST + 2];
	snprintf(chunk, sizeof chunk, "=%s", name);
	int status = luaL_loadbufferx(lua, text, len, chunk, "t");
	return !status ? 0 : status == LUA_ERRMEM ? -ENOMEM : -EPERM;
}

static int load_modules(lua_State *lua, const struct bb_script *script)
{
	lua_createtable(lua, 0, (int)script->module_count);
	for (size_t i = 0; i < script->module_count; i++) {
		const struct bb_module *m = &script->modules[i];
		int err = load(lua, m->name, m->text, m->len);
		if (err)
			return err;
		lua_setfield(lua, -2, m->name);
	}
	return 0;
}

int compile_load(lua_State *lua, const struct bb_script *script)
{
	if (length(script) > SCRIPT_TEXT_MOST) {
		lua_pushfstring(lua, "%s:1: the script is longer than %d bytes%s", script->name,
				(int)SCRIPT_TEXT_MOST,
				script->module_count ? " with its modules" : "");
		return -EPERM;
	}
	int err = load(lua, script->name, script->text, script->len);
	if (err)
		return err;
	if (script->module_count)
		return load_modules(lua, script);
	lua_pushnil(lua);
	return 0;
}

struct compiled *compile_find(struct state *s, const struct bb_script *script)
{
	struct compiled *c = *find(s, script->name);
	return c && !strcmp(c->version, script->version) ? c : NULL;
}

int compile(struct state *s, lua_State *lua, const struct bb_script *script, struct compiled **ret)
{
	*ret = compile_find(s, script);
	if (!*ret) {
		struct compiled **old = find(s, script->name);
		if (*old)
			drop(lua, old);
		int err = compile_load(lua, script);
		if (err)
			return err;
		keep(s, lua, script);
		lua_pop(lua, 2);
		*ret = s->scripts;
	}
	(*ret)->used = s->calls;
	return 0;
}
