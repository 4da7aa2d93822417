#include "password.h"

#include <criterion/criterion.h>

#include "base/arena.h"

static struct bb_arena *arena;

static void set_up(void)
{
	arena = arena_new(0);
}

static void tear_down(void)
{
	arena_free(arena);
}

TestSuite(password, .init = set_up, .fini = tear_down);

static bool matches(const char *stored, const char *sent)
{
	return password_matches(stored, sent, strlen(sent));
}

static const char *hashed(const char *password)
{
	return password_hash(arena, password, strlen(password), 1000);
}

Test(password, matches_what_it_was_made_of_and_nothing_else)
{
	const char *h = hashed("correct horse");
	cr_assert(matches(h, "correct horse"));
	cr_assert_not(matches(h, "correct horsf"));
	cr_assert_not(matches(h, ""));
	cr_assert_null(strstr(h, "correct"));
}

Test(password, is_salted)
{
	cr_assert_str_neq(hashed("correct horse"), hashed("correct horse"));
}

Test(password, registered_in_hex_may_be_sent_raw_or_in_hex_of_any_case)
{
	const char *h = hashed("000102030405060708090A0B0C0D0E0F10111213");
	unsigned char raw[20];
	for (unsigned char i = 0; i < sizeof raw; i++)
		raw[i] = i;
	cr_expect(password_matches(h, raw, sizeof raw));
	cr_expect(matches(h, "000102030405060708090a0b0c0d0e0f10111213"));
	cr_expect(matches(h, "000102030405060708090A0B0C0D0E0F10111213"));
	cr_expect_not(matches(h, "000102030405060708090a0b0c0d0e0f10111214"));
}

Test(password, registered_as_text_may_be_sent_in_hex)
{
	const char *h = hashed("sixteen letters!");
	cr_expect(matches(h, "sixteen letters!"));
	cr_expect(matches(h, "7369787465656e206c65747465727321"));
}

Test(password, never_matches_a_malformed_hash)
{
	static const char *const bad[] = {
	    "", "plain", "pbkdf2-sha256$", "pbkdf2-sha256$0$00$00",
	    "pbkdf2-sha256$1000$zz0102030405060708090a0b0c0d0e0f$"
	    "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(matches(bad[i], ""), "%s", bad[i]);
}

Test(password, is_proven_again_by_a_digest_bound_to_the_hash)
{
	const char *h = hashed("correct horse");
	unsigned char a[PASSWORD_PROOF], b[PASSWORD_PROOF], c[PASSWORD_PROOF];
	password_proof(h, "correct horse", 13, a);
	password_proof(h, "correct horse", 13, b);
	password_proof(hashed("correct horse"), "correct horse", 13, c);
	cr_assert_arr_eq(a, b, sizeof a);
	cr_assert_arr_neq(a, c, sizeof a);
}

Test(password, comes_behind_the_chargers_own_identity)
{
	unsigned char p[PASSWORD_MOST];
	/* CP 1:a:b */
	cr_assert_eq(password_of_basic("Basic Q1AgMTphOmI=", "CP 1", p), 3);
	cr_expect_arr_eq(p, "a:b", 3);
	cr_expect_eq(password_of_basic("basic Q1AgMTphOmI=", "CP 1", p), 3);
	cr_expect_eq(password_of_basic("Basic Q1AgMTphOmI=", "CP", p), -1);
	cr_expect_eq(password_of_basic("Basic Q1AgMTphOmI=", "CP 1:a", p), 1);
	cr_expect_eq(password_of_basic("Basic Q1Ag", "CP ", p), -1);
	cr_expect_eq(password_of_basic("Basic !!!!", "CP 1", p), -1);
	cr_expect_eq(password_of_basic("Basic ", "", p), -1);
	cr_expect_eq(password_of_basic("Bearer Q1AgMTphOmI=", "CP 1", p), -1);
	cr_expect_eq(password_of_basic(NULL, "CP 1", p), -1);
}

Test(password, of_any_length_does_no_harm)
{
	char header[4096] = "Basic ";
	unsigned char p[PASSWORD_MOST];
	memset(header + 6, 'Q', 4000);
	cr_assert_eq(password_of_basic(header, "A", p), -1);
	cr_assert_not(password_matches(hashed("x"), header, sizeof header));
}
