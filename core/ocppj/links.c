#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "ocppj/internal.h"
#include "json/json.h"

#define ADMIT_MS 1000u
#define SETTLE_MS 2000u
#define BLAME_EVERY_MS 60000

struct link *link_ref(struct link *l)
{
	l->refs++;
	return l;
}

void link_unref(struct link *l)
{
	if (--l->refs)
		return;
	arena_free(l->quirks);
	free((char *)l->pub.ocpp);
	free((char *)l->pub.remote);
	free((char *)l->pub.operator_id);
	free((char *)l->pub.charge_point_id);
	free((char *)l->pub.client_cn);
	free(l);
}

int link_write(struct link *l, const char *text, size_t len)
{
	if (!l->net || l->superseded)
		return -EPIPE;
	counts_frame(&l->o->counts, COUNT_OUT, len);
	return net_send(l->net, text, len);
}

enum bb_level charger_blame(struct charger *c)
{
	int64_t now = clock_now_ms();
	if (c->warned_ms && now - c->warned_ms < BLAME_EVERY_MS)
		return BB_DEBUG;
	c->warned_ms = now;
	return BB_WARN;
}

/* Outlives the question if a handler answers later than it may. */
struct admission {
	struct link *link; /* NULL once nobody waits any more */
	int status;
	bool answered;
	const char *subprotocol; /* for a charger that offers none: one of ours, or NULL */
	int64_t retry_after_s;   /* of a refusal; 0: not said */
};

static int status_of(int err, const struct bb_json *v)
{
	if (err == -ENOENT)
		return 404;
	int64_t status = err ? 503 : bb_json_get_int(v, "status", 503);
	return status == 101 || (status >= 400 && status < 600) ? (int)status : 503;
}

/* Of those that we speak; NULL: none of them. */
static const char *subprotocol_of(const struct ocppj *o, const char *name)
{
	for (size_t i = 0; name && o->subprotocols[i]; i++)
		if (!strcmp(o->subprotocols[i], name))
			return o->subprotocols[i];
	return NULL;
}

/* Whoever answers `admit` without a word on it has let the charger in. */
static const char *registration_of(const char *text)
{
	return !strcmp(text, "pending")    ? "pending"
	       : !strcmp(text, "rejected") ? "rejected"
					   : "accepted";
}

static void on_admitted(int err, const struct bb_json *v, void *arg)
{
	struct admission *a = arg;
	if (!a->link) {
		free(a);
		return;
	}
	a->answered = true;
	a->status = status_of(err, v);
	a->retry_after_s = bb_json_get_int(v, "retry_after_s", 0);
	if (a->status != 101)
		return;
	a->link->pub.charger_id = bb_json_get_int(v, "charger_id", 0);
	a->link->pub.operator_id = mem_strdup(bb_json_get_str(v, "operator_id", "default"));
	quirks_learn(a->link, v);
	a->subprotocol = subprotocol_of(a->link->o, bb_json_get_str(v, "subprotocol", NULL));
	if (!a->subprotocol && a->link->no_subprotocol)
		a->subprotocol = a->link->o->subprotocols[0];
	a->link->pub.registration = registration_of(bb_json_get_str(v, "registration", ""));
}

static const struct bb_json *certificate_json(struct bb_arena *arena,
					      const struct net_certificate *c)
{
	if (!c)
		return NULL;
	char not_after[CLOCK_TEXT_SIZE];
	size_t len = clock_format(c->not_after_ms, not_after);
	struct bb_builder b = bb_build(arena);
	bb_put_str(&b, "common_name", c->common_name);
	bb_put_str(&b, "serial", c->serial);
	bb_put_str(&b, "fingerprint", c->fingerprint);
	bb_put_str(&b, "issuer", c->issuer);
	bb_put_str(&b, "not_after", bb_strndup(arena, not_after, len));
	return bb_build_object(&b);
}

static const struct bb_json *admit_question(struct bb_arena *arena, const struct net_upgrade *u)
{
	struct bb_builder b = bb_build(arena);
	bb_put_str(&b, "charge_point_id", u->identity);
	bb_put_str(&b, "authorization", u->authorization);
	bb_put_str(&b, "remote", u->remote);
	bb_put_str(&b, "subprotocol", u->subprotocol);
	bb_put_bool(&b, "tls", u->tls);
	bb_put_json(&b, "client_certificate", certificate_json(arena, u->certificate));
	return bb_build_object(&b);
}

/* 101 or the status to refuse with. */
static int admit(struct ocppj *o, const struct net_upgrade *u, struct link *l,
		 struct net_accept *ret)
{
	struct bb_arena *arena = ocppj_arena(o);
	struct admission *a = mem_zalloc(sizeof *a);
	a->link = l;
	int err =
	    host_ask_hook(o->host, "admit", admit_question(arena, u), ADMIT_MS, on_admitted, a);
	ocppj_arena_done(o, arena);
	int status = 503;
	if (!err && !a->answered) {
		log_line(BB_ERROR, "ocppj", "the hook admit did not answer at once");
		a->link = NULL;
		return status;
	}
	if (a->answered)
		status = a->status;
	ret->subprotocol = a->subprotocol;
	ret->retry_after_s = a->retry_after_s;
	free(a);
	return status;
}

