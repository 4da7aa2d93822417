#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "ocppj/internal.h"
#include "json/json.h"

struct link *link_ref(struct link *l)
{
	l->refs++;
	return l;
}

void link_unref(struct link *l)
{
	if (--l->refs)
		return;
	free((char *)l->pub.ocpp);
	free((char *)l->pub.remote);
	free((char *)l->pub.operator_id);
	free((char *)l->pub.charge_point_id);
	free(l);
}

int link_write(struct link *l, const char *text, size_t len)
{
	if (!l->net || l->superseded)
		return -EPIPE;
	return net_send(l->net, text, len);
}

struct admission {
	struct link *link;
	int status;
	bool answered;
};

static void on_admitted(int err, const struct bb_json *v, void *arg)
{
	struct admission *a = arg;
	a->answered = true;
	a->status = err ? 503 : (int)bb_json_get_int(v, "status", 503);
	if (err == -ENOENT)
		a->status = 404;
	if (a->status != 101)
		return;
	a->status = 0;
	a->link->pub.charger_id = bb_json_get_int(v, "charger_id", 0);
	a->link->pub.operator_id = mem_strdup(bb_json_get_str(v, "operator_id", "default"));
	const char *mode = bb_json_get_str(v, "validation", "strict");
	a->link->pub.validation = strcmp(mode, "lenient") != 0 ? "strict" : "lenient";
}

int ocppj_upgrade(const struct net_upgrade *u, void **ret_user, struct ocppj *o)
{
	struct link *l = mem_zalloc(sizeof *l);
	l->refs = 1;
	l->pub.charge_point_id = mem_strdup(u->identity);
	l->pub.remote = mem_strdup(u->remote);
	struct bb_arena *arena = ocppj_arena(o);
	struct bb_builder b = bb_build(arena);
	bb_put_str(&b, "charge_point_id", u->identity);
	bb_put_str(&b, "authorization", u->authorization);
	bb_put_str(&b, "remote", u->remote);
	bb_put_bool(&b, "tls", u->tls);
	struct admission a = {.link = l, .status = 503};
	host_ask_hook(o->host, "admit", bb_build_object(&b), 1, on_admitted, &a);
	ocppj_arena_done(o, arena);
	if (o->draining)
		a.status = 503;
	if (a.status)
		link_unref(l);
	else
		*ret_user = l;
	return a.status;
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
	commands_pump(o, c);
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
		inbound_take(o, l, text, len);
}

void ocppj_closed(struct net_link *net, uint16_t code, void *user, struct ocppj *o)
{
	struct link *l = user;
	l->net = NULL;
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

int ocppj_link_close(struct ocppj *o, const char *charge_point_id, uint16_t code,
		     const char *reason)
{
	struct charger *c = charger_find(o, charge_point_id);
	if (!c || !c->link)
		return -ENOTCONN;
	net_close(c->link->net, code, reason);
	return 0;
}
