/* SQLite's files watched: does a write-ahead log begin anew just when another thread begins to copy
 * it? Between a copier's look at the log and its first lock on what it copies, it is held up till
 * that happens, or for a while. */
#ifndef TESTS_UNIT_DB_WATCH_H
#define TESTS_UNIT_DB_WATCH_H
#include <stdatomic.h>

struct watch {
	atomic_int begun;  /* times that a thread began to copy */
	atomic_int ended;  /* times that one was done */
	atomic_int anew;   /* times that a log began anew */
	atomic_int torn;   /* of them, under somebody who had begun to copy */
};

extern struct watch watch;

/* Every database opened from now on is watched. */
void watch_start(void);
#endif
