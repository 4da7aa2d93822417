/* Programs that busbarctl runs. Their errors go where its own go. */
#ifndef BUSBARCTL_CHILD_H
#define BUSBARCTL_CHILD_H
#include <sys/types.h>

#include "busbarctl/ctl.h"

struct child {
	pid_t pid;
	int in, out; /* its standard input and output, of those that were wanted; else -1 */
};

enum { CHILD_IN = 1, CHILD_OUT = 2, CHILD_ERR = 4 }; /* CHILD_ERR: `out` has its errors as well */

/* False: printed why not. An output that is not wanted goes nowhere. */
bool child_start(struct child *, char *const *argv, unsigned wanted);
/* It goes on: true, after a tenth of a second. */
bool child_works(const struct child *);
/* Closes what is open to it. Its exit status; above 127 if a signal has ended it or it could not be
 * run. */
int child_wait(struct child *);
/* Runs it to its end; all that it printed, in the arena, may be NULL. Its exit status. */
int child_run(struct ctl *, char *const *argv, unsigned wanted, const char **ret_output);
#endif
