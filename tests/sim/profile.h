/* A load profile: the frames that each charger sends, from a text file. A line is `once FRAME` or
 * `each FRAME`; in a frame {id}, {now}, {tag}, {meter} and {transaction} are filled in. */
#ifndef SIM_PROFILE_H
#define SIM_PROFILE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct profile_frame {
	struct profile_part *parts;
	size_t count;
	bool starts; /* its answer carries a transactionId to remember */
};

struct profile {
	struct profile_frame *once, *each;
	size_t once_count, each_count;
	size_t longest; /* bytes that no rendered frame exceeds */
	char *text;
};

struct profile_values {
	const char *id, *now, *tag;
	uint32_t meter;
	int32_t transaction;
};

/* -errno with `ret_error`, malloc'd by the callee. */
int profile_load(const char *path, struct profile *ret, char **ret_error);
void profile_free(struct profile *);
/* Into `out`, at least `longest` bytes; the length. */
size_t profile_render(const struct profile_frame *, const struct profile_values *, char *out);
#endif
