/* The compiled form of a schema: what the validator walks. Everything lives in the set's arena. */
#ifndef SCHEMA_NODE_H
#define SCHEMA_NODE_H
#include <busbar/json.h>

#define TYPE_BIT(type) (1u << (type))
#define TYPES_NUMBER (TYPE_BIT(BB_JSON_INT) | TYPE_BIT(BB_JSON_REAL))
#define TYPES_ANY ((1u << (BB_JSON_OBJECT + 1)) - 1)
#define NO_LIMIT UINT32_MAX

/* Words by hash: open addressing, at most half full; an empty slot has no word. */
struct word {
	const char *s;
	uint32_t len;
	uint32_t hash;
	uint32_t index; /* in the order of the schema */
};

struct words {
	struct word *slots;
	uint32_t mask;
};

enum format {
	FORMAT_NONE,
	FORMAT_DATE_TIME,
	FORMAT_URI,
	FORMAT_TIME_ZONE,
	FORMAT_DATE,
	FORMAT_TIME_OF_DAY,
	FORMAT_MONTH,
};

struct property {
	const char *name;
	const struct node *node;
};

#define MAX_PROPERTIES 64u /* bits of `required` */

struct node {
	uint32_t types; /* TYPE_BITs of the JSON types that are right */
	bool said_type; /* false: any type is right */
	bool integer;   /* of the numbers only integers, 1.0 among them */

	enum format format;
	uint32_t min_length, max_length; /* code points */
	const struct words *choices;     /* NULL: any string */
	const char *choices_rule;        /* "is not one of A, B, C" */
	bool null_is_choice;

	double minimum, maximum; /* infinite: no bound */
	double multiple_of;      /* 0: none */

	uint32_t min_items, max_items;
	const struct node *items; /* NULL: anything */

	const struct property *properties;
	struct words names;
	uint64_t required; /* bit i: properties[i] */
	uint32_t min_properties;
	bool closed; /* additionalProperties: false */
};

/* Room for `count` words. */
struct words words_make(struct bb_arena *, uint32_t count);
/* False if it is there already. `s` is borrowed. */
bool words_add(struct words *, const char *s, uint32_t len, uint32_t index);

static inline const struct word *words_find(const struct words *w, const char *s, uint32_t len,
					    uint32_t hash)
{
	for (uint32_t i = hash & w->mask;; i = (i + 1) & w->mask) {
		const struct word *at = &w->slots[i];
		if (!at->s)
			return NULL;
		if (at->hash == hash && at->len == len && !memcmp(at->s, s, len))
			return at;
	}
}

/* By its name in a schema; -EINVAL if there is none of that name. */
int format_find(const char *name, enum format *ret);
bool format_fits(enum format, const char *s, uint32_t len);
/* "is not a URI" and the like. */
const char *format_rule(enum format);
#endif
