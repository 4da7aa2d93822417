#include "base/id.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/clock.h"

void id_random(void *out, size_t len)
{
	char *p = out;
	while (len) {
		ssize_t n = getrandom(p, len, 0);
		if (n < 0) {
			perror("getrandom");
			abort();
		}
		p += n;
		len -= (size_t)n;
	}
}

void id_new(char out[ID_SIZE])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	/* Random bytes are drawn in bulk: one system call serves many ids. */
	static _Thread_local uint8_t pool[1600];
	static _Thread_local size_t left;
	if (left < 16) {
		id_random(pool, sizeof pool);
		left = sizeof pool;
	}
	uint64_t ms = (uint64_t)clock_now_ms();
	for (int i = 9; i >= 0; i--, ms >>= 5)
		out[i] = digits[ms & 31];
	for (int i = 10; i < 26; i++)
		out[i] = digits[pool[--left] & 31];
	out[26] = '\0';
}
