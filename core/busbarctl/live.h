/* What goes on until it is interrupted, or has printed as many lines as it was told. */
#ifndef BUSBARCTL_LIVE_H
#define BUSBARCTL_LIVE_H
#include "busbarctl/ctl.h"

struct live {
	struct ctl *ctl;
	struct bb_arena *own; /* of the run; meanwhile ctl has one for what is read at a time */
	int64_t left;         /* lines; -1: without end */
	bool reached;         /* the server has answered */
	bool titled;          /* the columns' titles are printed */
	unsigned wait_s;      /* before the next try */
};

/* False: --count is no number, which has been printed. */
bool live_begin(struct live *, struct ctl *);
void live_end(struct live *);
/* Forgets what was allocated in ctl's arena. */
void live_forget(struct live *);
/* Is it enough? */
bool live_is_done(const struct live *);
/* After a CTL_ status: waits and tells to try again, if the server was there and is away. */
bool live_again(struct live *, int status);

/* Prints an object as a line: with --json all of it, else the words and what `rest` says but for
 * its members `without` (ends with NULL; may be NULL), cut to the terminal's width. What a charger
 * has sent cannot steer the terminal. */
void live_line(struct live *, const struct bb_json *object, const char *words,
	       const struct bb_json *rest, const char *const *without);
/* "2026-11-26 13:00:00.000", as much of it as `len`. */
const char *live_time(struct live *, const struct bb_json *object, const char *member, int len);
/* With blanks behind it up to the width. */
const char *live_pad(struct bb_arena *, const char *text, size_t width);
/* said.c: an object as "name=value below.name=value". */
const char *said(struct ctl *, const struct bb_json *, const char *const *without);
/* A member as a word for it: "-" if it is not there. */
const char *live_word(struct live *, const struct bb_json *object, const char *member);
#endif
