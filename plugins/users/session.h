/* Sessions of browsers: a cookie, and a token that changes must bring in a header. */
#ifndef USERS_SESSION_H
#define USERS_SESSION_H
#include "sign_in.h"
#include "token.h"

/* Somebody has proved who they are: makes the session, and answers with its cookie. */
void session_begin(struct bb_rest *, const struct sign_in *);

/* May nobody of that operator (NULL: of none) sign in? */
bool operator_is_disabled(const struct users *, const char *operator_id);

/* For the audit log of a route that no guard has asked for. */
void session_set_caller(struct bb_rest *, const struct sign_in *);

/* The token of our cookie, or NULL. */
const char *session_token(const struct users *, struct bb_arena *, const char *cookies,
			  const char *remote);

/* The caller's own session. */
struct own {
	const char *user_id;
	char token_hash[TOKEN_SIZE];
};
/* False: the caller has none, and the call has been failed; return BB_DONE. */
bool session_own(struct users *, struct bb_call *, struct own *ret);
void session_cookie_clear(const struct users *, struct bb_call *);
/* Whoever was last heard of before this is signed out. */
struct bb_val session_idle_since(const struct users *, struct bb_arena *);

/* session_list.c */
bb_call_fn session_list, session_end, sessions_end, logout;
bb_call_fn session_list_of_user, sessions_end_of_user;
#endif
