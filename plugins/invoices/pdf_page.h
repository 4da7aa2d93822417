/* A page of a document: boxes of text one below the other, the lines' table, and the break to the
 * next page with what is repeated there. Points, from the page's upper left corner. */
#ifndef INVOICES_PDF_PAGE_H
#define INVOICES_PDF_PAGE_H
#include <busbar/json.h>
#include <pango/pangocairo.h>

#define WIDTH 595.276
#define HEIGHT 841.89
#define LEFT 62.0
#define RIGHT 51.0
#define TOP 51.0
#define BOTTOM 36.0 /* below the footer */
#define INNER (WIDTH - LEFT - RIGHT)
#define GAP 6.0

enum style { NORMAL, SMALL, BOLD, TITLE, STYLES };

struct page {
	cairo_t *cr;
	PangoLayout *layout;
	PangoFontDescription *fonts[STYLES];
	const struct bb_json *head;
	double y, bottom;  /* the footer is below it */
	int number, count; /* count 0: they are being counted, and nothing is drawn */
	bool in_table;     /* a new page begins with the columns' names */
};

/* Make its fonts, and free them. */
void page_open(struct page *);
void page_close(struct page *);

/* Between the rows of a style. */
double page_lead(enum style);
/* One text in a box, at the page's y; its height. */
double put(struct page *, enum style, PangoAlignment, double x, double width, const char *text);
/* Lines below each other. */
void put_lines(struct page *, enum style, PangoAlignment, double x, double width,
	       const struct bb_json *lines);
/* A row of the table, and how high it will be. */
double cells_height(struct page *, enum style, const struct bb_json *cells);
void put_cells(struct page *, enum style, const struct bb_json *cells, double height);
/* The names of the table's columns. */
void put_columns(struct page *);
/* A horizontal line. */
void rule(struct page *, double x, double width);
void put_footer(struct page *);
/* From here on so much will fit: on this page, or else on a new one. */
void need(struct page *, double height);
#endif
