#include "address.h"

#include <criterion/criterion.h>

#include "base/arena.h"

Test(address, is_one_that_mail_servers_take_as_it_is)
{
	static const char *const good[] = {"a@b", "anna.b+c@mail.example", "o'neil@x-y.example",
					   "A_1@127.0.0.1"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		cr_expect(address_is_valid(good[i]), "%s", good[i]);
}

Test(address, has_nothing_that_begins_another_header_or_command)
{
	static const char *const bad[] = {
	    "",      "@",       "a",       "a@",
	    "@b",    "a b@c",   "a@b c",   "a@b\r\nRCPT TO:<x@y>",
	    "<a@b>", "a@b,c@d", "\"a\"@b", "a@b@c",
	    "a@.b",  "a@b..c",  "a@b.",    "ä@b",
	    "a@-b",  "a@b\n",   "a@b;c@d", "a@b\tc",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(address_is_valid(bad[i]), "%s", bad[i]);
}

Test(address, is_not_longer_than_mail_servers_take)
{
	char text[300];
	memset(text, 'a', sizeof text);
	memcpy(text + 65, "@b", 3);
	cr_expect_not(address_is_valid(text));
	memcpy(text + 64, "@b", 3);
	cr_expect(address_is_valid(text));
	memset(text + 64, 'a', 200);
	text[10] = '@';
	text[255] = '\0';
	cr_expect_not(address_is_valid(text));
	text[254] = '\0';
	cr_expect(address_is_valid(text));
}

Test(address, is_the_same_in_capitals)
{
	struct bb_arena *a = arena_new(0);
	cr_expect_str_eq(address_key(a, "Anna.B@Example.ORG"), "anna.b@example.org");
	arena_free(a);
}

Test(user_id, goes_into_a_path_as_it_is)
{
	cr_expect(user_id_is_valid("anna"));
	cr_expect(user_id_is_valid("auth0|5f.7-c_8@x:y+z"));
	static const char *const bad[] = {"", ".", "..", "a/b", "a b", "a?b", "a%62", "a\n", "ä"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(user_id_is_valid(bad[i]), "%s", bad[i]);
}
