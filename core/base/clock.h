/* The one clock, and RFC 3339. All times are UTC milliseconds since 1970. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include <stddef.h>
#include <stdint.h>

#define CLOCK_TEXT_SIZE 32 /* "2026-11-21T08:00:00.000Z" and room for five-digit years */

/* Wall-clock time, or what tests have set. */
int64_t clock_now_ms(void);
/* Fixes the clock at `ms`, or lets it run again with -1. For tests. */
void clock_set_ms(int64_t ms);
/* A clock that never jumps, in microseconds; for latencies only. */
int64_t clock_mono_us(void);
/* The CPU time that the calling thread has used, in microseconds. */
int64_t clock_cpu_us(void);

/* RFC 3339 date-time with a zone (`Z`, `z`, +hh:mm); any number of fraction digits, cut to
 * milliseconds; leap second 60 counts as 59. -EINVAL for everything else. */
int clock_parse(const char *text, size_t len, int64_t *ret_ms);
/* With milliseconds and `Z`; returns the length. */
size_t clock_format(int64_t ms, char out[CLOCK_TEXT_SIZE]);
/* With seconds only: some chargers cannot read fractions. */
size_t clock_format_seconds(int64_t ms, char out[CLOCK_TEXT_SIZE]);
#endif
