/* The service files/1. */
#include <stdlib.h>

#include "name.h"
#include "private.h"
#include "token.h"

/* A service's functions are not told whose they are. */
static struct files *the;

void service_bind(struct files *p)
{
	the = p;
}

bool base_url_is_good(const char *url)
{
	const char *rest = !strncmp(url, "https://", 8)  ? url + 8
			   : !strncmp(url, "http://", 7) ? url + 7
							 : NULL;
	return !*url || (rest && *rest && *rest != '/' && !strpbrk(rest, " \t\r\n?#\"<>"));
}

struct bb_file file_of(const struct bb_rows *r, uint32_t row)
{
	return (struct bb_file){
	    .id = bb_cell_int(r, row, 0, 0),
	    .operator_id = bb_cell_text(r, row, 1),
	    .charger_id = bb_cell_int(r, row, 2, 0),
	    .name = bb_cell_text(r, row, 4),
	    .purpose = bb_cell_text(r, row, 5),
	    .ref = bb_cell_text(r, row, 6),
	    .size = bb_cell_int(r, row, 7, 0),
	    .sha256 = bb_cell_text(r, row, 8),
	    .created_at = bb_cell_text(r, row, 9),
	};
}

struct asked {
	bb_file_fn *file;
	bb_file_bytes_fn *bytes;
	void *arg;
};

static void on_found(int err, const struct bb_rows *rows, void *arg)
{
	struct asked *a = arg;
	bool found = !err && rows->rows;
	struct bb_file file = found ? file_of(rows, 0) : (struct bb_file){0};
	a->file(err ? err : found ? 0 : -ENOENT, found ? &file : NULL, a->arg);
	free(a);
}

static void on_chunk(int err, const struct bb_rows *rows, void *arg)
{
	struct asked *a = arg;
	bool found = !err && rows->rows;
	const struct bb_val *v = found ? bb_cell(rows, 0, 0) : NULL;
	a->bytes(err ? err : found ? 0 : -ENOENT, v ? v->s : NULL, v ? v->len : 0, a->arg);
	free(a);
}

static void ask(enum query q, uint32_t n, const struct bb_val *v, struct asked what, bb_rows_fn *fn)
{
	struct asked *a = malloc(sizeof *a);
	if (!a)
		abort();
	*a = what;
	the->api->read(the->me, the->q[q], n, v, fn, a);
}

static void find(int64_t id, const char *operator_id, bb_file_fn *fn, void *arg)
{
	struct bb_val v[] = {bb_i64(id), bb_text(operator_id)};
	ask(Q_GET, 2, v, (struct asked){.file = fn, .arg = arg}, on_found);
}

static void read_chunk(int64_t id, int64_t chunk, bb_file_bytes_fn *fn, void *arg)
{
	struct bb_val v[] = {bb_i64(id), bb_i64(chunk)};
	ask(Q_CHUNK_GET, 2, v, (struct asked){.bytes = fn, .arg = arg}, on_chunk);
}

static int refuse(const char **ret_error, int err, const char *text)
{
	if (ret_error)
		*ret_error = text;
	return err;
}

struct url {
	char token[TOKEN_SIZE], hash[HEX_SIZE];
	struct bb_val until, now;
};

static int url_new(struct bb_arena *a, int64_t until_ms, struct url *ret, const char **ret_error)
{
	if (!*the->cfg->base_url)
		return refuse(ret_error, -EDESTADDRREQ,
			      "the option files.base_url is empty: it must say by which address "
			      "chargers reach this server");
	if (!token_new(ret->token))
		return refuse(ret_error, -EIO, "there is no randomness for a secret");
	token_hash(ret->hash, ret->token);
	ret->until = bb_time(the->api, a, until_ms);
	ret->now = bb_now(the->api, a);
	return 0;
}

static const char *url_text(struct bb_arena *a, const struct url *url, const char *name)
{
	const char *base = the->cfg->base_url;
	size_t len = strlen(base);
	while (len && base[len - 1] == '/')
		len--;
	return bb_printf(a, "%.*s" BB_URL_FILES "%s%s%s", (int)len, base, url->token,
			 name ? "/" : "", name ? bb_url_encoded(a, name) : "");
}

static int offer(struct bb_unit *unit, const struct bb_file_offer *o, struct bb_arena *a,
		 const char **ret_url, const char **ret_error)
{
	struct url url;
	if (!name_is_good(o->name))
		return refuse(ret_error, -EINVAL, "the name is not one of a file");
	int err = url_new(a, o->valid_until_ms, &url, ret_error);
	if (err)
		return err;
	struct bb_val v[] = {bb_text(url.hash),  bb_i64(o->charger_id),
			     bb_i64(o->file_id), bb_text(o->ref),
			     url.until,          url.now};
	the->api->add(unit, the->q[Q_LINK_OFFER], 6, v, NULL, NULL);
	*ret_url = url_text(a, &url, o->name);
	return 0;
}

static int receive(struct bb_unit *unit, const struct bb_file_wish *w, struct bb_arena *a,
		   const char **ret_url, const char **ret_error)
{
	struct url url;
	if (!purpose_is_good(w->purpose))
		return refuse(ret_error, -EINVAL, "the purpose is not of a-z, 0-9, _ and -");
	int err = url_new(a, w->valid_until_ms, &url, ret_error);
	if (err)
		return err;
	struct bb_val v[] = {bb_text(url.hash),
			     bb_i64(w->charger_id),
			     bb_text(w->purpose),
			     bb_text(w->ref),
			     w->max_bytes > 0 ? bb_i64(w->max_bytes) : bb_null(),
			     url.until,
			     url.now};
	the->api->add(unit, the->q[Q_LINK_RECEIVE], 7, v, NULL, NULL);
	*ret_url = url_text(a, &url, NULL);
	return 0;
}

static void withdraw(struct bb_unit *unit, const char *ref)
{
	struct bb_arena *a = the->api->arena_new();
	struct bb_val v[] = {bb_text(ref), bb_now(the->api, a)};
	the->api->add(unit, the->q[Q_LINK_WITHDRAW], 2, v, NULL, NULL);
	the->api->arena_free(a);
}

const struct bb_files files_service = {
    .size = sizeof(struct bb_files),
    .find = find,
    .read = read_chunk,
    .offer = offer,
    .receive = receive,
    .withdraw = withdraw,
};
