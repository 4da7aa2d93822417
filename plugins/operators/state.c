/* Operators that are disabled: known by heart, so that asking costs nothing; read again now and
 * then, as another node may have changed them. */
#include <errno.h>
#include <stdlib.h>

#include "operators.h"

/* The plugin's only instance: a service's functions are asked without one. */
static struct operators *the;

static uint32_t find(const struct operators *p, const char *id)
{
	uint32_t i = 0;
	while (i < p->disabled_count && strcmp(p->disabled[i], id) != 0)
		i++;
	return i;
}

static void forget_all(struct operators *p)
{
	for (uint32_t i = 0; i < p->disabled_count; i++)
		free(p->disabled[i]);
	free(p->disabled);
	p->disabled = NULL;
	p->disabled_count = 0;
}

static void add(struct operators *p, const char *id)
{
	char **grown = realloc(p->disabled, (p->disabled_count + 1) * sizeof *grown);
	char *copy = strdup(id);
	if (!grown || !copy)
		abort();
	p->disabled = grown;
	p->disabled[p->disabled_count++] = copy;
}

void state_set(struct operators *p, const char *id, bool disabled)
{
	uint32_t i = find(p, id);
	p->changes++;
	if (disabled && i == p->disabled_count) {
		add(p, id);
	} else if (!disabled && i < p->disabled_count) {
		free(p->disabled[i]);
		p->disabled[i] = p->disabled[--p->disabled_count];
	}
}

/* What was changed here while it was read is newer. */
static void on_read(int err, const struct bb_rows *rows, void *arg)
{
	struct operators *p = arg;
	p->reading = false;
	if (err || p->changes != p->changes_read)
		return;
	forget_all(p);
	for (uint32_t i = 0; i < rows->rows; i++)
		add(p, bb_cell_text(rows, i, 0));
	if (!p->is_read)
		p->api->starting(p->me, false);
	p->is_read = true;
}

static void read_states(void *arg)
{
	struct operators *p = arg;
	if (p->reading)
		return;
	p->reading = true;
	p->changes_read = p->changes;
	if (p->api->read(p->me, p->q[Q_DISABLED], 0, NULL, on_read, p) < 0)
		p->reading = false;
}

static int may(const char *operator_id)
{
	if (!the->is_read)
		return -EAGAIN;
	return find(the, operator_id) < the->disabled_count ? -EACCES : 0;
}

const struct bb_operators operators_service = {sizeof operators_service, may};

int state_authorize(struct bb_call *call, void *self)
{
	struct operators *p = self;
	const char *id = bb_json_get_str(p->api->payload(call), "operator_id", "default");
	int err = may(id);
	if (!err)
		return BB_PASS;
	if (err == -EAGAIN)
		return p->api->fail(call, "StorageAway", "operators have not been read yet");
	p->api->reply(call,
		      bb_json_one(p->api->arena(call), "status", bb_json_make_str("Blocked")));
	return BB_DONE;
}

void state_open(struct operators *p)
{
	the = p;
}

int state_start(void *self)
{
	struct operators *p = self;
	p->api->starting(p->me, true);
	p->timer = p->api->timer(p->me, (uint32_t)p->cfg->refresh_ms, true, read_states, p);
	read_states(p);
	return 0;
}

void state_stop(void *self)
{
	struct operators *p = self;
	p->api->release(p->timer);
}

void state_fini(void *self)
{
	struct operators *p = self;
	forget_all(p);
	free(p);
}
