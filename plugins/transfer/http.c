/* A request over HTTP, as curl is told, and its answer as it comes. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "transfer.h"
#include "words.h"

#define SYSTEM_CA "/etc/ssl/certs/ca-certificates.crt"
#define CA_CACHE_S 300L

static void *copy(struct bb_arena *a, const void *bytes, size_t len)
{
	return bytes ? bb_strndup(a, bytes, len) : NULL;
}

static const char *copy_text(struct bb_arena *a, const char *s)
{
	return s ? bb_strdup(a, s) : NULL;
}

const char *http_ca(const struct config *cfg, const char *own)
{
	return own ? own : *cfg->ca ? cfg->ca : SYSTEM_CA;
}

static void copy_request(struct request *r, const struct bb_transfer_http *from)
{
	struct bb_arena *a = r->arena;
	const struct config *cfg = r->p->cfg;
	r->http = *from;
	r->http.method = copy_text(a, from->method);
	r->http.url = copy_text(a, from->url);
	r->http.body = copy(a, from->body, from->body_len);
	r->http.operator_id = copy_text(a, from->operator_id);
	r->http.ca = copy_text(a, http_ca(cfg, from->ca));
	r->http.headers = NULL; /* `sent` has them */
	if (!from->timeout_ms)
		r->http.timeout_ms = (uint32_t)cfg->timeout_ms;
	if (from->max_answer <= 0)
		r->http.max_answer = cfg->max_answer;
}

static const char *header_fault(struct bb_arena *a, const struct bb_transfer_header *h)
{
	if (!h->name || !bb_transfer_is_token(h->name))
		return "the name of a header is not one";
	if (bb_transfer_is_own_header(h->name))
		return bb_printf(a, "the header %s is not for the asker to set", h->name);
	if (!h->value)
		return bb_printf(a, "the value of the header %s is no text", h->name);
	if (!word_is_value(h->value))
		return bb_printf(a, "the value of the header %s has control characters", h->name);
	return NULL;
}

static void add_header(struct request *r, const char *name, const char *value)
{
	/* curl's way to say that a header is there and empty. */
	const char *line =
	    *value ? bb_printf(r->arena, "%s: %s", name, value) : bb_printf(r->arena, "%s;", name);
	r->sent = curl_slist_append(r->sent, line);
}

static void add_headers(struct request *r, const struct bb_transfer_http *from)
{
	bool typed = false;
	for (uint32_t i = 0; i < from->header_count; i++) {
		const struct bb_transfer_header *h = &from->headers[i];
		const char *fault = header_fault(r->arena, h);
		if (fault) {
			request_fault(r, -EINVAL, fault);
			return;
		}
		typed |= !strcasecmp(h->name, "content-type");
		add_header(r, h->name, h->value);
	}
	r->sent = curl_slist_append(r->sent, "Expect:");
	if (!typed) /* curl's own guess would be a form's */
		r->sent = curl_slist_append(r->sent, "Content-Type:");
}

static void read_url(struct request *r)
{
	char *scheme = NULL;
	r->url = curl_url();
	CURLUcode code = curl_url_set(r->url, CURLUPART_URL, r->http.url ? r->http.url : "", 0);
	if (!code)
		code = curl_url_get(r->url, CURLUPART_SCHEME, &scheme, 0);
	if (code)
		request_fault(r, -EINVAL,
			      bb_printf(r->arena, "the URL is none: %s", curl_url_strerror(code)));
	else if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
		request_fault(r, -EINVAL, "the URL is neither http:// nor https://");
	curl_free(scheme);
}

static void on_deadline(void *arg)
{
	struct request *r = arg;
	r->deadline = NULL;
	request_fault(r, -ETIMEDOUT,
		      bb_printf(r->arena, "there was no answer within %u ms", r->http.timeout_ms));
	request_end(r, CURLE_OPERATION_TIMEDOUT);
}

