#include "id_tag_info.h"

#include <errno.h>

#include "sent.h"

struct asking {
	struct waiting *waiting;
	id_tag_fn *fn;
	void *arg;
};

static const char *copied(struct bb_arena *a, const struct bb_json *v, const char *key)
{
	const char *text = bb_json_get_str(v, key, NULL);
	return text ? bb_strdup(a, text) : NULL;
}

/* Worth asking again: storage was away, for us or for the handler. */
static bool transient(int err, const struct bb_json *v)
{
	return err == -EAGAIN || err == -ECANCELED ||
	       (err && !strcmp(bb_json_get_str(v, "code", ""), "StorageAway"));
}

static void on_answer(int err, const struct bb_json *v, void *arg)
{
	struct asking *ask = arg;
	struct waiting *w = ask->waiting;
	struct bb_arena *a = w->arena;
	if (transient(err, v)) {
		ask->fn(-EAGAIN, NULL, ask->arg);
		return;
	}
	if (err)
		w->core->api->log(w->core->bb, BB_WARN, "%s: nobody could authorize: %s",
				  w->link->charge_point_id,
				  err == -ENOENT ? "no handler answered"
						 : bb_json_get_str(v, "detail", "the hook failed"));
	struct id_tag_info *info = bb_zalloc(a, sizeof *info);
	info->status = err ? "Invalid" : copied(a, v, "status");
	if (!info->status)
		info->status = "Invalid";
	info->parent_id_tag = copied(a, v, "parent_id_tag");
	info->expiry_date = copied(a, v, "expiry_date");
	info->user_id = copied(a, v, "user_id");
	info->max_active = bb_json_get_int(v, "max_active", 0);
	info->group_max_active = bb_json_get_int(v, "group_max_active", 0);
	ask->fn(0, info, ask->arg);
}

void id_tag_ask(struct waiting *w, const struct id_tag_question *q, id_tag_fn *fn, void *arg)
{
	const struct bb_api *api = w->core->api;
	if (strcmp(w->link->registration, "accepted") != 0 && strcmp(q->purpose, "stop") != 0) {
		static const struct id_tag_info invalid = {.status = "Invalid"};
		fn(0, &invalid, arg);
		return;
	}
	struct asking *ask = bb_alloc(w->arena, sizeof *ask);
	*ask = (struct asking){w, fn, arg};
	struct bb_builder b = bb_build(w->arena);
	bb_put_str(&b, "id_tag", q->id_tag);
	bb_put_str(&b, "purpose", q->purpose);
	bb_put_str(&b, "charge_point_id", w->link->charge_point_id);
	bb_put_int(&b, "charger_id", w->link->charger_id);
	bb_put_str(&b, "operator_id", w->link->operator_id);
	bb_put(&b, "connector_id",
	       q->has_connector ? bb_json_make_int(q->connector_id) : bb_json_make_null());
	bb_put_str(&b, "at", api->time_format(w->arena, q->at_ms));
	int err = api->ask_hook(w->core->bb, "authorize", bb_build_object(&b), 0, on_answer, ask);
	if (err < 0)
		on_answer(err, NULL, ask);
}

struct bb_json id_tag_json(const struct waiting *w, const struct id_tag_info *info)
{
	const struct bb_api *api = w->core->api;
	const char *expiry = info->expiry_date;
	struct bb_builder b = bb_build(w->arena);
	int64_t ms;
	bb_put_str(&b, "status", info->status);
	if (info->parent_id_tag)
		bb_put_str(&b, "parentIdTag", info->parent_id_tag);
	if (expiry && !api->time_parse(expiry, strlen(expiry), &ms))
		bb_put_str(&b, "expiryDate", sent_time_seconds(api, w->arena, ms));
	return *bb_build_object(&b);
}
