/* Operators' rules and scripts in memory. They are read at start, when REST has changed them, and
 * when another node has: a small query tells every few seconds. */
#include "quirks.h"

/* An operator's rule, while its place is found. */
struct own_rule {
	const char *operator_id;
	int64_t position, id;
	struct rule rule;
};

static int by_owner(const char *a_owner, const char *a_name, const char *b_owner,
		    const char *b_name)
{
	int order = strcmp(a_owner, b_owner);
	return order ? order : strcmp(a_name, b_name);
}

static int by_script(const void *a, const void *b)
{
	const struct script *x = a, *y = b;
	return by_owner(x->operator_id, x->name, y->operator_id, y->name);
}

static int by_rule(const void *a, const void *b)
{
	const struct own_rule *x = a, *y = b;
	int order = strcmp(x->operator_id, y->operator_id);
	if (!order)
		order = (x->position > y->position) - (x->position < y->position);
	return order ? order : (x->id > y->id) - (x->id < y->id);
}

static const char *text_of(struct bb_arena *a, const struct bb_rows *r, uint32_t row, uint32_t c)
{
	const char *text = bb_cell_text(r, row, c);
	return text ? bb_strdup(a, text) : NULL;
}

static const struct bb_json *names_of(const struct quirks *p, struct bb_arena *a,
				      const struct bb_rows *r, uint32_t row, uint32_t c)
{
	const struct bb_json *v = NULL;
	const char *text = bb_cell_text(r, row, c);
	if (text)
		p->api->json_parse(a, text, strlen(text), &v, NULL);
	return v;
}

/* In the order of the columns of rules_load. */
static struct own_rule read_rule(const struct quirks *p, struct bb_arena *a,
				 const struct bb_rows *r, uint32_t i)
{
	return (struct own_rule){
	    .operator_id = text_of(a, r, i, 0),
	    .rule = {.name = text_of(a, r, i, 1),
		     .vendor = text_of(a, r, i, 2),
		     .model = text_of(a, r, i, 3),
		     .firmware = text_of(a, r, i, 4),
		     .validation = text_of(a, r, i, 5),
		     .quirks = names_of(p, a, r, i, 6),
		     .final = bb_cell_int(r, i, 7, 0) != 0},
	    .position = bb_cell_int(r, i, 8, 0),
	    .id = bb_cell_int(r, i, 9, 0),
	};
}

void book_take_rules(struct quirks *p, const struct bb_rows *r)
{
	struct bb_arena *a = p->api->arena_new();
	struct own_rule *list = bb_alloc(a, (r->rows + 1) * sizeof *list);
	for (uint32_t i = 0; i < r->rows; i++)
		list[i] = read_rule(p, a, r, i);
	qsort(list, r->rows, sizeof *list, by_rule);
	p->api->arena_free(p->rules.arena);
	p->rules.arena = a;
	p->rules.count = r->rows;
	p->rules.rules = bb_alloc(a, (r->rows + 1) * sizeof *p->rules.rules);
	p->rules.operators = bb_alloc(a, (r->rows + 1) * sizeof *p->rules.operators);
	for (uint32_t i = 0; i < r->rows; i++) {
		p->rules.rules[i] = list[i].rule;
		p->rules.operators[i] = list[i].operator_id;
	}
	links_renew(p);
}

/* In the order of the columns of scripts_load. */
void book_take_scripts(struct quirks *p, const struct bb_rows *r)
{
	struct bb_arena *a = p->api->arena_new();
	struct script *list = bb_alloc(a, (r->rows + 1) * sizeof *list);
	for (uint32_t i = 0; i < r->rows; i++) {
		const struct bb_val *source = bb_cell(r, i, 4);
		list[i] = (struct script){
		    .operator_id = text_of(a, r, i, 1),
		    .name = text_of(a, r, i, 2),
		    .version = bb_printf(a, "%lld.%lld", (long long)bb_cell_int(r, i, 0, 0),
					 (long long)bb_cell_int(r, i, 3, 0)),
		    .text = bb_strndup(a, source->s, source->len),
		    .len = source->len,
		};
	}
	qsort(list, r->rows, sizeof *list, by_script);
	p->api->arena_free(p->scripts.arena);
	p->scripts.arena = a;
	p->scripts.list = list;
	p->scripts.count = r->rows;
}

