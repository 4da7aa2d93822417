#include "busbard/answers.h"

#include "base/arena.h"
#include "base/log.h"

const char *answer_fault_of(const struct exchange *x, const struct bb_json *answer)
{
	const char *name = x->front->check_answers && x->route ? x->route->answer : NULL;
	const struct schema *schema = name ? schema_find(x->front->schemas, name) : NULL;
	struct schema_fault fault;
	size_t count = 0;
	if (!schema || schema_validate(schema, answer, x->out, &fault, 1, &count))
		return NULL;
	const char *text = arena_printf(x->out, "the answer breaks its schema, %s: %s", name,
					schema_fault_text(x->out, &fault));
	log_line(BB_ERROR, "http", "%s %s: %s", x->route->method, x->route->path, text);
	return text;
}
