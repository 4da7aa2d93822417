/* A file's bytes to a client, a chunk at a time. */
#include <stdlib.h>
#include <string.h>

#include "name.h"
#include "private.h"
#include "range.h"

struct download {
	struct files *files;
	int64_t file_id;
	int64_t at, end; /* of the bytes wanted */
	struct bb_sink *sink;
	bool reading, over;
};

static void on_chunk(int err, const struct bb_rows *rows, void *arg)
{
	struct download *d = arg;
	const struct bb_api *api = d->files->api;
	d->reading = false;
	if (d->over) {
		free(d);
		return;
	}
	const struct bb_val *v = err || !rows->rows ? NULL : bb_cell(rows, 0, 0);
	int64_t skip = d->at % BB_FILE_CHUNK;
	if (!v || v->len <= skip) { /* storage is away, or the file was deleted meanwhile */
		api->sink_cut(d->sink);
		return;
	}
	int64_t len = v->len - skip < d->end - d->at ? v->len - skip : d->end - d->at;
	d->at += len;
	api->sink_send(d->sink, v->s + skip, (size_t)len);
}

static void on_more(struct bb_sink *sink, void *arg)
{
	struct download *d = arg;
	struct files *p = d->files;
	d->sink = sink;
	d->reading = true;
	struct bb_val v[] = {bb_i64(d->file_id), bb_i64(d->at / BB_FILE_CHUNK)};
	p->api->read(p->me, p->q[Q_CHUNK_GET], 2, v, on_chunk, d);
}

static void on_over(void *arg)
{
	struct download *d = arg;
	d->over = true;
	if (!d->reading)
		free(d);
}

/* Is it one of the tags of the list, or any? */
static bool tag_is_in(const char *list, const char *tag)
{
	return list && (!strcmp(list, "*") || strstr(list, tag));
}

/* What part of the file; the answer's status. A range goes by the file it was made for. */
static int pick(struct bb_rest *r, const struct bb_file *f, const char *tag, struct download *d)
{
	const struct bb_api *api = r->api;
	const char *range = api->header(r->call, "range"), *same = api->header(r->call, "if-range");
	int64_t first, count;
	if (strcmp(api->http(r->call)->method, "GET") != 0 || (same && strcmp(same, tag) != 0))
		range = NULL;
	enum range kind = range_parse(range, f->size, &first, &count);
	d->at = first;
	d->end = first + count;
	if (kind == RANGE_ALL)
		return 200;
	const char *text = kind == RANGE_PART
			       ? bb_printf(r->arena, "bytes %lld-%lld/%lld", (long long)first,
					   (long long)(first + count - 1), (long long)f->size)
			       : bb_printf(r->arena, "bytes */%lld", (long long)f->size);
	api->set_header(r->call, "content-range", text);
	return kind == RANGE_PART ? 206 : 416;
}

static void send_file(struct bb_rest *r, const struct bb_file *f, const struct download *wanted)
{
	struct download *d = malloc(sizeof *d);
	if (!d)
		abort();
	*d = *wanted;
	d->files = r->self;
	d->file_id = f->id;
	struct bb_stream s = {
	    .content_type = "application/octet-stream",
	    .length = d->end - d->at,
	    .more = on_more,
	    .over = on_over,
	    .arg = d,
	};
	r->api->set_header(r->call, "content-disposition", name_disposition(r->arena, f->name));
	r->api->set_header(r->call, "x-content-type-options", "nosniff");
	if (r->api->reply_stream(r->call, &s))
		free(d);
	bb_rest_done(r, NULL);
}

void download_answer(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_file f = file_of(rows, 0);
	struct download d = {0};
	const char *tag = bb_printf(r->arena, "\"%s\"", f.sha256);
	r->api->set_header(r->call, "etag", tag);
	r->api->set_header(r->call, "accept-ranges", "bytes");
	if (tag_is_in(r->api->header(r->call, "if-none-match"), tag)) {
		r->api->set_status(r->call, 304);
		bb_rest_done(r, NULL);
		return;
	}
	int status = pick(r, &f, tag, &d);
	if (status == 416) {
		bb_rest_fail(r, "416", "the file has no such part");
		return;
	}
	r->api->set_status(r->call, status);
	send_file(r, &f, &d);
}

static void found(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		download_answer(r, rows);
	else
		link_refuse(r->self, r);
}

int link_download(struct bb_call *call, void *self)
{
	struct files *p = self;
	struct bb_val v[] = {link_hash(p, call), bb_now(p->api, p->api->arena(call))};
	return bb_rest_read(bb_rest_later(p->api, p->me, call, p), p->q[Q_LINK_FILE], 2, v, found);
}
