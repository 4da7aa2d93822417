/* Campaigns over REST: how they stand, and where each of their chargers does. */
#include "campaign.h"

/* The columns after the cursor, from those with names of their own on. */
enum { ID = 1, SELECTION = 20, COUNTS = 21 };

const struct bb_json *campaign_json(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				    void *arg)
{
	const struct bb_api *api = arg;
	struct bb_builder b = bb_build(a), counts = bb_build(a);
	for (uint32_t c = ID; c < SELECTION; c++)
		bb_put_column(&b, r, row, c);
	bb_put(&b, "selection", bb_cell_parsed(api, a, bb_cell(r, row, SELECTION)));
	bb_put_row(&counts, r, row, COUNTS);
	bb_put_json(&b, "chargers", bb_build_object(&counts));
	return bb_build_object(&b);
}

int campaign_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"state", BB_BY_TEXT}, {"id", BB_BY_INT}, {"cursor", BB_BY_INT}};
	struct firmware *p = self;
	return bb_rest_list(p->api, p->me, call, (void *)p->api, p->q[Q_CAMPAIGN_LIST], filters, 3,
			    campaign_json);
}

int campaign_find(struct bb_call *call, struct firmware *p, bb_rest_fn *found, void *arg)
{
	int64_t id;
	if (!bb_path_id(p->api, call, "id", &id))
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = arg;
	return campaign_look(r, id, found);
}

int campaign_look(struct bb_rest *r, int64_t id, bb_rest_fn *found)
{
	const struct firmware *p = r->self;
	const struct bb_val v[] = {bb_text(r->api->attr(r->call, "operator_id")), bb_null(),
				   bb_i64(id), bb_null(), bb_i64(1)};
	return bb_rest_one(r, "campaign", p->q[Q_CAMPAIGN_LIST], 5, v, found);
}

void campaign_show(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_done(r, campaign_json(r->arena, rows, 0, (void *)r->api));
}

int campaign_get(struct bb_call *call, void *self)
{
	return campaign_find(call, self, campaign_show, NULL);
}

static void with_chargers(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct firmware *p = r->self;
	struct bb_list *list = r->arg;
	list->v[1] = *bb_cell(rows, 0, ID);
	bb_list_read(r, list, p->q[Q_TARGET_LIST], NULL, NULL);
}

int campaign_chargers(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"state", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct firmware *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 2, filters, 2);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(p->api->attr(call, "operator_id"));
	return campaign_find(call, p, with_chargers, list);
}
