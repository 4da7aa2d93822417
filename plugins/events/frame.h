/* Server-sent events as text. Pure. */
#ifndef EVENTS_FRAME_H
#define EVENTS_FRAME_H
#include <stdbool.h>
#include <stdint.h>

#include <busbar/bytes.h>

/* One event: `id` 0: none, a client that comes back does not count it; `event` NULL: a mere
 * message. Line breaks in `data` begin a line of their own, as the format wants it. */
void frame_event(struct bb_bytes *, int64_t id, const char *event, const char *data);
/* The last event of a stream whose ids it is none of: the id of who has had it is FRAME_END. */
#define FRAME_END "end"
void frame_end(struct bb_bytes *, const char *data);
/* Where a client is that has had no event yet; no event for it. */
void frame_mark(struct bb_bytes *, int64_t id);
/* How long a client shall wait before it comes back. */
void frame_retry(struct bb_bytes *, int64_t ms);
/* What keeps the line from being silent; no client sees it. */
void frame_comment(struct bb_bytes *, const char *comment);

/* The header Last-Event-ID, or the parameter. False: it is none of ours. */
bool frame_read_id(const char *text, int64_t *ret);
#endif
