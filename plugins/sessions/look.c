/* One look at a running session: its price so far, then the question `tick`. */
#include "sessions.h"

#define NEXT_MOST_S 3600

struct looking {
	struct sessions *plugin;
	struct running *running;
	struct bb_arena *arena;
	struct bb_builder question;
	const struct bb_json *asked;
	const char *currency;
};

static void end(void *arg)
{
	struct looking *l = arg;
	struct sessions *p = l->plugin;
	struct running *r = l->running;
	p->api->arena_free(l->arena);
	done(p, r);
}

static void on_tick(int err, const struct bb_json *v, void *arg)
{
	struct looking *l = arg;
	struct sessions *p = l->plugin;
	int64_t next_s = err ? 0 : bb_json_get_int(v, "next_s", 0);
	if (next_s > 0)
		l->running->next_ms =
		    p->api->now_ms() + 1000 * (next_s < NEXT_MOST_S ? next_s : NEXT_MOST_S);
	if (err || !bb_json_get_bool(v, "cut_off", false) || p->stopping) {
		end(l);
		return;
	}
	const struct decision d = {bb_json_get_str(v, "by", "policy"),
				   bb_json_get_str(v, "reason", NULL), l->asked};
	cut_off(p, l->running, &d, end, l);
}

/* What `tick` is asked about, for those who watch. */
static void tell(struct looking *l)
{
	static const char *const members[] = {"transaction_id", "operator_id", "connector_id",
					      "id_tag",         "user_id",     "started_at",
					      "energy_wh",      "power_w",     "price_so_far_minor",
					      "currency"};
	struct sessions *p = l->plugin;
	struct bb_builder b = bb_build(l->arena);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		bb_put_json(&b, members[i], bb_json_get(l->asked, members[i]));
	bb_put_int(&b, "charger_id", l->running->charger_id);
	bb_put_str(&b, "state", "active");
	p->api->emit(p->me, NULL, "transaction.updated", bb_build_object(&b));
}

static void ask(struct looking *l)
{
	struct sessions *p = l->plugin;
	l->asked = bb_build_object(&l->question);
	tell(l);
	int err = p->api->ask_hook(p->me, "tick", l->asked, (uint32_t)p->cfg->tick_timeout_ms,
				   on_tick, l);
	if (err < 0)
		on_tick(err, NULL, l);
}

static void on_wallet(int err, const struct bb_wallet *w, void *arg)
{
	struct looking *l = arg;
	if (!err && !strcmp(w->currency, l->currency))
		bb_put_int(&l->question, "balance_minor", w->balance_minor);
	ask(l);
}

/* A value's own copy: it is made of what goes when its maker's callback returns. */
static const struct bb_json *kept(const struct looking *l, const struct bb_json *v)
{
	const struct bb_json *copy = NULL;
	size_t len;
	const char *text = l->plugin->api->json_write(l->arena, v, &len);
	l->plugin->api->json_parse(l->arena, text, len, &copy, NULL);
	return copy;
}

static void put_session(struct looking *l, const struct bb_json *session)
{
	static const char *const members[] = {
	    "transaction_id", "operator_id",   "station", "charger",   "connector_id",
	    "id_tag",         "parent_id_tag", "user_id", "time_zone", "started_at",
	    "duration_s",     "charging_s",    "idle_s",  "energy_wh"};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		bb_put_json(&l->question, members[i], bb_json_get(session, members[i]));
}

static void on_price(int err, const struct bb_running_price *price, void *arg)
{
	struct looking *l = arg;
	struct sessions *p = l->plugin;
	if (err || p->stopping) {
		l->running->over |= err == -ENOENT;
		end(l);
		return;
	}
	const struct bb_json *session = kept(l, price->session);
	const struct bb_json *bill = price->bill ? kept(l, price->bill) : NULL;
	const char *user_id = bb_json_get_str(session, "user_id", NULL);
	if (price->error && !l->running->unpriced)
		p->api->log(p->me, BB_WARN, "transaction %lld has no price so far: %s",
			    (long long)l->running->transaction_id, price->error);
	l->running->unpriced = price->error != NULL;
	put_session(l, session);
	bb_put(&l->question, "power_w",
	       price->power_w < 0 ? bb_json_make_null() : bb_json_make_int(price->power_w));
	bb_put_json(&l->question, "price_so_far_minor", bb_json_get(bill, "total_minor"));
	bb_put_json(&l->question, "currency", bb_json_get(bill, "currency"));
	bb_put_json(&l->question, "lines", bb_json_get(bill, "lines"));
	l->currency = bb_json_get_str(bill, "currency", "");
	if (p->wallets && user_id)
		p->wallets->find(bb_json_get_str(session, "operator_id", ""), user_id, on_wallet,
				 l);
	else
		ask(l);
}

void look(struct sessions *p, struct running *r)
{
	struct bb_arena *a = p->api->arena_new();
	struct looking *l = bb_alloc(a, sizeof *l);
	*l = (struct looking){.plugin = p, .running = r, .arena = a, .question = bb_build(a)};
	p->tariffs->price_running(r->transaction_id, on_price, l);
}
