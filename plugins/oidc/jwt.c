#include "jwt.h"

#include <strings.h>

#define SUBJECT_MOST 255
#define TIME_MOST 253402300799.0 /* the last second of the year 9999 */

bool jwt_looks_like(const char *text)
{
	const char *first = strchr(text, '.'), *second = first ? strchr(first + 1, '.') : NULL;
	return second && !strchr(second + 1, '.');
}

static const struct bb_json *read_part(const struct bb_api *api, struct bb_arena *a,
				       const char *from, const char *to)
{
	struct bytes text = base64url_read(a, from, (size_t)(to - from));
	const struct bb_json *v;
	if (!text.at || api->json_parse(a, (const char *)text.at, text.len, &v, NULL))
		return NULL;
	return bb_json_is(v, BB_JSON_OBJECT) ? v : NULL;
}

/* Other kinds of tokens, signed by the same key for other ends, say so. */
static bool is_of_access(const struct bb_json *typ)
{
	static const char *const types[] = {"JWT", "at+jwt", "application/at+jwt",
					    "application/jwt"};
	for (size_t i = 0; typ && i < sizeof types / sizeof *types; i++)
		if (!strcasecmp(bb_json_str(typ, ""), types[i]))
			return true;
	return !typ;
}

static const char *read_header(const struct bb_json *header, struct jwt *ret)
{
	const struct bb_json *kid = bb_json_get(header, "kid");
	ret->alg = algorithm_find(bb_json_get_str(header, "alg", NULL));
	ret->kid = bb_json_str(kid, NULL);
	if (!ret->alg)
		return "its algorithm is not allowed";
	if (kid && !ret->kid)
		return "its kid is no text";
	if (bb_json_get(header, "crit") || bb_json_get(header, "b64"))
		return "its header demands what is not known here";
	return is_of_access(bb_json_get(header, "typ")) ? NULL : "it is of another type";
}

const char *jwt_read(const struct bb_api *api, struct bb_arena *a, const char *text,
		     struct jwt *ret)
{
	struct jwt t = {.signed_text = text};
	size_t len = strnlen(text, JWT_MOST + 1);
	if (len > JWT_MOST)
		return "it is too long";
	if (!jwt_looks_like(text))
		return "it has not three parts";
	const char *first = strchr(text, '.'), *second = strchr(first + 1, '.');
	t.signed_len = (size_t)(second - text);
	const struct bb_json *header = read_part(api, a, text, first);
	t.claims = read_part(api, a, first + 1, second);
	t.signature = base64url_read(a, second + 1, strlen(second + 1));
	if (!header || !t.claims || !t.signature.len)
		return "it is malformed";
	const char *fault = read_header(header, &t);
	if (!fault)
		*ret = t;
	return fault;
}

static bool has_text(const struct bb_json *texts, const char *text)
{
	if (bb_json_is(texts, BB_JSON_STRING))
		return !strcmp(texts->s, text);
	for (uint32_t i = 0; bb_json_is(texts, BB_JSON_ARRAY) && i < texts->len; i++)
		if (!strcmp(bb_json_str(&texts->items[i], ""), text))
			return true;
	return false;
}

static bool is_for(const struct bb_json *audience, const struct bb_json *aud)
{
	for (uint32_t i = 0; i < bb_json_count(audience); i++)
		if (has_text(aud, bb_json_str(&audience->items[i], "")))
			return true;
	return false;
}

/* False: it is there and no time. */
static bool read_time(const struct bb_json *v, double *ret_s)
{
	bool number = bb_json_is(v, BB_JSON_INT) || bb_json_is(v, BB_JSON_REAL);
	*ret_s = bb_json_real(v, 0);
	return !v || (number && *ret_s >= 0 && *ret_s <= TIME_MOST);
}

static const char *time_fault(const struct bb_json *claims, double now_s, double skew_s)
{
	double exp, nbf, iat;
	if (!bb_json_get(claims, "exp"))
		return "it has no exp";
	if (!read_time(bb_json_get(claims, "exp"), &exp) ||
	    !read_time(bb_json_get(claims, "nbf"), &nbf) ||
	    !read_time(bb_json_get(claims, "iat"), &iat))
		return "one of its times is none";
	if (exp + skew_s <= now_s)
		return "it has expired";
	if (nbf > now_s + skew_s)
		return "it is not valid yet";
	return iat > now_s + skew_s ? "it is from the future" : NULL;
}

static bool is_subject(const char *text)
{
	size_t len = text ? strlen(text) : 0;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return len > 0 && len <= SUBJECT_MOST;
}

const char *jwt_fault(const struct jwt *t, const struct bb_json *audience, int64_t now_ms,
		      int64_t skew_ms)
{
	if (!is_for(audience, bb_json_get(t->claims, "aud")))
		return "it is for another audience";
	if (!is_subject(bb_json_get_str(t->claims, "sub", NULL)))
		return "it has no sub";
	return time_fault(t->claims, (double)now_ms / 1000, (double)skew_ms / 1000);
}

int64_t jwt_expires_ms(const struct jwt *t)
{
	return (int64_t)(bb_json_real(bb_json_get(t->claims, "exp"), 0) * 1000);
}
