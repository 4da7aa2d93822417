#include "left.h"

static double per_second(int64_t price_minor, int64_t duration_s)
{
	return duration_s > 0 ? (double)price_minor / (double)duration_s : 0;
}

bool left_is_used_up(int64_t left_minor, int64_t price_minor, int64_t duration_s, int64_t ahead_s)
{
	double soon = per_second(price_minor, duration_s) * (double)ahead_s;
	return price_minor >= left_minor || (double)price_minor + soon >= (double)left_minor;
}

int64_t left_for_s(int64_t left_minor, int64_t price_minor, int64_t duration_s, int64_t most)
{
	double rate = per_second(price_minor, duration_s);
	if (rate <= 0)
		return most;
	double s = (double)(left_minor - price_minor) / rate;
	return s < 1 ? 1 : s < (double)most ? (int64_t)s : most;
}
