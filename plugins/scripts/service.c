/* The service "scripts/1": sets as they were, for what must come out as it did then. */
#include "scripts.h"

/* The plugin's only instance: a service's functions are asked without one. */
static struct scripts *the;

struct finding {
	struct bb_arena *arena;
	bb_script_set_fn *fn;
	void *arg;
};

/* The columns of set_load: it has a main, and no text of a script is missing. */
static bool is_whole(const struct bb_rows *r)
{
	bool has_main = false;
	for (uint32_t i = 0; i < r->rows; i++) {
		const char *name = bb_cell_text(r, i, 3);
		if (!name || !bb_cell_text(r, i, 5))
			return false;
		has_main |= !strcmp(name, "main");
	}
	return has_main;
}

static void on_set(int err, const struct bb_rows *rows, void *arg)
{
	struct finding *f = arg;
	if (!err && !is_whole(rows))
		err = -ENOENT;
	f->fn(err, err ? NULL : &active_of(the, f->arena, rows)->script, f->arg);
}

static void set(const char *operator_id, int64_t activation, struct bb_arena *a,
		bb_script_set_fn *fn, void *arg)
{
	struct finding *f = bb_alloc(a, sizeof *f);
	*f = (struct finding){a, fn, arg};
	const struct bb_val v[] = {bb_text(operator_id), bb_i64(activation)};
	bb_read(the->api, the->me, the->q[Q_SET_LOAD], 2, v, on_set, f);
}

void service_open(struct scripts *p)
{
	the = p;
}

const struct bb_scripts scripts_service = {sizeof scripts_service, set};
