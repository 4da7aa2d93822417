/* POST, PUT and DELETE of /api/admin/users. */
#include "address.h"
#include "hashing.h"
#include "wanted.h"

static void note_changed(int err, const struct bb_rows *rows, void *arg)
{
	struct wanted *w = arg;
	w->changed = !err && rows->rows;
}

static void created(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wanted *w = r->arg;
	(void)rows;
	if (!w->changed) {
		refuse(r, "operator_id", "names no operator");
		return;
	}
	bb_rest_made(r, "/api/admin/users", w->id);
	user_read_again(r, w->id);
}

static void insert(struct bb_rest *r)
{
	const struct users *p = r->self;
	struct wanted *w = r->arg;
	const struct bb_val now = bb_now(r->api, r->arena);
	const struct bb_val v[] = {
	    bb_text(w->id),
	    bb_text(w->operator_id),
	    w->email,
	    w->email_key,
	    w->name,
	    bb_text(w->role),
	    w->state,
	    w->language,
	    bb_text(r->api->attr(r->call, "key_name")),
	    now,
	};
	struct bb_unit *unit = r->api->begin(r->me);
	const struct bb_val password[] = {v[0], bb_text(w->password_hash), now, v[1]};
	r->api->add(unit, p->q[Q_INSERT], sizeof v / sizeof *v, v, note_changed, w);
	if (w->password_hash)
		r->api->add(unit, p->q[Q_PASSWORD_FIRST], 4, password, NULL, NULL);
	r->conflict = "another user has this id or e-mail address";
	bb_rest_commit(r, unit, created);
}

static void updated(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wanted *w = r->arg;
	(void)rows;
	if (w->changed)
		user_read_again(r, w->id);
	else if (w->drops_admin && !bb_rest_assumes(r))
		bb_rest_fail(r, "409", "this is the last active admin; make another one first");
	else
		bb_rest_stale(r, "the user has changed since the version in If-Match");
}

/* What goes with the change, before it, and only if it holds. */
static void add_following(struct bb_rest *r, struct bb_unit *unit, const struct wanted *w,
			  struct bb_val at)
{
	const struct users *p = r->self;
	const struct bb_val drops_admin = bb_i64(w->drops_admin);
	const struct bb_val links[] = {bb_text(w->id), r->if_match, drops_admin};
	const struct bb_val password[] = {links[0], bb_text(w->password_hash), at, r->if_match,
					  drops_admin};
	if (bb_json_get(r->api->payload(r->call), "email"))
		r->api->add(unit, p->q[Q_LINKS_REMOVE], 3, links, NULL, NULL);
	if (!w->password_hash)
		return;
	r->api->add(unit, p->q[Q_PASSWORD_PUT], 5, password, NULL, NULL);
	r->api->add(unit, p->q[Q_SESSIONS_END_OF_PUT], 2, password, NULL, NULL);
}

static void update(struct bb_rest *r)
{
	const struct users *p = r->self;
	struct wanted *w = r->arg;
	const struct bb_val id = bb_text(w->id), at = bb_changed_at(r->api, r->arena, w->before);
	const struct bb_val v[] = {
	    id,
	    r->if_match,
	    at,
	    bb_text(w->operator_id),
	    w->email,
	    w->email_key,
	    w->name,
	    bb_text(w->role),
	    w->state,
	    w->language,
	    bb_i64(w->drops_admin),
	};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_ADMINS_LOCK], 0, NULL, NULL, NULL);
	r->api->add(unit, p->q[Q_LOCK], 1, &id, NULL, NULL);
	add_following(r, unit, w, at);
	r->api->add(unit, p->q[Q_UPDATE], sizeof v / sizeof *v, v, note_changed, w);
	r->api->add(unit, p->q[Q_SESSIONS_END_OF_DISABLED], 1, &id, NULL, NULL);
	r->conflict = "another user has this e-mail address, or there is no such operator";
	bb_rest_commit(r, unit, updated);
}

static void store(struct bb_rest *r)
{
	const struct wanted *w = r->arg;
	if (w->before)
		update(r);
	else
		insert(r);
}

static void hashed(struct bb_rest *r, const struct hashing *h)
{
	struct wanted *w = r->arg;
	w->password_hash = h->made;
	store(r);
}

static void hash_and_store(struct bb_rest *r)
{
	const struct wanted *w = r->arg;
	if (w->password)
		hashing_make(r, w->password, hashed);
	else
		store(r);
}

int user_create(struct bb_call *call, void *self)
{
	struct users *p = self;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct wanted *w = bb_zalloc(r->arena, sizeof *w);
	const char *id = bb_json_get_str(p->api->payload(call), "id", NULL);
	r->arg = w;
	w->id = id ? id : p->api->new_id(r->arena);
	if (!user_id_is_valid(w->id))
		refuse(r, "id", "has other signs than letters, digits and . _ - + @ | :");
	else if (wanted_decide(r, w))
		hash_and_store(r);
	return BB_LATER;
}

static bool is_the_version(const struct bb_rest *r, const struct bb_json *before)
{
	return r->if_match.type == BB_NULL ||
	       !strcmp(r->if_match.s, bb_json_get_str(before, "updated_at", ""));
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	struct wanted *w = r->arg;
	w->before = user_json(r->arena, rows, 0, NULL);
	w->id = bb_json_get_str(w->before, "id", "");
	bb_rest_changing(r, w->before);
	if (!wanted_decide(r, w))
		return;
	if (is_the_version(r, w->before))
		hash_and_store(r);
	else
		bb_rest_fail(r, "412", "the user has changed since the version in If-Match");
}

int user_put(struct bb_call *call, void *self)
{
	struct users *p = self;
	return user_find(call, p, put_over, bb_zalloc(p->api->arena(call), sizeof(struct wanted)));
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		bb_rest_gone(r);
	else
		bb_rest_fail(r, "409", "this is the last active admin; make another one first");
}

static void delete_it(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct users *p = r->self;
	const struct bb_json *before = user_json(r->arena, rows, 0, NULL);
	if (!user_check_manage(r, bb_json_get_str(before, "role", "")))
		return;
	bb_set_before(r->api, r->call, before);
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_ADMINS_LOCK], 0, NULL, NULL, NULL);
	r->api->add(unit, p->q[Q_DELETE], 1, bb_cell(rows, 0, 0), NULL, NULL);
	bb_rest_commit(r, unit, deleted);
}

int user_delete(struct bb_call *call, void *self)
{
	return user_find(call, self, delete_it, NULL);
}
