/* A caller with an API key. */
#include "private.h"
#include "secret.h"

#define USED_EVERY_MS 60000

/* Columns of key_by_hash. */
enum { KEY_ID, KEY_NAME, KEY_ROLE, KEY_OPERATOR, KEY_USER, KEY_EXPIRES, KEY_USED };

static bool is_before(const struct bb_api *api, const char *time, int64_t ms)
{
	int64_t at;
	return time && !api->time_parse(time, strlen(time), &at) && at <= ms;
}

static void note_used(struct rest *p, struct bb_arena *a, const char *id, const char *used)
{
	int64_t now = p->api->now_ms();
	if (used && !is_before(p->api, used, now - USED_EVERY_MS))
		return;
	struct bb_val v[] = {bb_text(id), bb_time(p->api, a, now)};
	struct bb_unit *u = p->api->begin(p->me);
	p->api->add(u, p->q[Q_KEY_USED], 2, v, NULL, NULL);
	p->api->commit(u, NULL, NULL);
}

static void on_key(struct bb_rest *r, const struct bb_rows *rows)
{
	struct rest *p = r->self;
	const char *expires = rows->rows ? bb_cell_text(rows, 0, KEY_EXPIRES) : NULL;
	if (!rows->rows || is_before(p->api, expires, p->api->now_ms())) {
		reject_unauthorized(r, "this API key is unknown or has expired");
		return;
	}
	const struct caller c = {
	    .kind = "key",
	    .id = bb_cell_text(rows, 0, KEY_ID),
	    .name = bb_cell_text(rows, 0, KEY_NAME),
	    .role = bb_cell_text(rows, 0, KEY_ROLE),
	    .operator_id = bb_cell_text(rows, 0, KEY_OPERATOR),
	    .user_id = bb_cell_text(rows, 0, KEY_USER),
	    .expires_at = expires,
	};
	if (caller_admit(r, &c))
		note_used(p, r->arena, c.id, bb_cell_text(rows, 0, KEY_USED));
}

int caller_by_key(struct bb_rest *r, const char *key)
{
	struct rest *p = r->self;
	char digest[DIGEST_SIZE];
	secret_digest(digest, (const char *const[]){key, NULL});
	struct bb_val v[] = {bb_text(digest)};
	return bb_rest_read(r, p->q[Q_KEY_BY_HASH], 1, v, on_key);
}
