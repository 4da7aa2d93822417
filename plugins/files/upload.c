#include "upload.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "multipart.h"
#include "name.h"
#include "token.h"

#define URL_IS_FULL "this URL has taken as many files as it takes"
#define FORM_BYTES 65536 /* what a form may have around its file */

struct upload {
	struct files *files;
	struct bb_rest *r;
	struct incoming in;
	struct multipart *form; /* NULL: the body is the file */
	EVP_MD_CTX *sha;
	char sha256[HEX_SIZE];
	char *buffer; /* what is not in a chunk yet */
	size_t fill, room;
	int64_t id, size, chunk;
	bool ended;
	const char *status, *why; /* what is wrong with it */
	bb_rows_fn *step;
};

static void go_on(struct upload *);

static void upload_free(struct upload *u)
{
	EVP_MD_CTX_free(u->sha);
	free(u->buffer);
	free(u);
}

static void on_discarded(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	if (!err)
		sweep_soon(arg);
}

static struct bb_unit *discarding(const struct upload *u)
{
	struct bb_unit *unit = u->files->api->begin(u->files->me);
	file_remove(u->files, unit, Q_DISCARD, u->id);
	return unit;
}

static void discard(const struct upload *u)
{
	u->files->api->commit(discarding(u), on_discarded, u->files);
}

static void log_why(const struct upload *u, const char *why)
{
	u->files->api->log(u->files->me, BB_INFO,
			   "a file was not received: %s, bytes=%lld remote=%s", why,
			   (long long)u->size, u->files->api->http(u->r->call)->remote);
}

static void fail(struct upload *u, const char *status, const char *why)
{
	bb_rest_fail(u->r, status, why);
	upload_free(u);
}

/* What has come of it goes; nobody has seen it. */
static void give_up(struct upload *u, const char *status, const char *why)
{
	log_why(u, why);
	if (u->id)
		discard(u);
	fail(u, status, why);
}

#define OVER_TOTAL "the operator's files would be larger than files.max_total"

static void on_over_total(int err, const struct bb_rows *rows, void *arg)
{
	struct upload *u = arg;
	on_discarded(err, rows, u->files);
	fail(u, "413", OVER_TOTAL);
}

/* Its room is free before it is told so: a smaller one may come at once. */
static void refuse_over_total(struct upload *u)
{
	log_why(u, OVER_TOTAL);
	bb_commit(u->files->api, discarding(u), on_over_total, u);
}

static void storage_failed(struct upload *u, int err)
{
	bool away = err == -EAGAIN || err == -ECANCELED;
	give_up(u, away ? "503" : "500", away ? "storage is away; try again" : "storage failed");
}

static void answer(struct upload *u, const struct bb_rows *rows, int status)
{
	const struct bb_api *api = u->files->api;
	api->set_status(u->r->call, status);
	if (!u->in.link_id)
		api->set_header(u->r->call, "location",
				bb_printf(u->r->arena, "/api/admin/files/%lld", (long long)u->id));
	bb_rest_done(u->r, file_json(u->r->arena, rows, 0));
	upload_free(u);
}

static void read_back(struct upload *u, enum query q, uint32_t n, const struct bb_val *v,
		      bb_rows_fn *fn)
{
	const struct bb_api *api = u->files->api;
	bb_read(api, u->files->me, u->files->q[q], n, v, fn, u);
}

/* One of the limits that hold at the end is broken. */
static void on_link_count(int err, const struct bb_rows *rows, void *arg)
{
	struct upload *u = arg;
	if (err)
		storage_failed(u, err);
	else if (bb_cell_int(rows, 0, 0, 0) >= FILES_BY_ONE_URL)
		give_up(u, "409", URL_IS_FULL);
	else
		refuse_over_total(u);
}

/* Was it sent again, because its answer was lost? */
static void on_same(int err, const struct bb_rows *rows, void *arg)
{
	struct upload *u = arg;
	const struct bb_val v[] = {bb_i64(u->in.link_id)};
	if (err) {
		storage_failed(u, err);
	} else if (!rows->rows) {
		read_back(u, Q_LINK_COUNT, 1, v, on_link_count);
	} else {
		discard(u);
		answer(u, rows, 200);
	}
}

static void look_for_same(struct upload *u)
{
	const struct bb_val v[] = {bb_i64(u->in.link_id), bb_text(u->sha256)};
	read_back(u, Q_SAME, 2, v, on_same);
}

