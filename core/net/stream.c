/* An answer in pieces, each asked for when the client has taken the last one. */
#include <errno.h>
#include <string.h>

#include "net/counts.h"
#include "net/request.h"
#include "net/tcp.h"

/* A slow client empties the kernel's buffer long before there is room for more: that is progress.
 */
static void note_progress(struct net_request *r)
{
	uint64_t taken = tcp_acknowledged(lws_get_socket_fd(r->wsi));
	if (taken == r->to.taken)
		return;
	r->moved_ms = net_now_ms(r->net);
	pace_moved(&r->pace, &r->net->options, taken - r->to.taken);
	r->to.taken = taken;
}

static void on_look(void *arg)
{
	struct net_request *r = arg;
	bool waits = !r->to.asked; /* for the client, not for the handler */
	note_progress(r);
	bool slow = waits && request_is_too_slow(r);
	if (slow)
		net_counts_slow("answer");
	if (slow || (r->paused && !request_client_is_there(r)))
		net_cut(r->net, r->wsi);
	else
		loop_deadline_set(r->net->loop, &r->look, LOOK_MS, on_look, r);
}

/* A body whose length is not known ends with its connection where there are no chunks. */
static void frame(struct net_request *r, int64_t length)
{
	r->to.left = length;
	r->to.chunked = length < 0 && r->http_1_1;
	if (length < 0 && !r->http_1_1)
		r->keep_alive = false;
}

void net_respond_stream(struct net_request *r, int status, const char *content_type,
			const struct net_header_line *headers, size_t header_count, int64_t length)
{
	if (r->net->closing.fn || !r->all_read)
		r->keep_alive = false;
	frame(r, length);
	loop_deadline_clear(&r->look);
	request_pause(r, false);
	buf_reserve(&r->out, LWS_PRE + 512);
	r->out.len = r->sent = LWS_PRE;
	struct answer_head head = {status, content_type,  headers,      header_count,
				   length, r->to.chunked, r->keep_alive};
	respond_head(&r->out, &head);
	r->state = ANSWERED;
	r->to.on = true;
	r->to.ended = length == 0 || !strcmp(r->http.method, "HEAD");
	r->to.taken = tcp_acknowledged(lws_get_socket_fd(r->wsi));
	pace_begin(&r->pace, &r->net->options);
	r->moved_ms = net_now_ms(r->net);
	lws_set_timeout(r->wsi, NO_PENDING_TIMEOUT, 0);
	loop_deadline_set(r->net->loop, &r->look, LOOK_MS, on_look, r);
	lws_callback_on_writable(r->wsi);
}

int stream_writable(struct net_request *r)
{
	r->moved_ms = net_now_ms(r->net);
	if (r->to.asked)
		return 0;
	r->to.asked = true;
	request_pause(r, r->all_read);
	r->net->handler.room(r, r->net->handler.self);
	return 0;
}

static void add_piece(struct net_request *r, const void *bytes, size_t len)
{
	r->out.len = r->sent = LWS_PRE;
	if (r->to.chunked)
		buf_printf(&r->out, "%zx\r\n", len);
	buf_add(&r->out, bytes, len);
	if (r->to.chunked)
		buf_add_str(&r->out, "\r\n");
}

void net_stream_send(struct net_request *r, const void *bytes, size_t len)
{
	if (!r->to.asked)
		return;
	r->to.asked = false;
	request_pause(r, false); /* lws does not write either where it may not read */
	r->moved_ms = net_now_ms(r->net);
	bool known = r->to.left >= 0;
	if (known && (len ? (int64_t)len > r->to.left : r->to.left > 0)) {
		net_cut(r->net, r->wsi); /* more or less than was announced */
		return;
	}
	if (len || r->to.chunked)
		add_piece(r, bytes, len);
	if (known)
		r->to.left -= (int64_t)len;
	r->to.ended = !len || r->to.left == 0;
	lws_callback_on_writable(r->wsi);
}

void net_stream_cut(struct net_request *r)
{
	net_cut(r->net, r->wsi);
}

void stream_over(struct net_request *r, int err)
{
	if (!r->to.on)
		return;
	r->to.on = false;
	r->net->handler.stream_over(r, err, r->net->handler.self);
}
