#include <busbar/optional.h>

#include <criterion/criterion.h>
#include <stdlib.h>

#define BIT(n) (UINT64_C(1) << ((n)-1))

static void decides(const char *sql, uint64_t nulls, const char *expected)
{
	char *text = bb_optional_decide(sql, nulls);
	cr_assert_str_eq(text, expected);
	free(text);
}

static const char list[] = "select * from t where (cast($1 as text) is null or owner = $1)\n"
			   "  and ($2 is null or place = $2 or charger in (select $3)) and id > $4";

Test(optional, parameters_that_may_be_left_out_are_found)
{
	cr_assert_eq(bb_optional_parameters(list), BIT(1) | BIT(2));
	cr_assert_eq(bb_optional_parameters("select 1 where $1 is null and (x is null or $2)"), 0);
}

Test(optional, of_a_condition_whose_parameter_is_null_the_test_is_left)
{
	decides(list, BIT(1) | BIT(2),
		"select * from t where (cast($1 as text) is null)\n  and ($2 is null) and id > $4");
}

Test(optional, one_whose_parameter_is_given_is_what_it_says)
{
	decides(list, BIT(2), "select * from t where (owner = $1)\n  and ($2 is null) and id > $4");
	decides(list, 0,
		"select * from t where (owner = $1)\n"
		"  and (place = $2 or charger in (select $3)) and id > $4");
}

Test(optional, brackets_in_texts_and_comments_do_not_count)
{
	decides("select ($1 is null or $1 = ')' || \")\") -- )\n, y", BIT(1),
		"select ($1 is null) -- )\n, y");
	decides("select ($1 is null or $1 = ') ' -- )\n || y), '($2 is null or y)'", BIT(1),
		"select ($1 is null), '($2 is null or y)'");
}

Test(optional, conditions_may_stand_within_one_another)
{
	decides("(cast($1 as text)\n is null\n or (cast($2 as bigint) is null or $1 = $2))", BIT(2),
		"((cast($2 as bigint) is null))");
}

Test(optional, what_does_not_name_the_parameter_again_stays)
{
	const char *sql = "where (cast($1 as text) is null or a = $10) or ($2 is null)";
	cr_assert_eq(bb_optional_parameters(sql), 0);
	decides(sql, 0, sql);
}

Test(optional, a_parameter_of_too_high_a_number_stays)
{
	const char *sql = "where ($65 is null or a = $65)";
	cr_assert_eq(bb_optional_parameters(sql), 0);
	decides(sql, 0, sql);
}
