#include <busbar/secrets.h>

#include "private.h"

const struct bb_json *masked(struct bb_arena *a, const struct bb_json *answer)
{
	static const char *const members[] = {"payload", "response"};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const struct bb_json *v = bb_json_get(answer, members[i]);
		if (bb_json_is(v, BB_JSON_OBJECT) && bb_secrets_in(v))
			answer =
			    bb_secrets_replace(a, answer, members[i], *bb_secrets_hidden(a, v));
	}
	return answer;
}
