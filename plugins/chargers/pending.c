#include "pending.h"

bool pending_next(const char **at, struct pending_password *ret)
{
	if (!*at || !**at)
		return false;
	char *rest;
	ret->id = strtoll(*at, &rest, 10);
	const char *state = *rest == ':' ? rest + 1 : "", *hash = strchr(state, ':');
	size_t len = hash ? strcspn(hash + 1, " ") : 0;
	if (!len || len >= sizeof ret->hash)
		return false;
	ret->state = *state;
	memcpy(ret->hash, hash + 1, len);
	ret->hash[len] = '\0';
	*at = hash + 1 + len + (hash[1 + len] == ' ');
	return true;
}

/* The row as it is now: the last statement of every unit here. */
static void on_row(int err, const struct bb_rows *rows, void *arg)
{
	struct chargers *p = arg;
	if (!err)
		sync_rows(p, rows);
}

static void finish(struct chargers *p, struct bb_unit *u, const struct charger *c)
{
	const struct bb_val v[] = {bb_i64(c->facts.id)};
	p->api->add(u, p->q[Q_LOAD_ONE], 1, v, on_row, p);
	p->api->commit(u, NULL, NULL);
}

static const char *now_text(struct chargers *p, struct bb_arena *a)
{
	return p->api->time_format(a, p->api->now_ms());
}

/* What is left of the list without those up to `id` and, if `open`, without the open ones. */
static const char *without(struct bb_arena *a, const char *list, int64_t id, bool open)
{
	static const char *const states[] = {"asked", "open", "taken"};
	const char *left = NULL;
	struct pending_password w;
	while (pending_next(&list, &w)) {
		if (w.id <= id || (open && w.state == 'o'))
			continue;
		const char *state = states[w.state == 'o' ? 1 : w.state == 't' ? 2 : 0];
		left = bb_printf(a, "%s%s%lld:%s:%s", left ? left : "", left ? " " : "",
				 (long long)w.id, state, w.hash);
	}
	return left;
}

/* At once in memory, so that the next connection finds it; storage follows. */
static void remember(struct chargers *p, struct charger *c, const struct facts *f)
{
	registry_put(&p->registry, f, c->generation);
}

void pending_use(struct chargers *p, struct charger *c, const struct pending_password *w)
{
	struct bb_arena *a = p->api->arena_new();
	struct facts f = c->facts;
	f.password_hash = w->hash;
	f.pending = without(a, f.pending, w->id, false);
	struct bb_unit *u = p->api->begin(p->me);
	const struct bb_val v[] = {bb_i64(f.id), bb_i64(w->id), bb_text(now_text(p, a))};
	p->api->add(u, p->q[Q_PENDING_USE], 3, v, NULL, NULL);
	p->api->add(u, p->q[Q_PENDING_DROP_UP_TO], 2, v, NULL, NULL);
	remember(p, c, &f);
	finish(p, u, c);
	p->api->log(p->me, BB_INFO, "charger uses its new password charge_point_id=%s",
		    c->facts.charge_point_id);
	p->api->arena_free(a);
}

void pending_refute(struct chargers *p, struct charger *c)
{
	struct bb_arena *a = p->api->arena_new();
	struct facts f = c->facts;
	f.pending = without(a, f.pending, 0, true);
	struct bb_unit *u = p->api->begin(p->me);
	const struct bb_val v[] = {bb_i64(f.id), bb_text(now_text(p, a))};
	p->api->add(u, p->q[Q_PENDING_DROP_OPEN], 1, v, NULL, NULL);
	p->api->add(u, p->q[Q_TOUCH], 2, v, NULL, NULL);
	remember(p, c, &f);
	finish(p, u, c);
	p->api->arena_free(a);
}

void pending_promote_profile(struct chargers *p, struct charger *c)
{
	struct bb_arena *a = p->api->arena_new();
	struct facts f = c->facts;
	f.security_profile = f.pending_profile;
	f.pending_profile = 0;
	struct bb_unit *u = p->api->begin(p->me);
	const struct bb_val v[] = {bb_i64(f.id), bb_i64(f.security_profile),
				   bb_text(now_text(p, a))};
	p->api->add(u, p->q[Q_PROFILE_USE], 3, v, NULL, NULL);
	remember(p, c, &f);
	finish(p, u, c);
	p->api->log(p->me, BB_INFO,
		    "charger has raised its security profile charge_point_id=%s "
		    "profile=%lld",
		    c->facts.charge_point_id, (long long)c->facts.security_profile);
	p->api->arena_free(a);
}
