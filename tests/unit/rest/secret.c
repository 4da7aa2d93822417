#include "secret.h"

#include <criterion/criterion.h>
#include <string.h>

Test(secret, is_new_each_time_and_of_letters_that_need_no_escape)
{
	char a[SECRET_SIZE], b[SECRET_SIZE];
	cr_assert(secret_new(a) && secret_new(b));
	cr_assert_str_neq(a, b);
	cr_assert_eq(strlen(a), SECRET_SIZE - 1);
	cr_assert_eq(strspn(a, "abcdefghijklmnopqrstuvwxyz23456789_"), SECRET_SIZE - 1);
}

Test(secret, is_known_by_a_digest_that_tells_texts_apart)
{
	char a[DIGEST_SIZE], b[DIGEST_SIZE];
	secret_digest(a, (const char *const[]){"ab", "c", NULL});
	secret_digest(b, (const char *const[]){"a", "bc", NULL});
	cr_assert_eq(strlen(a), DIGEST_SIZE - 1);
	cr_assert_str_neq(a, b);
	secret_digest(b, (const char *const[]){"ab", "c", NULL});
	cr_assert_str_eq(a, b);
}

Test(secret, comes_as_a_bearer_token)
{
	cr_expect_str_eq(secret_of_header("Bearer abc"), "abc");
	cr_expect_str_eq(secret_of_header("bearer  abc"), "abc");
	cr_expect_null(secret_of_header("Bearer "));
	cr_expect_null(secret_of_header("Basic abc"));
	cr_expect_null(secret_of_header("abc"));
	cr_expect_null(secret_of_header(NULL));
}
