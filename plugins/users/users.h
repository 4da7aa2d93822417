/* The plugin's own: what its files share. */
#ifndef USERS_H
#define USERS_H
#include <busbar/notifications.h>
#include <busbar/operators.h>
#include <busbar/refusals.h>
#include <busbar/rest.h>
#include <busbar/users.h>

#include "attempts.h"

struct config {
	int64_t scrypt_log_n, hashes_at_once, password_least;
	int64_t account_failures, address_failures, slow_down_ms;
	int64_t session_idle_ms, session_most_ms;
	bool insecure_cookies;
	const char *totp_for, *totp_issuer, *url;
	int64_t link_valid_ms, invite_valid_ms;
};

/* In the order of query_names in plugin.c. */
enum query {
	Q_LIST,
	Q_GET,
	Q_INSERT,
	Q_ADMINS_LOCK,
	Q_LOCK,
	Q_UPDATE,
	Q_DELETE,
	Q_SESSIONS_END_OF_DISABLED,
	Q_SERVICE_FIND,
	Q_SERVICE_FIND_SUBJECT,
	Q_SERVICE_CREATE,
	Q_SERVICE_FOLLOW,
	Q_SERVICE_STATE,
	Q_SERVICE_END_SESSIONS,
	Q_SIGN_IN_OF_EMAIL,
	Q_SIGN_IN_OF_ID,
	Q_PASSWORD_SET,
	Q_PASSWORD_FIRST,
	Q_PASSWORD_PUT,
	Q_SESSIONS_END_OF_PUT,
	Q_SESSION_INSERT,
	Q_SESSIONS_TRIM,
	Q_USER_SIGNED_IN,
	Q_SESSION_FIND,
	Q_SESSION_SEEN,
	Q_SESSION_LIST,
	Q_SESSION_END,
	Q_SESSION_END_BY_TOKEN,
	Q_SESSIONS_END,
	Q_SWEEP_SESSIONS,
	Q_SWEEP_LINKS,
	Q_TOTP_GET,
	Q_TOTP_BEGIN,
	Q_TOTP_CONFIRM,
	Q_TOTP_USE,
	Q_TOTP_REMOVE,
	Q_RECOVERY_CODE_ADD,
	Q_RECOVERY_CODE_USE,
	Q_RECOVERY_CODES_REMOVE,
	Q_LINK_USER,
	Q_LINK_PUT,
	Q_SIGN_IN_OF_LINK,
	Q_LINK_USE,
	Q_LINK_LOCK,
	Q_PASSWORD_BY_LINK,
	Q_SESSIONS_END_BY_LINK,
	Q_LINKS_USE,
	Q_LINKS_REMOVE,
	Q_COUNT_OF,
};

struct hashing;

struct users {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	const struct bb_notifications *notifications; /* NULL: no mail */
	const struct bb_operators *operators;         /* NULL: none can be disabled */
	struct attempts *accounts, *networks; /* by whom, and from where, somebody signs in */
	struct attempts *mails;               /* and to whom mails go */
	struct hashing *first_waiting;        /* see hashing.h */
	int64_t hashing, waiting;
	struct bb_refusals refusals; /* of those who sign in */
};

/* user_read.c. user_find: the path's {id}, as far as the caller may know of it. */
bb_call_fn user_list, user_get;
int user_find(struct bb_call *, struct users *, bb_rest_fn *step, void *arg);
bb_rest_fn user_show;
const struct bb_json *user_json(struct bb_arena *, const struct bb_rows *, uint32_t row, void *arg);
/* Reads the user of that id again and shows it. */
void user_read_again(struct bb_rest *, const char *id);

/* user_write.c, wanted.c */
bb_call_fn user_create, user_put, user_delete;
/* Answers 422. */
void refuse(struct bb_rest *, const char *path, const char *rule);
/* May the caller change users of that role? False: the call has been failed. */
bool user_check_manage(struct bb_rest *, const char *role);

/* own_password.c. Is it long enough, and not the address? False: the call has been failed. */
bool password_check(struct bb_rest *, const char *path, const char *password, const char *email);
bb_call_fn password_change;

/* login.c, caller.c, totp_own.c */
bb_call_fn login, caller;
bb_call_fn totp_get, totp_enrol, totp_confirm, totp_disable, totp_codes, totp_reset;
/* Must users of that role have a second factor? */
bool totp_is_required(const struct users *, const char *role);

/* service.c */
extern const struct bb_users users_service;
void service_open(struct users *);
#endif
