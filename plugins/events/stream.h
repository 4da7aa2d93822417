/* An answer that goes on until somebody ends it: what all live routes share. What there is to send
 * is asked for when the client has taken the last piece, so nothing piles up for one who is slow.
 */
#ifndef EVENTS_STREAM_H
#define EVENTS_STREAM_H
#include "events.h"

#define STREAM_PIECE ((size_t)32 << 10) /* enough for one piece */

struct stream_kind {
	size_t size; /* of the struct whose first member is the stream */
	/* There is room, and nothing at work: writes into `out` and calls stream_flush(), or begins
	 * work that calls stream_ready() in the end; or there is nothing to tell. */
	void (*next)(struct stream *);
	int64_t poll_ms; /* how often it is asked again of itself; 0: never */
	bb_fn *close;    /* of the stream; NULL: nothing */
};

struct stream {
	struct events *p;
	const struct stream_kind *kind;
	struct stream *link, **back;
	struct bb_arena *arena; /* its own, and what it keeps */
	const struct bb_caller *caller;
	const char *caller_id;
	struct bb_sink *sink;
	struct bb_bytes out;
	int64_t wrote_ms, checked_ms, polled_ms;
	int64_t refused_ms; /* since when the caller may not any more; 0: they still may */
	uint32_t holds;     /* what is at work on its behalf */
	bool begun, room, busy, checking;
	bool ending; /* nothing more is written */
	bool over;
};

/* A stream that is not begun; NULL: there are too many, and the call has been failed. */
struct stream *stream_new(struct bb_rest *, const struct stream_kind *);
/* Answers the call with it. */
void stream_begin(struct stream *, struct bb_rest *);
/* It does not come to that; the call is the caller's to answer. */
void stream_drop(struct stream *);
/* Sends what is in `out`, if there is anything. */
void stream_flush(struct stream *);
/* Ends it in order, when what is in `out` is sent. */
void stream_end(struct stream *);
/* The client sees that it was not the end. */
void stream_cut(struct stream *);
/* Asks for the next piece, if there is room. */
void stream_wake(struct stream *);
/* Around work that is not done at once; false from `ready`: it is over, and must not be touched. */
void stream_busy(struct stream *);
bool stream_ready(struct stream *);
#endif
