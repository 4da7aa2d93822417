/* /api/admin/notification-templates: an operator's own words, by language. */
#include "named.h"

static const struct named_kind template = {
    "template", "language", Q_TEMPLATE_GET, Q_TEMPLATE_PUT, Q_TEMPLATE_DELETE,
};

bool is_language(const char *s)
{
	bool two = s[0] >= 'a' && s[0] <= 'z' && s[1] >= 'a' && s[1] <= 'z';
	return two && (!s[2] || (s[2] == '-' && s[3] >= 'A' && s[3] <= 'Z' && s[4] >= 'A' &&
				 s[4] <= 'Z' && !s[5]));
}

int template_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_TEXT, is_language}};
	struct notify *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 1, filters, 1);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(named_operator(p->api, call));
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_TEMPLATE_LIST],
			    NULL, NULL);
}

int template_get(struct bb_call *call, void *self)
{
	return named_get(call, self, &template);
}

int template_delete(struct bb_call *call, void *self)
{
	return named_delete(call, self, &template);
}

static void write_source(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	struct bb_val v[6] = {[2] = bb_member_val(r->api->payload(r->call), "source")};
	named_write(r, 6, v);
}

int template_put(struct bb_call *call, void *self)
{
	struct notify *p = self;
	struct bb_rest *r = named_begin(call, p, &template);
	const struct named *n = r->arg;
	const struct bb_json *source = bb_json_get(p->api->payload(call), "source");
	const char *error;
	const struct bb_script script = {
	    .operator_id = n->operator_id,
	    .name = bb_printf(r->arena, "notifications/own/%s", n->name),
	    .version = "",
	    .text = bb_json_str(source, ""),
	    .len = source ? source->len : 0,
	};
	if (!is_language(n->name))
		bb_rest_fail(r, "404", "a language is like de or de-AT");
	else if (p->api->script_check(p->me, &script, r->arena, &error))
		refuse(r, "source", error);
	else
		named_change(r, write_source);
	return BB_LATER;
}
