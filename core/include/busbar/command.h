/* What REST routes that command a charger share: send the command, wait for its end as long as
 * the caller asked, answer 200, 202, 409, 422 or 503. Inline, over the api that init() got. */
#ifndef BUSBAR_COMMAND_H
#define BUSBAR_COMMAND_H
#include <busbar/chargers.h>
#include <busbar/rest.h>

#define BB_WAIT_DEFAULT_S 30
#define BB_WAIT_SLACK_MS 5000
#define BB_QUEUED_MS \
	86400000u /* how long a command waits for its charger, unless the caller says */

/* What a body may say of every command: {"wait_s": 30, "if_offline": "fail" | "queue"}. */
static inline int64_t bb_command_wait_ms(const struct bb_json *body)
{
	return bb_json_get_int(body, "wait_s", BB_WAIT_DEFAULT_S) * 1000;
}

/* May the command wait for a charger that is not connected? */
static inline bool bb_command_may_queue(const struct bb_json *body)
{
	return !strcmp(bb_json_get_str(body, "if_offline", "fail"), "queue");
}

/* A command's deadline: the body's `deadline_s`, or else a day for a charger that is not connected.
 */
static inline uint32_t bb_command_deadline_ms(const struct bb_api *api, const struct bb_json *body,
					      const char *charge_point_id)
{
	int64_t asked_s = bb_json_get_int(body, "deadline_s", 0);
	if (asked_s)
		return (uint32_t)asked_s * 1000u;
	return api->link_find(charge_point_id) ? 0 : BB_QUEUED_MS;
}

/* Like bb_rest_later(), with a time-out that the body's `wait_s` fits in. */
static inline struct bb_rest *bb_command_later(const struct bb_api *api, struct bb *me,
					       struct bb_call *call, void *self)
{
	struct bb_arena *a = api->arena(call);
	struct bb_rest *r = (struct bb_rest *)bb_zalloc(a, sizeof *r);
	uint32_t ms = (uint32_t)bb_command_wait_ms(api->payload(call)) + BB_WAIT_SLACK_MS;
	*r = (struct bb_rest){.api = api, .me = me, .call = call, .arena = a, .self = self};
	r->reply = api->defer(call, ms, NULL, NULL);
	return r;
}

/* {"id": ..., "state": ..., "response": ... | null, "error": {"code" | null, "detail"} | null} */
static inline const struct bb_json *bb_command_json(struct bb_arena *a, const struct bb_command *c)
{
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "id", c->id);
	bb_put_str(&b, "state", c->state);
	bb_put_json(&b, "response", c->response);
	if (c->error_code || c->error_detail) {
		struct bb_builder e = bb_build(a);
		bb_put_str(&e, "code", c->error_code);
		bb_put_str(&e, "detail", c->error_detail);
		bb_put_json(&b, "error", bb_build_object(&e));
	} else {
		bb_put_json(&b, "error", NULL);
	}
	return bb_build_object(&b);
}

/* Makes the answer to the caller: when the command has ended, or when the wait is over. */
typedef const struct bb_json *bb_command_answer_fn(struct bb_rest *, const struct bb_command *);

/* One REST caller that waits for its command's end. It outlives the call when the wait is over
 * first, and ends with the command. */
struct bb_command_waiter {
	const struct bb_api *api;
	struct bb_reply *reply; /* NULL once answered */
	struct bb_rest *rest;   /* gone once answered */
	bb_command_answer_fn *answer;
	struct bb_slot *timer;
	const char *id, *state;
	bool stored, over; /* the wait is over: answer as soon as the command is in the database */
};

static inline const struct bb_json *
bb_command_answer(struct bb_command_waiter *w, struct bb_call *call, const struct bb_command *c)
{
	return w->answer ? w->answer(w->rest, c) : bb_command_json(w->api->arena(call), c);
}

/* 202 with the state so far; the command goes on. Never before its row is in the database. */
static inline void bb_command_answer_unfinished(struct bb_command_waiter *w)
{
	struct bb_reply *reply = w->reply;
	struct bb_call *call = w->api->call_of(reply);
	const struct bb_command c = {.id = w->id, .state = w->state};
	w->reply = NULL;
	w->api->set_status(call, 202);
	w->api->resolve(reply, bb_command_answer(w, call, &c));
}

/* It could not be stored: nothing was sent, and there is nothing to look at later. */
static inline void bb_command_answer_unstored(struct bb_command_waiter *w, int err)
{
	if (err == -EAGAIN || err == -ECANCELED)
		w->api->reject(w->reply, "503",
			       "storage is away, so the command was not sent; try again");
	else
		w->api->reject(w->reply, "500", "the command could not be stored");
}

/* The command has ended: answers who still waits, and frees the waiter. */
static inline void bb_command_on_end(struct bb_command_waiter *w, const struct bb_command *c)
{
	if (w->timer)
		w->api->release(w->timer);
	if (w->reply && c->unstored) {
		bb_command_answer_unstored(w, c->unstored);
	} else if (w->reply) {
		struct bb_call *call = w->api->call_of(w->reply);
		if (!strcmp(c->state, "queued")) /* the server stops; it stays in the table */
			w->api->set_status(call, 202);
		w->api->resolve(w->reply, bb_command_answer(w, call, c));
	}
	free(w);
}

static inline void bb_command_on_told(const struct bb_command *c, void *arg)
{
	struct bb_command_waiter *w = (struct bb_command_waiter *)arg;
	if (c->ended) {
		bb_command_on_end(w, c);
		return;
	}
	w->stored = true;
	if (w->over)
		bb_command_answer_unfinished(w);
}

