/* The plugin's own: what its files share. */
#ifndef FILES_PRIVATE_H
#define FILES_PRIVATE_H
#include <busbar/files.h>
#include <busbar/refusals.h>
#include <busbar/rest.h>

struct config {
	const char *base_url;
	int64_t max_file, max_upload, max_total; /* bytes */
	int64_t retention_ms;
};

/* In the order of query_names in plugin.c. */
enum query {
	Q_GET,
	Q_LIST,
	Q_SAME,
	Q_CHUNK_GET,
	Q_OPERATOR_BYTES,
	Q_BEGIN,
	Q_TOUCH,
	Q_CHUNK_ADD,
	Q_FINISH_LOCK,
	Q_FINISH,
	Q_LINK_COUNT,
	Q_DISCARD,
	Q_DELETE,
	Q_TRASH_ADD,
	Q_STALE_NEXT,
	Q_OLD_NEXT,
	Q_TRASH_NEXT,
	Q_TRASH_CHUNKS,
	Q_TRASH_DONE,
	Q_LINKS_CLEAN,
	Q_LINK_OFFER,
	Q_LINK_RECEIVE,
	Q_LINK_WITHDRAW,
	Q_LINK_FILE,
	Q_LINK_UPLOAD,
	Q_COUNT_OF,
};

struct files {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	struct bb_slot *sweep_timer;
	uint32_t sweep; /* enum sweep_step of sweep.c */
	bool sweep_again;
	int64_t sweep_after;         /* the last id that the step has seen */
	struct bb_refusals refusals; /* of tokens */
};

/* service.c: the one instance, while there is one. */
extern const struct bb_files files_service;
void service_bind(struct files *);
/* Does the option hold a URL, or nothing? */
bool base_url_is_good(const char *);

/* The columns of file_get and its like, as the public struct; texts are the rows' own. */
struct bb_file file_of(const struct bb_rows *, uint32_t row);

/* rest.c */
bb_call_fn file_list, file_get, file_content, file_delete;
const struct bb_json *file_json(struct bb_arena *, const struct bb_rows *, uint32_t row);

/* download.c */
bb_call_fn link_download;
/* Answers with the bytes of the file of the row, or the part of them that was asked for. */
void download_answer(struct bb_rest *, const struct bb_rows *);

/* upload.c */
bb_call_fn file_upload, link_upload;

/* link.c: the token of the path, as it is stored. Answers 404 for one that is not good. */
struct bb_val link_hash(const struct files *, struct bb_call *);
void link_refuse(struct files *, struct bb_rest *);

/* sweep.c: removes what is left over, step by step; soon, if it is not at it. */
void sweep_soon(struct files *);
/* Q_DELETE or Q_DISCARD: the row goes in this unit, the chunks when the sweep comes. */
void file_remove(const struct files *, struct bb_unit *, enum query, int64_t id);
#endif
