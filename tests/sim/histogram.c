#include "histogram.h"

#define SUB_BITS 6
#define SUB (1u << SUB_BITS)

static uint32_t bucket_of(uint64_t us)
{
	if (us < 2 * SUB)
		return (uint32_t)us;
	uint32_t shift = 63u - (uint32_t)__builtin_clzll(us) - SUB_BITS;
	return (shift + 1) * SUB + (uint32_t)(us >> shift) - SUB;
}

/* The largest value of a bucket. */
static uint64_t bucket_top(uint32_t bucket)
{
	if (bucket < 2 * SUB)
		return bucket;
	uint32_t shift = bucket / SUB - 1;
	return ((uint64_t)(bucket % SUB + SUB + 1) << shift) - 1;
}

void histogram_add(struct histogram *h, uint64_t us)
{
	uint32_t bucket = bucket_of(us);
	h->buckets[bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1]++;
	h->count++;
	if (us > h->max)
		h->max = us;
}

uint64_t histogram_at(const struct histogram *h, double share)
{
	uint64_t wanted = (uint64_t)(share * (double)h->count + 0.5), seen = 0;
	for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->buckets[i];
		if (seen && seen >= wanted)
			return bucket_top(i) < h->max ? bucket_top(i) : h->max;
	}
	return h->max;
}
