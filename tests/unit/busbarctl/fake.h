/* What main.c would give: a run, and what it complains of. */
#ifndef TESTS_BUSBARCTL_FAKE_H
#define TESTS_BUSBARCTL_FAKE_H
#include "busbarctl/ctl.h"

extern struct ctl ctl;
extern int complaints;
extern char complaint[512];     /* the last one */
extern const char *fake_answer; /* the JSON that a server answers; NULL: there is none */

void fake_begin(void);
void fake_end(void);
#endif
