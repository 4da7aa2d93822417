/* busbar.transfer.http{...}: a request from an operator's script. */
#include <errno.h>
#include <strings.h>

#include "transfer.h"
#include "words.h"

#define SCHEMA "hooks/transfer_http"
#define MARGIN_MS 1000u

struct asked {
	const struct bb_api *api;
	struct bb_reply *reply;
	struct bb_arena *arena;
};

static struct bb_json headers_json(struct bb_arena *a, const struct bb_transfer_answer *answer)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < answer->header_count; i++) {
		const struct bb_transfer_header *h = &answer->headers[i];
		/* Of one that comes twice the first counts. */
		if (word_is_text(h->value, strlen(h->value)) &&
		    bb_transfer_header_of(answer, h->name) == h->value)
			bb_put_str(&b, h->name, h->value);
	}
	return *bb_build_object(&b);
}

static bool is_json(const struct bb_transfer_answer *answer)
{
	const char *type = bb_transfer_header_of(answer, "content-type");
	return type && strstr(type, "json");
}

static const struct bb_json *answer_json(struct asked *w, const struct bb_transfer_answer *answer)
{
	struct bb_builder b = bb_build(w->arena);
	const struct bb_json *parsed;
	bb_put_int(&b, "status", answer->status);
	bb_put(&b, "headers", headers_json(w->arena, answer));
	bb_put_str(&b, "body", answer->body);
	if (is_json(answer) &&
	    !w->api->json_parse(w->arena, answer->body, answer->body_len, &parsed, NULL))
		bb_put_json(&b, "json", parsed);
	return bb_build_object(&b);
}

static void on_answer(int err, const struct bb_transfer_answer *answer, void *arg)
{
	struct asked *w = arg;
	const char *error = answer->error;
	if (err == -EINVAL || err == -EACCES) {
		w->api->reject(w->reply, "Refused", error);
		return;
	}
	if (!err && !word_is_text(answer->body, answer->body_len))
		error = "the answer is not text";
	w->api->resolve(w->reply, error ? bb_json_one(w->arena, "error", bb_json_make_str(error))
					: answer_json(w, answer));
}

/* The headers' texts stay the payload's. */
static const struct bb_transfer_header *read_headers(struct bb_arena *a, const struct bb_json *from,
						     bool json, uint32_t *ret_count)
{
	uint32_t n = bb_json_count(from), count = 0;
	bool typed = false;
	struct bb_transfer_header *list = bb_alloc(a, (n + 1u) * sizeof *list);
	for (uint32_t i = 0; i < n; i++) {
		const char *name = from->members[i].key;
		typed |= !strcasecmp(name, "content-type");
		list[count++] =
		    (struct bb_transfer_header){name, bb_json_str(&from->members[i].value, NULL)};
	}
	if (json && !typed)
		list[count++] = (struct bb_transfer_header){"Content-Type", "application/json"};
	*ret_count = count;
	return list;
}

static void begin(struct transfer *p, struct bb_call *call, const struct bb_json *wanted)
{
	struct bb_arena *a = p->api->arena(call);
	const struct bb_json *body = bb_json_get(wanted, "body");
	bool json = body && body->type != BB_JSON_STRING;
	size_t len = body ? body->len : 0;
	const char *text = !body ? NULL : json ? p->api->json_write(a, body, &len) : body->s;
	struct bb_transfer_http http = {
	    .method = bb_json_get_str(wanted, "method", body ? "POST" : "GET"),
	    .url = bb_json_get_str(wanted, "url", ""),
	    .body = text,
	    .body_len = len,
	    .timeout_ms = (uint32_t)(bb_json_real(bb_json_get(wanted, "timeout_s"),
						  (double)p->cfg->timeout_ms / 1000) *
				     1000),
	    .reach = BB_TRANSFER_LISTED,
	    .operator_id = p->api->attr(call, "operator_id"),
	};
	http.headers = read_headers(a, bb_json_get(wanted, "headers"), json, &http.header_count);
	struct asked *w = bb_alloc(a, sizeof *w);
	*w =
	    (struct asked){p->api, p->api->defer(call, http.timeout_ms + MARGIN_MS, NULL, NULL), a};
	http_send(p->me, &http, on_answer, w);
}

int script_http(struct bb_call *call, void *self)
{
	struct transfer *p = self;
	const struct bb_json *args = p->api->payload(call), *wanted = bb_json_at(args, 0), *errors;
	if (!wanted || p->api->validate(SCHEMA, wanted, p->api->arena(call), &errors)) {
		const struct bb_json *first = wanted ? bb_json_at(errors, 0) : NULL;
		p->api->fail(call, "Refused", "%s: %s", bb_json_get_str(first, "path", "argument"),
			     bb_json_get_str(first, "rule", "must be a table"));
		return BB_DONE;
	}
	begin(p, call, wanted);
	return BB_LATER;
}
