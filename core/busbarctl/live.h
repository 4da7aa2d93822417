/* What goes on until it is interrupted, or has printed as many lines as it was told. */
#ifndef BUSBARCTL_LIVE_H
#define BUSBARCTL_LIVE_H
#include "busbarctl/ctl.h"

struct live {
	struct ctl *ctl;
	struct bb_arena *own; /* of the run; meanwhile ctl has one for what is read at a time */
	int64_t left;         /* lines; -1: without end */
	bool reached;         /* the server has answered */
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

/* Prints an object as a line: with --json all of it, else the words and `rest`, cut to the
 * terminal's width. What a charger has sent cannot steer the terminal. */
void live_line(struct live *, const struct bb_json *object, const char *words,
	       const struct bb_json *rest);
/* A member as a word for it: "-" if it is not there. */
const char *live_word(struct live *, const struct bb_json *object, const char *member);
#endif