int ocppj_upgrade(const struct net_upgrade *u, struct net_accept *ret, struct ocppj *o)
{
	if (o->draining || host_is_starting(o->host))
		return 503;
	struct link *l = mem_zalloc(sizeof *l);
	l->refs = 1;
	l->o = o;
	l->pub.charge_point_id = mem_strdup(u->identity);
	l->pub.remote = mem_strdup(u->remote);
	l->pub.tls = u->tls;
	if (u->certificate)
		l->pub.client_cn = mem_strdup(u->certificate->common_name);
	int status = admit(o, u, l, ret);
	if (status != 101) {
		link_unref(l);
		return status;
	}
	ret->user = l;
	return 0;
}

void link_settle(struct link *l)
{
	loop_deadline_clear(&l->settling);
	if (l->settled)
		return;
	l->settled = true;
	if (l->charger->link == l)
		commands_pump(l->o, l->charger);
}

static void on_settled(void *arg)
{
	link_settle(arg);
}

static void tell(struct ocppj *o, const char *topic, const struct link *l)
{
	struct bb_arena *arena = ocppj_arena(o);
	struct bb_builder b = bb_build(arena);
	bb_put_str(&b, "charge_point_id", l->pub.charge_point_id);
	bb_put_int(&b, "charger_id", l->pub.charger_id);
	bb_put_str(&b, "operator_id", l->pub.operator_id);
	bb_put_str(&b, "remote", l->pub.remote);
	host_emit(o->host, NULL, topic, bb_build_object(&b));
	ocppj_arena_done(o, arena);
}

void ocppj_opened(struct net_link *net, const char *subprotocol, void *user, struct ocppj *o)
{
	struct link *l = user;
	struct charger *c = charger_of(o, l->pub.charge_point_id);
	l->net = net;
	l->charger = c;
	l->pub.ocpp = mem_strdup(subprotocol);
	l->pub.connected_at_ms = l->pub.last_seen_ms = clock_now_ms();
	if (c->link) {
		log_line(BB_INFO, "ocppj", "charger %s connected again, the old link is closed",
			 c->id);
		c->link->superseded = true;
		commands_link_lost(o, c);
		net_close(c->link->net, 1000, "the charger has connected again");
	}
	c->link = l;
	o->links++;
	log_line(BB_INFO, "ocppj", "charger %s connected, remote %s", c->id, l->pub.remote);
	tell(o, "charger.connected", l);
	loop_deadline_set(o->loop, &l->settling, SETTLE_MS, on_settled, l);
}

void ocppj_alive(struct net_link *net, void *user, struct ocppj *o)
{
	(void)net;
	(void)o;
	((struct link *)user)->pub.last_seen_ms = clock_now_ms();
}

void ocppj_message(struct net_link *net, const char *text, size_t len, void *user, struct ocppj *o)
{
	struct link *l = user;
	(void)net;
	if (!o->draining && !l->superseded)
		frame_take(o, l, text, len);
}

void ocppj_closed(struct net_link *net, uint16_t code, void *user, struct ocppj *o)
{
	struct link *l = user;
	l->net = NULL;
	loop_deadline_clear(&l->settling);
	if (net) {
		o->links--;
		log_line(BB_INFO, "ocppj", "charger %s disconnected, code %u",
			 l->pub.charge_point_id, code);
		if (l->charger->link == l) {
			l->charger->link = NULL;
			l->charger->gone_ms = clock_now_ms();
			commands_link_lost(o, l->charger);
			tell(o, "charger.disconnected", l);
		}
	}
	link_unref(l);
}

uint32_t ocppj_link_count(const struct ocppj *o)
{
	return o->links;
}

struct each {
	bool (*fn)(const struct bb_link *, void *);
	void *arg;
	bool stop;
};

static void each_link(struct charger *c, void *arg)
{
	struct each *e = arg;
	if (c->link && !e->stop)
		e->stop = !e->fn(&c->link->pub, e->arg);
}

void ocppj_link_each(struct ocppj *o, bool (*fn)(const struct bb_link *, void *), void *arg)
{
	struct each e = {fn, arg, false};
	chargers_each(o, each_link, &e);
}

const struct bb_link *ocppj_link_find(struct ocppj *o, const char *charge_point_id)
{
	struct charger *c = charger_find(o, charge_point_id);
	return c && c->link ? &c->link->pub : NULL;
}

int ocppj_link_register(struct ocppj *o, const char *charge_point_id, const char *registration)
{
	struct charger *c = charger_find(o, charge_point_id);
	if (!c || !c->link)
		return -ENOTCONN;
	c->link->pub.registration = registration_of(registration);
	return 0;
}

int ocppj_link_close(struct ocppj *o, const char *charge_point_id, uint16_t code,
		     const char *reason)
{
	struct charger *c = charger_find(o, charge_point_id);
	if (!c || !c->link)
		return -ENOTCONN;
	net_close(c->link->net, code, reason);
	return 0;
}
