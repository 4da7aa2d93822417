/* The answer to a request, to its last byte, and what comes after it on the connection. */
#include <string.h>

#include "net/connection.h"
#include "net/counts.h"
#include "net/request.h"

static int send_piece(struct net_request *r)
{
	size_t left = r->out.len - r->sent;
	size_t piece = left < PIECE_BYTES ? left : PIECE_BYTES;
	int n = lws_write(r->wsi, (unsigned char *)r->out.data + r->sent, piece, LWS_WRITE_HTTP);
	r->sent += piece;
	return n < 0 ? -1 : 0;
}

static int finish(struct net_request *r)
{
	struct lws *wsi = r->wsi;
	bool keep = r->keep_alive, paused = r->paused;
	stream_over(r, 0);
	loop_deadline_clear(&r->look);
	if (!keep && !r->all_read) {
		r->lingers_ms = net_now_ms(r->net);
		lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, LINGER_S);
		return 0;
	}
	request_free(r);
	connection_of(wsi)->ends = !keep;
	if (!keep || lws_http_transaction_completed(wsi))
		return -1;
	pipeline_note(wsi);
	if (paused)
		request_pause_reading(wsi, false);
	return 0;
}

static bool is_sent(const struct net_request *r)
{
	return r->sent == r->out.len && !lws_partial_buffered(r->wsi);
}

/* Until lws is told that a request is over it takes the next one for a part of it; but where it
 * does not read it does not write either. So what the kernel takes at once is written from here. */
static void on_answer(void *arg)
{
	struct net_request *r = arg;
	if (!request_still_there(r))
		return;
	struct net *n = r->net;
	struct lws *wsi = r->wsi;
	int err = 0;
	while (!err && r->sent < r->out.len && !lws_partial_buffered(wsi))
		err = send_piece(r);
	if (!err && r->keep_alive && is_sent(r)) {
		err = finish(r);
	} else if (!err) {
		request_pause(r, false);
		lws_callback_on_writable(wsi);
	}
	if (err)
		net_cut(n, wsi);
}

static void on_untaken(void *arg)
{
	struct net_request *r = arg;
	net_counts_slow("answer");
	net_cut(r->net, r->wsi);
}

void net_respond(struct net_request *r, int status, const char *content_type,
		 const struct net_header_line *headers, size_t header_count, const void *body,
		 size_t len)
{
	if (r->net->closing.fn || !r->all_read)
		r->keep_alive = false;
	loop_deadline_clear(&r->look);
	buf_reserve(&r->out, LWS_PRE + 512 + len);
	r->out.len = r->sent = LWS_PRE;
	struct answer_head head = {status,       content_type, headers,      header_count,
				   (int64_t)len, false,        r->keep_alive};
	respond_head(&r->out, &head);
	if (strcmp(r->http.method, "HEAD") != 0)
		buf_add(&r->out, body, len);
	r->state = ANSWERED;
	lws_set_timeout(r->wsi, NO_PENDING_TIMEOUT, 0);
	loop_deadline_set(r->net->loop, &r->look, (uint64_t)r->net->options.http_ms, on_untaken, r);
	if (r->keep_alive) {
		request_defer(r, on_answer);
	} else {
		request_pause(r, false);
		lws_callback_on_writable(r->wsi);
	}
}

int request_writable(struct net_request *r)
{
	if (r->state != ANSWERED)
		return 0;
	if (r->sent < r->out.len && !lws_partial_buffered(r->wsi) && send_piece(r))
		return -1;
	bool sent = is_sent(r);
	if (sent && r->to.on && !r->to.ended)
		return stream_writable(r);
	if (sent)
		return r->lingers_ms ? 0 : finish(r);
	lws_callback_on_writable(r->wsi);
	return 0;
}
