#include <errno.h>

#include "sqlite.h"

#define PROBE_MS 1000

static void on_probe_done(int err, void *arg)
{
	(void)err; /* health_note() has seen it */
	(void)arg;
}

static void on_timer(void *arg)
{
	struct engine *e = arg;
	e->probing = NULL;
	job_submit(&e->writing, NULL, on_probe_done, NULL);
}

static const char *error_of(const struct bb_storage_unit *u)
{
	while (u && !u->error)
		u = u->next;
	return u ? u->error : "cannot be written";
}

void health_note(struct engine *e, const struct job *j)
{
	bool healthy = j->err != -EAGAIN;
	if (e->healthy && !healthy)
		e->api->log(e->bb, BB_ERROR, "%s: %s", e->cfg->path, error_of(j->units));
	if (!e->healthy && healthy)
		e->api->log(e->bb, BB_INFO, "%s: works again", e->cfg->path);
	e->healthy = healthy;
	if (!healthy && !e->probing)
		e->probing = e->api->timer(e->bb, PROBE_MS, false, on_timer, e);
}

void health_stop(struct engine *e)
{
	if (e->probing)
		e->api->release(e->probing);
	e->probing = NULL;
}