void http_send(struct bb *who, const struct bb_transfer_http *from, bb_transfer_fn *fn, void *arg)
{
	struct transfer *p = transfer_the;
	struct request *r = request_new(p, who, fn, arg);
	copy_request(r, from);
	if (p->stopped)
		request_fault(r, -ECANCELED, "the server stops");
	if (p->count > p->cfg->queue)
		request_fault(r, -EAGAIN, "too many requests wait");
	if (!from->method || !bb_transfer_is_token(from->method))
		request_fault(r, -EINVAL, "the method is none");
	read_url(r);
	add_headers(r, from);
	if (r->err) {
		request_end_soon(r);
		return;
	}
	r->deadline = p->api->timer(p->me, r->http.timeout_ms, false, on_deadline, r);
	guard_begin(r);
}

static bool make_room(struct request *r, size_t len)
{
	if (r->body_len + len < r->body_room)
		return true;
	size_t room = r->body_room ? r->body_room : 4096;
	while (room <= r->body_len + len)
		room *= 2;
	char *more = realloc(r->body, room);
	if (!more)
		return false;
	r->body = more;
	r->body_room = room;
	return true;
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	struct request *r = arg;
	size_t len = size * count;
	if ((int64_t)(r->body_len + len) > r->http.max_answer) {
		request_fault(r, -EMSGSIZE, "the answer is larger than it may be");
		return 0;
	}
	if (!make_room(r, len))
		return 0;
	memcpy(r->body + r->body_len, data, len);
	r->body_len += len;
	r->body[r->body_len] = '\0';
	return len;
}

static void keep_header(struct request *r, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	if (!colon || colon == line)
		return;
	const char *value = colon + 1, *end = line + len;
	while (value < end && (*value == ' ' || *value == '\t'))
		value++;
	while (end > value && strchr("\r\n \t", end[-1]))
		end--;
	char *name = bb_strndup(r->arena, line, (size_t)(colon - line));
	for (char *c = name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (r->header_count == r->header_room) {
		uint32_t room = r->header_room ? r->header_room * 2 : 16;
		struct bb_transfer_header *more = bb_alloc(r->arena, room * sizeof *more);
		if (r->header_count)
			memcpy(more, r->headers, r->header_count * sizeof *more);
		r->headers = more;
		r->header_room = room;
	}
	r->headers[r->header_count++] =
	    (struct bb_transfer_header){name, bb_strndup(r->arena, value, (size_t)(end - value))};
}

static size_t on_header(char *data, size_t size, size_t count, void *arg)
{
	struct request *r = arg;
	size_t len = size * count;
	r->header_bytes += len;
	if (r->header_bytes > MOST_HEADER_BYTES) {
		request_fault(r, -EMSGSIZE, "the answer's headers are too large");
		return 0;
	}
	if (len > 5 && !memcmp(data, "HTTP/", 5))
		r->header_count = 0; /* those before were of an interim answer */
	else
		keep_header(r, data, len);
	return len;
}

static void set_method(struct request *r)
{
	CURL *easy = r->easy;
	const char *method = r->http.method;
	bool sends = r->http.body || !strcmp(method, "POST") || !strcmp(method, "PUT") ||
		     !strcmp(method, "PATCH");
	if (sends) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->http.body_len);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, r->http.body ? r->http.body : "");
	} else if (!strcmp(method, "HEAD")) {
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	}
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
}

static void set_limits(struct request *r)
{
	CURL *easy = r->easy;
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)r->p->cfg->connect_ms);
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)r->http.max_answer);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* A name that is still looked for is left to its thread. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	/* One file, kept read: a folder would be read anew for each connection. */
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(easy, CURLOPT_CAINFO, r->http.ca);
	curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, CA_CACHE_S);
}

void http_set_up(struct request *r)
{
	CURL *easy = r->easy = curl_easy_init();
	if (!easy)
		abort();
	curl_easy_setopt(easy, CURLOPT_PRIVATE, r);
	curl_easy_setopt(easy, CURLOPT_CURLU, r->url);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, r->sent);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, r->reason);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, r);
	curl_easy_setopt(easy, CURLOPT_USERAGENT,
			 bb_printf(r->arena, "busbar/%s", r->p->api->version()));
	set_method(r);
	set_limits(r);
}
