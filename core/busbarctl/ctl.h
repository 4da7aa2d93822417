/* busbarctl's own: what its files share. A run has one arena, freed at its end. */
#ifndef BUSBARCTL_CTL_H
#define BUSBARCTL_CTL_H
#include <stdbool.h>
#include <stddef.h>

#include <busbar/json.h>
#include <busbar/url.h>

/* Exit statuses. */
enum {
	CTL_OK = 0,
	CTL_REFUSED = 1, /* the server, or the charger, says no; or it cannot be done here */
	CTL_USAGE = 2,
	CTL_UNREACHABLE = 3, /* no answer, or one that is none of ours */
};

/* ctl.quick_ms: of who types, and of who reads. */
#define TYPING_MS 700L
#define READING_MS 5000L

struct verb;

struct ctl {
	struct bb_arena *arena;
	const struct verb *verb; /* what it was told to do */
	const char *url, *key;   /* key: NULL if there is none */
	const char *ca; /* PEM file of the roots that vouch for the server; NULL: the system's */
	bool insecure;  /* take any certificate */
	bool json;      /* print answers as they are */
	bool help, version;
	bool url_is_given; /* not only assumed */
	long quick_ms;  /* an answer that takes longer is none, and nothing is printed; 0: else */
	uint32_t given; /* the options that were, by their bits of options.c */
	/* Options of some verbs; NULL: not given. Files, ids and times as they were typed. */
	bool key_only, queue, csv;
	bool force, check;
	const char *wait_s; /* NULL: the server's default */
	const char *count;  /* lines; NULL: without end */
	const char *config; /* busbard's file */
	const char *currency, *settings, *session, *transaction, *example, *tariff, *from, *to;
};

struct answer {
	long status; /* of HTTP */
	const char *text;
	const struct bb_json *body; /* NULL where it is not JSON */
	const char *date;           /* of the server; NULL: it does not say */
};

/* settings.c: url and key from the environment, else from the file ~/.config/busbar. A CTL_ status;
 * what is wrong has been printed. */
int settings_read(struct ctl *);
/* One line of that file, "name = value", into the settings that are not set yet. False: neither. */
bool settings_line(struct ctl *, const char *line);

/* http.c: one request; `body` may be NULL. A CTL_ status: OK for every answer below 400; what
 * failed has been printed. */
int http_send(struct ctl *, const char *method, const char *path, const char *body,
	      struct answer *ret);
/* The same, with the answer's body in a file. */
struct received {
	const char *path;             /* of the file, which is there; NULL: standard output */
	const char *what;             /* for its progress */
	const char *engine, *version; /* of a backup, as the server says; NULL: it does not */
};
int http_receive(struct ctl *, const char *method, const char *path, struct received *);
/* An answer that does not end, piece by piece, until fn is false. `header`, if not NULL, goes with
 * the request. CTL_OK: fn was false; CTL_UNREACHABLE: the line is gone, or never was there. */
typedef bool http_piece_fn(void *arg, const char *data, size_t len);
int http_follow(struct ctl *, const char *path, const char *header, http_piece_fn *, void *arg);

/* fields.c: "name=text", "name:=JSON" and "name=@file" as an object, put into `b`. False: one is
 * malformed, which has been printed. */
bool fields_put(struct ctl *, struct bb_builder *b, char **words, size_t count);

/* table.c: answers for people; NULL columns: all that are not objects; "(empty)" where
 * there are neither. On a terminal they fit it. */
void table_print_list(struct ctl *, const struct bb_json *items, const char *const *columns);
void table_print_object(struct ctl *, const struct bb_json *);
/* cell.c: one value as a cell: money as "12.34 EUR", null as "-", a list by commas. */
const char *table_cell(struct ctl *, const struct bb_json *);
/* As many bytes of `s` as `most` characters take. */
int table_bytes(const char *s, int most);

/* lists.c: filters as words, "name=value", as a query, each with "&" behind it; NULL: one is no
 * filter, which has been printed. */
const char *resource_query(struct ctl *, char **words, size_t count);
/* All pages of a list, or --count lines, with filters as words; columns as of table_print_list().
 */
int resource_list(struct ctl *, const char *path, const char *const *columns, char **words,
		  size_t count);
/* --count; -1: not given. False: it is none, which has been printed. */
bool count_read(const struct ctl *, int64_t *ret);
/* resources.c: the columns of the list at a path, which may have a query; NULL: not known. */
const char *const *resource_columns(const char *path);

/* The words behind a verb, as many as its table says. A CTL_ status, unless the verb has its own.
 */
typedef int verb_fn(struct ctl *, char **words, size_t count);

/* items.c: the id of a thing that has a name, too, which the list's filter `by` finds; NULL:
 * printed why not, and `ret` is set. */
const char *item_id(struct ctl *, const char *list, const char *by, const char *what,
		    const char *name, int *ret);
/* What the path answered, as the user wants it. CTL_OK. */
int item_print(struct ctl *, const char *path, const struct answer *);
/* One request, and its answer printed. */
int item_send(struct ctl *, const char *method, const char *path, struct bb_builder *body);

/* requests.c */
verb_fn bootstrap, health, get_path, post_path, put_path, delete_path;

/* commands.c: commands to chargers. */
verb_fn command_send, remote_start, remote_stop;
const char *charger_id(struct ctl *, const char *name, int *ret);

/* script_try.c, script_store.c: operators' Lua. */
verb_fn script_check, script_try, script_diff;
verb_fn script_push, script_list, script_show, script_versions, script_activate, script_deactivate;
verb_fn script_activations, script_rollback, script_remove, script_failures;
bool script_is_folder(const char *path);
/* Asks the server whether a file or a folder of scripts would load. */
int script_would_load(struct ctl *, const char *path);

/* events.c, tail.c: what goes on until it is interrupted. */
verb_fn events, watch, tail;

/* bulk.c: one command to many chargers. */
verb_fn bulk_send, bulk_watch, bulk_stop;

/* wallet.c */
verb_fn tariff_assign, tariff_unassign, tariff_assignments, tariff_versions;
verb_fn wallet_show, wallet_add, wallet_entries, wallet_top_up, wallet_refund, wallet_unbilled,
    wallet_reconcile;

/* ca.c: makes a private authority; asks no server. */
verb_fn ca_init;

void *ctl_file(struct ctl *, const char *path, size_t *ret_len); /* NULL: printed why not */
/* A file of the installation that this program is of: "share/..."; NULL if that cannot be told. */
const char *ctl_installed(struct ctl *, const char *path);
int ctl_complain(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* CTL_USAGE */

/* Of digits only, as ids are. */
static inline bool is_number(const char *s)
{
	return *s && !s[strspn(s, "0123456789")];
}
#endif
