/* Backups: an archive of tar with the database's copy and, behind it, the manifest; and what the
 * two engines do for them. Functions print what is wrong, and return a CTL_ status. */
#ifndef BUSBARCTL_BACKUP_H
#define BUSBARCTL_BACKUP_H
#include "busbarctl/ctl.h"

/* What the configuration says of the database. */
struct storage {
	const char *engine; /* "sqlite" or "postgres" */
	const char *path;   /* of sqlite */
	const char *url;    /* of postgres */
	int64_t busy_ms;
};

struct manifest {
	const char *engine, *version, *created_at, *sha256;
	const struct bb_json *migrations; /* [{"owner", "number", "name", "checksum"}] */
	int64_t bytes;                    /* of the copy */
};

/* storage_of.c: reads the configuration file as busbard does. */
int storage_read(struct ctl *, const char *config, struct storage *ret);

/* archive.c. write: the copy `data` into a new file, as a whole or not at all, and read again to be
 * sure. read: checks all of it; `out` not NULL: the copy goes into that file. */
int archive_write(struct ctl *, const char *path, const char *data, struct manifest *);
int archive_read(struct ctl *, const char *path, const char *out, struct manifest *ret);

/* The folder that the path is in; makes what was done in it last. */
const char *folder_of(struct ctl *, const char *path);
bool sync_folder_of(struct ctl *, const char *path);

/* scratch.c: files for a while, which nobody else may read and which go with the program, be it
 * stopped by a signal. new: an empty one beside `near`, NULL: printed why not. */
const char *scratch_new(struct ctl *, const char *near);
void scratch_drop(const char *path);

/* What each engine does. Paths of copies are of scratch files. */
struct backup_engine {
	const char *name, *file; /* of the copy in the archive */
	/* A copy of the database, as it is at one moment. */
	int (*copy)(struct ctl *, const struct storage *, const char *path);
	/* Is the copy whole? And which migrations does it have? */
	int (*check)(struct ctl *, const char *path, const struct bb_json **ret_migrations);
	/* All rows of a query, as arrays of texts; empty where they are null. NULL: `ret_error`, a
	 * line, says why not, and nothing is printed. */
	const struct bb_json *(*query)(struct ctl *, const struct storage *, const char *sql,
				       const char **ret_error);
	/* Is the database free to be replaced? `ret_used`: it holds something. */
	int (*look)(struct ctl *, const struct storage *, bool *ret_used);
	/* Puts the backup's copy in its place, as a whole or not at all. `ret_kept`: where that
	 * which was there is now, or NULL. */
	int (*replace)(struct ctl *, const struct storage *, const char *archive,
		       const char **ret_kept);
};
extern const struct backup_engine backup_sqlite, backup_postgres;

/* backup.c */
verb_fn backup_run, restore_run;
#endif
