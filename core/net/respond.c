#include <stdio.h>
#include <string.h>

#include "net/internal.h"

static const struct reason {
	int status;
	const char *text;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

const char *respond_reason(int status)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].status == status)
			return reasons[i].text;
	return "Status";
}

int respond_and_close(struct lws *wsi, int status, const char *extra_name, const char *extra_value,
		      const char *text)
{
	char room[LWS_PRE + 2048];
	char body[1024];
	int body_len = snprintf(body, sizeof body,
				"{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,"
				"\"detail\":\"%s\"}",
				respond_reason(status), status, text);
	int n = snprintf(room + LWS_PRE, sizeof room - LWS_PRE,
			 "HTTP/1.1 %d %s\r\n"
			 "content-type: application/problem+json\r\n"
			 "content-length: %d\r\n"
			 "connection: close\r\n"
			 "%s%s%s%s\r\n%s",
			 status, respond_reason(status), body_len, extra_name ? extra_name : "",
			 extra_name ? ": " : "", extra_name ? extra_value : "",
			 extra_name ? "\r\n" : "", body);
	if (n > 0 && (size_t)n < sizeof room - LWS_PRE)
		lws_write(wsi, (unsigned char *)room + LWS_PRE, (size_t)n, LWS_WRITE_HTTP_HEADERS);
	return -1;
}
