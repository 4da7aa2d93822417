/* The named queries of a queries.sql. */
#ifndef DB_QUERIES_H
#define DB_QUERIES_H
struct db;

/* Adds those of the engine's dialect; a missing file is fine. `owner` must outlive db. */
int queries_read(struct db *, const char *owner, const char *path, char **ret_error);
#endif
