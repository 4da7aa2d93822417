#include "busbard/problem.h"

#include <stdlib.h>

#include "json/json.h"

static const struct title {
	int status;
	const char *text;
} titles[] = {
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
};

int problem_status(const char *code)
{
	char *end;
	long status = strtol(code, &end, 10);
	return *end || status < 400 || status > 599 ? 500 : (int)status;
}

static const char *title_of(int status)
{
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (titles[i].status == status)
			return titles[i].text;
	return status < 500 ? "Request Refused" : "Server Failure";
}

const char *problem_text(struct bb_arena *a, int status, const char *detail,
			 const struct bb_json *errors, size_t *ret_len)
{
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "type", "about:blank");
	bb_put_str(&b, "title", title_of(status));
	bb_put_int(&b, "status", status);
	if (detail && *detail)
		bb_put_str(&b, "detail", detail);
	if (errors)
		bb_put_json(&b, "errors", errors);
	return json_text(a, bb_build_object(&b), ret_len);
}
