/* The part of bb_api that storage engines use, without a host around it. */
#ifndef TESTS_UNIT_DB_HOST_H
#define TESTS_UNIT_DB_HOST_H
#include "base/buf.h"
#include "loop/loop.h"

/* What the engine's `struct bb *` points to. */
struct engine_host {
	struct loop *loop;
	struct buf log; /* what the engine has logged */
};

/* Makes the API and the loop that uv_loop() hands out: a process has one at a time. */
const struct bb_api *host_enter(struct engine_host *);

/* The plugin storage_<engine> of the build tree, or NULL with a text from dlerror(). */
const struct bb_plugin *host_load(const char *build, const char *engine);
#endif
