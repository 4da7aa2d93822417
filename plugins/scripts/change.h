/* Another set of scripts for an operator: composed, loaded once as a trial, stored and made the
 * active one in a single unit. Whatever is wrong leaves everything as it was. */
#ifndef SCRIPTS_CHANGE_H
#define SCRIPTS_CHANGE_H
#include "scripts.h"

#define SET_MOST 100u /* scripts in a set */

/* A script of the set. */
struct item {
	const char *name, *source; /* source: NULL until it is read */
	size_t len;
	int64_t version; /* 0: this unit makes a new one */
};

/* A script that the operator has, or had. */
struct known {
	const char *name, *source, *active_source;
	size_t len, active_len;
	int64_t version, active_version; /* the latter 0: it is not active */
	bool deleted;
};

struct change {
	struct scripts *plugin;
	struct bb_arena *arena;
	const char *operator_id, *who, *note;
	/* What is wanted. */
	const struct bb_json *files;    /* [{"name", "source"}]: new versions */
	const struct bb_json *versions; /* [{"name", "version"}]: of those that there are */
	const char *removed;            /* this one goes */
	bool rollback;
	int64_t rollback_to; /* 0: the one before */
	bool replace;        /* only what is named is in the set, else what is active stays */
	bool store;          /* new versions are stored */
	bool activate;       /* the set becomes the active one */
	/* What has come of it. */
	struct known *known;
	uint32_t known_count;
	struct item *items;
	uint32_t count, next;   /* next: whose source is read */
	int64_t number, origin; /* the activation that holds */
	const struct bb_json *functions;
	bool changed;                  /* something was stored */
	const char *status, *text;     /* refused: as of HTTP */
	const char *path, *rule;       /* 422: what is wrong with what was given */
	void (*done)(struct change *); /* once */
	void *arg;
};

/* A change in that arena, whose texts live as long. */
struct change *change_new(struct scripts *, struct bb_arena *, const char *operator_id,
			  const char *who);
/* Runs it; `done` may be called before this returns. */
void change_run(struct change *);
/* It is refused, and over. */
void change_end(struct change *, const char *status, const char *path, const char *rule);
/* True: storage has failed, and the change is over. */
bool change_failed(struct change *, int err);

/* change_store.c: writes it, and has the book read it anew; then it is over. */
void change_store(struct change *);

/* compose.c: the set, out of what there is. False: refused. */
bool compose(struct change *);
const struct item *set_find(const struct change *, const char *name);
bool refuse(struct change *, const char *status, const char *path, const char *rule);
#endif
