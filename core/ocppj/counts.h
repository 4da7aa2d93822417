/* What is counted of chargers' links and messages, for GET /metrics. Private to core/ocppj. */
#ifndef OCPPJ_COUNTS_H
#define OCPPJ_COUNTS_H
#include <stdbool.h>
#include <stdint.h>

#include "base/stats.h"
#include "schema/schema.h"

struct ocppj;
struct heard;

enum { COUNT_IN, COUNT_OUT, COUNT_DIRECTIONS };

/* What happens with every message is counted by series that are known. */
struct counts {
	struct counted_action *actions; /* by the address of its request's schema */
	uint32_t size, used;
	struct bb_series *frames[COUNT_DIRECTIONS], *bytes[COUNT_DIRECTIONS];
};

void counts_begin(struct ocppj *);
void counts_end(struct ocppj *);

static inline void counts_frame(const struct counts *c, int direction, size_t bytes)
{
	stats_add(c->frames[direction], 1);
	stats_add(c->bytes[direction], bytes);
}

/* A call that has got its answer. `s` is the schema of its action's request; NULL: it is no action.
 * `code` is that of a CALLERROR, or a word for an answer that never came; NULL: it went well. `us`
 * of less than 0: no time. */
void counts_call(struct counts *, int direction, const struct schema *s, const char *code,
		 int64_t us);
/* A command that has ended. */
void counts_command(const struct schema *, const char *state);
/* A message that came again. */
void counts_repeated(void);
/* `kind` as of struct fault; `rule` is a schema's keyword or another word of ours; of a repair its
 * name. */
void counts_heard(const struct heard *, const char *kind, const char *rule);
#endif
