/* Commands to the charger CP1, and what comes of them. */
#ifndef TESTS_OCPPJ_ASKING_H
#define TESTS_OCPPJ_ASKING_H
#include "ocppj/stage.h"

extern struct bb_arena *arena;
extern struct wire cp1;

void asking_setup(void);
void asking_teardown(void);
/* The server, with CP1 connected; and its line cut. */
void asking_start(void);
void asking_end(void);

const struct bb_json *parse(const char *text);
/* As ocppj_ask(). */
int ask_with(struct bb_ask, const char **ret_id);
/* What comes of asking CP1 for it. */
int ask_for(const char *action, const char *payload);
/* These are taken; the command's id. */
const char *ask(const char *action, const char *payload);
const char *ask_reset(void);
/* ClearCache, which may wait for the charger for so long. */
const char *ask_queued(uint32_t ms);

/* The command's frame comes. */
void expect_command(const char *action, const char *payload, const char *id);
/* CP1 answers the command of that id; `rest` is the payload. */
void answer(const char *id, const char *rest);
/* It ends as "accepted {...} code", once. */
bool has_ended(void);
void expect_end(const char *how);
/* There is a row that has this, with the id in place of %s. */
void expect_row(const char *fmt, const char *id);
#endif
