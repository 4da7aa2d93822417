#include "base64.h"

#include <criterion/criterion.h>

#include "fixture.h"

TestSuite(base64, .init = setup, .fini = teardown);

static bool url_reads(const char *text, const char *bytes)
{
	struct bytes b = base64url_read(arena, text, strlen(text));
	return b.at && b.len == strlen(bytes) && !memcmp(b.at, bytes, b.len + 1);
}

static bool reads(const char *text)
{
	return base64_read(arena, text, strlen(text)).at != NULL;
}

Test(base64, of_urls_has_no_padding)
{
	cr_expect(url_reads("", ""));
	cr_expect(url_reads("Zg", "f"));
	cr_expect(url_reads("Zm8", "fo"));
	cr_expect(url_reads("Zm9v", "foo"));
	cr_expect(url_reads("_-8", "\xff\xef"));
	static const char *const bad[] = {"Z", "Zg==", "Zg=", "/+8", "Zm 9v", "Zm9v\n", "Zm9vA"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_null(base64url_read(arena, bad[i], strlen(bad[i])).at, "%s", bad[i]);
}

Test(base64, has_one_text_for_the_same_bytes)
{
	cr_expect_not(url_reads("Zh", "f"));
	cr_expect_not(url_reads("Zm9", "fo"));
	cr_expect_null(base64url_read(arena, "Zh", 2).at);
	cr_expect_null(base64_read(arena, "Zh==", 4).at);
}

Test(base64, of_webhooks_is_padded)
{
	cr_expect(reads("Zg=="));
	cr_expect(reads("Zm8="));
	cr_expect(reads("/+8="));
	cr_expect_not(reads("Zg"));
	cr_expect_not(reads("Zg="));
	cr_expect_not(reads("Z==="));
	cr_expect_not(reads("===="));
	cr_expect_not(reads("_-8="));
	cr_expect_not(reads("Zg==Zg=="));
}
