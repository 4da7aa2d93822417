/* A template for plugins: counts how often each charger boots, lists the counts over REST, and
 * reports a charger that boots too often. docs/plugins.md walks through it. */
#include <busbar/rest.h>

struct config {
	int64_t report_after;
};

struct example {
	struct bb *me;
	const struct bb_api *bb;
	const struct config *cfg;
	const struct bb_query *count_boot, *boots;
};

static const struct bb_option options[] = {
    {"report_after", BB_OPT_INT, BB_RELOADABLE, offsetof(struct config, report_after), "10",
     "boots of one charger between two reports", 1, 1000000, NULL},
};

/* The new count is in: the report becomes a task of its own, so that it survives a restart. */
static void on_counted(int err, const struct bb_rows *rows, void *arg)
{
	struct example *p = arg;
	if (err || bb_cell_int(rows, 0, 1, 0) % p->cfg->report_after != 0)
		return;
	struct bb_arena *a = p->bb->arena_new();
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "charge_point_id", bb_cell_text(rows, 0, 0));
	bb_put_int(&b, "boots", bb_cell_int(rows, 0, 1, 0));
	p->bb->enqueue(p->me, NULL, "example_report", bb_build_object(&b));
	p->bb->arena_free(a);
}

/* An observer: the answer to the charger is fixed by now, and storage need not be waited for. */
static int observe_boot(struct bb_call *call, void *self)
{
	struct example *p = self;
	const struct bb_link *link = p->bb->link(call);
	struct bb_val values[] = {
	    bb_text(link->charge_point_id),
	    bb_text(link->operator_id),
	    bb_now(p->bb, p->bb->arena(call)),
	};
	struct bb_unit *unit = p->bb->begin(p->me);
	p->bb->add(unit, p->count_boot, 3, values, NULL, NULL);
	p->bb->commit(unit, on_counted, p);
	return BB_PASS;
}

/* A route: answered when storage has. An admin of one operator sees that operator's only. */
static int list_boots(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_TEXT, bb_is_name}};
	struct example *p = self;
	return bb_rest_list(p->bb, p->me, call, p, p->boots, filters, 1, NULL);
}

/* A task: done when it has replied, tried again when it fails. Here a webhook would be called. */
static int report(struct bb_call *call, void *self)
{
	struct example *p = self;
	const struct bb_json *v = p->bb->payload(call);
	p->bb->log(p->me, BB_WARN, "charger %s has booted %lld times",
		   bb_json_get_str(v, "charge_point_id", "?"),
		   (long long)bb_json_get_int(v, "boots", 0));
	p->bb->reply(call, NULL);
	return BB_DONE;
}

/* A topic: told after the fact. */
static void on_disconnected(const struct bb_json *event, void *self)
{
	struct example *p = self;
	p->bb->log(p->me, BB_DEBUG, "charger %s went away",
		   bb_json_get_str(event, "charge_point_id", "?"));
}

static const struct bb_action actions[] = {
    {"ocpp1.6", "BootNotification", observe_boot, BB_OBSERVER, 0},
};
static const struct bb_route routes[] = {
    {.method = "GET",
     .path = "/api/admin/example/boots",
     .scope = "admin operator",
     .fn = list_boots,
     .summary = "How often each charger has booted",
     .query = "limit cursor"},
};
static const struct bb_topic topics[] = {{"charger.disconnected", on_disconnected}};
static const struct bb_task tasks[] = {{"example_report", 5, 1000, report}};

static int init(struct bb *me, const struct bb_api *bb, const void *cfg, void **self)
{
	struct example found = {me, bb, cfg, bb->query(me, "count_boot"), bb->query(me, "boots")};
	if (!found.count_boot || !found.boots)
		return -ENOENT;
	return bb_keep(&found, sizeof found, self);
}

static int reload(void *self, const void *cfg)
{
	((struct example *)self)->cfg = cfg;
	return 0;
}

BB_PLUGIN(example, .version = "1.0", .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .actions = BB_TABLE(action, actions),
	  .routes = BB_TABLE(route, routes), .topics = BB_TABLE(topic, topics),
	  .tasks = BB_TABLE(task, tasks), .init = init, .reload = reload, .fini = free);
