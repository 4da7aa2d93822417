/* The parts of the man page that are of the tables: `busbarctl __man verbs` and `options`, for the
 * build. */
#include "busbarctl/verb.h"

#include <stdio.h>

#include "base/arena.h"

/* A line that begins with a dot or a quote is a request, and a backslash is not itself. */
static void put(const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '-')
			fputs("\\-", stdout);
		else
			putchar(*text);
	}
}

static void put_line(const char *text)
{
	put(text);
	putchar('\n');
}

static void put_options(const struct verb *v, bool own)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option_of *o = &options[i];
		if (o->own != own || !option_is_of(o, v))
			continue;
		printf(".TP\n\\fB\\-\\-");
		put(o->name);
		printf("\\fR%s%s\n", o->value ? " " : "", o->value ? o->value : "");
		put_line(o->help);
	}
}

static void put_field(const char *name, const char *text)
{
	printf(".TP\n\\fB");
	put(name);
	puts("\\fR");
	put_line(text);
}

static void put_verb(struct ctl *ctl, const char *above, const struct verb *v)
{
	printf(".TP\n\\fBbusbarctl ");
	if (above)
		printf("%s ", above);
	put(v->name);
	printf("\\fR%s", v->args ? " " : "");
	put_line(v->args ? v->args : "");
	put(v->help);
	puts(v->more || v->route ? "." : "");
	if (v->more)
		put_line(v->more);
	if (v->route)
		put_line(
		    arena_printf(ctl->arena, "Filters are the parameters of GET %s.", v->route));
	if (v->options || v->fields) {
		puts(".RS");
		put_options(v, true);
		known_fields(ctl, v, put_field);
		puts(".RE");
	}
	if (v->example) {
		puts(".br\nExample:");
		put_line(arena_printf(ctl->arena, "busbarctl %s", v->example));
	}
}

static void put_verbs(struct ctl *ctl)
{
	struct verb_list all = verbs_all(ctl->arena);
	for (size_t i = 0; i < all.count; i++) {
		const struct verb *v = &all.verbs[i];
		if (!v->help)
			continue;
		if (v->fn) {
			put_verb(ctl, NULL, v);
			continue;
		}
		printf(".SS busbarctl %s\n", v->name);
		put_line(v->help);
		for (size_t j = 0; j < v->verb_count; j++)
			put_verb(ctl, v->name, &v->verbs[j]);
	}
}

int man_page(struct ctl *ctl, char **words, size_t count)
{
	(void)count;
	if (!strcmp(words[0], "verbs"))
		put_verbs(ctl);
	else if (!strcmp(words[0], "options"))
		put_options(NULL, false);
	else
		return ctl_complain("%s: it is verbs or options", words[0]);
	return CTL_OK;
}
