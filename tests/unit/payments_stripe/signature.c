#include "signature.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* HMAC-SHA-256 of "1732590000.{}" with the key "whsec_x", by `openssl dgst`. */
#define SIGNED "bedff8b1a0a5cecf363e55de31c60994bc7c944d236ca5e3b8ebd0e217505010"

static bool parses(const char *header)
{
	struct signature s;
	return signature_parse(header, &s);
}

Test(signature, belongs_to_its_secret_its_body_and_its_time)
{
	struct signature s;
	cr_assert(signature_parse("t=1732590000,v1=" SIGNED, &s));
	cr_expect_eq(s.time_s, 1732590000);
	cr_expect(signature_is_of(&s, "whsec_x", "{}", 2));
	cr_expect_not(signature_is_of(&s, "whsec_y", "{}", 2));
	cr_expect_not(signature_is_of(&s, "", "{}", 2));
	cr_expect_not(signature_is_of(&s, "whsec_x", "{ }", 3));
	cr_expect_not(signature_is_of(&s, "whsec_x", "{}", 1));
	cr_assert(signature_parse("t=1732590001,v1=" SIGNED, &s));
	cr_expect_not(signature_is_of(&s, "whsec_x", "{}", 2));
	cr_assert(signature_parse("t=01732590000,v1=" SIGNED, &s));
	cr_expect_not(signature_is_of(&s, "whsec_x", "{}", 2), "the time is signed as it stands");
}

Test(signature, any_of_several_will_do)
{
	char zeros[65] = "";
	char header[512];
	struct signature s;
	memset(zeros, '0', 64);
	snprintf(header, sizeof header, "t=1732590000, v1=%s ,v0=anything,v1=%s,x=", zeros, SIGNED);
	cr_assert(signature_parse(header, &s));
	cr_expect_eq(s.count, 2);
	cr_expect(signature_is_of(&s, "whsec_x", "{}", 2));
}

Test(signature, malformed_headers_are_none)
{
	cr_expect_not(parses(""));
	cr_expect_not(parses("t=1"));
	cr_expect_not(parses("v1=" SIGNED));
	cr_expect_not(parses("t=,v1=" SIGNED));
	cr_expect_not(parses("t=-1,v1=" SIGNED));
	cr_expect_not(parses("t=1 2,v1=" SIGNED));
	cr_expect_not(parses("t=9999999999999,v1=" SIGNED));
	cr_expect_not(parses("t=1,t=1,v1=" SIGNED));
	cr_expect_not(parses("t=1,v1=" SIGNED "0"));
	cr_expect_not(parses("t=1,v1=g" SIGNED));
	cr_expect_not(parses("t=1,v1"));
	cr_expect_not(parses("t=1,,v1=" SIGNED));
	cr_expect_not(parses("t=1,v0=" SIGNED));
}

Test(signature, more_than_sixteen_are_refused)
{
	char header[2048] = "t=1";
	for (int i = 0; i < 16; i++)
		strcat(header, ",v1=" SIGNED);
	cr_expect(parses(header));
	strcat(header, ",v1=" SIGNED);
	cr_expect_not(parses(header));
}
