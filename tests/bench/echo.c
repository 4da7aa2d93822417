/* The yardstick: a WebSocket server that sends every message back, with nothing but libwebsockets
 * on libuv, written at once as Busbar writes. Usage: bench_echo PORT */
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define MAX_MESSAGE 8192u

struct session {
	size_t len;
	unsigned char pre[LWS_PRE + MAX_MESSAGE];
};

static int collect(struct lws *wsi, struct session *s, const void *in, size_t len)
{
	if (s->len + len > MAX_MESSAGE)
		return -1;
	memcpy(s->pre + LWS_PRE + s->len, in, len);
	s->len += len;
	if (lws_remaining_packet_payload(wsi) || !lws_is_final_fragment(wsi))
		return 0;
	size_t whole = s->len;
	s->len = 0;
	return lws_write(wsi, s->pre + LWS_PRE, whole, LWS_WRITE_TEXT) < 0 ? -1 : 0;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		    size_t len)
{
	struct session **s = user;
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		*s = calloc(1, sizeof **s);
		return *s ? 0 : -1;
	case LWS_CALLBACK_CLOSED:
		free(*s);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		return collect(wsi, *s, in, len);
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
    {.name = "ocpp1.6",
     .callback = on_event,
     .per_session_data_size = sizeof(struct session *),
     .rx_buffer_size = 1024},
    {0},
};

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: bench_echo PORT\n");
		return 2;
	}
	lws_set_log_level(LLL_ERR, NULL);
	uv_loop_t loop;
	uv_loop_init(&loop);
	void *loops[] = {&loop};
	struct lws_context_creation_info info = {
	    .port = atoi(argv[1]),
	    .iface = "127.0.0.1",
	    .protocols = protocols,
	    .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_VALIDATE_UTF8,
	    .foreign_loops = loops,
	    .pt_serv_buf_size = 4096,
	};
	if (!lws_create_context(&info)) {
		fprintf(stderr, "bench_echo: cannot listen on port %s\n", argv[1]);
		return 1;
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	return 0;
}