static void tell(const struct upload *u)
{
	const struct bb_api *api = u->files->api;
	struct bb_builder b = bb_build(u->r->arena);
	bb_put_int(&b, "file_id", u->id);
	bb_put_str(&b, "operator_id", u->in.operator_id);
	bb_put_int(&b, "charger_id", u->in.charger_id);
	bb_put_str(&b, "purpose", u->in.purpose);
	bb_put_str(&b, "ref", u->in.ref);
	bb_put_str(&b, "name", u->in.name);
	bb_put_int(&b, "size", u->size);
	bb_put_str(&b, "sha256", u->sha256);
	api->emit(u->files->me, NULL, "file.received", bb_build_object(&b));
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct upload *u = arg;
	if (err || !rows->rows)
		storage_failed(u, err ? err : -EAGAIN);
	else
		answer(u, rows, 201);
}

static void on_finished(int err, const struct bb_rows *rows, void *arg)
{
	struct upload *u = arg;
	struct files *p = u->files;
	if (u->in.link_id && (err == -EEXIST || (!err && !rows->rows))) {
		look_for_same(u);
	} else if (err) {
		storage_failed(u, err);
	} else if (!rows->rows) {
		refuse_over_total(u);
	} else {
		p->api->log(p->me, BB_INFO, "file=%lld received: size=%lld purpose=%s charger=%lld",
			    (long long)u->id, (long long)u->size, u->in.purpose,
			    (long long)u->in.charger_id);
		struct bb_val v[] = {bb_i64(u->id), bb_null()};
		if (u->in.link_id)
			tell(u);
		read_back(u, Q_GET, 2, v, on_stored);
	}
}

static void commit(struct upload *u, struct bb_unit *unit, bb_rows_fn *fn)
{
	bb_commit(u->files->api, unit, fn, u);
}

static void finish(struct upload *u)
{
	struct files *p = u->files;
	unsigned char hash[EVP_MAX_MD_SIZE];
	EVP_DigestFinal_ex(u->sha, hash, NULL);
	hex_of_sha256(u->sha256, hash);
	if (u->form && *u->form->name)
		u->in.name = name_made(u->r->arena, u->form->name, u->in.name);
	struct bb_val v[] = {
	    bb_i64(u->id),      bb_text(u->in.name),       bb_i64(u->size),
	    bb_text(u->sha256), bb_i64(p->cfg->max_total), bb_i64(FILES_BY_ONE_URL)};
	struct bb_val operator_id = bb_text(u->in.operator_id);
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_FINISH_LOCK], 1, &operator_id, NULL, NULL);
	p->api->add(unit, p->q[Q_FINISH], 6, v, NULL, NULL);
	commit(u, unit, on_finished);
}

static void on_chunk(int err, const struct bb_rows *rows, void *arg)
{
	struct upload *u = arg;
	if (err || !rows->rows) {
		storage_failed(u, err ? err : -EAGAIN);
		return;
	}
	size_t len = u->fill < BB_FILE_CHUNK ? u->fill : BB_FILE_CHUNK;
	memmove(u->buffer, u->buffer + len, u->fill - len);
	u->fill -= len;
	u->chunk++;
	go_on(u);
}

static void write_chunk(struct upload *u)
{
	struct files *p = u->files;
	struct bb_arena *a = p->api->arena_new();
	uint32_t len = u->fill < BB_FILE_CHUNK ? (uint32_t)u->fill : BB_FILE_CHUNK;
	struct bb_val touch[] = {bb_i64(u->id), bb_i64(u->chunk * BB_FILE_CHUNK + len),
				 bb_now(p->api, a)};
	struct bb_val chunk[] = {bb_i64(u->id), bb_i64(u->chunk), bb_blob(u->buffer, len)};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_TOUCH], 3, touch, NULL, NULL);
	p->api->add(unit, p->q[Q_CHUNK_ADD], 3, chunk, NULL, NULL);
	p->api->arena_free(a);
	commit(u, unit, on_chunk);
}

/* Bytes of the file itself. */
static void take(void *arg, const char *bytes, size_t len)
{
	struct upload *u = arg;
	u->size += (int64_t)len;
	if (u->status)
		return;
	if (u->size > u->in.limit) {
		u->status = u->in.full ? "409" : "413";
		u->why = u->in.full ? URL_IS_FULL : "the file is too large";
		return;
	}
	if (u->fill + len > u->room) {
		u->room = u->fill + len + BB_FILE_CHUNK;
		u->buffer = realloc(u->buffer, u->room);
		if (!u->buffer)
			abort();
	}
	memcpy(u->buffer + u->fill, bytes, len);
	u->fill += len;
	EVP_DigestUpdate(u->sha, bytes, len);
}

static const struct {
	int err;
	const char *status, *why;
} faults[] = {
    {-EMSGSIZE, "413", "the body is too large"},
    {-EBADMSG, "400", "the chunks of the body are malformed"},
    {-ETIMEDOUT, "408", "the body came too slowly"},
    {-ECONNRESET, "400", "the client hung up"},
    {-ECANCELED, "503", "the server is stopping"},
};

