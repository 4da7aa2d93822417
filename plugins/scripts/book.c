/* The active sets of all operators in memory. */
#include "scripts.h"

static int compare(const void *key, const void *item)
{
	const struct active *const *a = item;
	return strcmp(key, (*a)->script.operator_id);
}

static struct active **find(const struct scripts *p, const char *operator_id)
{
	if (!p->active_count)
		return NULL;
	return bsearch(operator_id, p->active, p->active_count, sizeof *p->active, compare);
}

const struct active *book_find(const struct scripts *p, const char *operator_id, uint32_t hooks)
{
	struct active **at = p->hooks & hooks ? find(p, operator_id) : NULL;
	return at && (*at)->hooks & hooks ? *at : NULL;
}

static void count_hooks(struct scripts *p)
{
	p->hooks = 0;
	for (uint32_t i = 0; i < p->active_count; i++)
		p->hooks |= p->active[i]->hooks;
}

static void insert(struct scripts *p, struct active *a)
{
	if (p->active_count == p->active_cap) {
		p->active_cap = p->active_cap ? p->active_cap * 2 : 16;
		p->active = realloc(p->active, p->active_cap * sizeof *p->active);
		if (!p->active)
			abort();
	}
	uint32_t i = p->active_count++;
	for (; i && strcmp(p->active[i - 1]->script.operator_id, a->script.operator_id) > 0; i--)
		p->active[i] = p->active[i - 1];
	p->active[i] = a;
}

/* A charger's link knows whether its messages are normalized since it connected. */
struct links {
	struct scripts *plugin;
	const char *operator_id;
	struct bb_arena *arena;
	const char *id;
	struct links *next;
};

static bool collect(const struct bb_link *l, void *arg)
{
	struct links *all = arg;
	if (strcmp(l->operator_id, all->operator_id) != 0)
		return true;
	struct links *one = bb_alloc(all->arena, sizeof *one);
	*one = (struct links){.id = bb_strdup(all->arena, l->charge_point_id), .next = all->next};
	all->next = one;
	return true;
}

static void renew_links(struct scripts *p, const char *operator_id)
{
	struct links all = {p, operator_id, p->api->arena_new(), NULL, NULL};
	p->api->link_each(collect, &all);
	for (const struct links *l = all.next; l; l = l->next)
		p->api->link_close(l->id, 1012, "the charger's settings have changed");
	p->api->arena_free(all.arena);
}

static void put(struct scripts *p, struct active *a)
{
	struct active **at = find(p, a->script.operator_id);
	uint32_t before = at ? (*at)->hooks : 0;
	bool first = !p->loaded;
	if (at && (*at)->number >= a->number) {
		p->api->arena_free(a->arena);
		return;
	}
	if (at) {
		p->api->arena_free((*at)->arena);
		*at = a;
	} else {
		insert(p, a);
	}
	count_hooks(p);
	if (!first && (a->hooks & ~before & H_NORMALIZE))
		renew_links(p, a->script.operator_id);
}

static const char *copied(struct bb_arena *a, const struct bb_rows *r, uint32_t row, uint32_t c,
			  size_t *ret_len)
{
	const struct bb_val *cell = bb_cell(r, row, c);
	*ret_len = cell->len;
	return bb_strndup(a, cell->s, cell->len);
}

struct active *active_of(const struct scripts *p, struct bb_arena *arena, const struct bb_rows *r)
{
	struct active *a = bb_zalloc(arena, sizeof *a);
	const struct bb_json functions = bb_cell_parsed(p->api, arena, bb_cell(r, 0, 2));
	struct bb_module *modules = bb_alloc(arena, r->rows * sizeof *modules);
	*a = (struct active){.arena = arena, .number = bb_cell_int(r, 0, 1, 0)};
	a->script = (struct bb_script){
	    .operator_id = bb_strdup(arena, bb_cell_text(r, 0, 0)),
	    .name = "main",
	    .version = bb_printf(arena, "%lld", (long long)a->number),
	    .modules = modules,
	};
	for (uint32_t i = 0; i < r->rows; i++) {
		const char *name = bb_cell_text(r, i, 3);
		if (!name)
			continue;
		struct bb_module *m = &modules[a->script.module_count];
		m->name = bb_strdup(arena, name);
		m->text = copied(arena, r, i, 5, &m->len);
		if (strcmp(name, "main") != 0) {
			a->script.module_count++;
			continue;
		}
		a->script.text = m->text;
		a->script.len = m->len;
		a->hooks = hooks_of(&functions);
	}
	return a;
}

