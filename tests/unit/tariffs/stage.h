/* Bundled tariffs and their library, run as the server runs them. */
#ifndef TEST_TARIFFS_STAGE_H
#define TEST_TARIFFS_STAGE_H
#include "base/arena.h"
#include "facts.h"
#include "script/script.h"

extern struct bb_arena *arena;
extern const struct bb_api api;

struct answer {
	int err;
	const struct bb_json *value;
};

void stage_setup(void);
void stage_teardown(void);
int64_t ms_of(const char *text);
/* A bundled tariff with settings; in EUR unless these have a currency. */
struct answer run(const char *name, const struct bb_json *session, const char *settings);
/* The lines as "kind amount; ..." and the total. */
const char *price(const char *name, const struct bb_json *session, const char *settings);
#endif
