/* busbarctl events, and watch: what happens, and a transaction's meter, a line each. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "busbarctl/stream.h"
#include "json/json.h"

#define TIME 19 /* "2026-11-26 13:00:00" */
#define EVENT 22
#define CHARGER 14

/* "CP1/2" */
static const char *charger_of(struct live *l, const struct bb_json *e)
{
	const char *name = live_word(l, e, "charge_point_id");
	if (!bb_json_get(e, "connector_id"))
		return name;
	return arena_printf(l->ctl->arena, "%s/%s", name, live_word(l, e, "connector_id"));
}

static bool print_fact(struct live *l, const char *event, const struct bb_json *e)
{
	/* What the columns have, and what ids are names of. */
	static const char *const columns[] = {"operator_id", "charger_id", "charge_point_id",
					      "connector_id", NULL};
	struct bb_arena *a = l->ctl->arena;
	(void)event;
	if (!bb_json_get(e, "at")) {
		live_line(l, e, "events are missing: look at things anew", e, NULL);
		return true;
	}
	const char *words = arena_printf(a, "%s  %s  %s", live_time(l, e, "at", TIME),
					 live_pad(a, live_word(l, e, "event"), EVENT),
					 live_pad(a, charger_of(l, e), CHARGER));
	live_line(l, e, words, bb_json_get(e, "data"), columns);
	return true;
}

static const struct quantity {
	const char *member, *title, *unit;
	int width, decimals;
	double scale;
} quantities[] = {
    {"energy_wh", "meter", " kWh", 13, 3, 1e3}, {"power_w", "power", " kW", 9, 2, 1e3},
    {"current_ma", "current", " A", 8, 1, 1e3}, {"voltage_mv", "voltage", " V", 8, 0, 1e3},
    {"soc_percent", "soc", " %", 6, 0, 1},
};
#define QUANTITIES (sizeof quantities / sizeof *quantities)

/* Once; it is no line of --count. */
static void print_titles(struct live *l)
{
	if (l->ctl->json || l->titled)
		return;
	l->titled = true;
	printf("%-*s", TIME, "time");
	for (size_t i = 0; i < QUANTITIES; i++)
		printf("  %*s", quantities[i].width, quantities[i].title);
	puts("");
}

static bool print_value(struct live *l, const char *event, const struct bb_json *v)
{
	struct bb_arena *a = l->ctl->arena;
	if (strcmp(event, "meter") != 0) {
		live_line(l, v, arena_printf(a, "the transaction is %s", live_word(l, v, "state")),
			  NULL, NULL);
		return false;
	}
	print_titles(l);
	const char *words = live_time(l, v, "sampled_at", TIME);
	bool known = false;
	for (size_t i = 0; i < QUANTITIES; i++) {
		const struct quantity *q = &quantities[i];
		const struct bb_json *n = bb_json_get(v, q->member);
		bool has = n && n->type != BB_JSON_NULL;
		const char *text = has ? arena_printf(a, "%.*f%s", q->decimals,
						      (double)bb_json_int(n, 0) / q->scale, q->unit)
				       : "-";
		words = arena_printf(a, "%s  %*s", words, q->width, text);
		known = known || has;
	}
	live_line(l, v, words, known ? NULL : bb_json_get(v, "sample"), NULL);
	return true;
}

int events(struct ctl *ctl, char **words, size_t count)
{
	struct stream s = {.take = print_fact};
	const char *query = resource_query(ctl, words, count);
	if (!query)
		return CTL_USAGE;
	if (!strncmp(query, "command=", 8) || strstr(query, "&command="))
		s.until = "command.ended";
	const char *path = arena_printf(ctl->arena, "/api/events%s%.*s", *query ? "?" : "",
					(int)strlen(query) - (*query != 0), query);
	return stream_follow(ctl, path, &s);
}

int watch(struct ctl *ctl, char **words, size_t count)
{
	struct stream s = {.take = print_value};
	(void)count;
	const char *path =
	    bb_url_item(ctl->arena, "/api/transactions", words[0], "/meter-values/live");
	return stream_follow(ctl, path, &s);
}
