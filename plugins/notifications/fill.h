/* Gateways' texts: {{name}} in them stands for a field of the message. No state. */
#ifndef NOTIFICATIONS_FILL_H
#define NOTIFICATIONS_FILL_H
#include <busbar/arena.h>

/* How a value is written where it is put in. */
enum fill_form {
	FILL_AS_IS,
	FILL_URL,  /* percent-encoded */
	FILL_JSON, /* inside a string, without the quotes */
};

struct fill_field {
	const char *name, *value; /* NULL is "" */
};

/* NULL: it has a {{name}} that there is not, or no end of one; `ret_bad` says which. */
const char *fill(struct bb_arena *, const char *text, enum fill_form, const struct fill_field *,
		 size_t count, const char **ret_bad);
#endif
