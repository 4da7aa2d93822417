/* A request's body that its handler pulls, piece by piece: what is not pulled is not read from the
 * connection, but for one piece. */
#include <errno.h>
#include <stdlib.h>

#include "net/counts.h"
#include "net/request.h"

static void on_look(void *arg);

static void look_again(struct net_request *r)
{
	loop_deadline_set(r->net->loop, &r->look, LOOK_MS, on_look, r);
}

static bool has_news(const struct net_request *r)
{
	return r->body.len || r->all_read || r->in.fault;
}

static void give(struct net_request *r)
{
	struct buf piece = r->body;
	int err = r->in.fault;
	r->body = (struct buf){0};
	r->in.wanted = false;
	r->in.taken += (int64_t)piece.len;
	/* lws has set one of its own when the bytes came. */
	lws_set_timeout(r->wsi, NO_PENDING_TIMEOUT, 0);
	r->net->handler.body(r, err, piece.data, err ? 0 : piece.len, r->net->handler.self);
	buf_free(&piece);
}

static void on_turn_end(void *arg)
{
	struct net_request *r = arg;
	if (!request_still_there(r))
		return;
	r->in.scheduled = false;
	if (r->in.wanted && r->state == ASKED)
		give(r);
}

static void schedule(struct net_request *r)
{
	if (r->in.scheduled || !r->in.wanted)
		return;
	r->in.scheduled = true;
	request_defer(r, on_turn_end);
}

void body_failed(struct net_request *r, int err)
{
	r->in.fault = err;
	buf_clear(&r->body);
	request_pause(r, true);
	schedule(r);
}

static void on_look(void *arg)
{
	struct net_request *r = arg;
	if (r->paused && !request_client_is_there(r)) {
		net_cut(r->net, r->wsi);
		return;
	}
	if (r->in.wanted && !has_news(r) && request_is_too_slow(r)) {
		net_counts_slow("body");
		body_failed(r, -ETIMEDOUT);
	}
	look_again(r);
}

void body_begin(struct net_request *r)
{
	r->http.body = "";
	r->state = ASKED;
	/* From here the handler's own time-out counts. */
	lws_set_timeout(r->wsi, NO_PENDING_TIMEOUT, 0);
	r->net->handler.request(r, r->net->handler.self);
	if (r->state != ASKED)
		return;
	if (!r->in.wanted)
		request_pause(r, true);
	look_again(r);
}

static void decode(struct net_request *r, const char *data, size_t len)
{
	int64_t room = r->in.limit - r->in.taken;
	int got = chunked_feed(&r->chunked, data, len, (size_t)room, &r->body);
	if (got < 0)
		body_failed(r, got);
	else if (got)
		body_ended(r);
}

void body_came(struct net_request *r, const char *data, size_t len)
{
	if (r->in.fault || r->all_read)
		return;
	r->moved_ms = net_now_ms(r->net);
	if (r->in_chunks)
		decode(r, data, len);
	else
		buf_add(&r->body, data, len);
	if (r->body.len >= PIECE_BYTES)
		request_pause(r, true);
	if (has_news(r))
		schedule(r);
}

void body_ended(struct net_request *r)
{
	r->all_read = true;
	request_pause(r, true);
	schedule(r);
}

void net_body_next(struct net_request *r)
{
	if (r->state != ASKED || r->in.wanted)
		return;
	r->in.wanted = true;
	r->moved_ms = net_now_ms(r->net);
	request_tell_continue(r);
	if (has_news(r))
		schedule(r);
	if (!r->all_read && !r->in.fault && r->body.len < PIECE_BYTES)
		request_pause(r, false);
}

int64_t net_body_length(const struct net_request *r)
{
	return r->in.on ? r->in.length : (int64_t)r->body.len;
}
