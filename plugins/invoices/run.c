/* The task invoice_run: some users at a time. What is invoiced has no sessions left, so a task that
 * runs again finds only those that are not. */
#include "run.h"
#include "issue.h"

#define USERS_AT_ONCE 20
#define INVOICES_MOST 50 /* of one user in one month */

/* Columns of the query run_get. */
enum { TOKEN = 2, STATE, FROM, TO, AFTER, DETAILS = 11 };

struct step {
	struct invoices *p;
	struct bb_reply *reply;
	struct bb_arena *arena;
	const char *operator_id, *month, *token;
	const char *from, *to, *after, *first_session_at;
	const char **users;
	uint32_t count, next, invoices;
	struct bb_unit *unit; /* the step's end: who was left out, how far it has come */
};

static void next_user(struct step *s);

static void done(struct step *s)
{
	s->p->api->resolve(s->reply, bb_json_empty(s->arena));
}

static void fail(struct step *s, const char *text)
{
	if (s->unit)
		s->p->api->rollback(s->unit);
	s->p->api->reject(s->reply, "StorageError", text);
}

static void on_committed(int err, const struct bb_rows *rows, void *arg)
{
	struct step *s = arg;
	(void)rows;
	s->unit = NULL;
	if (err)
		fail(s, "the step could not be stored");
	else
		done(s);
}

static void commit(struct step *s)
{
	bb_commit(s->p->api, s->unit, on_committed, s);
}

static void finish_run(struct step *s)
{
	const struct bb_val v[] = {bb_text(s->operator_id), bb_text(s->month), bb_text(s->token),
				   bb_now(s->p->api, s->arena)};
	s->unit = s->p->api->begin(s->p->me);
	s->p->api->add(s->unit, s->p->q[Q_RUN_DONE], 4, v, NULL, NULL);
	commit(s);
}

static void finish_step(struct step *s)
{
	const struct bb_api *api = s->p->api;
	const struct bb_val v[] = {bb_text(s->operator_id), bb_text(s->month), bb_text(s->token),
				   bb_text(s->users[s->count - 1])};
	struct bb_builder b = bb_build(s->arena);
	bb_put_str(&b, "operator_id", s->operator_id);
	bb_put_str(&b, "month", s->month);
	bb_put_str(&b, "token", s->token);
	api->add(s->unit, s->p->q[Q_RUN_ADVANCE], 4, v, NULL, NULL);
	api->enqueue(s->p->me, s->unit, RUN_TASK, bb_build_object(&b));
	commit(s);
}

/* "what a document must say is missing: recipient.name" */
static const char *reason(struct step *s, const struct issued *end)
{
	const char *path = bb_json_get_str(bb_json_at(end->errors, 0), "path", NULL);
	return path ? bb_printf(s->arena, "%s: %s", end->text, path) : end->text;
}

static void leave_out(struct step *s, const struct issued *end)
{
	const struct bb_val v[] = {bb_text(s->operator_id), bb_text(s->month),
				   bb_text(s->users[s->next]), bb_text(reason(s, end))};
	s->p->api->add(s->unit, s->p->q[Q_RUN_SKIP], 4, v, NULL, NULL);
}

static void invoice_user(struct step *s);

static void on_issued(const struct issued *end, void *arg)
{
	struct step *s = arg;
	if (end->id && ++s->invoices < INVOICES_MOST) {
		invoice_user(s); /* until there is nothing left of that user's */
		return;
	}
	if (end->status && *end->status == '5') {
		fail(s, end->text);
		return;
	}
	if (end->status)
		leave_out(s, end);
	s->next++;
	s->invoices = 0;
	next_user(s);
}

static void invoice_user(struct step *s)
{
	const struct issue_spec spec = {
	    .kind = "invoice",
	    .operator_id = s->operator_id,
	    .user_id = s->users[s->next],
	    .month = s->month,
	    .from = s->from,
	    .to = s->to,
	    .counted = true,
	};
	issue_begin(s->p, &spec, on_issued, s);
}

static void next_user(struct step *s)
{
	if (s->next < s->count)
		invoice_user(s);
	else
		finish_step(s);
}

static void on_users(int err, const struct bb_rows *rows, void *arg)
{
	struct step *s = arg;
	if (err) {
		fail(s, "the users could not be read");
		return;
	}
	if (!rows->rows) {
		finish_run(s);
		return;
	}
	s->users = bb_alloc(s->arena, rows->rows * sizeof *s->users);
	for (; s->count < rows->rows; s->count++)
		s->users[s->count] = bb_strdup(s->arena, bb_cell_text(rows, s->count, 0));
	s->unit = s->p->api->begin(s->p->me);
	next_user(s);
}

static const char *text(struct step *s, const struct bb_rows *rows, uint32_t column)
{
	const char *t = bb_cell_text(rows, 0, column);
	return t ? bb_strdup(s->arena, t) : NULL;
}

/* A run that was begun again has another token. */
static bool is_ours(const struct step *s, const struct bb_rows *rows)
{
	return rows->rows && !strcmp(bb_cell_text(rows, 0, TOKEN), s->token) &&
	       !strcmp(bb_cell_text(rows, 0, STATE), "running");
}

static void on_run(int err, const struct bb_rows *rows, void *arg)
{
	struct step *s = arg;
	const struct bb_api *api = s->p->api;
	if (err) {
		fail(s, "the run could not be read");
		return;
	}
	if (!is_ours(s, rows)) {
		done(s);
		return;
	}
	struct bb_json details = bb_cell_parsed(api, s->arena, bb_cell(rows, 0, DETAILS));
	s->first_session_at =
	    stored_time(api, s->arena, bb_json_get_str(&details, "first_session_at", NULL));
	s->from = text(s, rows, FROM);
	s->to = text(s, rows, TO);
	s->after = text(s, rows, AFTER);
	const struct bb_val v[] = {bb_text(s->operator_id), bb_text(s->after), bb_text(s->to),
				   bb_text(s->first_session_at), bb_i64(USERS_AT_ONCE)};
	err = api->read(s->p->me, s->p->q[Q_RUN_USERS], 5, v, on_users, s);
	if (err < 0)
		on_users(err, NULL, s);
}

int run_task(struct bb_call *call, void *self)
{
	struct invoices *p = self;
	const struct bb_json *payload = p->api->payload(call);
	struct step *s = bb_zalloc(p->api->arena(call), sizeof *s);
	*s = (struct step){
	    .p = p,
	    .arena = p->api->arena(call),
	    .operator_id = bb_json_get_str(payload, "operator_id", ""),
	    .month = bb_json_get_str(payload, "month", ""),
	    .token = bb_json_get_str(payload, "token", ""),
	};
	s->reply = p->api->defer(call, 0, NULL, NULL);
	const struct bb_val v[] = {bb_text(s->operator_id), bb_text(s->month)};
	bb_read(p->api, p->me, p->q[Q_RUN_GET], 2, v, on_run, s);
	return BB_LATER;
}
