#include "claims.h"

#include <busbar/users.h>

#define NAME_MOST 255

static const struct bb_json *item_at(const struct bb_json *list, const char *index)
{
	uint32_t i = 0;
	if (!*index || strlen(index) > 4 || index[strspn(index, "0123456789")])
		return NULL;
	for (; *index; index++)
		i = i * 10 + (uint32_t)(*index - '0');
	return bb_json_at(list, i);
}

static const struct bb_json *inner(const struct bb_json *v, const char *name)
{
	return bb_json_is(v, BB_JSON_ARRAY) ? item_at(v, name) : bb_json_get(v, name);
}

/* Names may have points themselves ("https://csms.example/roles"): longer ones are tried
 * first. */
const struct bb_json *claim_find(const struct bb_json *v, const char *path)
{
	char name[256];
	size_t len = strlen(path);
	if (len >= sizeof name)
		return NULL;
	memcpy(name, path, len + 1);
	const struct bb_json *found = inner(v, name);
	for (char *point = strrchr(name, '.'); point && !found; point = strrchr(name, '.')) {
		*point = '\0';
		const struct bb_json *next = inner(v, name);
		if (next)
			found = claim_find(next, path + (point - name) + 1);
	}
	return found;
}

static const struct bb_json *claim_of(const struct bb_json *rule, const struct bb_json *claims)
{
	const char *path = bb_json_get_str(rule, "claim", NULL);
	return path ? claim_find(claims, path) : NULL;
}

/* What a value means here, NULL: nothing. Without a map, itself. */
static const char *meaning(const struct bb_json *rule, const struct bb_json *value)
{
	const struct bb_json *map = bb_json_get(rule, "map");
	const char *text = bb_json_str(value, NULL);
	return map && text ? bb_json_get_str(map, text, NULL) : text;
}

static const char *higher(const char *a, const char *b)
{
	return bb_role_of(b) > bb_role_of(a) ? b : a;
}

/* Of several the one that may most. */
static const char *role_of(const struct bb_json *rule, const struct bb_json *claims)
{
	const struct bb_json *claim = claim_of(rule, claims);
	const char *role = higher(NULL, meaning(rule, claim));
	for (uint32_t i = 0; bb_json_is(claim, BB_JSON_ARRAY) && i < claim->len; i++)
		role = higher(role, meaning(rule, &claim->items[i]));
	return role ? role : bb_json_get_str(rule, "default", NULL);
}

/* The default is for those of whom nothing is said, not for those of an operator unknown here. */
static const char *operator_of(const struct bb_json *rule, const struct bb_json *claims)
{
	const struct bb_json *claim = claim_of(rule, claims);
	if (claim && claim->type != BB_JSON_NULL)
		return meaning(rule, claim);
	return bb_json_get_str(rule, "default", NULL);
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static const char *text_of(const struct bb_json *claims, const char *path)
{
	return path ? bb_json_str(claim_find(claims, path), NULL) : NULL;
}

/* One claim, or several with spaces between them. */
static const char *name_of(struct bb_arena *a, const struct bb_json *rule,
			   const struct bb_json *claims)
{
	const char *name = rule ? NULL : text_of(claims, "name");
	for (uint32_t i = 0; i < bb_json_count(rule); i++) {
		const char *part = text_of(claims, bb_json_str(bb_json_at(rule, i), NULL));
		if (part && *part)
			name = name ? bb_printf(a, "%s %s", name, part) : part;
	}
	return name && *name && strlen(name) <= NAME_MOST && is_printable(name) ? name : NULL;
}

/* Some providers say it as a text. Of one that says nothing the operator must know that it has seen
 * all its addresses to be their users'. */
static bool is_verified(const struct bb_json *rules, const struct bb_json *claims)
{
	const struct bb_json *v = bb_json_get(claims, "email_verified");
	if (!v)
		return bb_json_get_bool(rules, "email_trusted", false);
	return bb_json_bool(v, false) || !strcmp(bb_json_str(v, ""), "true");
}

/* An address that nobody has seen to be theirs is none: mails of Busbar, sign-in links among them,
 * would go to somebody else. */
static const char *email_of(const struct bb_json *rules, const struct bb_json *claims)
{
	if (!is_verified(rules, claims))
		return NULL;
	return text_of(claims, bb_json_get_str(rules, "email_claim", "email"));
}

const char *claims_person(struct bb_arena *a, const struct bb_json *rules,
			  const struct bb_json *claims, const char *subject, struct person *ret)
{
	struct person p = {.subject = subject, .email = email_of(rules, claims)};
	p.role = role_of(bb_json_get(rules, "roles"), claims);
	p.name = name_of(a, bb_json_get(rules, "name_claims"), claims);
	if (!p.name)
		p.name = p.email && is_printable(p.email) && strlen(p.email) <= NAME_MOST ? p.email
											  : subject;
	if (!p.role)
		return "none of your roles means anything here";
	if (strcmp(p.role, "admin") != 0 &&
	    !(p.operator_id = operator_of(bb_json_get(rules, "operator"), claims)))
		return "you belong to no operator here";
	*ret = p;
	return NULL;
}
