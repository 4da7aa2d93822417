/* Passwords are hashed on threads of the pool, a few at once, so that neither the loop waits nor
 * memory runs out; the others wait in a line that is not endless. */
#ifndef USERS_HASHING_H
#define USERS_HASHING_H
#include "password.h"
#include "users.h"

struct hashing {
	struct users *p;
	struct bb_rest *rest;
	uint32_t log_n;
	const char *password; /* as the call's body has it */
	const char *stored;   /* to be compared with; NULL: with nothing */
	bool check;           /* compare; else make a hash */
	bool good;            /* it matches; the hash was made */
	char made[PASSWORD_TEXT];
	void (*step)(struct bb_rest *, const struct hashing *);
	struct hashing *next;
};

typedef void hashing_fn(struct bb_rest *, const struct hashing *);

/* Compares, or makes, then goes on with `step`; too long a line is answered with 503. BB_LATER. */
int hashing_check(struct bb_rest *, const char *stored, const char *password, hashing_fn *step);
int hashing_make(struct bb_rest *, const char *password, hashing_fn *step);
#endif
