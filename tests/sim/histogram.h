/* Latencies in buckets: exact to 128 us, then within 1/64. */
#ifndef SIM_HISTOGRAM_H
#define SIM_HISTOGRAM_H
#include <stdint.h>

#define HISTOGRAM_BUCKETS 2048

struct histogram {
	uint64_t count, max;
	uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *, uint64_t us);
/* The value that the share (0 to 1) of all values does not exceed; 0 when empty. */
uint64_t histogram_at(const struct histogram *, double share);
#endif
