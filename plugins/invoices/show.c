/* A document as a page to look at. */
#include "layout.h"
#include "pdf_queue.h"

/* What was issued does not change, but how it is laid out may, with another release. */
static bool is_known(struct bb_rest *r, const struct bb_json *document)
{
	const struct invoices *p = r->self;
	const char *tag = bb_printf(r->arena, "\"%s-%s\"", bb_json_get_str(document, "id", ""),
				    p->layout.version);
	const char *has = r->api->header(r->call, "if-none-match");
	r->api->set_header(r->call, "etag", tag);
	if (!has || (strcmp(has, "*") != 0 && !strstr(has, tag)))
		return false;
	r->api->set_status(r->call, 304);
	bb_rest_done(r, NULL);
	return true;
}

/* Numbers have no characters that a header could not have, but for the slash in a file's name. */
static const char *disposition(struct bb_arena *a, const struct bb_json *document, const char *how,
			       const char *ext)
{
	char *name = bb_strdup(a, bb_json_get_str(document, "number", ""));
	for (char *c = name; *c; c++)
		if (*c == '/' || *c == ' ')
			*c = '-';
	return bb_printf(a, "%s; filename=\"%s.%s\"", how, name, ext);
}

static void send_html(struct bb_rest *r, const struct bb_json *pieces)
{
	size_t len = 0, at = 0;
	for (uint32_t i = 0; i < bb_json_count(pieces); i++)
		len += bb_json_at(pieces, i)->len;
	char *text = bb_alloc(r->arena, len + 1);
	for (uint32_t i = 0; i < bb_json_count(pieces); i++) {
		const struct bb_json *piece = bb_json_at(pieces, i);
		memcpy(text + at, bb_json_str(piece, ""), piece->len);
		at += piece->len;
	}
	r->api->set_header(r->call, "content-security-policy",
			   "default-src 'none'; style-src 'unsafe-inline'");
	r->api->set_header(r->call, "x-content-type-options", "nosniff");
	r->api->reply_bytes(r->call, "text/html; charset=utf-8", text, len);
	bb_rest_done(r, NULL);
}

void show_html(struct bb_rest *r, const struct bb_json *document)
{
	if (is_known(r, document))
		return;
	r->api->set_header(r->call, "content-disposition",
			   disposition(r->arena, document, "inline", "html"));
	layout_begin(r, document, true, send_html);
}

void invoice_show_html(struct bb_rest *r, const struct bb_rows *rows)
{
	show_html(r, invoice_json(r->self, r->arena, rows, 0));
}

int invoice_html(struct bb_call *call, void *self)
{
	invoice_begin(call, self, invoice_show_html);
	return BB_LATER;
}

static void send_pdf(struct bb_rest *r, const struct bb_json *pieces)
{
	r->api->set_header(r->call, "x-content-type-options", "nosniff");
	pdf_answer(r, pieces, r->arg);
}

void show_pdf(struct bb_rest *r, const struct bb_json *document)
{
	if (is_known(r, document))
		return;
	const char *issued_at = bb_json_get_str(document, "issued_at", "");
	/* Seconds: what the library reads. */
	r->arg = bb_printf(r->arena, "%.*sZ", (int)strcspn(issued_at, ".Z"), issued_at);
	r->api->set_header(r->call, "content-disposition",
			   disposition(r->arena, document, "attachment", "pdf"));
	layout_begin(r, document, false, send_pdf);
}

void invoice_show_pdf(struct bb_rest *r, const struct bb_rows *rows)
{
	show_pdf(r, invoice_json(r->self, r->arena, rows, 0));
}

int invoice_pdf(struct bb_call *call, void *self)
{
	invoice_begin(call, self, invoice_show_pdf);
	return BB_LATER;
}
