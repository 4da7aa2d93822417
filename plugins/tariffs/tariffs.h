/* The plugin's own: what its files share. */
#ifndef TARIFFS_TARIFFS_H
#define TARIFFS_TARIFFS_H
#include <busbar/rest.h>
#include <busbar/scripts.h>

struct config {
	int64_t idle_below_w, price_timeout_ms;
};

/* In the order of query_names in plugin.c. */
enum query {
	Q_FACTS,
	Q_READINGS,
	Q_STATUSES,
	Q_TARIFFS_FOR,
	Q_PRICE,
	Q_DROP_LINES,
	Q_ADD_LINE,
	Q_DROP_PARTS,
	Q_ADD_PART,
	Q_KEEP_FACTS,
	Q_PRICE_FAILED,
	Q_PRICE_WANTED,
	Q_PRICE_EVIDENCE,
	Q_PRICE_SOURCES,
	Q_STORED_LINES,
	Q_DIFF_LIST,
	Q_LIST,
	Q_GET,
	Q_INSERT,
	Q_VERSION_FIRST,
	Q_LOCK,
	Q_UPDATE,
	Q_VERSION_NEXT,
	Q_VERSION_GET,
	Q_DELETE,
	Q_ASSIGNMENTS_DROP,
	Q_VERSIONS,
	Q_ASSIGN,
	Q_ASSIGNED,
	Q_ASSIGNMENTS,
	Q_UNASSIGN,
	Q_COUNT_OF
};

struct tariffs {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	const struct bb_scripts *scripts; /* NULL: operators have none */
};

/* price_transaction.c: the task. price_hook.c: the last answer to `price`. */
bb_call_fn price_transaction, price_hook;

/* A tariff's script with what it is given. */
struct source {
	const char *operator_id;
	const char *name, *version; /* of the script, for messages and as bb_script has them */
	const char *text;
	size_t len;
	const char *currency;
	const struct bb_json *settings; /* an object */
};
/* The bill, checked; or NULL and what is wrong, naming script and line. Both live in the arena. */
typedef void bill_fn(void *arg, const struct bb_json *bill, const char *error);
/* run.c: prices a session. fn may run before this returns. */
void run_tariff(struct tariffs *, struct bb_arena *, const struct source *,
		const struct bb_json *session, bill_fn *fn, void *arg);
/* Has the operator's scripts price a session, as by the hook. fn as of run_tariff(). */
void run_scripts(struct tariffs *, struct bb_arena *, const struct bb_script *,
		 const struct bb_json *session, bill_fn *fn, void *arg);
/* From the columns currency, source, settings, and id and version, which name the script. */
struct source source_of_row(const struct tariffs *, struct bb_arena *, const struct bb_rows *,
			    uint32_t row, const char *operator_id);

/* parts_run.c: a session, or each part of it from its `from_ms` on, by its own tariff. The bill is
 * an answer to the hook `price`. fn as of run_tariff(). */
struct priced_part {
	struct source source;
	int64_t id, version;
	int64_t from_ms;
	const char *title; /* of the tariff, for errors */
};
void parts_run(struct tariffs *, struct bb_arena *, const struct bb_json *session,
	       const struct priced_part *, size_t count, bill_fn *fn, void *arg);
/* A text as JSON, or NULL. A settings column as an object. */
const struct bb_json *run_parsed(const struct tariffs *, struct bb_arena *, const char *text);
const struct bb_json *run_settings(const struct tariffs *, struct bb_arena *, const char *text);

/* tariff_read.c. tariff_show() ends a call with the tariff in the rows. */
bb_call_fn tariff_list, tariff_get, tariff_versions;
bb_rest_fn tariff_show;
const struct bb_json *tariff_json(const struct tariffs *, struct bb_arena *, const struct bb_rows *,
				  uint32_t row, bool with_source);
/* Reads the tariff that the path names, then goes on with `step`; BB_DONE with 404 if it names
 * none. `arg` is the handler's own, for r->arg. */
int tariff_find(struct bb_call *, struct tariffs *, bb_rest_fn *step, void *arg);

/* draft.c: a tariff as a body wants it, before it is stored. */
struct draft {
	const char *operator_id;
	struct bb_val name, active, valid_from, valid_until;
	const char *currency, *bundled, *source;
	const char *applies; /* NULL: the body does not say */
	size_t source_len;
	const struct bb_json *settings;
};
/* What the body leaves out is as in `before` (NULL: as for a new one). False: the body is wrong,
 * and `ret_path` and `ret_rule` say where and how. */
bool draft_read(const struct tariffs *, struct bb_arena *, const struct bb_json *body,
		const struct bb_json *before, struct draft *ret, const char **ret_path,
		const char **ret_rule);
/* Prices sample sessions with it. fn as of run_tariff(). */
void draft_try(struct tariffs *, struct bb_arena *, const struct draft *, bill_fn *fn, void *arg);
struct source draft_source(const struct tariffs *, struct bb_arena *, const struct draft *);

/* examples.c: an array of {"name", "description", "session"}; or the call has been answered. */
typedef void examples_fn(struct bb_rest *, const struct bb_json *examples);
void examples_read(struct bb_rest *, examples_fn *fn);

/* Columns of the query price_evidence. */
enum {
	EVIDENCE_ID,
	EVIDENCE_OPERATOR_ID,
	EVIDENCE_STATE,
	EVIDENCE_SESSION,
	EVIDENCE_CURRENCY,
	EVIDENCE_ACTIVATION
};

/* tariff_write.c, assignment.c, check.c, try.c, diff.c, price_again.c, price_check.c */
bb_call_fn tariff_create, tariff_put, tariff_delete;
bb_call_fn assignment_list, assignment_put, assignment_delete;
bb_call_fn tariff_check, tariff_try, tariff_examples, tariff_diff;
bb_call_fn price_again, price_check;
/* 422 with one fault: of a member, or of what a tariff did. */
void refuse(struct bb_rest *, const char *path, const char *rule);
void refuse_tariff(struct bb_rest *, const char *path, const char *error);
#endif
