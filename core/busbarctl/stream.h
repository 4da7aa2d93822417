/* Server-sent events. */
#ifndef BUSBARCTL_STREAM_H
#define BUSBARCTL_STREAM_H
#include "base/buf.h"
#include "busbarctl/live.h"

struct stream {
	struct live live;
	/* Of an event; false: it was the last. */
	bool (*take)(struct live *, const char *event, const struct bb_json *);
	const char *until; /* the topic that is the last; NULL: none is */
	bool ended;
	struct buf line; /* what has come of it */
	struct buf event;
	struct buf data, id; /* of the event that is being read; the id stays for the next time */
};

/* Until it is interrupted, or as many lines are printed as --count says, or it is at its end. */
int stream_follow(struct ctl *, const char *path, struct stream *);
#endif
