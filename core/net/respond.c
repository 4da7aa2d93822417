#include <string.h>
#include <strings.h>
#include <time.h>

#include "net/connection.h"

static const struct reason {
	int status;
	const char *text;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
};

const char *net_status_text(int status)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].status == status)
			return reasons[i].text;
	return status < 400 ? "Done" : status < 500 ? "Request Refused" : "Server Failure";
}

static void add_header(struct buf *b, const char *name, const char *value)
{
	buf_add_str(b, name);
	buf_add_str(b, ": ");
	for (; *value; value++) /* no line of the caller's making can end a header */
		buf_add_char(b, (unsigned char)*value < 0x20 ? ' ' : *value);
	buf_add_str(b, "\r\n");
}

/* What browsers are told about every answer: how to read it, and who may show it. A page says its
 * own policy in place of this one. */
const struct net_header_line browser_headers[BROWSER_HEADERS] = {
    {"x-content-type-options", "nosniff"},
    {"x-frame-options", "DENY"},
    {"referrer-policy", "no-referrer"},
    {"content-security-policy", "default-src 'none'; frame-ancestors 'none'"},
};

static bool says(const struct answer_head *h, const char *name)
{
	for (size_t i = 0; i < h->header_count; i++)
		if (!strcasecmp(h->headers[i].name, name))
			return true;
	return false;
}

static void add_browser_headers(struct buf *b, const struct answer_head *h)
{
	for (size_t i = 0; i < BROWSER_HEADERS; i++)
		if (!says(h, browser_headers[i].name))
			add_header(b, browser_headers[i].name, browser_headers[i].value);
}

/* Of the machine's clock, whatever clock a test has set: it is for those who compare the two. Days
 * and months are English, whatever the locale. */
static void add_date(struct buf *b)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm t;
	time_t now = time(NULL);
	if (gmtime_r(&now, &t))
		buf_printf(b, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d GMT\r\n",
			   days + 3 * (size_t)t.tm_wday, t.tm_mday, months + 3 * (size_t)t.tm_mon,
			   t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

void respond_head(struct buf *b, const struct answer_head *h)
{
	buf_printf(b, "HTTP/1.1 %d %s\r\n", h->status, net_status_text(h->status));
	add_date(b);
	if (h->content_type)
		add_header(b, "Content-Type", h->content_type);
	if (h->chunked)
		add_header(b, "Transfer-Encoding", "chunked");
	else if (h->length >= 0 && h->status != 204 && h->status != 304)
		buf_printf(b, "Content-Length: %lld\r\n", (long long)h->length);
	for (size_t i = 0; i < h->header_count; i++)
		add_header(b, h->headers[i].name, h->headers[i].value);
	add_browser_headers(b, h);
	if (!h->keep_alive)
		buf_add_str(b, "Connection: close\r\n");
	buf_add_str(b, "\r\n");
}

/* What a client sent may be part of the text. */
static void add_json_text(struct buf *b, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\')
			buf_add_char(b, '\\');
		buf_add_char(b, c < 0x20 || c > 0x7e ? '?' : *s);
	}
}

void respond_problem(struct buf *b, int status, const char *text)
{
	buf_printf(b, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"",
		   net_status_text(status), status);
	add_json_text(b, text);
	buf_add_str(b, "\"}");
}

void respond_refusal(struct buf *out, int status, const struct net_header_line *extra,
		     const char *text)
{
	struct buf body = {0};
	respond_problem(&body, status, text);
	struct answer_head head = {status,        "application/problem+json", extra,
				   extra != NULL, (int64_t)body.len,          false,
				   false};
	respond_head(out, &head);
	buf_add(out, body.data, body.len);
	buf_free(&body);
}

int respond_and_close(struct lws *wsi, int status, const struct net_header_line *extra,
		      const char *text)
{
	struct buf out = {0};
	buf_reserve(&out, LWS_PRE);
	out.len = LWS_PRE;
	respond_refusal(&out, status, extra, text);
	lws_write(wsi, (unsigned char *)out.data + LWS_PRE, out.len - LWS_PRE, LWS_WRITE_HTTP);
	connection_of(wsi)->ends = true;
	buf_free(&out);
	return -1;
}
