/* curl's multi interface on the loop: it says which sockets it waits for and when it wants to be
 * called again. */
#include <errno.h>
#include <stdlib.h>

#include "transfer.h"

static void free_handle(uv_handle_t *h)
{
	free(h);
}

/* Requests that are through. Telling one may begin others, or end them. */
static void take_ended(struct transfer *p)
{
	CURLMsg *message;
	int left;
	while (p->multi && (message = curl_multi_info_read(p->multi, &left))) {
		struct request *r;
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &r);
		request_end(r, message->data.result);
	}
}

static void act(struct transfer *p, curl_socket_t socket, int flags)
{
	int running;
	curl_multi_socket_action(p->multi, socket, flags, &running);
	take_ended(p);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
	struct transfer *p = poll->data;
	uv_os_fd_t fd;
	int flags = status ? CURL_CSELECT_ERR : 0;
	if (uv_fileno((uv_handle_t *)poll, &fd))
		return;
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	act(p, fd, flags);
}

static void on_timer(uv_timer_t *timer)
{
	act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static int on_time_wanted(CURLM *multi, long ms, void *arg)
{
	struct transfer *p = arg;
	(void)multi;
	if (ms < 0)
		uv_timer_stop(p->timer);
	else
		uv_timer_start(p->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

static uv_poll_t *watch(struct transfer *p, curl_socket_t socket)
{
	uv_poll_t *poll = malloc(sizeof *poll);
	if (!poll)
		abort();
	if (uv_poll_init(p->api->uv_loop(), poll, socket)) {
		free(poll);
		return NULL;
	}
	poll->data = p;
	curl_multi_assign(p->multi, socket, poll);
	return poll;
}

static int on_socket_wanted(CURL *easy, curl_socket_t socket, int what, void *arg, void *watched)
{
	struct transfer *p = arg;
	uv_poll_t *poll = watched;
	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (poll)
			uv_close((uv_handle_t *)poll, free_handle);
		curl_multi_assign(p->multi, socket, NULL);
		return 0;
	}
	if (!poll && !(poll = watch(p, socket)))
		return -1;
	int events =
	    (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
	return uv_poll_start(poll, events, on_ready) ? -1 : 0;
}

int multi_open(struct transfer *p)
{
	p->multi = curl_multi_init();
	p->timer = malloc(sizeof *p->timer);
	if (!p->multi || !p->timer)
		abort();
	uv_timer_init(p->api->uv_loop(), p->timer);
	p->timer->data = p;
	curl_multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, on_socket_wanted);
	curl_multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p);
	curl_multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, on_time_wanted);
	curl_multi_setopt(p->multi, CURLMOPT_TIMERDATA, p);
	curl_multi_setopt(p->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)p->cfg->connections);
	curl_multi_setopt(p->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)p->cfg->per_host);
	return 0;
}

void multi_close(struct transfer *p)
{
	if (!p->multi)
		return;
	curl_multi_cleanup(p->multi);
	p->multi = NULL;
	uv_close((uv_handle_t *)p->timer, free_handle);
	p->timer = NULL;
}
