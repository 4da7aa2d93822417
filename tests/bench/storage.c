/* Units of work per second through core/db: what a MeterValues writes, from chargers that each
 * wait for their commit before they go on. Prints JSON.
 *
 * bench_storage sqlite FILE | postgres URL [chargers] [seconds] [batch] [option=value...]
 * The options are the engine's: connections=2, cache=64m. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "db/db.h"
#include "tests/unit/db/host.h"

#define MOST_OPTIONS 8

static const char sample[] =
    "{\"timestamp\":\"2026-11-21T08:00:00.000Z\",\"sampledValue\":["
    "{\"value\":\"1234567\",\"context\":\"Sample.Periodic\",\"measurand\":"
    "\"Energy.Active.Import.Register\",\"unit\":\"Wh\"},"
    "{\"value\":\"11040.0\",\"context\":\"Sample.Periodic\",\"measurand\":\"Power.Active.Import\","
    "\"unit\":\"W\"},{\"value\":\"16.0\",\"context\":\"Sample.Periodic\",\"measurand\":"
    "\"Current.Import\",\"phase\":\"L1\",\"unit\":\"A\"},{\"value\":\"57\",\"context\":"
    "\"Sample.Periodic\",\"measurand\":\"SoC\",\"location\":\"EV\",\"unit\":\"Percent\"}]}";

struct charger {
	struct bench *bench;
	char name[16];
	int64_t id, transaction;
	uint32_t round;
	int64_t sent_us;
};

struct bench {
	struct engine_host host;
	struct db *db;
	const struct bb_query *meter_value, *meter_last, *message, *connector;
	struct charger *chargers;
	uint32_t count, running;
	int64_t units, failed, latency_us, worst_us, end_us;
	bool done;
};

static const struct bb_query *query(struct bench *b, const char *name)
{
	const struct bb_query *q = db_query(b->db, "bench", name);
	if (!q)
		exit(1);
	return q;
}

static void die(const char *what, const char *why)
{
	fprintf(stderr, "bench_storage: %s: %s\n", what, why ? why : "");
	exit(1);
}

static void next_unit(struct charger *c);

static void on_committed(int err, const struct bb_rows *rows, void *arg)
{
	struct charger *c = arg;
	struct bench *b = c->bench;
	(void)rows;
	int64_t now = clock_mono_us(), took = now - c->sent_us;
	b->units += !err;
	b->failed += err != 0;
	b->latency_us += took;
	b->worst_us = took > b->worst_us ? took : b->worst_us;
	if (now < b->end_us)
		next_unit(c);
	else
		b->done = !--b->running;
}

#define ADD(q, ...)                                                                  \
	db_add(u, q, sizeof((struct bb_val[]){__VA_ARGS__}) / sizeof(struct bb_val), \
	       (struct bb_val[]){__VA_ARGS__}, NULL, NULL)

static void next_unit(struct charger *c)
{
	struct bench *b = c->bench;
	char now[CLOCK_TEXT_SIZE], key[32];
	clock_format(clock_now_ms(), now);
	snprintf(key, sizeof key, "%u", ++c->round);
	struct bb_val at = bb_text(now), name = bb_text(c->name), id = bb_text(key),
		      wh = bb_i64(c->round * 100);
	struct bb_unit *u = db_begin(b->db, NULL);
	c->sent_us = clock_mono_us();
	ADD(b->meter_value, bb_i64(c->id), bb_i64(c->transaction), at, wh, bb_text(sample), id);
	ADD(b->meter_last, bb_i64(c->transaction), wh, at);
	ADD(b->connector, bb_i64(c->id), at);
	ADD(b->message, name, bb_text("in"), bb_text("call"), id, bb_text(sample), bb_i64(0), at);
	ADD(b->message, name, bb_text("out"), bb_text("result"), id, bb_text("{}"), bb_i64(900),
	    at);
	db_commit(u, on_committed, c);
}

static void keep_id(int err, const struct bb_rows *rows, void *arg)
{
	if (err)
		die("setting up", strerror(-err));
	*(int64_t *)arg = bb_cell_int(rows, 0, 0, 0);
}

static void set_up(struct charger *c)
{
	struct bench *b = c->bench;
	char now[CLOCK_TEXT_SIZE];
	bool done = false;
	clock_format(clock_now_ms(), now);
	struct bb_unit *u = db_begin(b->db, NULL);
	ADD(query(b, "charger"), bb_text(c->name), bb_text(now));
	db_commit(u, keep_id, &c->id);
	while (!c->id)
		loop_run_until(b->host.loop, &done, 1);
	u = db_begin(b->db, NULL);
	ADD(query(b, "transaction"), bb_i64(c->id), bb_text(c->name), bb_text(now));
	db_commit(u, keep_id, &c->transaction);
	while (!c->transaction)
		loop_run_until(b->host.loop, &done, 1);
}

static void open_db(struct bench *b, const char *engine, const char *where, char **options,
		    uint32_t batch)
{
	static const char *const owners[] = {"core", "chargers", "transactions"};
	const struct bb_plugin *p = host_load(BUSBAR_BUILD, engine);
	if (!p)
		die(engine, "no such plugin");
	struct bb_arena *arena = arena_new(0);
	const char *overrides[MOST_OPTIONS + 2] = {NULL};
	bool sqlite = !strcmp(engine, "sqlite");
	overrides[0] = arena_printf(arena, "%s.%s=%s", p->name, sqlite ? "path" : "url", where);
	for (size_t i = 0; i < MOST_OPTIONS && options[i]; i++)
		overrides[i + 1] = arena_printf(arena, "%s.%s", p->name, options[i]);
	struct config *config;
	char *error = NULL;
	void *cfg = mem_zalloc(p->config_size), *self;
	if (config_load(NULL, overrides, &config, &error) ||
	    config_section(config, p->name, p->options.row, p->options.count, cfg, &error))
		die("options", error);
	if (p->init((struct bb *)&b->host, host_enter(&b->host), cfg, &self) || p->start(self))
		die(where, b->host.log.data);
	const struct db_options db_options = {batch, 100000};
	b->db = db_new(b->host.loop, p->service, self, &db_options);
	int err = sqlite ? 0 : db_add_owner(b->db, BUSBAR_ROOT "/sql", "storage_postgres", &error);
	for (size_t i = 0; i < sizeof owners / sizeof *owners && !err; i++)
		err = db_add_owner(b->db, BUSBAR_ROOT "/sql", owners[i], &error);
	if (!err)
		err = db_add_owner(b->db, BUSBAR_ROOT "/tests/bench/sql", "bench", &error);
	if (err || db_migrate(b->db, &error) || db_prepare(b->db, &error))
		die("storage", error);
}

/* Of all threads; the machine's other work does not count. */
static double cpu_us(void)
{
	struct rusage r;
	getrusage(RUSAGE_SELF, &r);
	return 1e6 * (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
	       (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

static const char *argument(int argc, char **argv, int i, const char *other)
{
	return i < argc ? argv[i] : other;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("usage", "bench_storage sqlite FILE | postgres URL [chargers] [seconds] "
			     "[batch] [option=value...]");
	struct bench b = {.host.loop = loop_new()};
	log_setup(LOG_LOGFMT, BB_WARN);
	int64_t seconds = atoi(argument(argc, argv, 4, "5"));
	open_db(&b, argv[1], argv[2], argv + (argc < 6 ? argc : 6),
		(uint32_t)atoi(argument(argc, argv, 5, "500")));
	b.count = b.running = (uint32_t)atoi(argument(argc, argv, 3, "1000"));
	b.meter_value = query(&b, "meter_value");
	b.meter_last = query(&b, "meter_last");
	b.message = query(&b, "message");
	b.connector = query(&b, "connector");
	b.chargers = mem_zalloc(b.count * sizeof *b.chargers);
	for (uint32_t i = 0; i < b.count; i++) {
		b.chargers[i].bench = &b;
		snprintf(b.chargers[i].name, sizeof b.chargers[i].name, "CP%u", i);
		set_up(&b.chargers[i]);
	}
	double cpu = cpu_us();
	int64_t start = clock_mono_us();
	b.end_us = start + seconds * 1000000;
	for (uint32_t i = 0; i < b.count; i++)
		next_unit(&b.chargers[i]);
	loop_run_until(b.host.loop, &b.done, (uint64_t)seconds * 1000 + 30000);
	double took = (double)(clock_mono_us() - start) / 1e6;
	printf("{\"engine\":\"%s\",\"in_flight\":%u,\"units_per_s\":%.0f,\"failed\":%lld,"
	       "\"cpu_us_per_unit\":%.1f,\"mean_ms\":%.2f,\"worst_ms\":%.2f}\n",
	       argv[1], b.count, (double)b.units / took, (long long)b.failed,
	       (cpu_us() - cpu) / (double)b.units,
	       (double)b.latency_us / (double)(b.units + b.failed) / 1000,
	       (double)b.worst_us / 1000);
	return 0;
}
