/* The service "chargers/1". */
#include "service.h"

#include "credentials.h"

/* The plugin's only instance: a service's functions are asked without one. */
static struct chargers *the;

struct asking {
	struct bb_arena *arena;
	bb_chargers_fn *fn;
	void *arg;
};

static struct bb_charger charger_at(const struct bb_rows *r, uint32_t i)
{
	return (struct bb_charger){
	    .id = bb_cell_int(r, i, 0, 0),
	    .charge_point_id = bb_cell_text(r, i, 1),
	    .operator_id = bb_cell_text(r, i, 2),
	    .station_id = bb_cell_int(r, i, 3, 0),
	    .registration = bb_cell_text(r, i, 4),
	    .vendor = bb_cell_text(r, i, 5),
	    .model = bb_cell_text(r, i, 6),
	    .firmware_version = bb_cell_text(r, i, 7),
	    .serial_number = bb_cell_text(r, i, 8),
	    .security_profile = bb_cell_int(r, i, 9, 0),
	};
}

static void on_rows(int err, const struct bb_rows *r, void *arg)
{
	struct asking *ask = arg;
	uint32_t n = err ? 0 : r->rows;
	struct bb_charger *list = bb_alloc(ask->arena, (n + 1u) * sizeof *list);
	for (uint32_t i = 0; i < n; i++)
		list[i] = charger_at(r, i);
	ask->fn(err, list, n, ask->arg);
	the->api->arena_free(ask->arena);
}

static struct asking *asking_new(bb_chargers_fn *fn, void *arg)
{
	struct bb_arena *a = the->api->arena_new();
	struct asking *ask = bb_alloc(a, sizeof *ask);
	*ask = (struct asking){a, fn, arg};
	return ask;
}

static void ask_storage(struct asking *ask, enum query q, const struct bb_val *v, uint32_t n)
{
	bb_read(the->api, the->me, the->q[q], n, v, on_rows, ask);
}

static void find(int64_t id, const char *operator_id, bb_chargers_fn *fn, void *arg)
{
	const struct bb_val v[] = {bb_i64(id), bb_text(operator_id)};
	ask_storage(asking_new(fn, arg), Q_FIND, v, 2);
}

static struct bb_val identities_of(struct bb_arena *a, const struct bb_json *selection)
{
	const struct bb_json *list = bb_json_get(selection, "charge_point_ids");
	return list ? bb_text(the->api->json_write(a, list, NULL)) : bb_null();
}

static void select_some(const struct bb_json *selection, const char *operator_id, int64_t after_id,
			int64_t limit, bb_chargers_fn *fn, void *arg)
{
	struct asking *ask = asking_new(fn, arg);
	const struct bb_val v[] = {
	    bb_text(operator_id),
	    identities_of(ask->arena, selection),
	    bb_member_val(selection, "station_id"),
	    bb_member_val(selection, "vendor"),
	    bb_member_val(selection, "model"),
	    bb_member_val(selection, "firmware_version"),
	    bb_i64(after_id),
	    bb_i64(limit),
	};
	ask_storage(ask, Q_SELECT, v, sizeof v / sizeof *v);
}

static bool names(const struct bb_charger *c, const char *common_name)
{
	return certificate_names(the, c->charge_point_id, c->serial_number, common_name);
}

const struct bb_chargers chargers_service = {
    .size = sizeof chargers_service,
    .find = find,
    .select = select_some,
    .certificate_names = names,
};

void service_bind(struct chargers *p)
{
	the = p;
}
