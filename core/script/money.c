/* busbar.money: what scripts must know of currencies. */
#include <busbar/money.h>

#include <lauxlib.h>

#include "script/state.h"

/* decimals(currency): digits behind the point. */
static int decimals(lua_State *lua)
{
	const char *code = luaL_checkstring(lua, 1);
	int n = bb_currency_decimals(code);
	run_charge(lua, 20);
	if (n < 0)
		return luaL_error(lua, "'%s' is not a currency of ISO 4217", code);
	lua_pushinteger(lua, n);
	return 1;
}

void money_open(lua_State *lua)
{
	lua_pushcfunction(lua, decimals);
	lua_setfield(lua, -2, "decimals");
}
