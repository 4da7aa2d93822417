/* OCPP-J's envelope: [2, id, action, payload], [3, id, payload], [4, id, code, description,
 * details]. Pure: values in, values out. */
#ifndef OCPPJ_ENVELOPE_H
#define OCPPJ_ENVELOPE_H
#include <busbar/json.h>

#include "base/buf.h"

#define ENVELOPE_ID_MAX 36u /* characters */

enum envelope_kind { ENVELOPE_CALL = 2, ENVELOPE_RESULT = 3, ENVELOPE_ERROR = 4 };

struct envelope {
	enum envelope_kind kind;
	const char *id;
	const char *action;             /* of a call */
	const struct bb_json *payload;  /* of a call and a result */
	const char *code, *description; /* of an error; never NULL there */
	const struct bb_json *details;  /* of an error; may be NULL */
};

/* What is wrong with a frame, and the id to answer with: its own if one can be read, else "-1". */
struct envelope_fault {
	const char *id;
	const char *reason;
	bool answer; /* false: an answer, which is never answered, or of a type to be ignored */
};

/* -EBADMSG with the fault. Texts point into the value. */
int envelope_read(const struct bb_json *, struct envelope *ret, struct envelope_fault *ret_fault);

/* The payload of a call or a result as it stands in the frame's text, which envelope_read() must
 * have taken; NULL for an error. */
const char *envelope_payload_text(const char *frame, size_t len, enum envelope_kind,
				  size_t *ret_len);
/* The code if OCPP-J knows it, else "InternalError". */
const char *envelope_error_code(const char *code);

/* Each appends one frame. */
void envelope_write_call(struct buf *, const char *id, const char *action,
			 const struct bb_json *payload);
void envelope_write_result(struct buf *, const char *id, const struct bb_json *payload);
/* `details` NULL: {}. */
void envelope_write_error(struct buf *, const char *id, const char *code, const char *description,
			  const struct bb_json *details);
#endif
