/* One request's life: made, handed to curl, told once, freed. */
#include <errno.h>
#include <stdlib.h>

#include "transfer.h"

struct request *request_new(struct transfer *p, struct bb *who, bb_transfer_fn *fn, void *arg)
{
	struct bb_arena *a = p->api->arena_new();
	struct request *r = bb_zalloc(a, sizeof *r);
	*r = (struct request){.p = p, .who = who, .arena = a, .fn = fn, .arg = arg};
	r->began_ns = uv_hrtime();
	r->next = p->requests;
	r->back = &p->requests;
	if (r->next)
		r->next->back = &r->next;
	p->requests = r;
	p->count++;
	return r;
}

static void request_free(struct request *r)
{
	r->p->api->arena_free(r->arena);
}

/* What curl's codes mean to the asker; the rest is -EIO. */
static const struct {
	CURLcode code;
	int err;
} meanings[] = {
    {CURLE_OK, 0},
    {CURLE_UNSUPPORTED_PROTOCOL, -EPROTO}, /* the URL has been checked: HTTP/0.9 */
    {CURLE_URL_MALFORMAT, -EINVAL},
    {CURLE_COULDNT_RESOLVE_HOST, -EHOSTUNREACH},
    {CURLE_COULDNT_CONNECT, -EHOSTUNREACH},
    {CURLE_WEIRD_SERVER_REPLY, -EPROTO},
    {CURLE_SSL_CONNECT_ERROR, -EPROTO},
    {CURLE_PEER_FAILED_VERIFICATION, -EPROTO},
    {CURLE_SSL_CACERT_BADFILE, -EPROTO},
    {CURLE_USE_SSL_FAILED, -EPROTO},
    {CURLE_HTTP2, -EPROTO},
    {CURLE_HTTP2_STREAM, -EPROTO},
    {CURLE_BAD_CONTENT_ENCODING, -EPROTO},
    {CURLE_PARTIAL_FILE, -ECONNRESET},
    {CURLE_GOT_NOTHING, -ECONNRESET},
    {CURLE_SEND_ERROR, -ECONNRESET},
    {CURLE_RECV_ERROR, -ECONNRESET},
    {CURLE_OPERATION_TIMEDOUT, -ETIMEDOUT},
    {CURLE_FILESIZE_EXCEEDED, -EMSGSIZE},
    {CURLE_LOGIN_DENIED, -EREMOTEIO},
};

int request_meaning(CURLcode code)
{
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (meanings[i].code == code)
			return meanings[i].err;
	return -EIO;
}

void request_fault(struct request *r, int err, const char *because)
{
	if (r->err)
		return;
	r->err = err;
	r->because = because;
}

static void tell(struct request *r, CURLcode code)
{
	long status = 0;
	int err = r->err ? r->err : request_meaning(code);
	if (r->easy)
		curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
	const char *text = r->err ? r->because : *r->reason ? r->reason : curl_easy_strerror(code);
	struct bb_transfer_answer answer = {
	    .status = (int)status,
	    .headers = r->headers,
	    .header_count = r->header_count,
	    .body = r->body ? r->body : "",
	    .body_len = r->body_len,
	    .error = err ? text : NULL,
	    .took_ms = (uint32_t)((uv_hrtime() - r->began_ns) / 1000000),
	};
	figures_ended(r->p, "http", err, answer.took_ms);
	r->fn(err, &answer, r->arg);
}

void request_end(struct request *r, CURLcode code)
{
	struct transfer *p = r->p;
	if (r->over)
		return;
	r->over = true;
	*r->back = r->next;
	if (r->next)
		r->next->back = r->back;
	p->count--;
	share_leave(r);
	p->api->release(r->deadline);
	if (r->easy)
		curl_multi_remove_handle(p->multi, r->easy);
	tell(r, code);
	curl_easy_cleanup(r->easy);
	curl_slist_free_all(r->sent);
	curl_url_cleanup(r->url);
	free(r->body);
	if (!r->reading)
		request_free(r);
}

static void on_soon(void *arg)
{
	struct request *r = arg;
	r->deadline = NULL;
	request_end(r, CURLE_OK);
}

void request_end_soon(struct request *r)
{
	r->p->api->release(r->deadline);
	r->deadline = r->p->api->timer(r->p->me, 0, false, on_soon, r);
}

void request_start(struct request *r)
{
	http_set_up(r);
	guard_set_up(r);
	CURLMcode code = curl_multi_add_handle(r->p->multi, r->easy);
	if (code) {
		request_fault(r, -EIO, curl_multi_strerror(code));
		request_end_soon(r);
	}
}
