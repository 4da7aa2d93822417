/* The counted matcher against Lua's own. */
#include <lauxlib.h>
#include <lualib.h>

#include "sandbox.h"

TestSuite(patterns, .init = sandbox_setup, .fini = sandbox_teardown);

static const char *const subjects[] = {"''",
				       "'a'",
				       "'aaa'",
				       "'hello world from Lua'",
				       "'key = value, k2=v2'",
				       "'2026-11-21T08:00:00Z'",
				       "'((a)(b(c)))x'",
				       "'THE (quick) fox'",
				       "'\\0a\\0b'",
				       "'a.b.c..d'",
				       "'  trim  me '",
				       "'x^y$z%w'",
				       "'abcabcabc'",
				       "'[set]-]'",
				       "'0x1F,-12.5e3'"};

static const char *const patterns[] = {
    "''", "'a'", "'a*'", "'a+'", "'a-'", "'a?'", "'.'", "'^a'", "'a$'", "'^$'", "'^.-$'", "'%w+'",
    "'%W'", "'%s*$'", "'^%s*(.-)%s*$'", "'(%w+)%s*=%s*(%w+)'", "'%b()'", "'%f[%a]%a+'",
    "'%f[%w]%w+%f[%W]'", "'()a()'", "'(a)(b)?'", "'[^%s]+'", "'[%-%]]'", "'[]]'", "'[^]]'",
    "'[a-c]+'", "'[a-]'", "'[%a_][%w_]*'", "'(%d+)-(%d+)-(%d+)'", "'(abc)%1'", "'((a)(b))'", "'%.'",
    "'%%'", "'$'", "'^^'", "'x%^y%$'", "'%z'", "'[%z]'", "'\\0'", "'.-b'", "'(.)(.-)%1'", "'%x+'",
    "'%u%l*'", "'%p'", "'[+-]?%d+%.?%d*'",
    /* malformed */
    "'%'", "'['", "'[a'", "'[^'", "'[%'", "'('", "')'", "'(()'", "'%b'", "'%bx'", "'%f'", "'%fa'",
    "'%1'", "'(%1)'", "'a%'"};

static const char *const uses[] = {
    "string.find(S, P)",
    "string.find(S, P, 2)",
    "string.find(S, P, -3)",
    "string.find(S, P, 1, true)",
    "string.find(S, P, 100)",
    "string.match(S, P)",
    "string.match(S, P, 3)",
    "string.gsub(S, P, '<%0>')",
    "string.gsub(S, P, '%1%%', 2)",
    "string.gsub(S, P, {a = 'X', k2 = false})",
    "string.gsub(S, P, function(...) return select('#', ...) .. ':' .. tostring((...)) end)",
    "string.gsub(S, P, '%2')",
    "string.gsub(S, P, '%')",
    "string.gsub(S, P, 'x', 0)",
    "string.gsub(S, P, function() return {} end)",
    "(function() local t = {} for a, b in string.gmatch(S, P) do t[#t + 1] = tostring(a) .. '/' .. "
    "tostring(b) end return table.concat(t, ';') end)()"};

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* A script whose `f` gives one text for a use of every subject with every pattern. */
static const char *script_of(const char *use)
{
	const char *s = "local subjects, patterns = {", *out;
	for (size_t i = 0; i < COUNT(subjects); i++)
		s = arena_printf(arena, "%s%s,", s, subjects[i]);
	s = arena_printf(arena, "%s}, {", s);
	for (size_t i = 0; i < COUNT(patterns); i++)
		s = arena_printf(arena, "%s%s,", s, patterns[i]);
	out = "} function f() local out = {} for _, S in ipairs(subjects) do for _, P in "
	      "ipairs(patterns) "
	      "do local r = table.pack(pcall(function() return";
	s = arena_printf(arena, "%s%s %s", s, out, use);
	return arena_printf(
	    arena,
	    "%s end)) for i = 1, r.n do r[i] = "
	    "tostring(r[i]):gsub('%%z', '0'):gsub('^.-:%%d+: ', '') end out[#out + 1] = "
	    "S:gsub('%%z', '0') .. ' ~ ' .. P:gsub('%%z', '0') .. ' -> ' .. "
	    "table.concat(r, ' | ') end end return table.concat(out, '\\n') end",
	    s);
}

Test(patterns, every_use_gives_what_lua_gives)
{
	lua_State *lua = luaL_newstate();
	luaL_openlibs(lua);
	for (size_t i = 0; i < COUNT(uses); i++) {
		const char *text = script_of(uses[i]);
		cr_assert_eq(luaL_dostring(lua, text), LUA_OK, "%s", lua_tostring(lua, -1));
		lua_getglobal(lua, "f");
		cr_assert_eq(lua_pcall(lua, 0, 1, 0), LUA_OK, "%s", lua_tostring(lua, -1));
		struct answer a = run_script(text, NULL);
		cr_assert_eq(a.err, 0, "%s", text_of(a.value));
		const char *ours = bb_json_str(a.value, ""), *theirs = lua_tostring(lua, -1);
		while (*ours || *theirs) {
			size_t n = strcspn(ours, "\n"), m = strcspn(theirs, "\n");
			cr_expect(n == m && !memcmp(ours, theirs, n),
				  "%s:\n  ours %.*s\n  lua  %.*s", uses[i], (int)n, ours, (int)m,
				  theirs);
			ours += n + (ours[n] != '\0');
			theirs += m + (theirs[m] != '\0');
		}
		lua_settop(lua, 0);
	}
	lua_close(lua);
}
