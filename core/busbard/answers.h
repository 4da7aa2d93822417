/* Answers as they are described: with busbar.check_answers, one that breaks its route's schema does
 * not leave. */
#ifndef BUSBARD_ANSWERS_H
#define BUSBARD_ANSWERS_H
#include "busbard/exchange.h"

/* NULL: it is as described, or nobody looks. Otherwise what is wrong, which has been logged; it
 * lives as long as x->out. */
const char *answer_fault_of(const struct exchange *, const struct bb_json *answer);
#endif
