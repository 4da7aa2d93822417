/* The plugin's own: what its files share. */
#ifndef USERS_H
#define USERS_H
#include <busbar/rest.h>
#include <busbar/users.h>

/* In the order of query_names in plugin.c. */
enum query {
	Q_LIST,
	Q_GET,
	Q_INSERT,
	Q_ADMINS_LOCK,
	Q_UPDATE,
	Q_DELETE,
	Q_SESSIONS_END_OF_DISABLED,
	Q_SERVICE_FIND,
	Q_SERVICE_FIND_SUBJECT,
	Q_SERVICE_CREATE,
	Q_SERVICE_FOLLOW,
	Q_SERVICE_STATE,
	Q_SERVICE_END_SESSIONS,
	Q_COUNT_OF,
};

struct users {
	struct bb *me;
	const struct bb_api *api;
	const struct bb_query *q[Q_COUNT_OF];
};

/* user_read.c. user_find: the path's {id}, as far as the caller may know of it. */
bb_call_fn user_list, user_get;
int user_find(struct bb_call *, struct users *, bb_rest_fn *step, void *arg);
bb_rest_fn user_show;
const struct bb_json *user_json(struct bb_arena *, const struct bb_rows *, uint32_t row, void *arg);
/* Reads the user of that id again and shows it. */
void user_read_again(struct bb_rest *, const char *id);

/* user_write.c */
bb_call_fn user_create, user_put, user_delete;
/* Answers 422. */
void refuse(struct bb_rest *, const char *path, const char *rule);
/* May the caller change users of that role? False: the call has been failed. */
bool user_check_manage(struct bb_rest *, const char *role);

/* service.c */
extern const struct bb_users users_service;
void service_open(struct users *);
#endif
