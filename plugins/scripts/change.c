#include "change.h"

struct change *change_new(struct scripts *p, struct bb_arena *a, const char *operator_id,
			  const char *who)
{
	struct change *c = bb_zalloc(a, sizeof *c);
	c->plugin = p;
	c->arena = a;
	c->operator_id = bb_strdup(a, operator_id);
	c->who = who ? bb_strdup(a, who) : NULL;
	return c;
}

void change_end(struct change *c, const char *status, const char *path, const char *rule)
{
	refuse(c, status, path, rule);
	c->done(c);
}

bool change_failed(struct change *c, int err)
{
	if (!err)
		return false;
	if (err == -EEXIST)
		change_end(c, "409", NULL, "the scripts were changed at the same time; try again");
	else if (err == -EAGAIN || err == -ECANCELED)
		change_end(c, "503", NULL, "storage is away; try again");
	else
		change_end(c, "500", NULL, "storage failed");
	return true;
}

static void read_rows(struct change *c, enum query q, uint32_t n, const struct bb_val *v,
		      bb_rows_fn *fn)
{
	int err = c->plugin->api->read(c->plugin->me, c->plugin->q[q], n, v, fn, c);
	if (err < 0)
		change_failed(c, err);
}

/* Is the set what is active already, or, if it shall not be, is there nothing new in it? */
static bool is_there(const struct change *c)
{
	uint32_t active = 0;
	for (uint32_t i = 0; i < c->known_count; i++) {
		const struct known *k = &c->known[i];
		const struct item *it = set_find(c, k->name);
		active += k->active_version != 0;
		if (c->activate && it && it->version != k->active_version)
			return false;
	}
	for (uint32_t i = 0; i < c->count; i++)
		if (!c->items[i].version)
			return false;
	return !c->activate || active == c->count;
}

/* main:3: text, where what is wrong was given. */
static void end_broken(struct change *c, const char *script, int64_t line, const char *detail)
{
	const char *where = line ? bb_printf(c->arena, "%s:%lld: ", script, (long long)line)
				 : bb_printf(c->arena, "%s: ", script);
	const char *path = "scripts";
	for (uint32_t i = 0; i < bb_json_count(c->files); i++)
		if (!strcmp(bb_json_get_str(bb_json_at(c->files, i), "name", ""), script))
			path = bb_printf(c->arena, "scripts[%u].source", i);
	refuse(c, "422", path, bb_printf(c->arena, "%s%s", where, detail));
	c->text = c->rule;
	c->done(c);
}

static void on_loaded(int err, const struct bb_json *v, void *arg)
{
	struct change *c = arg;
	if (err) {
		end_broken(c, bb_strdup(c->arena, bb_json_get_str(v, "script", "main")),
			   bb_json_get_int(v, "line", 0),
			   bb_json_get_str(v, "detail", strerror(-err)));
		return;
	}
	struct bb_builder b = bb_build(c->arena);
	for (uint32_t i = 0; i < bb_json_count(v); i++)
		bb_push(&b, bb_json_make_str(bb_strdup(c->arena, v->items[i].s)));
	c->functions = bb_build_array(&b);
	if (!c->store || (!c->rollback && !c->removed && is_there(c)))
		c->done(c);
	else
		change_store(c);
}

/* Its definitions are run, as every call will. */
static void load(struct change *c)
{
	struct scripts *p = c->plugin;
	const struct item *main = set_find(c, "main");
	struct bb_module *modules = bb_alloc(c->arena, (c->count + 1) * sizeof *modules);
	struct bb_script s = {
	    .operator_id = c->operator_id,
	    .name = "main",
	    .version = p->api->new_id(c->arena),
	    .text = main->source,
	    .len = main->len,
	    .modules = modules,
	};
	for (uint32_t i = 0; i < c->count; i++) {
		const struct item *it = &c->items[i];
		if (it != main)
			modules[s.module_count++] =
			    (struct bb_module){it->name, it->source, it->len};
	}
	int err = p->api->script_call(p->me, &s, NULL, NULL, 0, on_loaded, c);
	if (err < 0)
		on_loaded(err, NULL, c);
}

/* What will not be active need only be Lua. */
static bool compiles(struct change *c)
{
	for (uint32_t i = 0; i < c->count; i++) {
		const struct item *it = &c->items[i];
		const struct bb_script s = {c->operator_id, it->name, "", it->source,
					    it->len,        NULL,     0};
		const char *why = NULL;
		if (c->plugin->api->script_check(c->plugin->me, &s, c->arena, &why)) {
			const char *path = bb_printf(c->arena, "scripts[%u].source", i);
			refuse(c, "422", path, why ? why : "does not compile");
			c->text = c->rule;
			return false;
		}
	}
	return true;
}

