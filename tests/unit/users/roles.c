#include "roles.h"

#include <criterion/criterion.h>

static const char *const all[] = {"admin", "operator", "readonly", "user", "king", ""};

Test(roles, are_managed_by_admins_and_but_for_admins_by_operators)
{
	static const struct {
		const char *actor, *may;
	} table[] = {{"admin", "1111"}, {"operator", "0111"}, {"readonly", "0000"},
		     {"user", "0000"},  {"king", "0000"},     {"", "0000"}};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		for (size_t j = 0; j < 4; j++)
			cr_expect_eq(role_may_manage(table[i].actor, all[j]),
				     table[i].may[j] == '1', "%s %s", table[i].actor, all[j]);
		cr_expect_not(role_may_manage(table[i].actor, "king"));
	}
}

Test(roles, say_whose_their_users_may_be)
{
	enum role_operator of;
	cr_assert(role_find("admin", &of));
	cr_expect_eq(of, ROLE_OF_NONE);
	cr_assert(role_find("readonly", &of));
	cr_expect_eq(of, ROLE_OF_ANY);
	cr_assert(role_find("operator", &of));
	cr_expect_eq(of, ROLE_OF_ONE);
	cr_assert(role_find("user", &of));
	cr_expect_eq(of, ROLE_OF_ONE);
	cr_expect_not(role_find("king", &of));
}
