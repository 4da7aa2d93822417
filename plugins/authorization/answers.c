/* What an operator's service has said and still holds: seen, and forgotten. */
#include "authorization.h"

/* The path names an operator that the key may not know of: the call has been failed. */
bool operator_is_hidden(struct authorization *p, struct bb_call *call)
{
	const char *own = p->api->attr(call, "operator_id");
	if (!own || !strcmp(own, p->api->attr(call, "id")))
		return false;
	p->api->fail(call, "404", "there is no such operator");
	return true;
}

int answer_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"id_tag", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct authorization *p = self;
	struct bb_list *list = NULL;
	if (!operator_is_hidden(p, call))
		list = bb_list_new(p->api, call, p, 2, filters, 2);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(bb_strdup(p->api->arena(call), p->api->attr(call, "id")));
	list->v[1] = bb_now(p->api, p->api->arena(call));
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_ANSWER_LIST], NULL,
			    NULL);
}

void answers_forget(const struct authorization *p, struct bb_unit *unit, const char *operator_id,
		    const char *id_tag_key)
{
	const struct bb_val v[] = {bb_text(operator_id), bb_text(id_tag_key)};
	p->api->add(unit, p->q[Q_ANSWERS_FORGET], 2, v, NULL, NULL);
}