struct reloading {
	struct scripts *plugin;
	bb_fn *fn;
	void *arg;
};

static void on_set(int err, const struct bb_rows *rows, void *arg)
{
	struct reloading r = *(struct reloading *)arg;
	free(arg);
	if (!err && rows->rows)
		put(r.plugin, active_of(r.plugin, r.plugin->api->arena_new(), rows));
	else if (err && err != -ECANCELED)
		r.plugin->api->log(r.plugin->me, BB_WARN,
				   "cannot read scripts now; those known go on: %s",
				   strerror(-err));
	r.fn(r.arg);
}

void book_reload(struct scripts *p, const char *operator_id, bb_fn *fn, void *arg)
{
	struct reloading *r = malloc(sizeof *r);
	if (!r)
		abort();
	*r = (struct reloading){p, fn, arg};
	const struct bb_val v[] = {bb_text(operator_id), bb_null()};
	bb_read(p->api, p->me, p->q[Q_SET_LOAD], 2, v, on_set, r);
}

/* A refresh: operators whose number is another than that in memory, one after the other. */
struct refresh {
	struct scripts *plugin;
	struct bb_arena *arena;
	const char **operators;
	int64_t *numbers;
	uint32_t count, next;
	int64_t stamp;
};

static void refreshed(struct scripts *p, int err)
{
	p->refreshing = false;
	if (err && err != -ECANCELED)
		p->api->log(p->me, BB_WARN, "cannot read scripts now; those known go on: %s",
			    strerror(-err));
}

static bool is_known(const struct scripts *p, const char *operator_id, int64_t number)
{
	struct active **at = find(p, operator_id);
	return at && (*at)->number >= number;
}

static void next_operator(void *arg)
{
	struct refresh *f = arg;
	struct scripts *p = f->plugin;
	/* The one before has not come: everything again, soon. */
	bool failed = f->next && !is_known(p, f->operators[f->next - 1], f->numbers[f->next - 1]);
	while (f->next < f->count && is_known(p, f->operators[f->next], f->numbers[f->next]))
		f->next++;
	if (!failed && f->next < f->count) {
		const char *operator_id = f->operators[f->next++];
		book_reload(p, operator_id, next_operator, f);
		return;
	}
	if (!failed) {
		p->stamp = f->stamp;
		p->loaded = true;
		p->api->starting(p->me, false);
	}
	refreshed(p, 0);
	p->api->arena_free(f->arena);
}

static void on_heads(int err, const struct bb_rows *r, void *arg)
{
	struct refresh *f = arg;
	if (err) {
		refreshed(f->plugin, err);
		f->plugin->api->arena_free(f->arena);
		return;
	}
	f->count = r->rows;
	f->operators = bb_alloc(f->arena, (r->rows + 1) * sizeof *f->operators);
	f->numbers = bb_alloc(f->arena, (r->rows + 1) * sizeof *f->numbers);
	for (uint32_t i = 0; i < r->rows; i++) {
		f->operators[i] = bb_strdup(f->arena, bb_cell_text(r, i, 0));
		f->numbers[i] = bb_cell_int(r, i, 1, 0);
	}
	next_operator(f);
}

static void on_stamp(int err, const struct bb_rows *rows, void *arg)
{
	struct scripts *p = arg;
	int64_t stamp = err ? 0 : bb_cell_int(rows, 0, 0, 0);
	if (err || (p->loaded && stamp == p->stamp)) {
		refreshed(p, err);
		return;
	}
	struct bb_arena *a = p->api->arena_new();
	struct refresh *f = bb_zalloc(a, sizeof *f);
	*f = (struct refresh){.plugin = p, .arena = a, .stamp = stamp};
	err = p->api->read(p->me, p->q[Q_HEADS], 0, NULL, on_heads, f);
	if (err < 0)
		on_heads(err, NULL, f);
}

void book_refresh(struct scripts *p)
{
	if (p->refreshing)
		return;
	p->refreshing = true;
	int err = p->api->read(p->me, p->q[Q_STAMP], 0, NULL, on_stamp, p);
	if (err < 0)
		refreshed(p, err);
}

void book_free(struct scripts *p)
{
	for (uint32_t i = 0; i < p->active_count; i++)
		p->api->arena_free(p->active[i]->arena);
	free(p->active);
}
