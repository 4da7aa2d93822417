/* How far long work has come: a line on standard error, where that is a terminal. */
#ifndef BUSBARCTL_PROGRESS_H
#define BUSBARCTL_PROGRESS_H
#include "busbarctl/ctl.h"

struct progress {
	const char *what;
	int64_t done, total; /* total 0: nobody knows */
	bool bytes;          /* not pieces */
	bool shown;          /* is there anybody to see it? */
	int64_t began_us, drawn_us;
};

struct progress progress_begin(const struct ctl *, const char *what, bool bytes, int64_t total);
void progress_at(struct progress *, int64_t done);
/* As many bytes are done as the file has. */
void progress_of_file(struct progress *, const char *path);
/* Takes the line away. */
void progress_end(struct progress *);

/* Columns of the terminal that `fd` is; 0: it is none. */
int terminal_width(int fd);
/* "12.3 MiB" */
const char *bytes_text(struct bb_arena *, int64_t bytes);
#endif
