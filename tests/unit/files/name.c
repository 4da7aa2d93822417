#include "name.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "token.h"

static const char *const made[][2] = {
    {"diag.zip", "diag.zip"},
    {"C:\\logs\\diag.zip", "diag.zip"},
    {"../../etc/passwd", "passwd"},
    {"dir/", "other"},
    {"", "other"},
    {"..", "other"},
    {"a\nb\x7f\tc", "abc"},
    {"caf\xc3\xa9.log", "caf\xc3\xa9.log"},
    {"bad\xff\xc3.log", "bad.log"},
    {"\xed\xa0\x80x", "x"},
};

Test(name, of_a_charger_is_made_good)
{
	struct bb_arena *a = arena_new(0);
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		cr_expect_str_eq(name_made(a, made[i][0], "other"), made[i][1], "%s", made[i][0]);
	char lengthy[600];
	memset(lengthy, 0, sizeof lengthy);
	for (size_t i = 0; i < 299; i++)
		memcpy(lengthy + 2 * i, "\xc3\xa9", 2);
	cr_expect_eq(strlen(name_made(a, lengthy, "other")), NAME_MOST);
	arena_free(a);
}

Test(name, has_no_slash_and_no_control_character)
{
	static const char *const bad[] = {"", ".", "..", "a/b", "a\\b", "a\nb", "\x7f"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(name_is_good(bad[i]), "%s", bad[i]);
	cr_expect(name_is_good("firmware 1.2 (final).bin"));
}

Test(purpose, is_a_plain_word)
{
	cr_expect(purpose_is_good("log-2_b"));
	cr_expect_not(purpose_is_good(""));
	cr_expect_not(purpose_is_good("Log"));
	cr_expect_not(purpose_is_good("a b"));
}

Test(token, is_never_the_same_and_known_by_its_hash)
{
	char a[TOKEN_SIZE], b[TOKEN_SIZE], hash[HEX_SIZE], other[HEX_SIZE];
	cr_assert(token_new(a) && token_new(b));
	cr_expect_eq(strlen(a), TOKEN_SIZE - 1);
	cr_expect_eq(strspn(a, "abcdefghijklmnopqrstuvwxyz234567"), TOKEN_SIZE - 1);
	cr_expect_str_neq(a, b);
	token_hash(hash, a);
	token_hash(other, b);
	cr_expect_str_neq(hash, other);
	cr_expect_not(strstr(hash, a));
	token_hash(hash, "abc");
	cr_expect_str_eq(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
