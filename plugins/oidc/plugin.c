/* oidc: callers for whom an identity provider vouches, by OpenID Connect. */
#include "oidc.h"
#include "svix.h"

#define AT(member) offsetof(struct config, member)

static const struct bb_option options[] = {
    {"issuers", BB_OPT_STR, BB_RELOADABLE, AT(issuers), "",
     "JSON: the list of issuers and what their claims mean here; \"\": none", 0, 0, NULL},
    {"webhook_secrets", BB_OPT_STR, BB_RELOADABLE | BB_SECRET, AT(webhook_secrets), "",
     "the signing secrets of webhooks, \"name:whsec_...\" with spaces between them; several of one "
     "name while they are changed",
     0, 0, NULL},
    {"clock_skew", BB_OPT_MSEC, BB_RELOADABLE, AT(skew_ms), "60s",
     "how far an issuer's clock may be off", 0, 600000, NULL},
    {"keys_fresh", BB_OPT_MSEC, BB_RELOADABLE, AT(fresh_ms), "1h",
     "when keys are fetched again, if the issuer does not say", 100, 86400000, NULL},
    {"keys_fresh_least", BB_OPT_MSEC, BB_RELOADABLE, AT(fresh_least_ms), "1m",
     "and not before, whatever it says", 100, 86400000, NULL},
    {"keys_fresh_most", BB_OPT_MSEC, BB_RELOADABLE, AT(fresh_most_ms), "24h", "and not after", 100,
     7 * 86400000LL, NULL},
    {"keys_stale_most", BB_OPT_MSEC, BB_RELOADABLE, AT(stale_most_ms), "24h",
     "how long keys count while they cannot be fetched again", 100, 30 * 86400000LL, NULL},
    {"refetch", BB_OPT_MSEC, BB_RELOADABLE, AT(refetch_ms), "30s",
     "the least time between two fetches, be it for keys that are not known", 100, 3600000, NULL},
    {"timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(timeout_ms), "5s",
     "for each answer of an issuer; callers wait meanwhile", 100, 6000, NULL},
    {"tolerance", BB_OPT_MSEC, BB_RELOADABLE, AT(tolerance_ms), "5m",
     "how far a webhook's signed time may be from now, either way", 1000, 3600000, NULL},
};

static const struct bb_route routes[] = {
    {"POST", "/webhooks/identity/{name}", "public", webhook,
     "For identity providers: what they tell of their users, signed", NULL,
     "rest/identity_event_told", NULL, BB_OWNER, 0, 0, 0},
};

static const struct bb_hook hooks[] = {{"caller", 600, caller}};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_EVENT_FIND] = "event_find",     [Q_EVENT_INSERT] = "event_insert",
    [Q_EVENTS_SWEEP] = "events_sweep", [Q_GONE_PUT] = "gone_put",
    [Q_GONE_FIND] = "gone_find",
};

static const char *const needs[] = {"users/1", "transfer/1", NULL};

static bool has_sound_secrets(struct oidc *p, const struct config *cfg)
{
	struct bb_arena *a = p->api->arena_new();
	bool sound = svix_secrets_are_sound(a, cfg->webhook_secrets);
	p->api->arena_free(a);
	if (!sound)
		p->api->log(p->me, BB_ERROR,
			    "oidc.webhook_secrets is malformed: name:whsec_<base64>, of at least "
			    "16 bytes, with spaces between them");
	return sound;
}

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct oidc filled = {.me = me, .api = api, .cfg = cfg};
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	if (err)
		return err;
	filled.transfer = api->service(me, "transfer/1", sizeof *filled.transfer);
	filled.users = api->service(me, "users/1", sizeof *filled.users);
	if (!filled.transfer || !filled.users)
		return -ENOENT;
	if (!has_sound_secrets(&filled, cfg))
		return -EINVAL;
	filled.seen = calloc(1, sizeof *filled.seen);
	err = filled.seen ? bb_keep(&filled, sizeof filled, self) : -ENOMEM;
	if (err)
		free(filled.seen);
	return err;
}

static int start(void *self)
{
	struct oidc *p = self;
	p->issuers = issuers_read(p, p->cfg);
	if (!p->issuers)
		return -EINVAL;
	for (uint32_t i = 0; i < p->issuers->count; i++)
		keys_refresh(&p->issuers->list[i]);
	return 0;
}

static int reload(void *self, const void *cfg)
{
	struct oidc *p = self;
	const struct config *wanted = cfg;
	if (!has_sound_secrets(p, wanted))
		return -EINVAL;
	if (strcmp(wanted->issuers, p->cfg->issuers) != 0) {
		struct issuers *all = issuers_read(p, wanted);
		if (!all)
			return -EINVAL;
		all->before = p->issuers;
		p->issuers = all;
	}
	p->cfg = wanted;
	return 0;
}

static void fini(void *self)
{
	struct oidc *p = self;
	issuers_free(p, p->issuers);
	free(p->seen);
	free(p);
}

BB_PLUGIN(oidc, .version = "1.0", .needs = needs, .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .routes = BB_TABLE(route, routes),
	  .hooks = BB_TABLE(hook, hooks), .init = init, .start = start, .reload = reload,
	  .fini = fini);
