/* The routes by which files come: admins' with a key, chargers' with a token in the URL. */
#include "name.h"
#include "upload.h"

enum {
	LINK_ID,
	LINK_OPERATOR,
	LINK_CHARGER,
	LINK_PURPOSE,
	LINK_REF,
	LINK_MAX,
	LINK_USED,
	LINK_FILES,
	LINK_LARGEST,
	LINK_COMING,
};

static bool is_full(const struct bb_rows *rows)
{
	return bb_cell_int(rows, 0, LINK_FILES, 0) >= FILES_BY_ONE_URL;
}

/* By a URL that has taken all its files only one of them may come again. */
static int64_t limit_of(const struct files *p, const struct bb_rows *rows)
{
	int64_t most = p->cfg->max_upload, own = bb_cell_int(rows, 0, LINK_MAX, most);
	if (is_full(rows))
		own = bb_cell_int(rows, 0, LINK_LARGEST, 0);
	return own < most ? own : most;
}

static const char *text_of(struct bb_rest *r, const struct bb_rows *rows, uint32_t column)
{
	const char *text = bb_cell_text(rows, 0, column);
	return text ? bb_strdup(r->arena, text) : NULL;
}

static void link_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct files *p = r->self;
	if (!rows->rows) {
		link_refuse(p, r);
		return;
	}
	if (bb_cell_int(rows, 0, LINK_COMING, 0) >= FILES_BY_ONE_URL) {
		bb_rest_fail(r, "429", "too many files are coming by this URL at once");
		return;
	}
	const char *purpose = text_of(r, rows, LINK_PURPOSE), *said = p->api->attr(r->call, "name");
	upload_begin(r, &(struct incoming){
			    .operator_id = text_of(r, rows, LINK_OPERATOR),
			    .purpose = purpose,
			    .ref = text_of(r, rows, LINK_REF),
			    .name = said ? name_made(r->arena, said, purpose) : purpose,
			    .charger_id = bb_cell_int(rows, 0, LINK_CHARGER, 0),
			    .link_id = bb_cell_int(rows, 0, LINK_ID, 0),
			    .limit = limit_of(p, rows),
			    .used = bb_cell_int(rows, 0, LINK_USED, 0),
			    .largest = bb_cell_int(rows, 0, LINK_LARGEST, 0),
			    .full = is_full(rows),
			});
}

int link_upload(struct bb_call *call, void *self)
{
	struct files *p = self;
	struct bb_val v[] = {link_hash(p, call), bb_now(p->api, p->api->arena(call))};
	return bb_rest_read(bb_rest_later(p->api, p->me, call, p), p->q[Q_LINK_UPLOAD], 2, v,
			    link_found);
}

static void used_known(struct bb_rest *r, const struct bb_rows *rows)
{
	struct incoming *in = r->arg;
	in->used = bb_cell_int(rows, 0, 0, 0);
	upload_begin(r, in);
}

/* The operator it is for; NULL: the key may not, and the call has been failed. */
static const char *operator_of(const struct bb_api *api, struct bb_call *call)
{
	const char *own = api->attr(call, "operator_id"), *asked = api->param(call, "operator_id");
	if (own && asked && strcmp(own, asked) != 0) {
		api->fail(call, "403", "this key belongs to operator %s", own);
		return NULL;
	}
	return own ? own : asked ? asked : "default";
}

int file_upload(struct bb_call *call, void *self)
{
	struct files *p = self;
	const struct bb_api *api = p->api;
	const char *name = api->param(call, "name"), *purpose = api->param(call, "purpose");
	const char *operator_id = operator_of(api, call);
	if (!operator_id)
		return BB_DONE;
	if (!name || !name_is_good(name)) {
		bb_query_fault(api, call, "name",
			       bb_printf(api->arena(call),
					 "is not a file's: 1 to %u bytes, without slashes",
					 NAME_MOST));
		return BB_DONE;
	}
	if (purpose && !purpose_is_good(purpose)) {
		bb_query_fault(api, call, "purpose", "has a-z, 0-9, _ and - only");
		return BB_DONE;
	}
	struct bb_rest *r = bb_rest_later(api, p->me, call, p);
	struct incoming *in = bb_alloc(r->arena, sizeof *in);
	*in = (struct incoming){.operator_id = operator_id,
				.purpose = purpose ? purpose : "firmware",
				.name = name,
				.limit = p->cfg->max_file};
	r->arg = in;
	struct bb_val v[] = {bb_text(operator_id)};
	return bb_rest_read(r, p->q[Q_OPERATOR_BYTES], 1, v, used_known);
}
