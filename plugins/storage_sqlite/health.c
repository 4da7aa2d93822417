#include <errno.h>

#include "sqlite.h"

#define PROBE_MS 1000

static void on_probe_done(int err, void *arg)
{
	(void)err; /* health_note() has seen it */
	(void)arg;
}

static void probe_soon(struct engine *);

static void on_timer(void *arg)
{
	struct engine *e = arg;
	e->probing = NULL;
	if (e->failed || job_submit(&e->writing, NULL, on_probe_done, NULL))
		probe_soon(e);
	e->failed = false;
}

static const char *error_of(const struct bb_storage_unit *u)
{
	while (u && !u->error)
		u = u->next;
	return u ? u->error : "cannot be written";
}

static void probe_soon(struct engine *e)
{
	if (!e->probing)
		e->probing = e->api->timer(e->bb, PROBE_MS, false, on_timer, e);
}

static void note_probe(struct engine *e, const struct job *j)
{
	if (j->err || e->failed) {
		probe_soon(e);
		return;
	}
	e->api->log(e->bb, BB_INFO, "%s: works again", e->cfg->path);
	e->healthy = true;
}

/* What can be read, and what little can be written to a full disk, says nothing of the next write:
 * so only a probe is heard, after a second in which no unit failed. */
void health_note(struct engine *e, const struct job *j)
{
	if (!j->units) {
		note_probe(e, j);
	} else if (j->err == -EAGAIN && e->healthy) {
		e->api->log(e->bb, BB_ERROR, "%s: %s", e->cfg->path, error_of(j->units));
		e->healthy = e->failed = false;
		probe_soon(e);
	} else if (j->err == -EAGAIN) {
		e->failed = true;
	}
}

void health_stop(struct engine *e)
{
	if (e->probing)
		e->api->release(e->probing);
	e->probing = NULL;
}
