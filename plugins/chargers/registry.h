/* Every charger, in memory: what it takes to answer `admit` at once. Pure: knows no storage. */
#ifndef CHARGERS_REGISTRY_H
#define CHARGERS_REGISTRY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "password.h"

/* A charger as its row says. */
struct facts {
	int64_t id;
	const char *charge_point_id, *operator_id, *registration;
	const char *validation; /* NULL: by the rules */
	int64_t security_profile;
	const char *password_hash; /* NULL: no password asked */
	const char *quirks;        /* a JSON array of names; NULL: by the rules */
	const char *vendor, *model, *firmware_version, *serial_number;
	int64_t pending_profile; /* what it has agreed to change to; negative: what it was only
				    asked to; 0: nothing */
	const char *pending;     /* passwords it may have taken, see pending.h; or NULL */
};

/* Why a charger is turned away at the door. */
enum refusal {
	NO_PASSWORD,
	WRONG_PASSWORD,
	TOO_MANY_ATTEMPTS,
	NO_TLS,
	NO_CERTIFICATE,
	WRONG_CERTIFICATE,
	REFUSALS,
};

struct charger {
	struct facts facts;  /* own copies */
	uint32_t generation; /* of the pass over the table that saw it last */
	bool proven;         /* `proof` is of the password that matched last */
	unsigned char proof[PASSWORD_PROOF];
	int64_t seen_ms, stored_seen_ms; /* last sign of life, and what of it is stored */
	struct {
		int64_t told_ms; /* when it was logged last */
		uint32_t count;  /* since then */
	} refused[REFUSALS];
	int64_t unsent_from; /* pending passwords from this id on wait in a queue of this node; 0:
				none does */
	struct charger *next;
};

struct registry {
	struct charger **buckets;
	size_t cap, count;
};

void registry_free(struct registry *);
/* NULL if there is none. */
struct charger *registry_find(const struct registry *, const char *charge_point_id);
/* Adds the charger or renews what is known of it. True if an open link of it must reconnect:
 * another row, operator, registration, validation, or quirks. */
bool registry_put(struct registry *, const struct facts *, uint32_t generation);
/* What the charger has just said of itself. */
void registry_introduce(struct charger *, const char *registration, const char *vendor,
			const char *model, const char *firmware_version, const char *serial_number);
void registry_remove(struct registry *, const char *charge_point_id);
/* Removes those that no pass from `generation` on has seen, telling `gone` (may be NULL) first. */
void registry_sweep(struct registry *, uint32_t generation,
		    void (*gone)(const struct charger *, void *arg), void *arg);
void registry_each(struct registry *, void (*fn)(struct charger *, void *arg), void *arg);
#endif
