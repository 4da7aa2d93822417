/* The option `issuers`. */
#include "oidc.h"

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789_-"
#define USUAL_ALGORITHMS                                                                   \
	(algorithm_bit(algorithm_find("RS256")) | algorithm_bit(algorithm_find("PS256")) | \
	 algorithm_bit(algorithm_find("ES256")) | algorithm_bit(algorithm_find("EdDSA")))

static uint32_t algorithms_of(const struct bb_json *list)
{
	uint32_t set = 0;
	for (uint32_t i = 0; i < bb_json_count(list); i++)
		set |= algorithm_bit(algorithm_find(bb_json_str(bb_json_at(list, i), NULL)));
	return list ? set : USUAL_ALGORITHMS;
}

static const char *map_fault(const struct bb_json *rules)
{
	const struct bb_json *roles = bb_json_get(bb_json_get(rules, "roles"), "map");
	const struct bb_json *operators = bb_json_get(bb_json_get(rules, "operator"), "map");
	for (uint32_t i = 0; i < bb_json_count(roles); i++)
		if (!bb_role_of(bb_json_str(&roles->members[i].value, NULL)))
			return "roles.map has what is no role: admin, operator, readonly, user";
	for (uint32_t i = 0; i < bb_json_count(operators); i++)
		if (!bb_json_is(&operators->members[i].value, BB_JSON_STRING))
			return "operator.map has what is no operator's id";
	return NULL;
}

static const char *fault_of(struct issuers *all, const struct issuer *i)
{
	if (!*i->name || strspn(i->name, NAME_LETTERS) != strlen(i->name))
		return "its name is not of small letters, digits, _ and - alone";
	if (issuers_named(all, i->name) || issuers_find(all, i->issuer))
		return "its name or its issuer is there twice";
	if (!bb_url_is_private(i->issuer) || (i->jwks_url && !bb_url_is_private(i->jwks_url)))
		return "its URLs must begin with https://, or with http://127.0.0.1: or "
		       "http://localhost: for a test";
	const char *fault = map_fault(i->rules);
	return fault ? fault : map_fault(i->webhook);
}

static const char *add(struct issuers *all, struct oidc *p, const struct bb_json *v)
{
	const struct bb_json *audience = bb_json_get(v, "audience");
	const struct issuer i = {
	    .p = p,
	    .name = bb_json_get_str(v, "name", ""),
	    .issuer = bb_json_get_str(v, "issuer", ""),
	    .jwks_url = bb_json_get_str(v, "jwks_url", NULL),
	    .ca = bb_json_get_str(v, "ca", NULL),
	    .audience = audience,
	    .rules = v,
	    .webhook = bb_json_get(v, "webhook"),
	    .algorithms = algorithms_of(bb_json_get(v, "algorithms")),
	    .create_users = bb_json_get_bool(v, "create_users", true),
	};
	const char *fault = fault_of(all, &i);
	if (!fault)
		all->list[all->count++] = i;
	return fault;
}

/* NULL: all is well. */
static const char *read_into(struct issuers *all, struct oidc *p, const char *text)
{
	const struct bb_json *v, *errors = NULL;
	const char *fault = NULL;
	int err = p->api->json_parse(all->arena, text, strlen(text), &v, &fault);
	if (err)
		return bb_printf(all->arena, "it is no JSON: %s", fault ? fault : "malformed");
	if (p->api->validate("oidc/issuers", v, all->arena, &errors))
		return errors ? p->api->json_write(all->arena, errors, NULL) : "it is malformed";
	all->list = bb_zalloc(all->arena, (v->len + 1) * sizeof *all->list);
	for (uint32_t i = 0; i < v->len && !fault; i++) {
		fault = add(all, p, &v->items[i]);
		if (fault)
			fault = bb_printf(all->arena, "[%u]: %s", i, fault);
	}
	return fault;
}

struct issuers *issuers_read(struct oidc *p, const struct config *cfg)
{
	struct issuers *all = calloc(1, sizeof *all);
	if (!all)
		return NULL;
	all->arena = p->api->arena_new();
	const char *fault = read_into(all, p, *cfg->issuers ? cfg->issuers : "[]");
	if (!fault)
		return all;
	p->api->log(p->me, BB_ERROR, "oidc.issuers: %s", fault);
	issuers_free(p, all);
	return NULL;
}

void issuers_free(struct oidc *p, struct issuers *all)
{
	while (all) {
		struct issuers *before = all->before;
		for (uint32_t i = 0; i < all->count; i++)
			keyset_free(&all->list[i].keys);
		p->api->arena_free(all->arena);
		free(all);
		all = before;
	}
}

struct issuer *issuers_find(struct issuers *all, const char *issuer)
{
	for (uint32_t i = 0; i < all->count; i++)
		if (!strcmp(all->list[i].issuer, issuer))
			return &all->list[i];
	return NULL;
}

struct issuer *issuers_named(struct issuers *all, const char *name)
{
	for (uint32_t i = 0; i < all->count; i++)
		if (!strcmp(all->list[i].name, name))
			return &all->list[i];
	return NULL;
}
