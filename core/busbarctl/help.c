/* Help for people: of everything in brief, and of each verb. */
#include "busbarctl/verb.h"

#include <ctype.h>
#include <stdio.h>

#include "base/arena.h"

#define WIDTH 79
#define COLUMN 20

const char *help_names(struct bb_arena *a, struct verb_list list)
{
	const char *text = "";
	for (size_t i = 0; i < list.count; i++)
		text = arena_printf(a, "%s%s%s", text, i ? ", " : "", list.verbs[i].name);
	return text;
}

static const char *mapped(struct bb_arena *a, const char *text, int (*fn)(int))
{
	char *copy = bb_strdup(a, text);
	for (char *c = copy; *c; c++)
		*c = (char)fn((unsigned char)*c);
	return copy;
}

const char *help_upper(struct bb_arena *a, const char *text)
{
	return mapped(a, text, toupper);
}

const char *help_lower(struct bb_arena *a, const char *text)
{
	return mapped(a, text, tolower);
}

void help_text(const char *text, int indent)
{
	int column = indent;
	while (*text) {
		size_t len = strcspn(text, " ");
		if (column > indent && column + (int)len >= WIDTH) {
			printf("\n%*s", indent, "");
			column = indent;
		}
		printf("%s%.*s", column > indent ? " " : "", (int)len, text);
		column += (int)len + (column > indent);
		text += len;
		text += strspn(text, " ");
	}
	putchar('\n');
}

/* A name at the left, and behind it, or below if it is long, the text. */
static void item(const char *name, const char *text)
{
	int len = printf("  %s", name);
	if (len + 2 > COLUMN)
		printf("\n%*s", COLUMN, "");
	else
		printf("%*s", COLUMN - len, "");
	help_text(text, COLUMN);
}

static void print_options(struct ctl *ctl, const struct verb *v, bool own)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option_of *o = &options[i];
		if (o->own == own && option_is_of(o, v))
			item(arena_printf(ctl->arena, "--%s%s%s", o->name, o->value ? " " : "",
					  o->value ? o->value : ""),
			     o->help);
	}
}

static const char words[] =
    "A CHARGER is a charge_point_id or a charger's id; a TARIFF and a SCRIPT, too, a name or an "
    "id. "
    "A FILTER is name=value; the help of a list tells which there are. A FIELD is name=text, "
    "name:=JSON (numbers, true, "
    "null), or name=@file.";

static const char statuses[] =
    "0 done; 1 refused by the server or the charger, or could not be done here; 2 wrong usage; 3 "
    "the server cannot be reached.";

void help_all(struct ctl *ctl, struct verb_list list)
{
	puts("busbarctl COMMAND [WORD ...] [OPTION ...]\n\nCommands:");
	for (size_t i = 0; i < list.count; i++) {
		const struct verb *v = &list.verbs[i];
		if (!v->help)
			continue;
		item(v->name, v->fn ? v->help
				    : arena_printf(ctl->arena, "%s: %s", v->help,
						   help_names(ctl->arena, verb_below(v))));
	}
	puts("\nOptions of all:");
	print_options(ctl, NULL, false);
	puts("\nbusbarctl help COMMAND tells the rest. The file ~/.config/busbar may have lines\n"
	     "url = ..., key = ... and ca = ...\n");
	help_text(words, 0);
	printf("\nStatus: ");
	help_text(statuses, 8);
}

static bool has_own_options(const struct verb *v)
{
	return v->options != NULL;
}

static void print_filters(struct ctl *ctl, const struct verb *v)
{
	printf("\nFilters of %s:\n", v->name);
	ctl->quick_ms = READING_MS;
	int count = known_filters(ctl, v->route, item);
	if (!count)
		puts("  none");
	if (count >= 0)
		return;
	fputs("  ", stdout);
	help_text(arena_printf(ctl->arena,
			       "no server answers at %s to say which there are; they are "
			       "parameters of GET %s",
			       ctl->url ? ctl->url : "", v->route),
		  2);
}

static void help_of_one(struct ctl *ctl, const struct verb *v, const char *usage)
{
	printf("busbarctl %s%s\n\n", usage, has_own_options(v) ? " [OPTION ...]" : "");
	help_text(v->help, 0);
	if (v->more) {
		putchar('\n');
		help_text(v->more, 0);
	}
	if (v->fields) {
		puts("\nFields:");
		known_fields(ctl, v, item);
	}
	if (v->route)
		print_filters(ctl, v);
	if (has_own_options(v)) {
		putchar('\n');
		print_options(ctl, v, true);
	}
	if (v->example)
		printf("\nExample:\n  busbarctl %s\n", v->example);
}

void help_of(struct ctl *ctl, const struct verb *v, char **named, size_t taken)
{
	if (v->fn) {
		help_of_one(ctl, v, verb_usage(ctl->arena, v, named, taken));
		return;
	}
	printf("busbarctl %s COMMAND [WORD ...] [OPTION ...]\n\n", v->name);
	help_text(v->help, 0);
	putchar('\n');
	for (size_t i = 0; i < v->verb_count; i++) {
		const struct verb *sub = &v->verbs[i];
		printf("  %s %s\n%*s", v->name, verb_usage(ctl->arena, sub, NULL, 0), 6, "");
		help_text(sub->help, 6);
	}
	const struct verb *list = verb_find(verb_below(v), "list");
	if (list && list->route)
		print_filters(ctl, list);
	if (v->more) {
		putchar('\n');
		help_text(v->more, 0);
	}
	if (v->example)
		printf("\nExample:\n  busbarctl %s\n", v->example);
}
