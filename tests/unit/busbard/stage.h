/* A net and a route table of the tests' own, between which requests are taken: one route whose body
 * is streamed, and one list. */
#ifndef TESTS_BUSBARD_STAGE_H
#define TESTS_BUSBARD_STAGE_H

#include "busbard/http.h"

#include <busbar/callers.h>

#include "base/buf.h"

/* The request as net would have it: its texts go with it. */
struct net_request {
	struct bb_http http;
	char *param, *header;
	const char *const *query; /* names and values of more parameters */
	void *user;
	int status;
	uint32_t asked;  /* pieces of its body */
	struct buf sent; /* of an answer in pieces */
	bool streamed, cut;
};

extern struct http_front front;

/* What the handler at work keeps. */
extern struct bb_call *call;
extern struct bb_reply *reply;
extern const char *param, *header;

/* How often the list's guard was asked. */
extern uint32_t guarded;

/* Whether the caller of an export still may: asked, and answered when the test says so. */
struct still {
	bool here;
	bb_caller_fn *fn;
	void *arg;
};
extern struct still still;

#endif
