/* The service "bulk/1": the row, then the selected chargers page by page, then it runs. */
#include "bulk.h"

#define PAGE 500
#define AT_ONCE 50
#define DEADLINE_MS (3600 * 1000LL)

/* The plugin's only instance: a service's functions are asked without one. */
static struct bulk *the;

struct creation {
	struct bb_arena *arena;
	const char *id, *operator_id, *action;
	const struct bb_json *payload, *selection;
	int64_t at_once, deadline_ms, after_id;
	bool queue;
	bb_bulk_fn *fn;
	void *arg;
};

static void read_page(struct creation *);

static void end(struct creation *c, int err)
{
	c->fn(err, c->id, c->arg);
	the->api->arena_free(c->arena);
}

static void on_page_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct creation *c = arg;
	(void)rows;
	if (err)
		end(c, err);
	else
		read_page(c);
}

static void on_running(int err, const struct bb_rows *rows, void *arg)
{
	struct creation *c = arg;
	(void)rows;
	if (!err)
		run_add(the, c->id, c->operator_id, c->action, c->payload, c->at_once, c->queue,
			c->deadline_ms);
	end(c, err);
}

static void on_page(int err, const struct bb_charger *list, uint32_t n, void *arg)
{
	struct creation *c = arg;
	if (err) {
		end(c, err);
		return;
	}
	struct bb_unit *unit = the->api->begin(the->me);
	for (uint32_t i = 0; i < n; i++) {
		const struct bb_val v[] = {bb_text(c->id), bb_i64(list[i].id),
					   bb_text(list[i].charge_point_id)};
		the->api->add(unit, the->q[Q_INSERT_CHARGER], 3, v, NULL, NULL);
		c->after_id = list[i].id;
	}
	const struct bb_val id = bb_text(c->id);
	if (n < PAGE)
		the->api->add(unit, the->q[Q_BEGIN], 1, &id, NULL, NULL);
	err = the->api->commit(unit, n < PAGE ? on_running : on_page_stored, c);
	if (err < 0)
		end(c, err);
}

static void read_page(struct creation *c)
{
	the->chargers->select(c->selection, c->operator_id, c->after_id, PAGE, on_page, c);
}

static void on_inserted(int err, const struct bb_rows *rows, void *arg)
{
	struct creation *c = arg;
	if (!err && !rows->rows)
		err = -ENOENT;
	if (err)
		end(c, err);
	else
		read_page(c);
}

/* A copy by way of the text that is stored. */
static const struct bb_json *copy(struct bb_arena *a, const struct bb_json *v,
				  const char **ret_text)
{
	const struct bb_json *copied = bb_json_empty(a);
	*ret_text = the->api->json_write(a, v, NULL);
	the->api->json_parse(a, *ret_text, strlen(*ret_text), &copied, NULL);
	return copied;
}

static void create(const struct bb_bulk_order *order, bb_bulk_fn *fn, void *arg)
{
	const struct bb_api *api = the->api;
	struct bb_arena *a = api->arena_new();
	struct creation *c = bb_zalloc(a, sizeof *c);
	const char *payload, *selection;
	*c = (struct creation){
	    .arena = a,
	    .id = api->new_id(a),
	    .operator_id = bb_strdup(a, order->operator_id),
	    .action = bb_strdup(a, order->action),
	    .payload = copy(a, order->payload, &payload),
	    .selection = copy(a, order->selection, &selection),
	    .at_once = order->at_once ? order->at_once : AT_ONCE,
	    .queue = order->queue,
	    .deadline_ms = order->deadline_ms ? order->deadline_ms : api->now_ms() + DEADLINE_MS,
	    .fn = fn,
	    .arg = arg,
	};
	const struct bb_val v[] = {
	    bb_text(c->id),
	    bb_text(c->operator_id),
	    bb_text(c->action),
	    bb_text(payload),
	    bb_text(selection),
	    bb_i64(c->at_once),
	    bb_text(c->queue ? "queue" : "fail"),
	    bb_text(order->requested_by),
	    bb_now(api, a),
	    bb_time(api, a, c->deadline_ms),
	};
	struct bb_unit *unit = api->begin(the->me);
	api->add(unit, the->q[Q_INSERT], sizeof v / sizeof *v, v, NULL, NULL);
	int err = api->commit(unit, on_inserted, c);
	if (err < 0)
		end(c, err);
}

const struct bb_bulk bulk_service = {sizeof bulk_service, create};

void creation_open(struct bulk *p)
{
	the = p;
}