static void body_failed(struct upload *u, int err)
{
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (faults[i].err == err) {
			give_up(u, faults[i].status, faults[i].why);
			return;
		}
	give_up(u, "500", "the body could not be read");
}

static void take_piece(struct upload *u, const char *bytes, size_t len)
{
	if (!u->form) {
		take(u, bytes, len);
		return;
	}
	int err = multipart_feed(u->form, bytes, len);
	if (err) {
		u->status = "400";
		u->why =
		    err == -EEXIST ? "the form has more than one file" : "the form is malformed";
	}
}

static void on_piece(int err, const void *bytes, size_t len, void *arg)
{
	struct upload *u = arg;
	if (err) {
		body_failed(u, err);
		return;
	}
	u->ended = !len;
	if (len)
		take_piece(u, bytes, len);
	else if (u->form && !multipart_is_whole(u->form))
		give_up(u, "400", "the form has no file, or ends before its end");
	else if (!u->size && !u->in.link_id)
		give_up(u, "400", "the file is empty");
	else
		go_on(u);
	if (!len)
		return;
	if (u->status)
		give_up(u, u->status, u->why);
	else
		go_on(u);
}

static void go_on(struct upload *u)
{
	if (u->fill >= BB_FILE_CHUNK || (u->ended && u->fill)) {
		write_chunk(u);
		return;
	}
	if (u->ended) {
		finish(u);
		return;
	}
	int err = u->files->api->body_next(u->r->call, on_piece, u);
	if (err)
		body_failed(u, err);
}

static void on_begun(int err, const struct bb_rows *rows, void *arg)
{
	struct upload *u = arg;
	if (err == -EEXIST) {
		give_up(u, "422", "there is no such operator");
	} else if (err) {
		storage_failed(u, err);
	} else {
		u->id = bb_cell_int(rows, 0, 0, 0);
		go_on(u);
	}
}

static void insert(struct upload *u)
{
	struct files *p = u->files;
	const struct incoming *in = &u->in;
	struct bb_val v[] = {
	    bb_text(in->operator_id),
	    in->charger_id ? bb_i64(in->charger_id) : bb_null(),
	    in->link_id ? bb_i64(in->link_id) : bb_null(),
	    bb_text(in->ref),
	    bb_text(in->name),
	    bb_text(in->purpose),
	    bb_now(p->api, u->r->arena),
	};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_BEGIN], sizeof v / sizeof *v, v, NULL, NULL);
	commit(u, unit, on_begun);
}

/* What the headers tell: false, and answered, if the body need not be read. */
static bool check_headers(struct bb_rest *r, const struct incoming *in, bool is_form)
{
	const char *coding = r->api->header(r->call, "content-encoding");
	int64_t length = r->api->body_length(r->call);
	if (coding && strcasecmp(coding, "identity") != 0)
		bb_rest_fail(r, "415", "a Content-Encoding is not taken; send the file as it is");
	else if (in->full && length > in->limit + (is_form ? FORM_BYTES : 0))
		bb_rest_fail(r, "409", URL_IS_FULL);
	else if (in->limit <= 0 && !in->full)
		bb_rest_fail(r, "413", "the operator's files are as large as files.max_total");
	else if (length > in->limit + (is_form ? FORM_BYTES : 0))
		bb_rest_fail(r, "413", "the file is too large");
	else
		return true;
	return false;
}

void upload_begin(struct bb_rest *r, const struct incoming *in)
{
	struct files *p = r->self;
	const char *type = p->api->header(r->call, "content-type");
	bool is_form = type && !strncasecmp(type, "multipart/", 10);
	struct incoming i = *in;
	if (i.limit > p->cfg->max_total - i.used)
		i.limit = p->cfg->max_total - i.used;
	if (i.limit < i.largest)
		i.limit = i.largest;
	if (!check_headers(r, &i, is_form))
		return;
	struct multipart *form = is_form ? bb_alloc(r->arena, sizeof *form) : NULL;
	if (form && !multipart_begin(form, type)) {
		bb_rest_fail(r, "415",
			     "of forms only multipart/form-data with a boundary is taken");
		return;
	}
	struct upload *u = calloc(1, sizeof *u);
	EVP_MD_CTX *sha = EVP_MD_CTX_new();
	if (!u || !sha || EVP_DigestInit_ex(sha, EVP_sha256(), NULL) != 1)
		abort();
	*u = (struct upload){.files = p, .r = r, .in = i, .form = form, .sha = sha};
	if (form) {
		form->data = take;
		form->arg = u;
	}
	insert(u);
}
