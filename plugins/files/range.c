#include "range.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DIGITS_MOST 18u

/* Digits into a number, -1 without any; `at` moves behind them. False: too many. */
static int number(const char **at, int64_t *ret)
{
	size_t n = strspn(*at, "0123456789");
	*ret = n ? strtoll(*at, NULL, 10) : -1;
	*at += n;
	return n <= DIGITS_MOST;
}

enum range range_parse(const char *header, int64_t size, int64_t *ret_first, int64_t *ret_count)
{
	int64_t first, last;
	*ret_first = 0;
	*ret_count = size;
	if (!header || strncasecmp(header, "bytes=", 6) != 0)
		return RANGE_ALL;
	const char *at = header + 6;
	if (!number(&at, &first) || *at++ != '-' || !number(&at, &last) || *at)
		return RANGE_ALL;
	if ((first < 0 && last < 0) || (first >= 0 && last >= 0 && last < first))
		return RANGE_ALL;
	if (first < 0) { /* the last so many */
		if (!last || !size)
			return RANGE_NONE;
		*ret_count = last < size ? last : size;
		*ret_first = size - *ret_count;
		return RANGE_PART;
	}
	if (first >= size)
		return RANGE_NONE;
	if (last < 0 || last >= size)
		last = size - 1;
	*ret_first = first;
	*ret_count = last - first + 1;
	return RANGE_PART;
}
