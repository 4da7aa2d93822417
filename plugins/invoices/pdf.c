#include "pdf.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <stdlib.h>

#include "pdf_page.h"

static const char *text_of(const struct bb_json *v)
{
	return bb_json_str(v, "");
}

static void put_row(struct page *p, const struct bb_json *row)
{
	const char *name = bb_json_get_str(row, "style", "");
	bool session = !strcmp(name, "session");
	enum style style = session ? BOLD : !strcmp(name, "place") ? SMALL : NORMAL;
	const struct bb_json *cells = bb_json_get(row, "cells");
	double height = cells_height(p, style, cells);
	/* A session's head is not the last thing on a page. */
	need(p, session ? height + 45 : height);
	if (session)
		p->y += 3;
	put_cells(p, style, cells, height);
}

static void put_rows(struct page *p, const struct bb_json *rows)
{
	for (uint32_t i = 0; i < bb_json_count(rows) && p->number <= PDF_PAGES_MOST; i++)
		put_row(p, bb_json_at(rows, i));
}

/* Who it is from and for, and what it is. */
static void put_begin(struct page *p)
{
	const struct bb_json *facts = bb_json_get(p->head, "facts");
	put_lines(p, NORMAL, PANGO_ALIGN_RIGHT, INNER / 2, INNER / 2,
		  bb_json_get(p->head, "issuer"));
	double below = p->y;
	p->y = TOP + 78;
	p->y += put(p, SMALL, PANGO_ALIGN_LEFT, 0, INNER / 2 - GAP,
		    bb_json_get_str(p->head, "sender", "")) +
		6;
	put_lines(p, NORMAL, PANGO_ALIGN_LEFT, 0, INNER / 2 - GAP,
		  bb_json_get(p->head, "recipient"));
	p->y = (p->y > below ? p->y : below) + 24;
	p->y += put(p, TITLE, PANGO_ALIGN_LEFT, 0, INNER, bb_json_get_str(p->head, "title", "")) +
		page_lead(TITLE);
	for (uint32_t i = 0; i < bb_json_count(facts); i++) {
		const struct bb_json *fact = bb_json_at(facts, i);
		put(p, NORMAL, PANGO_ALIGN_LEFT, 0, 128, text_of(bb_json_at(fact, 0)));
		p->y += put(p, NORMAL, PANGO_ALIGN_LEFT, 130, INNER - 130,
			    text_of(bb_json_at(fact, 1)));
	}
	p->y += 8;
	put_lines(p, NORMAL, PANGO_ALIGN_LEFT, 0, INNER, bb_json_get(p->head, "intro"));
	p->y += 8;
}

static void put_sums(struct page *p)
{
	const struct bb_json *taxes = bb_json_get(p->head, "taxes");
	const struct bb_json *totals = bb_json_get(p->head, "totals");
	uint32_t rows = bb_json_count(taxes) + bb_json_count(totals) + 1;
	p->in_table = false;
	rule(p, 0, INNER);
	p->y += 12;
	need(p, rows < 20 ? rows * 15.0 + 20 : 15);
	const struct bb_json *names = bb_json_get(p->head, "tax_columns");
	put_cells(p, BOLD, names, cells_height(p, BOLD, names));
	for (uint32_t i = 0; i < bb_json_count(taxes); i++) {
		need(p, 15);
		put_cells(p, NORMAL, bb_json_at(taxes, i), 11);
	}
	p->y += 8;
	for (uint32_t i = 0; i < bb_json_count(totals); i++) {
		const struct bb_json *total = bb_json_at(totals, i);
		enum style style = i + 1 == bb_json_count(totals) ? BOLD : NORMAL;
		need(p, 15);
		put(p, style, PANGO_ALIGN_LEFT, INNER / 2, 90, text_of(bb_json_at(total, 0)));
		p->y += put(p, style, PANGO_ALIGN_RIGHT, INNER / 2 + 90, INNER / 2 - 90,
			    text_of(bb_json_at(total, 1))) +
			3;
	}
}

