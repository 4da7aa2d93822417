#include "busbard/problem.h"

#include <stdlib.h>

#include "net/net.h"
#include "json/json.h"

int problem_status(const char *code)
{
	char *end;
	long status = strtol(code, &end, 10);
	return *end || status < 400 || status > 599 ? 500 : (int)status;
}

const char *problem_text(struct bb_arena *a, int status, const char *detail,
			 const struct bb_json *errors, size_t *ret_len)
{
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "type", "about:blank");
	bb_put_str(&b, "title", net_status_text(status));
	bb_put_int(&b, "status", status);
	if (detail && *detail)
		bb_put_str(&b, "detail", detail);
	if (errors)
		bb_put_json(&b, "errors", errors);
	return json_text(a, bb_build_object(&b), ret_len);
}
