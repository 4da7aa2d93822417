#include <criterion/criterion.h>

#include <busbar/rest.h>

Test(methods, that_only_read_are_three)
{
	static const char *const changing[] = {"POST", "PUT", "PATCH", "DELETE", "get", ""};
	cr_expect(bb_is_reading("GET"));
	cr_expect(bb_is_reading("HEAD"));
	cr_expect(bb_is_reading("OPTIONS"));
	for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
		cr_expect_not(bb_is_reading(changing[i]), "%s", changing[i]);
}
