#include "keyset.h"

#include <criterion/criterion.h>
#include <errno.h>

#include "fixture.h"
#include "seen.h"

/* Points of RFC 7515 A.3 and of RFC 7517 A.1. */
#define ONE                                                      \
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"1\","       \
	"\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"
#define TWO                                                      \
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"2\","       \
	"\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\"," \
	"\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}"

TestSuite(keyset, .init = setup, .fini = teardown);

static int put(struct keyset *s, const char *text)
{
	return keyset_read(s, &api, arena, text, strlen(text));
}

Test(keyset, finds_a_key_by_its_kid)
{
	struct keyset s = {0};
	const struct algorithm *es256 = algorithm_find("ES256");
	cr_assert_eq(put(&s, "{\"keys\":[{\"kty\":\"oct\"}," ONE "," TWO ",null,1]}"), 0);
	cr_expect_eq(s.count, 2);
	cr_expect_str_eq(keyset_find(&s, "2", es256)->id, "2");
	cr_expect_null(keyset_find(&s, "2", algorithm_find("RS256")));
	cr_expect_null(keyset_find(&s, "../1", es256));
	cr_expect_null(keyset_find(&s, "1' or '1'='1", es256));
	cr_expect_null(keyset_find(&s, "", es256));
	cr_expect_null(keyset_find(&s, NULL, es256), "which of them?");
	cr_assert_eq(put(&s, "{\"keys\":[" ONE "," ONE "]}"), 0);
	cr_expect_null(keyset_find(&s, "1", es256), "two of that kid");
	cr_assert_eq(put(&s, "{\"keys\":[" ONE "]}"), 0);
	cr_expect_str_eq(keyset_find(&s, NULL, es256)->id, "1");
	keyset_free(&s);
}

Test(keyset, stays_when_what_comes_is_none)
{
	struct keyset s = {0};
	cr_assert_eq(put(&s, "{\"keys\":[" ONE "]}"), 0);
	uint64_t generation = s.generation;
	static const char *const bad[] = {"",
					  "{}",
					  "[]",
					  "{\"keys\":[]}",
					  "{\"keys\":{}}",
					  "{\"keys\":[{}]}",
					  "{\"keys\":[" ONE "]",
					  "<html>"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_eq(put(&s, bad[i]), -EINVAL, "%s", bad[i]);
	cr_expect_eq(s.count, 1);
	cr_expect_eq(s.generation, generation);
	cr_assert_eq(put(&s, "{\"keys\":[" TWO "]}"), 0);
	cr_expect_neq(s.generation, generation);
	keyset_free(&s);
}

Test(keyset, is_kept_as_long_as_it_says_within_bounds)
{
	static const struct {
		const char *text;
		int64_t ms;
	} ages[] = {
	    {NULL, 500000},
	    {"", 500000},
	    {"public", 500000},
	    {"public, max-age=200", 200000},
	    {"Max-Age=200", 200000},
	    {"max-age=1", 100000},
	    {"max-age=999999", 900000},
	    {"max-age=99999999999999999999", 900000},
	    {"max-age=-5", 500000},
	    {"no-store, max-age=200", 100000},
	    {"no-cache", 100000},
	    {"x-max-age=200", 500000},
	};
	for (size_t i = 0; i < sizeof ages / sizeof *ages; i++)
		cr_expect_eq(keyset_max_age_ms(ages[i].text, 500000, 100000, 900000), ages[i].ms,
			     "%s", ages[i].text);
}

Test(seen, is_of_one_token_and_of_one_set_of_keys)
{
	struct seen *s = calloc(1, sizeof *s);
	unsigned char a[SEEN_HASH], b[SEEN_HASH];
	seen_hash("a", a);
	seen_hash("b", b);
	cr_expect_not(seen_has(s, a, 1, 1));
	seen_put(s, a, 1, 1);
	cr_expect(seen_has(s, a, 1, 1));
	cr_expect_not(seen_has(s, b, 1, 1));
	cr_expect_not(seen_has(s, a, 2, 1));
	/* A crowd in its place lets the ones used last stay. */
	for (int i = 0; i < 20; i++) {
		memcpy(b, a, 2);
		b[5] = (unsigned char)i;
		seen_put(s, b, 1, 10 + i);
		cr_expect(seen_has(s, a, 1, 10 + i));
	}
	free(s);
}