/* As high as its lines are, up to half of the page. */
static void measure_footer(struct page *p)
{
	int count = p->count;
	p->count = 0;
	p->y = 0;
	put_lines(p, SMALL, PANGO_ALIGN_LEFT, 0, INNER - 90, bb_json_get(p->head, "footer"));
	double height = p->y < 9 ? 9 : p->y > HEIGHT / 2 ? HEIGHT / 2 : p->y;
	p->bottom = HEIGHT - BOTTOM - 12 - height;
	p->count = count;
}

static void put_document(struct page *p, const struct bb_json *pieces)
{
	measure_footer(p);
	p->number = 1;
	p->y = TOP;
	put_begin(p);
	p->in_table = true;
	put_columns(p);
	put_rows(p, bb_json_get(p->head, "rows"));
	for (uint32_t i = 1; i < bb_json_count(pieces); i++)
		put_rows(p, bb_json_at(pieces, i));
	put_sums(p);
	p->y += 12;
	const struct bb_json *notes = bb_json_get(p->head, "notes");
	need(p, 14.0 * bb_json_count(notes));
	put_lines(p, NORMAL, PANGO_ALIGN_LEFT, 0, INNER, notes);
	put_footer(p);
	cairo_show_page(p->cr);
}

static cairo_status_t keep(void *closure, const unsigned char *bytes, unsigned int len)
{
	struct pdf *out = closure;
	if (out->len + len > out->cap) {
		size_t cap = (out->len + len) * 2;
		unsigned char *more = realloc(out->bytes, cap);
		if (!more)
			return CAIRO_STATUS_NO_MEMORY;
		out->bytes = more;
		out->cap = cap;
	}
	memcpy(out->bytes + out->len, bytes, len);
	out->len += len;
	return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t forget(void *closure, const unsigned char *bytes, unsigned int len)
{
	(void)closure;
	(void)bytes;
	(void)len;
	return CAIRO_STATUS_SUCCESS;
}

static PangoContext *context_of(PangoFontMap *map)
{
	PangoContext *context = pango_font_map_create_context(map);
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	pango_cairo_context_set_resolution(context, 72);
	cairo_font_options_destroy(options);
	return context;
}

/* `count` pages, 0: nothing is drawn, and the number of pages is returned. -EIO. */
static int run(PangoFontMap *map, const struct bb_json *pieces, const char *created_at, int count,
	       struct pdf *out)
{
	cairo_surface_t *surface =
	    cairo_pdf_surface_create_for_stream(count ? keep : forget, out, WIDTH, HEIGHT);
	PangoContext *context = context_of(map);
	struct page p = {.cr = cairo_create(surface),
			 .layout = pango_layout_new(context),
			 .head = bb_json_at(pieces, 0),
			 .count = count};
	pango_layout_set_wrap(p.layout, PANGO_WRAP_WORD_CHAR);
	page_open(&p);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, created_at);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
				       bb_json_get_str(p.head, "title", ""));
	put_document(&p, pieces);
	page_close(&p);
	g_object_unref(p.layout);
	g_object_unref(context);
	cairo_destroy(p.cr);
	cairo_surface_finish(surface);
	cairo_status_t status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	return status ? -EIO : p.number;
}

/* Without any, the library would end the process. */
static bool has_fonts(PangoFontMap *map)
{
	PangoFontFamily **families = NULL;
	int count = 0;
	pango_font_map_list_families(map, &families, &count);
	g_free(families);
	return count > 0;
}

int pdf_render(const struct bb_json *pieces, const char *created_at, struct pdf *ret)
{
	struct pdf out = {0};
	PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	int err = map && has_fonts(map) ? 0 : -ENOENT;
	if (!err)
		err = run(map, pieces, created_at, 0, &out);
	if (err > PDF_PAGES_MOST)
		err = -EFBIG;
	if (err > 0)
		err = run(map, pieces, created_at, err, &out);
	if (map)
		g_object_unref(map);
	if (err < 0) {
		free(out.bytes);
		return err;
	}
	out.pages = err;
	*ret = out;
	return 0;
}
