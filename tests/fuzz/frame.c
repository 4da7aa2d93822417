/* An OCPP-J frame as it comes off the wire: what is read can be written and is read as the same;
 * what is refused has a reason and an id to answer with. */
#include <errno.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "ocppj/envelope.h"
#include "json/json.h"

static void write_envelope(struct buf *out, const struct envelope *e)
{
	if (e->kind == ENVELOPE_CALL)
		envelope_write_call(out, e->id, e->action, e->payload);
	else if (e->kind == ENVELOPE_RESULT)
		envelope_write_result(out, e->id, e->payload);
	else
		envelope_write_error(out, e->id, e->code, e->description, e->details);
}

/* A long description is written without its end. */
static void check_description(const char *read, const char *again)
{
	size_t len = strlen(again);
	FUZZ_CHECK(strncmp(read, again, len) == 0);
	FUZZ_CHECK(!read[len] || len >= 255);
}

static void check_same(const struct envelope *a, const struct envelope *b)
{
	FUZZ_CHECK(a->kind == b->kind);
	FUZZ_CHECK(strcmp(a->id, b->id) == 0);
	if (a->kind == ENVELOPE_CALL)
		FUZZ_CHECK(strcmp(a->action, b->action) == 0);
	if (a->kind != ENVELOPE_ERROR) {
		FUZZ_CHECK(json_equal(a->payload, b->payload));
		return;
	}
	FUZZ_CHECK(strcmp(a->code, b->code) == 0);
	check_description(a->description, b->description);
	FUZZ_CHECK(!a->details || json_equal(a->details, b->details));
}

static void check_read(struct bb_arena *arena, const struct envelope *e)
{
	FUZZ_CHECK(e->kind >= ENVELOPE_CALL && e->kind <= ENVELOPE_ERROR);
	FUZZ_CHECK(*e->id && utf8_count(e->id, strlen(e->id)) <= ENVELOPE_ID_MAX);
	struct buf text = {0};
	write_envelope(&text, e);
	const struct bb_json *v;
	struct envelope again;
	struct envelope_fault fault;
	FUZZ_CHECK(json_parse(arena, text.data, text.len, &v, NULL) == 0);
	FUZZ_CHECK(envelope_read(v, &again, &fault) == 0);
	check_same(e, &again);
	buf_free(&text);
}

/* The payload's own text in the frame is the payload. */
static void check_payload_text(struct bb_arena *arena, const struct envelope *e, const char *frame,
			       size_t size)
{
	size_t len = 0;
	const struct bb_json *v;
	const char *text = envelope_payload_text(frame, size, e->kind, &len);
	FUZZ_CHECK((text != NULL) == (e->kind != ENVELOPE_ERROR));
	if (!text)
		return;
	FUZZ_CHECK(text >= frame && text + len <= frame + size);
	FUZZ_CHECK(json_parse(arena, text, len, &v, NULL) == 0);
	FUZZ_CHECK(json_equal(v, e->payload));
}

/* The answer to a refused frame is a frame. */
static void check_refused(struct bb_arena *arena, const struct envelope_fault *f)
{
	FUZZ_CHECK(*f->reason && *f->id && utf8_count(f->id, strlen(f->id)) <= ENVELOPE_ID_MAX);
	struct buf text = {0};
	envelope_write_error(&text, f->id, "FormationViolation", f->reason, NULL);
	const struct bb_json *v;
	struct envelope e;
	struct envelope_fault fault;
	FUZZ_CHECK(json_parse(arena, text.data, text.len, &v, NULL) == 0);
	FUZZ_CHECK(envelope_read(v, &e, &fault) == 0);
	FUZZ_CHECK(e.kind == ENVELOPE_ERROR && strcmp(e.id, f->id) == 0);
	buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bb_arena *arena = arena_new(0);
	const struct bb_json *v;
	if (json_parse(arena, (const char *)data, size, &v, NULL) == 0) {
		struct envelope e = {0};
		struct envelope_fault fault = {0};
		int err = envelope_read(v, &e, &fault);
		FUZZ_CHECK(err == 0 || err == -EBADMSG);
		if (err) {
			check_refused(arena, &fault);
		} else {
			check_read(arena, &e);
			check_payload_text(arena, &e, (const char *)data, size);
		}
	}
	arena_free(arena);
	return 0;
}
