/* The service "users/1". */
#include "address.h"
#include "roles.h"
#include "users.h"

/* The plugin's only instance: a service's functions are asked without one. */
static struct users *the;

void service_open(struct users *p)
{
	the = p;
}

struct telling {
	bb_user_fn *fn;
	void *arg;
};

/* In the order of the queries' columns. */
static struct bb_user user_of(const struct bb_rows *rows)
{
	return (struct bb_user){
	    .id = bb_cell_text(rows, 0, 0),
	    .operator_id = bb_cell_text(rows, 0, 1),
	    .email = bb_cell_text(rows, 0, 2),
	    .name = bb_cell_text(rows, 0, 3),
	    .role = bb_cell_text(rows, 0, 4),
	    .language = bb_cell_text(rows, 0, 5),
	    .issuer = bb_cell_text(rows, 0, 6),
	    .subject = bb_cell_text(rows, 0, 7),
	    .disabled = strcmp(bb_cell_text(rows, 0, 8), "disabled") == 0,
	};
}

static void tell(int err, const struct bb_rows *rows, void *arg)
{
	const struct telling *t = arg;
	if (!err && !rows->rows)
		err = -ENOENT;
	if (err) {
		t->fn(err, NULL, t->arg);
		return;
	}
	const struct bb_user user = user_of(rows);
	t->fn(0, &user, t->arg);
}

static void tell_and_free(int err, const struct bb_rows *rows, void *arg)
{
	struct telling t = *(struct telling *)arg;
	free(arg);
	tell(err, rows, &t);
}

static void read_one(enum query q, uint32_t n, const struct bb_val *v, bb_user_fn *fn, void *arg)
{
	struct telling *t = malloc(sizeof *t);
	if (!t)
		abort();
	*t = (struct telling){fn, arg};
	bb_read(the->api, the->me, the->q[q], n, v, tell_and_free, t);
}

static void find(const char *id, bb_user_fn *fn, void *arg)
{
	const struct bb_val v[] = {bb_text(id)};
	read_one(Q_SERVICE_FIND, 1, v, fn, arg);
}

static void find_subject(const char *issuer, const char *subject, bb_user_fn *fn, void *arg)
{
	const struct bb_val v[] = {bb_text(issuer), bb_text(subject)};
	read_one(Q_SERVICE_FIND_SUBJECT, 2, v, fn, arg);
}

static bool fits(const struct bb_user_subject *s)
{
	enum role_operator of;
	if (!s->issuer || !s->subject || !s->name || !s->role || !role_find(s->role, &of))
		return false;
	return of == ROLE_OF_ANY || (of == ROLE_OF_ONE) == (s->operator_id != NULL);
}

static void add_create(struct bb_unit *unit, struct bb_arena *a, const struct bb_user_subject *s,
		       struct bb_val now)
{
	const struct bb_api *api = the->api;
	const char *email = s->email && address_is_valid(s->email) ? s->email : NULL;
	const struct bb_val v[] = {
	    bb_text(api->new_id(a)),
	    bb_text(s->operator_id),
	    bb_text(email),
	    bb_text(email ? address_key(a, email) : NULL),
	    bb_text(s->name),
	    bb_text(s->role),
	    bb_text(s->language),
	    bb_text(s->issuer),
	    bb_text(s->subject),
	    bb_text(s->made_by),
	    now,
	};
	api->add(unit, the->q[Q_SERVICE_CREATE], sizeof v / sizeof *v, v, NULL, NULL);
}

static int provide(struct bb_unit *unit, struct bb_arena *a, const struct bb_user_subject *s,
		   bb_user_fn *fn, void *arg)
{
	const struct bb_api *api = the->api;
	if (!fits(s))
		return -EINVAL;
	const struct bb_val now = bb_now(api, a);
	api->add(unit, the->q[Q_ADMINS_LOCK], 0, NULL, NULL, NULL);
	add_create(unit, a, s, now);
	const struct bb_val v[] = {bb_text(s->issuer), bb_text(s->subject), bb_text(s->operator_id),
				   bb_text(s->name),   bb_text(s->role),    now};
	if (s->follow)
		api->add(unit, the->q[Q_SERVICE_FOLLOW], sizeof v / sizeof *v, v, NULL, NULL);
	struct telling *t = bb_alloc(a, sizeof *t);
	*t = (struct telling){fn, arg};
	api->add(unit, the->q[Q_SERVICE_FIND_SUBJECT], 2, v, fn ? tell : NULL, t);
	return 0;
}

static void set_disabled(struct bb_unit *unit, struct bb_arena *a, const char *issuer,
			 const char *subject, bool disabled)
{
	const struct bb_api *api = the->api;
	const struct bb_val v[] = {bb_text(issuer), bb_text(subject),
				   bb_text(disabled ? "disabled" : "active"), bb_now(api, a)};
	api->add(unit, the->q[Q_ADMINS_LOCK], 0, NULL, NULL, NULL);
	api->add(unit, the->q[Q_SERVICE_STATE], 4, v, NULL, NULL);
	api->add(unit, the->q[Q_SERVICE_END_SESSIONS], 2, v, NULL, NULL);
}

const struct bb_users users_service = {sizeof users_service, find, find_subject, provide,
				       set_disabled};
