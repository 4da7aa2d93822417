#include "pdf_page.h"

#define COLUMNS 4
#define FONT "DejaVu Sans"

static const struct {
	const char *font;
	double lead;
} styles[STYLES] = {
    [NORMAL] = {FONT " 9", 2},
    [SMALL] = {FONT " 7.5", 1.5},
    [BOLD] = {FONT " Bold 9", 2},
    [TITLE] = {FONT " Bold 14", 8},
};

/* Of the lines' table: x and width. */
static const struct {
	double x, width;
} columns[COLUMNS] = {{0, 236}, {236, 82}, {318, 70}, {388, INNER - 388}};

void page_open(struct page *p)
{
	for (int i = 0; i < STYLES; i++)
		p->fonts[i] = pango_font_description_from_string(styles[i].font);
}

void page_close(struct page *p)
{
	for (int i = 0; i < STYLES; i++)
		pango_font_description_free(p->fonts[i]);
}

double page_lead(enum style style)
{
	return styles[style].lead;
}

static const char *text_of(const struct bb_json *v)
{
	return bb_json_str(v, "");
}

double put(struct page *p, enum style style, PangoAlignment align, double x, double width,
	   const char *text)
{
	int height;
	pango_layout_set_font_description(p->layout, p->fonts[style]);
	pango_layout_set_width(p->layout, (int)(width * PANGO_SCALE));
	pango_layout_set_alignment(p->layout, align);
	pango_layout_set_text(p->layout, text, -1);
	pango_layout_get_size(p->layout, NULL, &height);
	if (p->count) {
		cairo_move_to(p->cr, LEFT + x, p->y);
		pango_cairo_show_layout(p->cr, p->layout);
	}
	return (double)height / PANGO_SCALE;
}

void rule(struct page *p, double x, double width)
{
	cairo_set_line_width(p->cr, 0.6);
	cairo_move_to(p->cr, LEFT + x, p->y);
	cairo_rel_line_to(p->cr, width, 0);
	if (p->count)
		cairo_stroke(p->cr);
	else
		cairo_new_path(p->cr);
}

void put_lines(struct page *p, enum style style, PangoAlignment align, double x, double width,
	       const struct bb_json *lines)
{
	for (uint32_t i = 0; i < bb_json_count(lines); i++)
		p->y += put(p, style, align, x, width, text_of(bb_json_at(lines, i)));
}

/* Cells beside each other: the first to the left, the others to the right. Measured first, so that
 * a row is never on two pages. */
double cells_height(struct page *p, enum style style, const struct bb_json *cells)
{
	double most = 0;
	int count = p->count;
	p->count = 0;
	for (uint32_t i = 0; i < COLUMNS; i++) {
		double h = put(p, style, PANGO_ALIGN_LEFT, 0, columns[i].width - GAP,
			       text_of(bb_json_at(cells, i)));
		most = h > most ? h : most;
	}
	p->count = count;
	return most;
}

void put_cells(struct page *p, enum style style, const struct bb_json *cells, double height)
{
	for (uint32_t i = 0; i < COLUMNS; i++)
		put(p, style, i ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT,
		    columns[i].x + (i ? GAP : 0), columns[i].width - GAP,
		    text_of(bb_json_at(cells, i)));
	p->y += height + styles[style].lead;
}

/* "Page {page} of {pages}" */
static void put_page_number(struct page *p)
{
	const char *text = bb_json_get_str(p->head, "page", "{page}/{pages}");
	char out[200] = "";
	size_t n = 0;
	while (*text && n + 12 < sizeof out) {
		if (!strncmp(text, "{pages}", 7)) {
			n += (size_t)snprintf(out + n, sizeof out - n, "%d", p->count);
			text += 7;
		} else if (!strncmp(text, "{page}", 6)) {
			n += (size_t)snprintf(out + n, sizeof out - n, "%d", p->number);
			text += 6;
		} else {
			out[n++] = *text++;
		}
	}
	out[n] = '\0';
	put(p, SMALL, PANGO_ALIGN_RIGHT, 0, INNER, out);
}

void put_footer(struct page *p)
{
	double y = p->y;
	p->y = p->bottom + 8;
	rule(p, 0, INNER);
	p->y += 4;
	put_page_number(p);
	put_lines(p, SMALL, PANGO_ALIGN_LEFT, 0, INNER - 90, bb_json_get(p->head, "footer"));
	p->y = y;
}

void put_columns(struct page *p)
{
	const struct bb_json *names = bb_json_get(p->head, "columns");
	put_cells(p, BOLD, names, cells_height(p, BOLD, names));
	rule(p, 0, INNER);
	p->y += 4;
}

static void next_page(struct page *p)
{
	put_footer(p);
	cairo_show_page(p->cr);
	p->number++;
	p->y = TOP;
	p->y +=
	    put(p, SMALL, PANGO_ALIGN_LEFT, 0, INNER, bb_json_get_str(p->head, "title", "")) + 8;
	if (p->in_table)
		put_columns(p);
}

void need(struct page *p, double height)
{
	if (p->y + height > p->bottom)
		next_page(p);
}
