/* Operators: each has a state while it is needed, and figures that outlive it. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "script/state.h"

static struct owner **bucket(struct script_host *h, const char *operator_id)
{
	uint32_t hash = bb_json_hash(operator_id, strlen(operator_id));
	return &h->buckets[hash % OWNER_BUCKETS];
}

static struct owner *add(struct script_host *h, struct owner **at, const char *operator_id)
{
	struct owner *o = mem_zalloc(sizeof *o);
	o->operator_id = mem_strdup(operator_id);
	o->label = owner_label(h, o->operator_id);
	o->next = *at;
	*at = o;
	h->owners = mem_realloc(h->owners, (h->owner_count + 1) * sizeof(struct owner *));
	h->owners[h->owner_count++] = o;
	return o;
}

struct owner *owner_find(struct script_host *h, const char *operator_id)
{
	struct owner **at = bucket(h, operator_id), *o = *at;
	while (o && strcmp(o->operator_id, operator_id) != 0)
		o = o->next;
	return o ? o : add(h, at, operator_id);
}

int owner_state(struct script_host *h, struct owner *o, struct state **ret)
{
	int err = o->state ? 0 : state_new(h, o, &o->state);
	if (!err)
		*ret = o->state;
	return err;
}

void script_host_drop_idle(struct script_host *h, uint32_t idle_ms)
{
	int64_t since_us = clock_mono_us() - (int64_t)idle_ms * 1000;
	for (uint32_t i = 0; i < h->owner_count; i++) {
		struct owner *o = h->owners[i];
		if (!o->state || o->state->runs || o->state->used_us > since_us)
			continue;
		state_free(o->state);
		o->state = NULL;
	}
}

bool script_stats(struct script_host *h, uint32_t i, struct bb_script_stats *ret)
{
	if (i >= h->owner_count)
		return false;
	const struct owner *o = h->owners[i];
	*ret = (struct bb_script_stats){
	    .operator_id = o->operator_id,
	    .calls = o->calls,
	    .failures = o->failures,
	    .time_us = (uint64_t)o->used_us,
	    .memory_bytes = o->state ? o->state->bytes : 0,
	};
	return true;
}

void owners_free(struct script_host *h)
{
	for (uint32_t i = 0; i < h->owner_count; i++)
		state_free(h->owners[i]->state);
	for (uint32_t i = 0; i < h->owner_count; i++) {
		hooks_free(h->owners[i]);
		free(h->owners[i]->operator_id);
		free(h->owners[i]);
	}
	free(h->owners);
}
