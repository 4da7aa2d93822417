/* What a request asks: its parameters, and which of its items a page has. All intervals of one
 * place stand behind each other. A page has all of some places, or a part of one. */
#include "analytics.h"

#define DAY_MS INT64_C(86400000)

static const char *const groups[] = {"none", "operator", "station", "charger", NULL};
static const char *const intervals[] = {"hour", "day", "total", NULL};
static const int64_t usual_ms[] = {
    [BY_HOUR] = 2 * DAY_MS, [BY_DAY] = 30 * DAY_MS, [IN_TOTAL] = 30 * DAY_MS};

static const struct bb_filter filters[] = {
    {"operator_id", BB_BY_TEXT}, {"station", BB_BY_INT}, {"charger", BB_BY_TEXT}};
#define FILTERS (sizeof filters / sizeof *filters)

/* One of the words, the one of `*ret` if it is not given. */
static void word_read(const struct bb_api *api, struct bb_call *call, const char *name,
		      const char *const *words, uint32_t *ret)
{
	const char *text = api->param(call, name);
	for (uint32_t i = 0; text && words[i]; i++)
		if (!strcmp(words[i], text))
			*ret = i;
}

static void time_read(const struct bb_api *api, struct bb_call *call, const char *name,
		      int64_t *ret)
{
	const char *text = api->param(call, name);
	if (text)
		api->time_parse(text, strlen(text), ret);
}

static void times_read(const struct bb_api *api, struct bb_call *call, struct question *q)
{
	q->to_ms = api->now_ms();
	time_read(api, call, "to", &q->to_ms);
	q->from_ms = q->to_ms - usual_ms[q->interval];
	time_read(api, call, "from", &q->from_ms);
}

static bool no_cursor(const struct bb_api *api, struct bb_call *call)
{
	bb_query_fault(api, call, "cursor", "is no next_cursor of this list");
	return false;
}

/* "from.to.bucket.key": the times as the first page had them, and what the page begins with. */
static bool cursor_read(const struct bb_api *api, struct bb_call *call, struct question *q)
{
	const char *text = api->param(call, "cursor");
	long long from, to;
	int used = 0;
	if (!text)
		return true;
	if (sscanf(text, "%15lld.%15lld.%5u.%n", &from, &to, &q->bucket, &used) < 3 || !used)
		return no_cursor(api, call);
	q->from_ms = from;
	q->to_ms = to;
	q->first = text[used] ? bb_strdup(api->arena(call), text + used) : NULL;
	int64_t id;
	if (q->first && q->group != BY_OPERATOR && !bb_parse_int(q->first, &id))
		return no_cursor(api, call);
	if (q->first)
		q->v[V_FIRST] = q->group == BY_OPERATOR ? bb_text(q->first) : bb_i64(id);
	return true;
}

static void whose(const struct bb_api *api, struct bb_call *call, struct question *q)
{
	int64_t id;
	const char *own = api->attr(call, "operator_id"), *charger = api->param(call, "charger");
	const char *asked = api->param(call, "operator_id");
	q->v[V_OWN] = bb_text(own);
	q->v[V_CHARGER_ID] = bb_parse_int(charger, &id) ? bb_i64(id) : bb_null();
	q->is_of_others = own && asked && strcmp(own, asked) != 0;
}

static bool zone_read(const struct bb_api *api, struct bb_call *call, struct question *q)
{
	int64_t ms;
	q->zone = api->param(call, "time_zone");
	if (!q->zone || !api->zone_local(q->zone, 0, &ms))
		return true;
	bb_query_fault(api, call, "time_zone", "is no time zone that is known here");
	return false;
}

/* A station or charger is of one operator. */
static bool is_possible(const struct bb_api *api, struct bb_call *call, const struct question *q)
{
	if (q->group != BY_OPERATOR ||
	    (q->v[V_STATION].type == BB_NULL && q->v[V_CHARGER].type == BB_NULL))
		return true;
	bb_query_fault(api, call, "group_by",
		       "is operator, which goes with neither station nor charger");
	return false;
}

bool question_read(const struct analytics *p, struct bb_call *call, struct question *q)
{
	const struct bb_api *api = p->api;
	uint32_t group = BY_NOTHING, interval = BY_DAY;
	if (!bb_filters(api, call, filters, FILTERS, &q->v[V_OPERATOR], &q->limit))
		return false;
	word_read(api, call, "group_by", groups, &group);
	word_read(api, call, "interval", intervals, &interval);
	q->group = group;
	q->interval = interval;
	whose(api, call, q);
	times_read(api, call, q);
	return is_possible(api, call, q) && cursor_read(api, call, q) && zone_read(api, call, q);
}

bool question_divide(const struct analytics *p, struct bb_arena *a, struct question *q)
{
	if (!calendar_make(p->api, a, q->zone, q->interval, q->from_ms, q->to_ms, &q->calendar))
		return false;
	uint32_t all = q->calendar.count, limit = (uint32_t)q->limit;
	if (q->bucket > all)
		q->bucket = all;
	bool whole = all <= limit && !q->bucket;
	q->buckets = whole || all - q->bucket <= limit ? all - q->bucket : limit;
	q->keys = whole && all ? limit / all : 1;
	return true;
}

const char *question_next(const struct question *q, struct bb_arena *a)
{
	uint32_t bucket = q->bucket + q->buckets;
	const char *key = q->next;
	if (bucket < q->calendar.count)
		key = q->first ? q->first : "";
	else
		bucket = 0;
	return key ? bb_printf(a, "%lld.%lld.%u.%s", (long long)q->from_ms, (long long)q->to_ms,
			       bucket, key)
		   : NULL;
}
