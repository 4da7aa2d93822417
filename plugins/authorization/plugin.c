/* Tokens, and the answer to `authorize`. */
#include <busbar/bulk.h>
#include <busbar/transfer.h>

#include "service.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define OF_OPERATOR "/api/admin/operators/{id}/authorization"
#define OF_STATION "/api/admin/stations/{id}"

static const struct bb_option options[] = {
    {"unknown", BB_OPT_ENUM, BB_RELOADABLE, offsetof(struct config, unknown), "invalid",
     "tokens that nobody registered: invalid; accept; pass: the next handler of `authorize` "
     "decides; ask: the operator's service, where there is one",
     0, 0, "invalid|accept|pass|ask"},
    {"max_active", BB_OPT_INT, BB_RELOADABLE, offsetof(struct config, max_active), "0",
     "most transactions at once of a token that does not say, where its operator does not either; "
     "0: no limit",
     0, 1000000, NULL},
    {"service_failures", BB_OPT_INT, BB_RELOADABLE, offsetof(struct config, service_failures), "3",
     "failures in a row of an operator's service, until it is left alone", 1, 1000, NULL},
    {"service_pause", BB_OPT_MSEC, BB_RELOADABLE, offsetof(struct config, service_pause_ms), "15s",
     "for how long; then one question tries it", 50, 3600000, NULL},
};

static const struct bb_route routes[] = {
    {"GET", "/api/admin/tokens", SEE, token_list, "Tokens", NULL, "rest/token_list",
     "limit cursor id_tag parent_id_tag user_id status type", BB_OWNER, 0},
    {"POST", "/api/admin/tokens", CHANGE, token_create, "Register a token", "rest/token_new",
     "rest/token", NULL, BB_OWNER, 0},
    {"GET", "/api/admin/tokens/{id_tag}", SEE, token_get, "A token", NULL, "rest/token",
     "operator_id", BB_OWNER, 0},
    {"PUT", "/api/admin/tokens/{id_tag}", CHANGE, token_put,
     "Change a token; members left out stay as they are", "rest/token_put", "rest/token",
     "operator_id", BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", "/api/admin/tokens/{id_tag}", CHANGE, token_delete, "Remove a token", NULL, NULL,
     "operator_id", BB_OWNER, 0},
    {"GET", OF_OPERATOR, SEE, settings_get, "Whom an operator's chargers take", NULL,
     "rest/authorization", NULL, BB_OWNER, 0},
    {"PUT", OF_OPERATOR, CHANGE, settings_put, "Settle it; members left out stay as they are",
     "rest/authorization_put", "rest/authorization", NULL, BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"GET", OF_OPERATOR "/answers", SEE, answer_list,
     "What the operator's service has said and still holds", NULL, "rest/authorization_answer_list",
     "limit cursor id_tag", BB_OWNER, 0},
    {"POST", OF_OPERATOR "/clear-cache", CHANGE, answers_clear,
     "Forget what the service has said; have chargers clear their caches as well",
     "rest/authorization_clear", "rest/authorization_cleared", NULL, BB_OWNER, 0},
    {"GET", OF_STATION "/authorization", SEE, station_get, "Whom a station's chargers take", NULL,
     "rest/station_authorization", NULL, BB_OWNER, 0},
    {"PUT", OF_STATION "/authorization", CHANGE, station_put,
     "Settle it; members left out stay as they are", "rest/station_authorization_put",
     "rest/station_authorization", NULL, BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"GET", OF_STATION "/tokens", SEE, station_token_list,
     "The tokens and groups that a station's list names", NULL, "rest/station_token_list",
     "limit cursor rule", BB_OWNER, 0},
    {"PUT", OF_STATION "/tokens/{id_tag}", CHANGE, station_token_put,
     "Put a token or a group on a station's list", "rest/station_token_put", "rest/station_token",
     NULL, BB_OWNER, 0},
    {"DELETE", OF_STATION "/tokens/{id_tag}", CHANGE, station_token_delete, "Take it off the list",
     NULL, NULL, NULL, BB_OWNER, 0},
};

static const struct bb_question questions[] = {
    {"authorize", "closed", "hooks/authorize", "may this token charge?"},
};
static const struct bb_luafn functions[] = {
    {"lookup", "(id_tag)", "what is stored of the operator's token, nil if it is not registered",
     lookup},
};
static const struct bb_hook hooks[] = {{"authorize", 1000, authorize}};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_AUTHORIZE] = "authorize",
    [Q_AUTHORIZE_PLAIN] = "authorize_plain",
    [Q_SETTLED] = "operator_settled",
    [Q_LIST] = "token_list",
    [Q_FIND] = "token_find",
    [Q_GET] = "token_get",
    [Q_INSERT] = "token_insert",
    [Q_UPDATE] = "token_update",
    [Q_DELETE] = "token_delete",
    [Q_CHANGED] = "token_changed",
    [Q_BECAME_VALID] = "tokens_became_valid",
    [Q_SETTINGS] = "settings",
    [Q_SETTINGS_PUT] = "settings_put",
    [Q_STATION] = "station",
    [Q_STATION_PUT] = "station_put",
    [Q_STATION_TOKEN_LIST] = "station_token_list",
    [Q_STATION_TOKEN_GET] = "station_token_get",
    [Q_STATION_LISTED] = "station_listed",
    [Q_STATION_TOKEN_PUT] = "station_token_put",
    [Q_STATION_TOKEN_DELETE] = "station_token_delete",
    [Q_ANSWER_PUT] = "answer_put",
    [Q_ANSWERS_FORGET] = "answers_forget",
    [Q_ANSWERS_EXPIRE] = "answers_expire",
    [Q_ANSWER_LIST] = "answer_list",
};

static const char *const needs[] = {"transactions/1", "chargers/1", NULL};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct authorization filled = {.me = me, .api = api, .cfg = cfg};
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	return err ? err : bb_keep(&filled, sizeof filled, self);
}

static int start(void *self)
{
	struct authorization *p = self;
	p->transfer = p->api->service(p->me, "transfer/1", sizeof *p->transfer);
	p->bulk = p->api->service(p->me, "bulk/1", sizeof *p->bulk);
	return upkeep_start(p);
}

static void stop(void *self)
{
	upkeep_stop(self);
}

static int reload(void *self, const void *cfg)
{
	struct authorization *p = self;
	p->cfg = cfg;
	return 0;
}

static void fini(void *self)
{
	service_free_all(self);
	free(self);
}

static const struct {
	uint32_t size;
} service = {sizeof service};

BB_PLUGIN(authorization, .version = "1.0", .needs = needs, .gives = "authorization/1",
	  .service = &service, .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .routes = BB_TABLE(route, routes),
	  .questions = BB_TABLE(question, questions), .hooks = BB_TABLE(hook, hooks),
	  .lua = BB_TABLE(luafn, functions), .init = init, .start = start, .stop = stop,
	  .reload = reload, .fini = fini);
