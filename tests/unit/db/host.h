/* The part of bb_api that storage engines use, for a node of the tests. */
#ifndef TESTS_UNIT_DB_HOST_H
#define TESTS_UNIT_DB_HOST_H
#include <busbar/plugin.h>

struct node;

/* Whose loop uv_loop() hands out: a test process has one node at a time. */
void host_enter(struct node *);

extern const struct bb_api host_api;
#endif
