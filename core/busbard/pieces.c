/* Bodies that handlers pull, and answers that clients do. */
#include <errno.h>

#include "busbard/exchange.h"

bool body_is_pulled(const struct exchange *x)
{
	return x->route && x->route->flags & BB_STREAM_BODY && !x->fault.status;
}

static void told(struct exchange *x, int err, const void *bytes, size_t len)
{
	bb_body_fn *fn = x->pull.fn;
	if (!fn)
		return;
	x->pull.fn = NULL;
	x->pull.ended = err || !len;
	call_go_on(x->call);
	fn(err, bytes, len, x->pull.arg);
}

void pull_failed(struct exchange *x, int err)
{
	told(x, err, NULL, 0);
}

int pull_body(struct bb_call *call, bb_body_fn *fn, void *fn_arg, void *arg)
{
	struct exchange *x = arg;
	if (x->pull.fn || x->pull.ended)
		return -EINVAL;
	if (!x->request)
		return -ECONNRESET;
	x->pull.fn = fn;
	x->pull.arg = fn_arg;
	x->call = call;
	call_pause(call);
	net_body_next(x->request);
	return 0;
}

int64_t pull_length(const struct bb_call *call, void *arg)
{
	const struct exchange *x = arg;
	(void)call;
	if (x->request)
		return net_body_length(x->request);
	return body_is_pulled(x) ? -1 : (int64_t)x->http.body_len;
}

void http_body(struct net_request *request, int err, const void *bytes, size_t len)
{
	struct exchange *x = net_request_user(request);
	if (x)
		told(x, err, bytes, len);
}

static struct exchange *of_sink(struct bb_sink *s)
{
	return (struct exchange *)((char *)s - offsetof(struct exchange, sink));
}

static void send_piece(struct bb_sink *s, const void *bytes, size_t len)
{
	net_stream_send(of_sink(s)->request, bytes, len);
}

static void cut(struct bb_sink *s)
{
	net_stream_cut(of_sink(s)->request);
}

void stream_begin(struct exchange *x)
{
	x->streaming = true;
	x->sink = (struct bb_sink){send_piece, cut};
	net_respond_stream(x->request, x->response.status, x->response.type, x->response.headers,
			   x->response.header_count, x->stream->length);
}

void stream_drop(struct exchange *x)
{
	const struct bb_stream *s = x->stream;
	x->stream = NULL;
	if (s)
		s->over(s->arg);
}

void http_room(struct net_request *request)
{
	struct exchange *x = net_request_user(request);
	if (x && x->stream)
		x->stream->more(&x->sink, x->stream->arg);
}

static void end_stream(struct exchange *x)
{
	net_request_set_user(x->request, NULL);
	stream_drop(x);
	exchange_end(x);
}

void http_stream_over(struct net_request *request)
{
	struct exchange *x = net_request_user(request);
	if (x && x->streaming)
		end_stream(x);
}

void http_end_streams(struct http_front *front)
{
	for (struct exchange *x = front->first, *next; x; x = next) {
		next = x->next;
		if (x->streaming) {
			net_stream_cut(x->request);
			end_stream(x);
		} else {
			pull_failed(x, -ECANCELED);
		}
	}
}
