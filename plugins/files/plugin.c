/* Files for chargers and from them: firmware, diagnostics, logs. */
#include "private.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define FILES "/api/admin/files"
#define SWEEP_EVERY_MS 600000u
#define AT(member) offsetof(struct config, member)

static const struct bb_option options[] = {
    {"base_url", BB_OPT_STR, BB_RELOADABLE, AT(base_url), "",
     "how chargers reach this server: \"https://csms.example:8443\"; without it no charger can be "
     "told a URL",
     0, 0, NULL},
    {"max_file", BB_OPT_BYTES, BB_RELOADABLE, AT(max_file), "256m",
     "largest file that an admin may upload", 1024, 4LL << 30, NULL},
    {"max_upload", BB_OPT_BYTES, BB_RELOADABLE, AT(max_upload), "64m",
     "largest file that a charger may upload", 1024, 4LL << 30, NULL},
    {"max_total", BB_OPT_BYTES, BB_RELOADABLE, AT(max_total), "10g",
     "most bytes of all files of one operator", 1024, 1LL << 50, NULL},
    {"retention", BB_OPT_MSEC, BB_RELOADABLE, AT(retention_ms), "90d",
     "age at which what chargers have uploaded is deleted; 0: never", 0, 0, NULL},
};

static const struct bb_route routes[] = {
    {"GET", FILES, SEE, file_list, "Files", NULL, "rest/file_list",
     "limit cursor purpose charge_point_id ref", BB_OWNER, 0},
    {"POST", FILES, CHANGE, file_upload, "Store a file; the body is its bytes", NULL, "rest/file",
     "name purpose operator_id", BB_OWNER, 0, BB_STREAM_BODY},
    {"GET", FILES "/{id}", SEE, file_get, "What is known of a file", NULL, "rest/file", NULL,
     BB_OWNER, 0},
    {"DELETE", FILES "/{id}", CHANGE, file_delete, "Remove a file that nothing refers to", NULL,
     NULL, NULL, BB_OWNER, 0},
    {"GET", FILES "/{id}/content", SEE, file_content, "A file's bytes, or a range of them", NULL,
     NULL, NULL, BB_OWNER, 0, BB_STREAM_ANSWER},
    {"GET", "/files/{token}/{name}", "public", link_download, "What a charger was told to fetch",
     NULL, NULL, NULL, BB_OWNER, 0, BB_STREAM_ANSWER},
    {"PUT", "/files/{token}", "public", link_upload, "Where a charger was told to upload", NULL,
     "rest/file", NULL, BB_OWNER, 0, BB_STREAM_BODY},
    {"POST", "/files/{token}", "public", link_upload, "Where a charger was told to upload", NULL,
     "rest/file", NULL, BB_OWNER, 0, BB_STREAM_BODY},
    {"PUT", "/files/{token}/{name}", "public", link_upload, "The same, with the file's name", NULL,
     "rest/file", NULL, BB_OWNER, 0, BB_STREAM_BODY},
    {"POST", "/files/{token}/{name}", "public", link_upload, "The same, with the file's name", NULL,
     "rest/file", NULL, BB_OWNER, 0, BB_STREAM_BODY},
};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_GET] = "file_get",
    [Q_LIST] = "file_list",
    [Q_SAME] = "file_same",
    [Q_CHUNK_GET] = "chunk_get",
    [Q_OPERATOR_BYTES] = "operator_bytes",
    [Q_BEGIN] = "file_begin",
    [Q_TOUCH] = "file_touch",
    [Q_CHUNK_ADD] = "chunk_add",
    [Q_FINISH_LOCK] = "file_finish_lock",
    [Q_FINISH] = "file_finish",
    [Q_LINK_COUNT] = "link_count",
    [Q_DISCARD] = "file_discard",
    [Q_DELETE] = "file_delete",
    [Q_TRASH_ADD] = "trash_add",
    [Q_STALE_NEXT] = "stale_next",
    [Q_OLD_NEXT] = "old_next",
    [Q_TRASH_NEXT] = "trash_next",
    [Q_TRASH_CHUNKS] = "trash_chunks",
    [Q_TRASH_DONE] = "trash_done",
    [Q_LINKS_CLEAN] = "links_clean",
    [Q_LINK_OFFER] = "link_offer",
    [Q_LINK_RECEIVE] = "link_receive",
    [Q_LINK_WITHDRAW] = "link_withdraw",
    [Q_LINK_FILE] = "link_file",
    [Q_LINK_UPLOAD] = "link_upload",
};

static const char *const needs[] = {"chargers/1", NULL};

static bool is_usable(struct files *p, const struct config *cfg)
{
	if (base_url_is_good(cfg->base_url))
		return true;
	p->api->log(p->me, BB_ERROR,
		    "files.base_url is \"%s\"; it must be like \"https://csms.example:8443\"",
		    cfg->base_url);
	return false;
}

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct files filled = {.me = me, .api = api, .cfg = cfg};
	if (!is_usable(&filled, cfg))
		return -EINVAL;
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		service_bind(*self);
	return err;
}

static void on_sweep(void *arg)
{
	sweep_soon(arg);
}

static int start(void *self)
{
	struct files *p = self;
	p->sweep_timer = p->api->timer(p->me, SWEEP_EVERY_MS, true, on_sweep, p);
	sweep_soon(p);
	return 0;
}

static int reload(void *self, const void *cfg)
{
	struct files *p = self;
	if (!is_usable(p, cfg))
		return -EINVAL;
	p->cfg = cfg;
	return 0;
}

static void stop(void *self)
{
	struct files *p = self;
	p->api->release(p->sweep_timer);
}

static void fini(void *self)
{
	service_bind(NULL);
	free(self);
}

BB_PLUGIN(files, .version = "1.0", .needs = needs, .gives = "files/1", .service = &files_service,
	  .config_size = sizeof(struct config), .options = BB_TABLE(option, options),
	  .routes = BB_TABLE(route, routes), .init = init, .start = start, .reload = reload,
	  .stop = stop, .fini = fini);