static void check(struct change *c)
{
	static const struct bb_json nothing = {.type = BB_JSON_ARRAY};
	if (!c->activate && c->store) {
		if (!c->removed && (!compiles(c) || is_there(c)))
			c->done(c);
		else
			change_store(c);
	} else if (set_find(c, "main")) {
		load(c);
	} else if (c->count) {
		change_end(
		    c, "422", "scripts",
		    "have none of the name main, whose functions answer hooks; a tariff is stored "
		    "at "
		    "/api/admin/tariffs");
	} else {
		on_loaded(0, &nothing, c);
	}
}

static void fetch(struct change *c);

static void on_source(int err, const struct bb_rows *rows, void *arg)
{
	struct change *c = arg;
	struct item *it = &c->items[c->next];
	if (change_failed(c, err))
		return;
	if (!rows->rows) {
		change_end(c, "422", it->name, "has no such version");
		return;
	}
	it->len = bb_cell(rows, 0, 0)->len;
	it->source = bb_strndup(c->arena, bb_cell_text(rows, 0, 0), it->len);
	fetch(c);
}

/* The texts of versions that are not at hand. */
static void fetch(struct change *c)
{
	while (c->next < c->count && c->items[c->next].source)
		c->next++;
	if (c->next == c->count) {
		check(c);
		return;
	}
	const struct item *it = &c->items[c->next];
	const struct bb_val v[] = {bb_text(c->operator_id), bb_text(it->name), bb_i64(it->version)};
	read_rows(c, Q_VERSION_SOURCE, 3, v, on_source);
}

static void on_rollback(int err, const struct bb_rows *r, void *arg)
{
	struct change *c = arg;
	if (change_failed(c, err))
		return;
	if (!r->rows) {
		change_end(c, "409", NULL,
			   c->rollback_to ? "there is no activation of that number"
					  : "there is no activation before this one");
		return;
	}
	c->origin = bb_cell_int(r, 0, 0, 0);
	c->items = bb_alloc(c->arena, (r->rows + 1) * sizeof *c->items);
	for (uint32_t i = 0; i < r->rows; i++) {
		const struct bb_val *source = bb_cell(r, i, 3);
		if (source->type != BB_TEXT)
			continue;
		c->items[c->count++] = (struct item){
		    bb_strdup(c->arena, bb_cell_text(r, i, 1)),
		    bb_strndup(c->arena, source->s, source->len),
		    source->len,
		    bb_cell_int(r, i, 2, 0),
		};
	}
	check(c);
}

static void go_on(struct change *c)
{
	if (!c->rollback) {
		if (compose(c))
			fetch(c);
		else
			c->done(c);
		return;
	}
	const struct bb_val v[] = {bb_text(c->operator_id),
				   c->rollback_to ? bb_i64(c->rollback_to) : bb_null()};
	read_rows(c, Q_ROLLBACK_ITEMS, 2, v, on_rollback);
}

static void on_operator(int err, const struct bb_rows *rows, void *arg)
{
	struct change *c = arg;
	if (change_failed(c, err))
		return;
	if (rows->rows)
		go_on(c);
	else
		change_end(c, "422", "operator_id", "names no operator");
}

static const char *text_at(struct bb_arena *a, const struct bb_rows *r, uint32_t row, uint32_t c,
			   size_t *ret_len)
{
	const struct bb_val *cell = bb_cell(r, row, c);
	*ret_len = cell->type == BB_TEXT ? cell->len : 0;
	return cell->type == BB_TEXT ? bb_strndup(a, cell->s, cell->len) : NULL;
}

/* The columns of set_known. */
static void on_known(int err, const struct bb_rows *r, void *arg)
{
	struct change *c = arg;
	if (change_failed(c, err))
		return;
	c->known_count = r->rows;
	c->known = bb_alloc(c->arena, (r->rows + 1) * sizeof *c->known);
	for (uint32_t i = 0; i < r->rows; i++) {
		struct known *k = &c->known[i];
		k->name = bb_strdup(c->arena, bb_cell_text(r, i, 0));
		k->version = bb_cell_int(r, i, 1, 0);
		k->deleted = bb_cell_int(r, i, 2, 0) != 0;
		k->source = text_at(c->arena, r, i, 3, &k->len);
		k->active_version = bb_cell_int(r, i, 4, 0);
		k->active_source = text_at(c->arena, r, i, 5, &k->active_len);
		c->number = bb_cell_int(r, i, 6, 0);
	}
	const struct bb_val v = bb_text(c->operator_id);
	if (r->rows)
		go_on(c);
	else
		read_rows(c, Q_OPERATOR_EXISTS, 1, &v, on_operator);
}

void change_run(struct change *c)
{
	const struct bb_val v = bb_text(c->operator_id);
	read_rows(c, Q_SET_KNOWN, 1, &v, on_known);
}
