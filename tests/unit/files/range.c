#include "range.h"

#include <criterion/criterion.h>

static const struct {
	const char *header;
	int64_t size;
	enum range kind;
	int64_t first, count;
} cases[] = {
    {NULL, 100, RANGE_ALL, 0, 100},
    {"bytes=0-9", 100, RANGE_PART, 0, 10},
    {"bytes=0-0", 100, RANGE_PART, 0, 1},
    {"bytes=99-99", 100, RANGE_PART, 99, 1},
    {"bytes=10-", 100, RANGE_PART, 10, 90},
    {"bytes=90-200", 100, RANGE_PART, 90, 10},
    {"bytes=-30", 100, RANGE_PART, 70, 30},
    {"bytes=-300", 100, RANGE_PART, 0, 100},
    {"Bytes=1-2", 100, RANGE_PART, 1, 2},
    {"bytes=100-", 100, RANGE_NONE, 0, 0},
    {"bytes=100-200", 100, RANGE_NONE, 0, 0},
    {"bytes=-0", 100, RANGE_NONE, 0, 0},
    {"bytes=0-", 0, RANGE_NONE, 0, 0},
    {"bytes=-5", 0, RANGE_NONE, 0, 0},
    {"bytes=999999999999999999-", 100, RANGE_NONE, 0, 0},
    /* What is not understood is ignored. */
    {"bytes=", 100, RANGE_ALL, 0, 100},
    {"bytes=-", 100, RANGE_ALL, 0, 100},
    {"bytes=9-1", 100, RANGE_ALL, 0, 100},
    {"bytes=1-2,4-5", 100, RANGE_ALL, 0, 100},
    {"bytes=a-b", 100, RANGE_ALL, 0, 100},
    {"bytes=1-2x", 100, RANGE_ALL, 0, 100},
    {"bytes=99999999999999999999-", 100, RANGE_ALL, 0, 100},
    {"lines=1-2", 100, RANGE_ALL, 0, 100},
};

Test(range, says_which_bytes_of_a_file_are_wanted)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t first, count;
		const char *header = cases[i].header ? cases[i].header : "none";
		enum range kind = range_parse(cases[i].header, cases[i].size, &first, &count);
		cr_expect_eq(kind, cases[i].kind, "%s", header);
		if (kind == RANGE_NONE)
			continue;
		cr_expect_eq(first, cases[i].first, "%s begins at %ld", header, (long)first);
		cr_expect_eq(count, cases[i].count, "%s has %ld", header, (long)count);
	}
}
