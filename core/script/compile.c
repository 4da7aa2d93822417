/* Scripts compiled once per name and version, the latest few of them. */
#include <errno.h>
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

/* The function on top of the stack. luaL_ref may raise, so it comes before what C holds. */
static void keep(struct state *s, lua_State *lua, const struct bb_script *script)
{
	make_room(s, lua);
	lua_pushvalue(lua, -1);
	int ref = luaL_ref(lua, LUA_REGISTRYINDEX);
	struct compiled *c = mem_alloc(sizeof *c);
	*c = (struct compiled){
	    .name = mem_strdup(script->name),
	    .version = mem_strdup(script->version),
	    .ref = ref,
	    .used = s->calls,
	    .next = s->scripts,
	};
	s->scripts = c;
}

int compile(struct state *s, lua_State *lua, const struct bb_script *script, const char *chunk)
{
	struct compiled **at = find(s, script->name);
	if (*at && !strcmp((*at)->version, script->version)) {
		(*at)->used = s->calls;
		lua_rawgeti(lua, LUA_REGISTRYINDEX, (*at)->ref);
		return 0;
	}
	if (*at)
		drop(lua, at);
	if (script->len > SCRIPT_TEXT_MOST) {
		lua_pushfstring(lua, "%s:1: the script is longer than %d bytes", chunk,
				(int)SCRIPT_TEXT_MOST);
		return -EPERM;
	}
	int status = luaL_loadbufferx(lua, script->text, script->len,
				      lua_pushfstring(lua, "=%s", chunk), "t");
	lua_remove(lua, -2);
	if (status)
		return status == LUA_ERRMEM ? -ENOMEM : -EPERM;
	keep(s, lua, script);
	return 0;
}
