/* What mails lead to: a token that signs in, or lets its holder set a password, once. */
#ifndef USERS_LINK_H
#define USERS_LINK_H
#include "session.h"

/* link_ask.c: somebody wants a mail; its sending is a task. */
bb_call_fn link_ask, reset_ask, invite;
/* link_mail.c: the task. The token is made there, so that nothing but its hash is ever stored. */
bb_call_fn link_mail;
/* link_use.c */
bb_call_fn link_consume, reset_consume;

#define LINK_TASK "users_mail"
#endif
