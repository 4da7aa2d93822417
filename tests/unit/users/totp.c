#include "totp.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "base/arena.h"

static const char key[] = "12345678901234567890";
static const char secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; /* the same in base32 */

/* RFC 4226, appendix D. */
Test(hotp, gives_what_its_rfc_says)
{
	static const uint32_t codes[] = {755224, 287082, 359152, 969429, 338314,
					 254676, 287922, 162583, 399871, 520489};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		cr_expect_eq(totp_code((const unsigned char *)key, 20, (int64_t)i), codes[i]);
}

/* RFC 6238, appendix B, the last six of its eight digits. */
Test(totp, gives_what_its_rfc_says)
{
	static const struct {
		int64_t at_s;
		const char *code;
	} vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
		       {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		int64_t step = 0;
		cr_expect(totp_check(secret, vectors[i].code, vectors[i].at_s * 1000, -1, &step),
			  "%zu", i);
		cr_expect_eq(step, vectors[i].at_s / 30);
	}
}

Test(totp, takes_the_step_before_and_the_one_after)
{
	char code[16];
	int64_t now = 1000000 * TOTP_STEP_MS + 29999, step;
	for (int64_t at = -3; at <= 3; at++) {
		snprintf(code, sizeof code, "%06u",
			 (unsigned)totp_code((const unsigned char *)key, 20, 1000000 + at));
		cr_expect_eq(totp_check(secret, code, now, -1, &step), at >= -1 && at <= 1, "%d",
			     (int)at);
	}
}

Test(totp, takes_a_code_once_and_none_before_it)
{
	int64_t step = 0;
	cr_assert(totp_check(secret, "287082", 59000, -1, &step));
	cr_expect_not(totp_check(secret, "287082", 59000, step, &step));
	cr_expect_not(totp_check(secret, "755224", 59000, step, &step));
	cr_expect(totp_check(secret, "359152", 59000, step, &step), "the next one");
}

Test(totp, takes_nothing_else)
{
	static const char *const codes[] = {"",       "28708",  "2870820", "28708a",
					    " 28708", "-87082", "287083"};
	int64_t step;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		cr_expect_not(totp_check(secret, codes[i], 59000, -1, &step), "%s", codes[i]);
	cr_expect_not(totp_check("", "287082", 59000, -1, &step));
	cr_expect_not(totp_check("not base32!", "287082", 59000, -1, &step));
}

/* RFC 4648, section 10. */
Test(base32, is_as_its_rfc_says)
{
	static const struct {
		const char *bytes, *text;
	} vectors[] = {{"", ""},
		       {"f", "MY"},
		       {"fo", "MZXQ"},
		       {"foo", "MZXW6"},
		       {"foob", "MZXW6YQ"},
		       {"fooba", "MZXW6YTB"},
		       {"foobar", "MZXW6YTBOI"},
		       {key, secret}};
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		char text[64];
		unsigned char back[64];
		size_t len = strlen(vectors[i].bytes);
		base32_write((const unsigned char *)vectors[i].bytes, len, text);
		cr_expect_str_eq(text, vectors[i].text);
		cr_expect_eq(base32_read(text, back, sizeof back), (int)len);
		cr_expect_arr_eq(back, vectors[i].bytes, len);
	}
	unsigned char small[2];
	cr_expect_eq(base32_read("MZXW6", small, sizeof small), -1);
	cr_expect_eq(base32_read("mzxw6", small, sizeof small), -1);
}

Test(totp, has_a_uri_for_apps)
{
	struct bb_arena *a = arena_new(0);
	cr_expect_str_eq(totp_uri(a, "Bus bar", "a+b@c.example", "MZXQ"),
			 "otpauth://totp/Bus%20bar:a%2Bb%40c.example?secret=MZXQ&issuer=Bus%20bar");
	arena_free(a);
}
