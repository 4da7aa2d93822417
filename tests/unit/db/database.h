/* Databases in the PostgreSQL cluster that ctest's fixture has started (tests/postgres.sh). */
#ifndef TESTS_UNIT_DB_DATABASE_H
#define TESTS_UNIT_DB_DATABASE_H
#include <stddef.h>

/* Makes an empty one and tells its URL. */
void database_create(char *ret_url, size_t size);
void database_drop(const char *url);
/* Runs a statement in it, from outside of Busbar; the first cell, or "" (malloc'd). */
char *database_query(const char *url, const char *sql);

/* A cluster of the test's own, which may be stopped: tests/postgres.sh `command` `dir`. */
void cluster(const char *command, const char *dir);
void cluster_url(const char *dir, char *ret_url, size_t size);
#endif
