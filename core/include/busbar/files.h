/* Files kept in the database: the service "files/1", given by the plugin files. Firmware that
 * chargers download, diagnostics and logs that they upload. See docs/files.md.
 *
 * Everything here is for the loop thread. A plugin that uses it says "files/1" in its `needs`, and
 * asks for it in init() or later:
 *
 *     const struct bb_files *files = api->service(me, "files/1", sizeof *files);
 *
 * A table of yours may refer to a file, `file_id bigint references files (id)`: as long as the row
 * is there the file stays; DELETE over REST answers 409, and its retention waits. */
#ifndef BUSBAR_FILES_H
#define BUSBAR_FILES_H
#include <stdint.h>

#include <busbar/plugin.h>

#define BB_FILE_CHUNK 262144 /* bytes of every chunk of a file but its last */

/* A whole file as it is stored; it never changes. */
struct bb_file {
	int64_t id;
	const char *operator_id;
	int64_t charger_id;  /* who sent it; 0: an admin, over REST, or a charger that is deleted */
	const char *name;    /* "firmware-1.2.bin"; no slash, no control character */
	const char *purpose; /* "firmware", "diagnostics", "log", or what its maker said */
	const char *ref;     /* as in struct bb_file_wish, or NULL */
	int64_t size;        /* bytes */
	const char *sha256;  /* of all of it; 64 hexadecimal digits, lower case */
	const char *created_at; /* RFC 3339 */
};

/* err: 0; -ENOENT no such file (or not of that operator, or not yet whole); -EAGAIN storage is
 * away; -ECANCELED the server stops; -EIO. `file` lives until the callback returns. */
typedef void bb_file_fn(int err, const struct bb_file *file, void *arg);
/* The same; bytes live until the callback returns. -ENOENT past the last chunk as well. */
typedef void bb_file_bytes_fn(int err, const void *bytes, uint32_t len, void *arg);

/* A file to let a charger download. */
struct bb_file_offer {
	int64_t file_id, charger_id; /* of one operator */
	const char *name;            /* the end of the URL: the file's name */
	const char *ref;             /* for withdraw(), or NULL; copied */
	int64_t valid_until_ms;
};

/* A file to let a charger upload. */
struct bb_file_wish {
	int64_t charger_id;
	const char *purpose;    /* "diagnostics", "log"; at most 64 characters of a-z 0-9 _ - */
	const char *ref;        /* the maker's own word for what it belongs to, or NULL; copied */
	int64_t max_bytes;      /* of one file; 0, or more than files.max_upload: that limit */
	int64_t valid_until_ms; /* an upload that began before goes on */
};

struct bb_files {
	uint32_t size;

	/* What is known of a file. `operator_id` NULL: of any operator. fn runs once, never before
	 * this returns. */
	void (*find)(int64_t file_id, const char *operator_id, bb_file_fn *fn, void *arg);

	/* The bytes of chunk 0, 1, ... of a file that find() found. A file of size 0 has none. */
	void (*read)(int64_t file_id, int64_t chunk, bb_file_bytes_fn *fn, void *arg);

	/* The URL under which one charger may fetch a file, as often as it likes and in parts,
	 * until `valid_until_ms`. It works once `unit`, which is the caller's, has committed; the
	 * unit fails with -EEXIST if there is no such file or charger, or they are of two
	 * operators. Only a hash of the URL's secret is stored: `ret_url`, in the arena, cannot be
	 * had again. -EDESTADDRREQ: files.base_url is not configured; -EINVAL: the name is none.
	 * Then nothing has been added to the unit, and `ret_error` (may be NULL) is a text for the
	 * admin, static or in the arena. */
	int (*offer)(struct bb_unit *unit, const struct bb_file_offer *, struct bb_arena *,
		     const char **ret_url, const char **ret_error);

	/* Likewise the URL to which one charger may upload: by PUT or POST, to it or to URL/NAME,
	 * the file as the body or as the one file of a form. Until `valid_until_ms`, several times
	 * (a charger that lost the answer sends again: the same bytes are one file). A file that
	 * has come is told once, after its commit, as the topic "file.received":
	 * {"file_id", "operator_id", "charger_id", "purpose", "ref", "name", "size", "sha256"}, on
	 * the node that took it; a row of `files` with that `ref` is there by then. Errors as
	 * above; -EINVAL: the purpose is none. */
	int (*receive)(struct bb_unit *unit, const struct bb_file_wish *, struct bb_arena *,
		       const char **ret_url, const char **ret_error);

	/* From the unit's commit on no URL made with that `ref` begins a transfer any more. */
	void (*withdraw)(struct bb_unit *unit, const char *ref);
};
#endif
