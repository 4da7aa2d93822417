#include "ocppj/envelope.h"

#include <errno.h>

#include "base/utf8.h"
#include "json/json.h"

#define DESCRIPTION_MAX 255u

static int broken(struct envelope_fault *f, const char *id, bool answer, const char *reason)
{
	*f = (struct envelope_fault){.id = id, .reason = reason, .answer = answer};
	return -EBADMSG;
}

static int read_call(const struct bb_json *v, struct envelope *e, struct envelope_fault *f)
{
	if (v->len != 4)
		return broken(f, e->id, true, "a call has four elements: [2, id, action, payload]");
	e->action = bb_json_str(&v->items[2], NULL);
	if (!e->action || !*e->action)
		return broken(f, e->id, true, "the action is not a string");
	e->payload = &v->items[3];
	return 0;
}

static int read_result(const struct bb_json *v, struct envelope *e, struct envelope_fault *f)
{
	if (v->len != 3)
		return broken(f, e->id, false, "a result has three elements: [3, id, payload]");
	e->payload = &v->items[2];
	return 0;
}

/* Chargers are sloppy about errors; what can be read is read. */
static int read_error(const struct bb_json *v, struct envelope *e, struct envelope_fault *f)
{
	if (v->len < 3)
		return broken(f, e->id, false, "an error has at least an id and a code");
	e->code = bb_json_str(&v->items[2], "GenericError");
	e->description = bb_json_str(bb_json_at(v, 3), "");
	e->details = bb_json_at(v, 4);
	return 0;
}

int envelope_read(const struct bb_json *v, struct envelope *ret, struct envelope_fault *ret_fault)
{
	if (!bb_json_is(v, BB_JSON_ARRAY))
		return broken(ret_fault, "-1", true, "the frame is not a JSON array");
	const struct bb_json *type = bb_json_at(v, 0), *id = bb_json_at(v, 1);
	int64_t kind = bb_json_int(type, 0);
	/* A type of a later version is to be ignored; what is no number is no type. */
	bool answer = kind == ENVELOPE_CALL || !bb_json_is(type, BB_JSON_INT);
	bool usable = bb_json_is(id, BB_JSON_STRING) && id->len &&
		      utf8_count(id->s, id->len) <= ENVELOPE_ID_MAX;
	if (!usable)
		return broken(ret_fault, "-1", answer,
			      "the message id is not a string of 1 to 36 characters");
	struct envelope e = {.kind = (enum envelope_kind)kind, .id = id->s};
	int err;
	switch (kind) {
	case ENVELOPE_CALL:
		err = read_call(v, &e, ret_fault);
		break;
	case ENVELOPE_RESULT:
		err = read_result(v, &e, ret_fault);
		break;
	case ENVELOPE_ERROR:
		err = read_error(v, &e, ret_fault);
		break;
	default:
		return broken(ret_fault, id->s, answer, "the message type is not 2, 3 or 4");
	}
	if (!err)
		*ret = e;
	return err;
}

/* Past a number or a string, and the comma behind it. */
static const char *skip_element(const char *p, const char *end)
{
	bool quoted = false;
	for (; p < end && (quoted || *p != ','); p++) {
		if (quoted && *p == '\\')
			p++;
		else if (*p == '"')
			quoted = !quoted;
	}
	return p < end ? p + 1 : end;
}

const char *envelope_payload_text(const char *frame, size_t len, enum envelope_kind kind,
				  size_t *ret_len)
{
	const char *p = frame, *end = frame + len;
	int before = kind == ENVELOPE_CALL ? 3 : kind == ENVELOPE_RESULT ? 2 : 0;
	while (end > p && end[-1] != ']')
		end--;
	if (!before || end == p)
		return NULL;
	while (before--)
		p = skip_element(p, end);
	for (end--; end > p && strchr(" \t\r\n", end[-1]); end--)
		;
	while (p < end && strchr(" \t\r\n", *p))
		p++;
	*ret_len = (size_t)(end - p);
	return p;
}

static const char *const error_codes[] = {
    "NotImplemented",
    "NotSupported",
    "InternalError",
    "ProtocolError",
    "SecurityError",
    "FormationViolation",
    "PropertyConstraintViolation",
    "OccurenceConstraintViolation",
    "TypeConstraintViolation",
    "GenericError",
};

const char *envelope_error_code(const char *code)
{
	for (size_t i = 0; i < sizeof error_codes / sizeof *error_codes; i++)
		if (!strcmp(code, error_codes[i]))
			return error_codes[i];
	return "InternalError";
}

static void write_text(struct buf *b, const char *s)
{
	struct bb_json v = bb_json_make_str(s);
	json_write(b, &v);
}

/* An errorDescription has at most 255 characters; a long one loses its end, never half a character.
 */
static void write_description(struct buf *b, const char *s)
{
	size_t len = 0, characters = 0;
	for (; s[len]; len++)
		if (((unsigned char)s[len] & 0xc0) != 0x80 && characters++ == DESCRIPTION_MAX)
			break;
	struct bb_json v = {.type = BB_JSON_STRING, .len = (uint32_t)len, .s = s};
	json_write(b, &v);
}

static void write_head(struct buf *b, char kind, const char *id)
{
	buf_add_char(b, '[');
	buf_add_char(b, kind);
	buf_add_char(b, ',');
	write_text(b, id);
	buf_add_char(b, ',');
}

void envelope_write_call(struct buf *b, const char *id, const char *action,
			 const struct bb_json *payload)
{
	write_head(b, '2', id);
	write_text(b, action);
	buf_add_char(b, ',');
	json_write(b, payload);
	buf_add_char(b, ']');
}

void envelope_write_result(struct buf *b, const char *id, const struct bb_json *payload)
{
	write_head(b, '3', id);
	json_write(b, payload);
	buf_add_char(b, ']');
}

void envelope_write_error(struct buf *b, const char *id, const char *code, const char *description,
			  const struct bb_json *details)
{
	write_head(b, '4', id);
	write_text(b, code);
	buf_add_char(b, ',');
	write_description(b, description);
	buf_add_char(b, ',');
	if (details)
		json_write(b, details);
	else
		buf_add_str(b, "{}");
	buf_add_char(b, ']');
}
