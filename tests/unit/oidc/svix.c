#include "svix.h"

#include <criterion/criterion.h>

#include "fixture.h"

/* HMAC-SHA-256 of "msg_1.1732590000.{}" with the key "0123456789abcdef01234567", by `openssl dgst`.
 */
#define SECRETS "a:whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
#define SIGNED "u7NaVQCDjFmdKGvosqHZX/0xpsgrRw9tRwZvvVicRG8="
#define NOW INT64_C(1732590000000)

TestSuite(svix, .init = setup, .fini = teardown);

static const struct svix good = {"msg_1", "1732590000", "v1," SIGNED, "{}", 2};

static bool is_good(struct svix m, const char *name, const char *secrets, int64_t now_ms)
{
	return !svix_fault(arena, &m, name, secrets, now_ms, 300000);
}

Test(svix, belongs_to_id_time_body_and_secret)
{
	cr_expect(is_good(good, "a", SECRETS, NOW));
	cr_expect(
	    is_good(good, "a", "a:whsec_c29tZXRoaW5nIGVsc2UgaGVyZSE= b:whsec_AAAA " SECRETS, NOW));
	cr_expect_not(is_good(good, "b", SECRETS, NOW));
	cr_expect_not(is_good(good, "", SECRETS, NOW));
	cr_expect_not(is_good(good, "a", "", NOW));
	struct svix m = good;
	m.id = "msg_2";
	cr_expect_not(is_good(m, "a", SECRETS, NOW));
	m = good;
	m.timestamp = "1732590001";
	cr_expect_not(is_good(m, "a", SECRETS, NOW));
	m = good;
	m.body = "{ ";
	cr_expect_not(is_good(m, "a", SECRETS, NOW));
	m = good;
	m.id = "msg_1.1732590000";
	m.timestamp = "1";
	cr_expect_not(is_good(m, "a", SECRETS, 1000));
}

Test(svix, counts_for_a_while)
{
	cr_expect(is_good(good, "a", SECRETS, NOW + 300000));
	cr_expect_not(is_good(good, "a", SECRETS, NOW + 300001));
	cr_expect(is_good(good, "a", SECRETS, NOW - 300000));
	cr_expect_not(is_good(good, "a", SECRETS, NOW - 300001));
}

Test(svix, any_of_several_signatures_will_do)
{
	struct svix m = good;
	m.signature = "v1,AAAA v1a," SIGNED " v2,x  v1," SIGNED;
	cr_expect(is_good(m, "a", SECRETS, NOW));
	static const char *const bad[] = {"",
					  "v1",
					  "v1,",
					  SIGNED,
					  "v1a," SIGNED,
					  "v1 ," SIGNED,
					  "v1," SIGNED "A",
					  "v1,AAAA,v1," SIGNED};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		m.signature = bad[i];
		cr_expect_not(is_good(m, "a", SECRETS, NOW), "%s", bad[i]);
	}
}

Test(svix, without_its_headers_is_none)
{
	for (int i = 0; i < 3; i++) {
		struct svix m = good;
		*(i == 0 ? &m.id : i == 1 ? &m.timestamp : &m.signature) = NULL;
		cr_expect_not(is_good(m, "a", SECRETS, NOW));
	}
	static const char *const times[] = {"", "-1", "1e9", " 1732590000", "99999999999999999999"};
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		struct svix m = good;
		m.timestamp = times[i];
		cr_expect_not(is_good(m, "a", SECRETS, NOW), "%s", times[i]);
	}
}

Test(svix, secrets_are_well_formed_or_refused)
{
	cr_expect(svix_secrets_are_sound(arena, ""));
	cr_expect(svix_secrets_are_sound(arena, SECRETS " " SECRETS));
	static const char *const bad[] = {"x",         "a:x",
					  "a:whsec_",  "a:whsec_AAAA",
					  "a:whsec_!", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",
					  SECRETS " x"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(svix_secrets_are_sound(arena, bad[i]), "%s", bad[i]);
	cr_expect(svix_has_secret("a", SECRETS));
	cr_expect_not(svix_has_secret("", SECRETS));
	cr_expect_not(svix_has_secret("a:whsec_", SECRETS));
}
