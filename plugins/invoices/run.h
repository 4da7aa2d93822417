/* A month's invoices of all users of an operator: a row, and a durable task that works it off. */
#ifndef INVOICES_RUN_H
#define INVOICES_RUN_H
#include "invoices.h"

#define RUN_TASK "invoice_run"

/* What came of a wish to begin one. `month` is NULL where there is an error: HTTP's status and a
 * text. Lives until the callback returns. */
struct run_begun {
	const char *month;
	const char *status, *text;
};
typedef void run_begun_fn(const struct run_begun *, void *arg);
/* Begins the run of a month, or of the last one that is over, for an operator in that time zone. An
 * earlier one of the same month begins again; unless `once`: then nothing happens. fn may run
 * before this returns. */
void run_begin(struct invoices *, const char *operator_id, const char *zone, const char *month,
	       bool once, run_begun_fn *fn, void *arg);

/* run.c: the task. */
bb_call_fn run_task;
#endif
