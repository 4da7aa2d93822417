/* How often an operator's scripts have failed, hook by hook. Counted in memory while a unit is on
 * its way, so that a script that fails at every message costs one row now and then. */
#include "scripts.h"

struct failing {
	char *operator_id, *hook, *script, *version, *detail; /* all but the first two: the last */
	int64_t line, count, last_ms;
	struct failing *next;
};

static void write_some(struct scripts *p);

static char *copy(const char *text)
{
	char *own = strdup(text);
	if (!own)
		abort();
	return own;
}

static void take(char **at, const struct bb_json *event, const char *key)
{
	free(*at);
	*at = copy(bb_json_get_str(event, key, ""));
}

static void free_one(struct failing *f)
{
	free(f->operator_id);
	free(f->hook);
	free(f->script);
	free(f->version);
	free(f->detail);
	free(f);
}

static struct failing *find(struct scripts *p, const struct bb_json *event)
{
	const char *operator_id = bb_json_get_str(event, "operator_id", "");
	const char *hook = bb_json_get_str(event, "hook", "");
	struct failing *f = p->failing;
	while (f && (strcmp(f->operator_id, operator_id) != 0 || strcmp(f->hook, hook) != 0))
		f = f->next;
	if (f)
		return f;
	f = calloc(1, sizeof *f);
	if (!f)
		abort();
	f->operator_id = copy(operator_id);
	f->hook = copy(hook);
	f->next = p->failing;
	p->failing = f;
	return f;
}

void failures_on_failed(const struct bb_json *event, void *self)
{
	struct scripts *p = self;
	struct failing *f = find(p, event);
	take(&f->script, event, "script");
	take(&f->version, event, "version");
	take(&f->detail, event, "detail");
	f->line = bb_json_get_int(event, "line", 0);
	f->last_ms = p->api->now_ms();
	f->count++;
	write_some(p);
}

/* Storage is away: they wait for the next failure. */
static void on_written(int err, const struct bb_rows *rows, void *arg)
{
	struct scripts *p = arg;
	(void)rows;
	p->counting = false;
	if (err)
		p->api->log(p->me, BB_WARN, "failures of scripts could not be counted: %s",
			    strerror(-err));
	else if (p->failing)
		write_some(p);
}

static void write_some(struct scripts *p)
{
	if (p->counting || !p->api->storage_healthy())
		return;
	struct bb_arena *a = p->api->arena_new();
	struct bb_unit *unit = p->api->begin(p->me);
	while (p->failing) {
		struct failing *f = p->failing;
		const struct bb_val v[] = {
		    bb_text(f->operator_id), bb_text(f->hook),
		    bb_i64(f->count),        bb_text(f->script),
		    bb_text(f->version),     bb_i64(f->line),
		    bb_text(f->detail),      bb_time(p->api, a, f->last_ms),
		};
		p->api->add(unit, p->q[Q_FAILURE_COUNT], sizeof v / sizeof *v, v, NULL, NULL);
		p->failing = f->next;
		free_one(f);
	}
	p->counting = true;
	bb_commit(p->api, unit, on_written, p);
	p->api->arena_free(a);
}

void failures_free(struct scripts *p)
{
	while (p->failing) {
		struct failing *f = p->failing;
		p->failing = f->next;
		free_one(f);
	}
}