void book_free(struct quirks *p)
{
	p->api->arena_free(p->rules.arena);
	p->api->arena_free(p->scripts.arena);
	p->api->arena_free(p->bundled.arena);
	free(p->stamp);
}

struct script *book_script(const struct quirks *p, const char *operator_id, const char *name)
{
	const struct script wanted = {.operator_id = operator_id, .name = name};
	struct script *own = NULL;
	if (p->scripts.count)
		own = bsearch(&wanted, p->scripts.list, p->scripts.count, sizeof wanted, by_script);
	for (uint32_t i = 0; !own && i < p->bundled.script_count; i++)
		if (!strcmp(p->bundled.scripts[i].name, name))
			own = &p->bundled.scripts[i];
	return own;
}

const struct bb_json *book_answer(const struct quirks *p, struct bb_arena *a,
				  const struct bb_json *known)
{
	const char *operator_id = bb_json_get_str(known, "operator_id", "default");
	uint32_t from = 0, to = p->rules.count, end;
	while (from < to) {
		uint32_t middle = (from + to) / 2;
		if (strcmp(p->rules.operators[middle], operator_id) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	for (end = from; end < p->rules.count; end++)
		if (strcmp(p->rules.operators[end], operator_id) != 0)
			break;
	const struct rule *own = p->rules.count ? &p->rules.rules[from] : NULL;
	return match_answer(a, known, own, end - from, p->bundled.rules, p->bundled.rule_count);
}

static void refreshed(struct quirks *p, int err)
{
	p->refreshing = false;
	if (err && err != -ECANCELED)
		p->api->log(p->me, BB_WARN, "cannot read quirks now; those known go on: %s",
			    strerror(-err));
	if (err) {
		free(p->stamp); /* what was read of it may be only half */
		p->stamp = NULL;
	} else {
		p->api->starting(p->me, false);
	}
}

static void on_scripts(int err, const struct bb_rows *rows, void *arg)
{
	struct quirks *p = arg;
	if (!err)
		book_take_scripts(p, rows);
	refreshed(p, err);
}

static void on_rules(int err, const struct bb_rows *rows, void *arg)
{
	struct quirks *p = arg;
	if (!err)
		book_take_rules(p, rows);
	if (!err)
		err = p->api->read(p->me, p->q[Q_SCRIPTS_LOAD], 0, NULL, on_scripts, p);
	if (err < 0)
		refreshed(p, err);
}

static const char *stamp_of(struct bb_arena *a, const struct bb_rows *r)
{
	const char *rules_at = bb_cell_text(r, 0, 1), *scripts_at = bb_cell_text(r, 0, 3);
	return bb_printf(a, "%lld %s %lld %s", (long long)bb_cell_int(r, 0, 0, 0),
			 rules_at ? rules_at : "", (long long)bb_cell_int(r, 0, 2, 0),
			 scripts_at ? scripts_at : "");
}

static void on_stamp(int err, const struct bb_rows *rows, void *arg)
{
	struct quirks *p = arg;
	if (err) {
		refreshed(p, err);
		return;
	}
	struct bb_arena *a = p->api->arena_new();
	const char *stamp = stamp_of(a, rows);
	if (p->stamp && !strcmp(p->stamp, stamp)) {
		refreshed(p, 0);
	} else {
		free(p->stamp);
		p->stamp = strdup(stamp);
		err = p->api->read(p->me, p->q[Q_RULES_LOAD], 0, NULL, on_rules, p);
		if (err < 0)
			refreshed(p, err);
	}
	p->api->arena_free(a);
}

void book_refresh(struct quirks *p)
{
	if (p->refreshing)
		return;
	p->refreshing = true;
	int err = p->api->read(p->me, p->q[Q_STAMP], 0, NULL, on_stamp, p);
	if (err < 0)
		refreshed(p, err);
}
