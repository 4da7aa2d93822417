/* A body of application/x-www-form-urlencoded, with names like line_items[0][quantity]. */
#ifndef PAYMENTS_STRIPE_FORM_H
#define PAYMENTS_STRIPE_FORM_H
#include <busbar/arena.h>
#include <stdint.h>

struct form {
	struct bb_arena *arena;
	char *text; /* "" at first */
	size_t len, room;
};

struct form form_new(struct bb_arena *);
void form_add(struct form *, const char *name, const char *value);
void form_add_int(struct form *, const char *name, int64_t value);
#endif
