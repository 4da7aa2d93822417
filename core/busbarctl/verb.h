/* The verbs of the command line, as a tree. What the program does, its help, its completion and its
 * man page all follow from these tables. */
#ifndef BUSBARCTL_VERB_H
#define BUSBARCTL_VERB_H
#include "busbarctl/ctl.h"

struct resource;

struct verb {
	const char *name;
	/* "CHARGER ACTION [PAYLOAD]": what is in brackets may be missing, and what is before "..."
	 * may come again. The words in capitals tell what completes there, see complete.c. */
	const char *args;
	const char *help;    /* one line */
	verb_fn *fn;         /* NULL: it has verbs of its own */
	const char *options; /* those that not everyone has, by name; NULL: none */
	const char *example; /* what goes behind "busbarctl "; NULL: none */
	const char *more;    /* what a line does not say; NULL: nothing */
	const char *fields;  /* the schema of the FIELDs that it takes; NULL: others, or none */
	const char *route;   /* whose GET has the FILTERs that it takes, "/x/{id}/y"; NULL: none */
	const struct verb *verbs;
	size_t verb_count;
	const struct resource *resource; /* what `fn` is about; NULL: nothing else */
};

struct verb_list {
	const struct verb *verbs;
	size_t count;
};

/* verbs.c: all of the first words, resources' among them. */
struct verb_list verbs_all(struct bb_arena *);
/* resources.c: adds theirs; `room` is how many `to` has room for. */
size_t resource_verbs(struct bb_arena *, struct verb *to, size_t room);

/* verb.c */
const struct verb *verb_find(struct verb_list, const char *name);
struct verb_list verb_below(const struct verb *);
/* The verb that the words name, and how many words that took; NULL: printed why there is none. */
const struct verb *verb_of(struct ctl *, struct verb_list, char **words, size_t count,
			   size_t *ret_taken);
/* "script check FILE|DIR", from the first word on, as `words` named it. */
const char *verb_usage(struct bb_arena *, const struct verb *, char **words, size_t taken);
bool verb_takes(const struct verb *, size_t count);
/* What is wanted as the i-th word behind the verb: "CHARGER", in the arena; NULL: nothing. */
const char *verb_word(struct bb_arena *, const struct verb *, size_t i);

/* An option of the command line. */
struct option_of {
	const char *name;
	const char *value; /* what follows it, "FILE"; NULL: nothing does */
	const char *help;
	size_t at; /* in struct ctl: of a text, or of a flag without `value` */
	bool own;  /* only of verbs that name it */
};

/* options.c */
extern const struct option_of options[];
extern const size_t option_count;
const struct option_of *option_find(const char *name, size_t len);
bool option_is_of(const struct option_of *, const struct verb *);
/* Takes the options out of the command line; what is left begins at *ret_first. -1: go on; else
 * the exit status. */
int options_read(struct ctl *, int argc, char **argv, int *ret_first);
/* False: one was given that the verb has not, or two that do not go together; printed. */
bool options_suit(const struct ctl *, const struct verb *, const char *usage);

/* help.c */
void help_all(struct ctl *, struct verb_list);
void help_of(struct ctl *, const struct verb *, char **words, size_t taken);
/* How a text looks within `indent`; breaks lines at spaces. */
void help_text(const char *text, int indent);
/* A verb of verbs in a line: "list, show, add". */
const char *help_names(struct bb_arena *, struct verb_list);
const char *help_upper(struct bb_arena *, const char *),
    *help_lower(struct bb_arena *, const char *);

/* known_fields.c: each field of the verb, "vendor=" or "station_id:=", and what it takes. */
typedef void known_field_fn(const char *name, const char *text);
void known_fields(struct ctl *, const struct verb *, known_field_fn *);
/* What values a schema allows: "text", "active|completed". */
const char *known_kind(struct bb_arena *, const struct bb_json *schema);
/* known_filters.c: likewise each filter of a route, "state=", of a server that answers in time; how
 * many, -1: no server did. */
int known_filters(struct ctl *, const char *route, known_field_fn *);
/* Of those that busbarctl gives by itself: pages and formats. */
bool filter_is_own(const char *name, size_t len);

/* complete.c, man.c */
verb_fn completion, complete_words, man_page;
#endif
