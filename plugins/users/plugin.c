/* Users: who they are, what they may, and how they sign in. */
#include "users.h"

#define ALL "admin operator user readonly"
#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define USERS "/api/admin/users"
#define FILTERS "limit cursor operator_id role state email"

static const struct bb_route routes[] = {
    {"GET", USERS, SEE, user_list, "Users", NULL, "rest/user_list", FILTERS, BB_OWNER, 0, 0, 0},
    {"POST", USERS, CHANGE, user_create, "Make a user", "rest/user_new", "rest/user", NULL,
     BB_OWNER, 0, 0, 0},
    {"GET", USERS "/{id}", SEE, user_get, "A user", NULL, "rest/user", NULL, BB_OWNER, 0, 0, 0},
    {"PUT", USERS "/{id}", CHANGE, user_put, "Change a user; members left out stay as they are",
     "rest/user_put", "rest/user", NULL, BB_OWNER, 0, 0, 0},
    {"DELETE", USERS "/{id}", CHANGE, user_delete,
     "Remove a user; tokens, transactions and wallets of that user_id stay", NULL, NULL, NULL,
     BB_OWNER, 0, 0, 0},
    {"GET", "/users", ALL, user_list, "Users; a driver sees only itself", NULL, "rest/user_list",
     FILTERS, BB_OWNER, 0, 0, 0},
    {"GET", "/users/{id}", ALL, user_get, "A user; a driver sees only itself", NULL, "rest/user",
     NULL, BB_OWNER, 0, 0, 0},
};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_LIST] = "user_list",
    [Q_GET] = "user_get",
    [Q_INSERT] = "user_insert",
    [Q_ADMINS_LOCK] = "admins_lock",
    [Q_UPDATE] = "user_update",
    [Q_DELETE] = "user_delete",
    [Q_SESSIONS_END_OF_DISABLED] = "sessions_end_of_disabled",
    [Q_SERVICE_FIND] = "service_find",
    [Q_SERVICE_FIND_SUBJECT] = "service_find_subject",
    [Q_SERVICE_CREATE] = "service_create",
    [Q_SERVICE_FOLLOW] = "service_follow",
    [Q_SERVICE_STATE] = "service_state",
    [Q_SERVICE_END_SESSIONS] = "service_end_sessions",
};

static const char *const needs[] = {"chargers/1", NULL};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct users filled = {.me = me, .api = api};
	(void)cfg;
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		service_open(*self);
	return err;
}

BB_PLUGIN(users, .version = "1.0", .needs = needs, .gives = "users/1", .service = &users_service,
	  .routes = BB_TABLE(route, routes), .init = init, .fini = free);
