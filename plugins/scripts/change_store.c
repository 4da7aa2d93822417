/* A set that is good, in one unit: its new versions, and the activation. */
#include "change.h"

static void reloaded(void *arg)
{
	struct change *c = arg;
	c->done(c);
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct change *c = arg;
	(void)rows;
	if (!change_failed(c, err))
		book_reload(c->plugin, c->operator_id, reloaded, c);
}

static void add(struct change *c, struct bb_unit *unit, enum query q, uint32_t n,
		const struct bb_val *v)
{
	c->plugin->api->add(unit, c->plugin->q[q], n, v, NULL, NULL);
}

static void add_versions(struct change *c, struct bb_unit *unit, struct bb_val now)
{
	const struct bb_val operator_id = bb_text(c->operator_id);
	for (uint32_t i = 0; i < c->count; i++) {
		const struct item *it = &c->items[i];
		const struct bb_val name = bb_text(it->name);
		const struct bb_val touch[] = {operator_id, name, now};
		const struct bb_val version[] = {
		    operator_id,
		    name,
		    bb_textn(it->source, (uint32_t)it->len),
		    bb_text(c->note),
		    bb_text(c->who),
		    now,
		};
		if (it->version) {
			add(c, unit, Q_SCRIPT_REVIVE, 2, touch);
			continue;
		}
		add(c, unit, Q_SCRIPT_TOUCH, 3, touch);
		add(c, unit, Q_VERSION_ADD, 6, version);
	}
}

static void add_activation(struct change *c, struct bb_unit *unit, struct bb_val now)
{
	const struct bb_val operator_id = bb_text(c->operator_id), number = bb_i64(++c->number);
	const char *functions = c->plugin->api->json_write(c->arena, c->functions, NULL);
	const struct bb_val v[] = {
	    operator_id,
	    number,
	    c->origin ? bb_i64(c->origin) : bb_null(),
	    bb_text(functions),
	    bb_text(c->note),
	    bb_text(c->who),
	    now,
	};
	add(c, unit, Q_ACTIVATION_ADD, sizeof v / sizeof *v, v);
	for (uint32_t i = 0; i < c->count; i++) {
		const struct item *it = &c->items[i];
		const struct bb_val item[] = {operator_id, number, bb_text(it->name),
					      it->version ? bb_i64(it->version) : bb_null()};
		add(c, unit, Q_ITEM_ADD, 4, item);
	}
}

void change_store(struct change *c)
{
	const struct bb_api *api = c->plugin->api;
	const struct bb_val now = bb_now(api, c->arena);
	struct bb_unit *unit = api->begin(c->plugin->me);
	add_versions(c, unit, now);
	if (c->activate)
		add_activation(c, unit, now);
	if (c->removed) {
		const struct bb_val v[] = {bb_text(c->operator_id), bb_text(c->removed), now};
		add(c, unit, Q_SCRIPT_DELETE, 3, v);
	}
	c->changed = true;
	int err = api->commit(unit, on_stored, c);
	if (err < 0)
		change_failed(c, err);
}
