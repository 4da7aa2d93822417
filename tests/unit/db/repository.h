/* All of the repository's own SQL, migrated and prepared; the node has no queries yet. */
#ifndef TESTS_UNIT_DB_REPOSITORY_H
#define TESTS_UNIT_DB_REPOSITORY_H
#include "node.h"

void repository_open(struct node *);
#endif
