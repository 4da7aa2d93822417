#include "match.h"

#include <criterion/criterion.h>

static const struct subject start = {.kind = "transaction",
				     .operator_id = "north",
				     .charge_point_id = "CP1",
				     .user_id = "anna",
				     .charger_id = 7,
				     .station_id = 3,
				     .transaction_id = 42};
/* The server's own. */
static const struct subject task = {.kind = "task"};

static bool sees(struct filter f)
{
	return match(&f, &start);
}

Test(match, a_filter_of_nothing_lets_everything_through)
{
	cr_assert(sees((struct filter){0}));
	cr_assert(match(&(struct filter){0}, &task));
}

Test(match, each_part_must_be_so)
{
	cr_assert(sees((struct filter){.operator_id = "north",
				       .user_id = "anna",
				       .kinds = ",task,transaction,",
				       .charger = "CP1",
				       .station_id = 3,
				       .transaction_id = 42}));
	cr_assert_not(sees((struct filter){.operator_id = "south"}));
	cr_assert_not(sees((struct filter){.user_id = "ben"}));
	cr_assert_not(sees((struct filter){.user_id = ""}));
	cr_assert_not(sees((struct filter){.kinds = ",task,"}));
	cr_assert_not(sees((struct filter){.charger = "CP2"}));
	cr_assert_not(sees((struct filter){.command_id = "C"}));
	cr_assert_not(sees((struct filter){.bulk_id = "B"}));
	cr_assert_not(sees((struct filter){.station_id = 4}));
	cr_assert_not(sees((struct filter){.transaction_id = 41}));
}

Test(match, what_has_no_operator_is_for_those_of_all_operators)
{
	cr_assert_not(match(&(struct filter){.operator_id = "north"}, &task));
	cr_assert_not(match(&(struct filter){.user_id = "anna"}, &task));
}

Test(match, a_charger_is_named_by_its_id_too)
{
	cr_assert(sees((struct filter){.charger = "7", .charger_id = 7}));
	cr_assert_not(sees((struct filter){.charger = "8", .charger_id = 8}));
	cr_assert_not(match(&(struct filter){.charger = "7", .charger_id = 7}, &task));
}

Test(match, words_are_whole)
{
	cr_assert(match_word(NULL, "task"));
	cr_assert(match_word(",task,", "task"));
	cr_assert_not(match_word(",tasks,", "task"));
	cr_assert_not(match_word(",a,", "task"));
	cr_assert_not(match_word(",", "task"));
}
