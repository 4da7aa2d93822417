/* GET /api/admin/chargers/{id}/charging-profiles, and what is known of the charger's limits. */
#include "smart.h"

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	const struct bb_api *api = arg;
	uint32_t last = r->columns - 1;
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 1; c < last; c++)
		bb_put(&b, bb_strdup(a, r->names[c]), bb_cell_json(a, bb_cell(r, row, c)));
	bb_put(&b, "charging_profile", bb_cell_parsed(api, a, bb_cell(r, row, last)));
	return bb_build_object(&b);
}

static void found(struct bb_rest *r)
{
	struct bb_list *list = r->self;
	struct smart *smart = list->self;
	const struct bb_charger *c = r->arg;
	struct bb_unit *unit = r->api->begin(smart->bb);
	list->v[0] = bb_i64(c->id);
	list->item = item;
	list->item_arg = (void *)r->api;
	settle_add(smart, unit, c->charge_point_id);
	r->api->add(unit, smart->query[Q_PROFILE_LIST], list->count, list->v, NULL, NULL);
	r->arg = list;
	bb_rest_commit(r, unit, bb_list_show);
}

int list_profiles(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"state", BB_BY_TEXT},       {"purpose", BB_BY_TEXT},
	    {"connector_id", BB_BY_INT}, {"charging_profile_id", BB_BY_INT},
	    {"cursor", BB_BY_INT},
	};
	struct smart *smart = self;
	struct bb_list *list = bb_list_new(smart->api, call, smart, 1, filters, 5);
	if (!list)
		return BB_DONE;
	return bb_on_charger(smart->api, smart->bb, smart->chargers, call, list, found);
}

static void keys_found(struct bb_rest *r)
{
	struct bb_list *list = r->self;
	const struct smart *smart = list->self;
	const struct bb_charger *c = r->arg;
	list->v[0] = bb_i64(c->id);
	bb_list_read(r, list, smart->query[Q_KEY_LIST], NULL, NULL);
}

/* GET /api/admin/chargers/{id}/charging-limits */
int list_keys(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_TEXT, bb_is_name}};
	struct smart *smart = self;
	struct bb_list *list = bb_list_new(smart->api, call, smart, 1, filters, 1);
	if (!list)
		return BB_DONE;
	return bb_on_charger(smart->api, smart->bb, smart->chargers, call, list, keys_found);
}
