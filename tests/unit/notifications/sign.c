/* Signatures, as an independent HMAC computes them. */
#include "sign.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"

Test(sign, covers_time_and_body)
{
	struct bb_arena *a = arena_new(0);
	/* printf '1764126000.{"a":1}' | openssl dgst -sha256 -hmac whsec_test */
	cr_expect_str_eq(
	    sign(a, 1764126000, "{\"a\":1}", 7, "whsec_test", NULL),
	    "t=1764126000,v1=ac1ddfb6770b9c0537b413a7dd059368e9ae7b68aea77ca91385899887760d75");
	cr_expect_str_eq(
	    sign(a, 1764126000, "{\"a\":1}", 7, "whsec_test", "older"),
	    "t=1764126000,v1=ac1ddfb6770b9c0537b413a7dd059368e9ae7b68aea77ca91385899887760d75,v1="
	    "7f3c6187bdd9a50632cc2cbb882e604dea4fdcab0556c2dfa9b0bbdd0a2c7f6d");
	cr_expect(strcmp(sign(a, 1764126001, "{\"a\":1}", 7, "whsec_test", NULL) + 13,
			 sign(a, 1764126000, "{\"a\":1}", 7, "whsec_test", NULL) + 13) != 0);
	arena_free(a);
}

Test(sign, makes_a_new_secret_each_time)
{
	struct bb_arena *a = arena_new(0);
	const char *one = sign_new_secret(a), *other = sign_new_secret(a);
	cr_assert(one && other);
	cr_expect_eq(strlen(one), 70);
	cr_expect_eq(strncmp(one, "whsec_", 6), 0);
	cr_expect_str_neq(one, other);
	arena_free(a);
}
