/* What the files of the HTTP front share. */
#ifndef BUSBARD_EXCHANGE_H
#define BUSBARD_EXCHANGE_H
#include "busbard/http.h"

/* One request and its answer; lives in the call's arena. */
struct exchange {
	struct http_front *front;
	struct exchange *next, **back; /* all that are open */
	struct net_request *request;   /* NULL once the client is gone */
	struct bb_arena *arena;        /* the call's */
	struct bb_arena
	    *out; /* the answer's: after a time-out a handler may still use the call's */
	struct bb_call *call; /* NULL once it has finished */
	struct bb_http http;
	const struct bb_route *route;
	int64_t came_us;
	const struct chain
	    *chain; /* of the route; whole, also where `fault` keeps it from the owner */
	struct kept *headers, *params; /* see kept.h */
	bool wants_csv;                /* see export.h */
	const char *allowed; /* the methods that the path has, where it has not the one asked for */
	/* What is wrong with the parameters or the body: answered once the guards have let the
	 * request through. */
	struct {
		const char *status, *detail;
		const struct bb_json *errors;
	} fault;
	struct {
		int status;
		const char *type, *body;
		size_t len;
		struct net_header_line *headers;
		size_t header_count;
	} response;
	/* The handler waits for a piece of the body. */
	struct {
		bb_body_fn *fn;
		void *arg;
		bool ended; /* nothing more comes */
	} pull;
	struct bb_sink sink;
	const struct bb_stream *stream; /* whose `over` is due */
	bool streaming;                 /* the exchange goes on until the stream is over */
};

/* Its call has finished, and so has its stream. */
void exchange_end(struct exchange *);
/* Of the response; both texts must live as long as x->out. */
void exchange_add_header(struct exchange *, const char *name, const char *value);

/* pieces.c: body_next() and body_length() of plugin.h. */
bool body_is_pulled(const struct exchange *);
int pull_body(struct bb_call *, bb_body_fn *, void *fn_arg, void *exchange);
int64_t pull_length(const struct bb_call *, void *exchange);
void pull_failed(struct exchange *, int err);
/* Answers with x->stream; or nobody will ask for it. */
void stream_begin(struct exchange *);
void stream_drop(struct exchange *);
#endif
