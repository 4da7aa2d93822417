/* What the loop keeps for loop_deadline_set(): a timer wheel. Private to core/loop. */
#ifndef LOOP_WHEEL_H
#define LOOP_WHEEL_H
#include "loop/loop.h"

struct wheel *wheel_new(struct loop *);
void wheel_free(struct wheel *);
struct wheel *loop_wheel(struct loop *);
#endif
