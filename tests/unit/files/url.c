#include <busbar/url.h>

#include <criterion/criterion.h>

#include "base/arena.h"
#include "token.h"

#define T "abcdefghijklmnopqrstuvwxyz234567abcdefgh"

static const char *const shown[][2] = {
    {"ftp://user:pw@host/x", "ftp://***@host/x"},
    {"ftp://a@b:c@host", "ftp://***@host"},
    {"https://host/files/" T "/fw.bin", "https://host/files/***/fw.bin"},
    {"https://host:8443/csms/files/" T, "https://host:8443/csms/files/***"},
    {"https://user@host/files/" T "?a=b", "https://***@host/files/***?a=b"},
    {"https://host/files/files/" T "/x", "https://host/files/files/***/x"},
    {"https://host/files/" T "a", NULL},
    {"https://host/files/fw.bin", NULL},
    {"https://host/mail@example", NULL},
    {"ftp://@host/", NULL},
    {"", NULL},
};

Test(url, is_shown_without_its_secrets)
{
	struct bb_arena *a = arena_new(0);
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		const char *want = shown[i][1] ? shown[i][1] : shown[i][0];
		cr_expect_str_eq(bb_url_shown(a, shown[i][0]), want);
		cr_expect_eq(bb_url_has_secret(shown[i][0]), shown[i][1] != NULL, "%s",
			     shown[i][0]);
	}
	arena_free(a);
}

Test(url, knows_each_token_that_is_made)
{
	struct bb_arena *a = arena_new(0);
	char token[TOKEN_SIZE];
	for (int i = 0; i < 100; i++) {
		cr_assert(token_new(token));
		cr_expect_str_eq(bb_url_shown(a, bb_printf(a, "http://h" BB_URL_FILES "%s", token)),
				 "http://h/files/***");
	}
	arena_free(a);
}

Test(url, has_an_id_where_it_comes_out_as_it_went_in)
{
	static const char *const ids[][2] = {
	    {"a-B_1.~b", "/l/a-B_1.~b/x"},     {"a b%\xc3\xa9?+&", "/l/a%20b%25%C3%A9%3F%2B%26/x"},
	    {"a/b", "/l/%7Bid%7D/x?id=a%2Fb"}, {"..", "/l/%7Bid%7D/x?id=.."},
	    {".", "/l/%7Bid%7D/x?id=."},
	};
	struct bb_arena *a = arena_new(0);
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		cr_expect_str_eq(bb_url_item(a, "/l", ids[i][0], "/x"), ids[i][1]);
	cr_expect_str_eq(bb_url_item(a, "/l", "7", ""), "/l/7");
	arena_free(a);
}
