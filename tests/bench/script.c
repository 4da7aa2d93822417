/* What a call of an operator's script takes of the loop's time, and what 1,000 operators take of
 * memory. Prints JSON. CPU time of this thread, the best of several rounds: other work on the
 * machine does not count. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "script/script.h"
#include "json/json.h"

#define ROUNDS 7
#define OPERATORS 1000

static struct script_host *host;
static struct bb_arena *arena;

struct bench {
	struct bb_script script;
	const char *function;
	const struct bb_json *question;
	int failures;
};

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "bench_script: %s: %s\n", what, why);
	exit(1);
}

static void answered(int err, const struct bb_json *v, void *arg)
{
	if (err)
		fail(arg, v ? json_text(arena, v, NULL) : strerror(-err));
}

static void call(const struct bench *b)
{
	script_call(host, &b->script, b->function, b->question, 1000, answered,
		    (void *)b->script.name);
}

static double best_us(const struct bench *b, int calls)
{
	double best = 0;
	call(b);
	for (int i = 0; i < ROUNDS; i++) {
		int64_t start = clock_cpu_us();
		for (int n = 0; n < calls; n++)
			call(b);
		double us = (double)(clock_cpu_us() - start) / calls;
		if (!i || us < best)
			best = us;
	}
	return best;
}

static struct bb_script script_file(const char *name)
{
	struct buf text = {0};
	const char *path = arena_printf(arena, "%s/scripts/%s.lua", BUSBAR_ROOT, name);
	int err = buf_read_file(&text, path);
	if (err)
		fail(path, strerror(-err));
	return (struct bb_script){"acme", name, "1", text.data, text.len};
}

static const struct bb_json *parse(const char *text)
{
	const struct bb_json *v;
	if (json_parse(arena, text, strlen(text), &v, NULL))
		fail("question", text);
	return v;
}

/* Eight hours from 18:00 in Berlin, read so often. */
static const struct bb_json *session(int samples, const char *settings)
{
	const int64_t start = 1793552400, s = 8 * 3600, wh = 52000;
	struct buf b = {0};
	buf_printf(
	    &b,
	    "{\"transaction_id\":4711,\"operator_id\":\"acme\",\"charger_id\":7,"
	    "\"charge_point_id\":\"CP1\",\"connector_id\":1,\"id_tag\":\"04A2B3C4D5\","
	    "\"user_id\":null,\"stop_reason\":\"EVDisconnected\",\"time_zone\":\"Europe/Berlin\","
	    "\"started_at\":\"2026-11-01T17:00:00Z\",\"stopped_at\":\"2026-11-02T01:00:00Z\","
	    "\"started_at_s\":%lld,\"stopped_at_s\":%lld,\"duration_s\":%lld,\"charging_s\":%lld,"
	    "\"idle_s\":0,\"energy_wh\":%lld,\"periods\":[{\"from_s\":%lld,\"to_s\":%lld,"
	    "\"state\":\"charging\"}],\"samples\":[",
	    (long long)start, (long long)(start + s), (long long)s, (long long)s, (long long)wh,
	    (long long)start, (long long)(start + s));
	for (int i = 0; i < samples; i++)
		buf_printf(&b, "%s{\"at_s\":%lld,\"energy_wh\":%lld,\"power_w\":6500}",
			   i ? "," : "", (long long)(start + s * i / (samples - 1)),
			   (long long)(wh * i / (samples - 1)));
	buf_printf(&b, "],\"estimated\":false,\"currency\":\"EUR\",\"settings\":%s}", settings);
	const struct bb_json *v = parse(b.data);
	buf_free(&b);
	return v;
}

static const char flat[] = "{\"price_per_kwh_minor\":45,\"session_fee_minor\":100}";
static const char of_the_day[] =
    "{\"price_per_kwh_minor\":45,\"periods\":[{\"from\":\"22:00\",\"to\":\"06:00\","
    "\"price_per_kwh_minor\":30,\"name\":\"night\"},{\"from\":\"18:00\",\"to\":\"20:00\","
    "\"price_per_kwh_minor\":60,\"name\":\"peak\",\"weekdays\":[1,2,3,4,5,7]}],"
    "\"per_minute_minor\":1,\"idle_per_minute_minor\":10,\"idle_grace_s\":900}";