/* `wait_s` is over before the command has ended. */
static inline void bb_command_on_wait_over(void *arg)
{
	struct bb_command_waiter *w = (struct bb_command_waiter *)arg;
	w->timer = NULL; /* it was released by firing */
	w->over = true;
	if (w->stored)
		bb_command_answer_unfinished(w);
}

/* Answers what ask_charger() refused: 409, 422 or 500. */
static inline void bb_command_refuse(struct bb_rest *r, int err, const struct bb_json *errors,
				     const char *charge_point_id)
{
	if (err == -EBADMSG) {
		r->api->set_errors(r->call, errors);
		bb_rest_fail(r, "422", "the payload breaks the action's schema");
	} else if (err == -ENOENT) {
		const struct bb_json *body = r->api->payload(r->call);
		bb_rest_fault(r->api, r->call, "action", "is no action that a charger is sent");
		bb_rest_fail(r, "422",
			     bb_printf(r->arena, "there is no action \"%s\" to send",
				       bb_json_get_str(body, "action", "")));
	} else if (err == -EOPNOTSUPP) {
		bb_rest_fail(r, "422", "NotSupported: no plugin here sends this action");
	} else if (err == -EPERM) {
		r->api->set_errors(r->call, errors);
		bb_rest_fail(r, "409", "this command may not be sent to the charger now");
	} else if (err == -ENOTCONN) {
		bb_rest_fail(r, "409",
			     bb_printf(r->arena, "charger %s is not connected", charge_point_id));
	} else {
		bb_rest_storage_failed(r, err);
	}
}

/* Sends the command and answers the call, now or later, in every case. `answer` NULL:
 * bb_command_json(). [loop] */
static inline void bb_command_run_with(struct bb_rest *r, const struct bb_ask *ask, int64_t wait_ms,
				       bb_command_answer_fn *answer)
{
	struct bb_command_waiter *w = (struct bb_command_waiter *)calloc(1, sizeof *w);
	const struct bb_json *errors = NULL;
	if (!w)
		abort();
	w->api = r->api;
	w->reply = r->reply;
	w->rest = r;
	w->answer = answer;
	w->state = r->api->link_find(ask->charge_point_id) ? "sent" : "queued";
	int err = r->api->ask_charger(r->me, ask, r->arena, &w->id, &errors, bb_command_on_told, w);
	if (err < 0) {
		free(w);
		bb_command_refuse(r, err, errors, ask->charge_point_id);
	} else if (wait_ms <= 0) {
		w->over = true;
	} else {
		w->timer =
		    r->api->timer(r->me, (uint64_t)wait_ms, false, bb_command_on_wait_over, w);
	}
}

static inline void bb_command_run(struct bb_rest *r, const struct bb_ask *ask, int64_t wait_ms)
{
	bb_command_run_with(r, ask, wait_ms, NULL);
}

/* A route on one charger, /api/admin/chargers/{id}/..., that waits for it to be found. */
struct bb_charger_route {
	struct bb_charger charger; /* first: what rest->arg points to later */
	void (*found)(struct bb_rest *);
};

static inline void bb_charger_found(int err, const struct bb_charger *c, uint32_t n, void *arg)
{
	struct bb_rest *r = (struct bb_rest *)arg;
	struct bb_charger_route *route = (struct bb_charger_route *)r->arg;
	if (err) {
		bb_rest_storage_failed(r, err);
	} else if (!n) {
		bb_rest_fail(r, "404", "there is no such charger");
	} else {
		route->charger = bb_charger_copy(r->arena, c);
		route->found(r);
	}
}

/* Finds the charger of the path's {id}, within the caller's operator, then calls `found`; 404 and
 * failures are answered here. `rest->arg` is a struct bb_charger then, `rest->self` is `self`. The
 * verdict of a handler. */
static inline int bb_on_charger(const struct bb_api *api, struct bb *me,
				const struct bb_chargers *chargers, struct bb_call *call,
				void *self, void (*found)(struct bb_rest *))
{
	int64_t id;
	if (!bb_parse_int(api->attr(call, "id"), &id)) {
		api->fail(call, "404", "there is no such charger");
		return BB_DONE;
	}
	struct bb_rest *r = bb_command_later(api, me, call, self);
	struct bb_charger_route *route =
	    (struct bb_charger_route *)bb_zalloc(r->arena, sizeof *route);
	route->found = found;
	r->arg = route;
	chargers->find(id, api->attr(call, "operator_id"), bb_charger_found, r);
	return BB_LATER;
}

/* Commands the charger that bb_on_charger() found, with the wait and the queueing that the body
 * asks for, and answers the call. deadline_ms, answer: as of bb_ask and bb_command_run_with(). */
static inline void bb_command_charger_with(struct bb_rest *r, const char *action,
					   const struct bb_json *payload, uint32_t deadline_ms,
					   bb_command_answer_fn *answer)
{
	const struct bb_charger *c = (const struct bb_charger *)r->arg;
	const struct bb_json *body = r->api->payload(r->call);
	const char *key_name = r->api->attr(r->call, "key_name");
	const struct bb_ask ask = {
	    .charge_point_id = c->charge_point_id,
	    .action = action,
	    .payload = payload,
	    .deadline_ms = deadline_ms,
	    .queue = bb_command_may_queue(body),
	    .requested_by = key_name ? key_name : "rest",
	    .operator_id = c->operator_id,
	};
	bb_command_run_with(r, &ask, bb_command_wait_ms(body), answer);
}

static inline void bb_command_charger(struct bb_rest *r, const char *action,
				      const struct bb_json *payload)
{
	bb_command_charger_with(r, action, payload, 0, NULL);
}
#endif
