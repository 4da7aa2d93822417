/* Migrations: sql/<owner>/NNNN_*.sql, each applied once, in a transaction of its own. */
#ifndef DB_MIGRATIONS_H
#define DB_MIGRATIONS_H
struct db;

/* Adds those of the folder `path`; a missing folder is fine. `owner` must outlive db. */
int migrations_read(struct db *, const char *owner, const char *path, char **ret_error);
#endif
