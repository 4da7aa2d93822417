/* What a body asks of a tariff, completed from what is stored, and tried before it is. */
#include <busbar/money.h>

#include "facts.h"
#include "tariffs.h"

#define HOUR_MS INT64_C(3600000)
/* 2026-11-20, a Friday, 17:00 UTC. */
#define SAMPLE_START_MS INT64_C(1795194000000)

static const struct bb_json *member(const struct bb_json *body, const struct bb_json *before,
				    const char *key)
{
	const struct bb_json *v = bb_json_get(body, key);
	return v ? v : bb_json_get(before, key);
}

/* A time as storage writes it. */
static struct bb_val time_val(const struct tariffs *p, struct bb_arena *a, const struct bb_json *v)
{
	int64_t ms;
	if (!bb_json_is(v, BB_JSON_STRING) || p->api->time_parse(v->s, v->len, &ms))
		return bb_null();
	return bb_time(p->api, a, ms);
}

static bool read_bundled(const struct tariffs *p, struct bb_arena *a, const char *name,
			 struct draft *d)
{
	d->bundled = name;
	return !p->api->script_bundled(p->me, bb_printf(a, "tariffs/%s", name), a, &d->source,
				       &d->source_len);
}

/* A body that names neither keeps the source as it is, bundled or not. */
static const char *read_source(const struct tariffs *p, struct bb_arena *a,
			       const struct bb_json *body, const struct bb_json *before,
			       struct draft *d, const char **ret_path)
{
	const char *bundled = bb_json_get_str(body, "bundled", NULL);
	const struct bb_json *source = member(body, before, "source");
	*ret_path = "bundled";
	if (bundled && bb_json_is(bb_json_get(body, "source"), BB_JSON_STRING))
		return "cannot go together with source";
	if (bundled)
		return read_bundled(p, a, bundled, d) ? NULL : "names no bundled tariff";
	if (!bb_json_is(source, BB_JSON_STRING))
		return "is missing, and so is source: one of the two must be given";
	if (source == bb_json_get(before, "source"))
		d->bundled = bb_json_get_str(before, "bundled", NULL);
	d->source = source->s;
	d->source_len = source->len;
	return NULL;
}

/* A bundled tariff may have a schema of its settings. NULL if they satisfy it. */
static const char *settings_fault(const struct tariffs *p, struct bb_arena *a,
				  const struct draft *d, const char **ret_path)
{
	const struct bb_json *errors;
	if (!d->bundled || p->api->validate(bb_printf(a, "tariffs/%s", d->bundled), d->settings, a,
					    &errors) != -EBADMSG)
		return NULL;
	const struct bb_json *first = bb_json_at(errors, 0);
	const char *path = bb_json_get_str(first, "path", "");
	*ret_path = *path ? bb_printf(a, "settings.%s", path) : "settings";
	return bb_json_get_str(first, "rule", "is not as it should be");
}

/* When it holds: as the body says, else as an OCPI tariff among its settings does. */
static struct bb_val validity(const struct tariffs *p, struct bb_arena *a,
			      const struct bb_json *body, const struct bb_json *before,
			      const char *key, const char *ocpi_key)
{
	const struct bb_json *own = bb_json_get(bb_json_get(body, "settings"), ocpi_key);
	if (!bb_json_get(body, key) && own)
		return time_val(p, a, own);
	return time_val(p, a, member(body, before, key));
}

bool draft_read(const struct tariffs *p, struct bb_arena *a, const struct bb_json *body,
		const struct bb_json *before, struct draft *ret, const char **ret_path,
		const char **ret_rule)
{
	const struct bb_json *settings = member(body, before, "settings");
	struct draft d = {
	    .name = bb_member_val(body, bb_json_get(body, "name") ? "name" : ""),
	    .active = bb_i64(bb_json_bool(member(body, before, "active"), true)),
	    .valid_from = validity(p, a, body, before, "valid_from", "start_date_time"),
	    .valid_until = validity(p, a, body, before, "valid_until", "end_date_time"),
	    .currency = bb_json_str(member(body, before, "currency"), ""),
	    .applies = bb_json_get_str(body, "applies", NULL),
	    .settings = bb_json_is(settings, BB_JSON_OBJECT) ? settings : bb_json_empty(a),
	};
	if (d.name.type == BB_NULL)
		d.name = bb_member_val(before, "name");
	*ret_path = "currency";
	*ret_rule = "is not a currency of ISO 4217";
	if (bb_currency_decimals(d.currency) < 0)
		return false;
	*ret_rule = read_source(p, a, body, before, &d, ret_path);
	if (!*ret_rule)
		*ret_rule = settings_fault(p, a, &d, ret_path);
	if (!*ret_rule)
		*ret = d;
	return !*ret_rule;
}

struct source draft_source(const struct tariffs *p, struct bb_arena *a, const struct draft *d)
{
	return (struct source){
	    .operator_id = d->operator_id,
	    .name = d->bundled ? d->bundled : "tariff",
	    .version = p->api->new_id(a),
	    .text = d->source,
	    .len = d->source_len,
	    .currency = d->currency,
	    .settings = d->settings,
	};
}

/* 11 kWh in two hours and a quarter of an hour on top, on a Friday evening; as it may be in life.
 */
static const struct bb_json *sample_session(const struct tariffs *p, struct bb_arena *a,
					    const char *operator_id)
{
	static const struct reading readings[] = {
	    {SAMPLE_START_MS + HOUR_MS, 5500, 5500},
	    {SAMPLE_START_MS + 2 * HOUR_MS, 11000, 0},
	};
	struct bb_builder charger = bb_build(a), b = bb_build(a);
	bb_put_int(&charger, "id", 1);
	bb_put_str(&charger, "charge_point_id", "SAMPLE");
	bb_put_int(&b, "transaction_id", 1);
	bb_put_str(&b, "operator_id", operator_id);
	bb_put_json(&b, "charger", bb_build_object(&charger));
	bb_put_int(&b, "connector_id", 1);
	bb_put_str(&b, "id_tag", "SAMPLE");
	struct facts f = {
	    .identity = bb_build_object(&b),
	    .session = {SAMPLE_START_MS, SAMPLE_START_MS + 9 * HOUR_MS / 4},
	    .energy_wh = 11000,
	    .time_zone = "Europe/Berlin",
	    .readings = readings,
	    .reading_count = 2,
	    .idle_below_w = 100,
	    .idle_ms = -1,
	};
	return facts_session(p->api, a, &f);
}

void draft_try(struct tariffs *p, struct bb_arena *a, const struct draft *d, bill_fn *fn, void *arg)
{
	struct source s = draft_source(p, a, d);
	run_tariff(p, a, &s, sample_session(p, a, d->operator_id), fn, arg);
}