static const char ocpi[] =
    "{\"elements\":[{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.30,\"vat\":19}],"
    "\"restrictions\":{\"start_time\":\"22:00\",\"end_time\":\"06:00\"}},"
    "{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.50,\"vat\":19},"
    "{\"type\":\"PARKING_TIME\",\"price\":6.00,\"vat\":19,\"step_size\":60}]}]}";
static const char policy[] =
    "local fleet = { ['04A2B3C4D5'] = true, ['04FFFFFFFF'] = true }\n"
    "local function is_open(at_s)\n  local t = busbar.time.at(at_s, 'Europe/Berlin')\n"
    "  return t.hour >= 6\nend\n"
    "function authorize(q)\n"
    "  if q.purpose == 'authorize' and fleet[q.id_tag] then return { status = 'Accepted' } end\n"
    "  if not is_open(0) then return { status = 'Blocked' } end\nend\n";
static const char swipe[] =
    "{\"operator_id\":\"acme\",\"charger_id\":7,\"charge_point_id\":\"CP1\",\"purpose\":"
    "\"authorize\",\"connector_id\":1,\"id_tag\":\"04A2B3C4D5\"}";

static double priced_us(const char *name, int samples, const char *settings, int calls)
{
	struct bench b = {script_file(name), "price", session(samples, settings)};
	double us = best_us(&b, calls);
	free((void *)b.script.text);
	return us;
}

static double authorized_us(void)
{
	struct bench b = {
	    {"acme", "policy", "1", policy, sizeof policy - 1}, "authorize", parse(swipe)};
	return best_us(&b, 20000);
}

static double resident_mib(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");
	if (!f || fscanf(f, "%*s %ld", &pages) != 1)
		fail("/proc/self/statm", "cannot be read");
	fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

/* Each operator has priced a session of 100 samples by the time of day and let a token charge. */
static double operators_mib(void)
{
	struct bench price = {script_file("tariffs/time_and_idle"), "price",
			      session(100, of_the_day)};
	struct bench allow = {
	    {"acme", "policy", "1", policy, sizeof policy - 1}, "authorize", parse(swipe)};
	double before = resident_mib();
	for (int i = 0; i < OPERATORS; i++) {
		price.script.operator_id = allow.script.operator_id =
		    arena_printf(arena, "op%d", i);
		call(&price);
		call(&allow);
	}
	double after = resident_mib();
	free((void *)price.script.text);
	return after - before;
}

int main(void)
{
	const struct script_limits limits = {
	    .memory_bytes = 8 << 20, .instructions = 10000000, .time_ms = 1000};
	char *error;
	host = script_host_new(NULL, &limits);
	arena = arena_new(0);
	if (script_host_library(host, BUSBAR_ROOT "/scripts/lib", &error))
		fail("library", error);
	double flat_us = priced_us("tariffs/flat", 2, flat, 20000);
	double day_us = priced_us("tariffs/time_and_idle", 100, of_the_day, 1000);
	double ocpi_us = priced_us("tariffs/ocpi", 100, ocpi, 1000);
	double long_us = priced_us("tariffs/time_and_idle", 2000, of_the_day, 50);
	double ocpi_long_us = priced_us("tariffs/ocpi", 2000, ocpi, 50);
	double allow_us = authorized_us();
	printf("{\"flat_us\":%.2f,\"time_of_use_us\":%.1f,\"ocpi_us\":%.1f,\"long_us\":%.0f,"
	       "\"ocpi_long_us\":%.0f,\"authorize_us\":%.2f,\"operators\":%d,\"mib\":%.1f}\n",
	       flat_us, day_us, ocpi_us, long_us, ocpi_long_us, allow_us, OPERATORS,
	       operators_mib());
	script_host_free(host);
	arena_free(arena);
	return 0;
}
