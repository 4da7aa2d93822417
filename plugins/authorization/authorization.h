/* The plugin's own: what its files share. */
#ifndef AUTHORIZATION_AUTHORIZATION_H
#define AUTHORIZATION_AUTHORIZATION_H
#include <busbar/rest.h>

struct bb_bulk;
struct bb_transfer;
struct service;

struct config {
	const char *unknown; /* "invalid", "accept", "ask", "pass"; of operators that do not say */
	int64_t max_active;  /* of tokens that do not say; 0: no limit */
	int64_t service_failures, service_pause_ms;
};

/* In the order of query_names in plugin.c. */
enum query {
	Q_AUTHORIZE,
	Q_AUTHORIZE_PLAIN,
	Q_LIST,
	Q_FIND,
	Q_GET,
	Q_INSERT,
	Q_UPDATE,
	Q_DELETE,
	Q_CHANGED,
	Q_SETTLED,
	Q_BECAME_VALID,
	Q_SETTINGS,
	Q_SETTINGS_PUT,
	Q_STATION,
	Q_STATION_PUT,
	Q_STATION_TOKEN_LIST,
	Q_STATION_TOKEN_GET,
	Q_STATION_LISTED,
	Q_STATION_TOKEN_PUT,
	Q_STATION_TOKEN_DELETE,
	Q_ANSWER_PUT,
	Q_ANSWERS_FORGET,
	Q_ANSWERS_EXPIRE,
	Q_ANSWER_LIST,
	Q_COUNT_OF
};

struct authorization {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	struct bb_slot *timer;              /* upkeep.c */
	const struct bb_transfer *transfer; /* NULL: nobody is asked over HTTP */
	const struct bb_bulk *bulk;         /* NULL: no command goes to many chargers */
	struct service *services;           /* service.c */
	/* By the hashes of their ids: operators who have settled more than tokens. Two of one hash
	 * cost a query that is longer than needed, and nothing else. */
	bool settled[1024];
};

/* A member of the body or, where that leaves it out, as it was before. */
static inline struct bb_val member_or(const struct bb_rest *r, const struct bb_json *before,
				      const char *key)
{
	const struct bb_json *body = r->api->payload(r->call);
	return bb_member_val(bb_json_get(body, key) ? body : before, key);
}

/* authorize.c: the hook. */
bb_call_fn authorize;

/* token_read.c. token_find() goes on with `step` and the one token that the path names; none or
 * several are answered there. token_show() ends a call with the token in the rows. */
bb_call_fn token_list, token_get;
int token_find(struct bb_call *, struct authorization *, bb_rest_fn *step);
bb_rest_fn token_show;
const struct bb_json *token_json(struct bb_arena *, const struct bb_rows *, uint32_t row,
				 uint32_t from);

/* token_write.c. tokens_changed(): with a change of what an operator's tokens may do, in its unit.
 */
bb_call_fn token_create, token_put, token_delete;
void tokens_changed(const struct authorization *, struct bb_unit *, struct bb_arena *,
		    const char *operator_id);
/* The same where something else than a token has changed: settings, a station, its list. */
void places_changed(const struct authorization *, struct bb_unit *, struct bb_arena *,
		    const char *operator_id);

/* settings.c: of an operator. station.c: of a station. station_list.c: whom a station takes. */
bb_call_fn settings_get, settings_put;
bb_call_fn station_get, station_put;
bb_call_fn station_token_list, station_token_put, station_token_delete;

/* answers.c: of operators' services. answers_forget(): of one token,
 * or all (NULL), in the unit of what makes them old. */
bb_call_fn answer_list, answers_clear;
void answers_forget(const struct authorization *, struct bb_unit *, const char *operator_id,
		    const char *id_tag_key);
bool operator_is_hidden(struct authorization *, struct bb_call *);

/* lookup.c: for scripts. */
bb_call_fn lookup;

/* upkeep.c: what time changes. */
int upkeep_start(struct authorization *);
void upkeep_stop(struct authorization *);
#endif
