/* Which filters a list takes, as the description of the server's routes says. */
#include "base/arena.h"
#include "busbarctl/verb.h"
#include "json/json.h"

/* Those that busbarctl gives by itself. */
static const char *const own[] = {"limit", "cursor", "format"};

bool filter_is_own(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strlen(own[i]) == len && !strncmp(own[i], name, len))
			return true;
	return false;
}

static const struct bb_json *parameters_of(const struct bb_json *api, const char *route)
{
	const struct bb_json *path = bb_json_get(bb_json_get(api, "paths"), route);
	return bb_json_get(bb_json_get(path, "get"), "parameters");
}

/* A schema that stands elsewhere in the description: "#/components/schemas/rest.charger". */
static const struct bb_json *resolved(const struct bb_json *api, const struct bb_json *schema)
{
	const char *ref = bb_json_get_str(schema, "$ref", NULL);
	const struct bb_json *all = bb_json_get(bb_json_get(api, "components"), "schemas");
	return ref ? bb_json_get(all, strrchr(ref, '/') + 1) : schema;
}

static bool tell(struct ctl *ctl, const struct bb_json *api, const struct bb_json *parameter,
		 known_field_fn *fn)
{
	const char *name = bb_json_get_str(parameter, "name", "");
	const char *about = bb_json_get_str(parameter, "description", NULL);
	const struct bb_json *schema = resolved(api, bb_json_get(parameter, "schema"));
	if (strcmp(bb_json_get_str(parameter, "in", ""), "query") != 0 ||
	    filter_is_own(name, strlen(name)))
		return false;
	fn(arena_printf(ctl->arena, "%s=", name),
	   arena_printf(ctl->arena, "%s%s%s", known_kind(ctl->arena, schema), about ? "; " : "",
			about ? about : ""));
	return true;
}

int known_filters(struct ctl *ctl, const char *route, known_field_fn *fn)
{
	struct answer a;
	int count = 0;
	if (settings_read(ctl) || http_send(ctl, "GET", "/openapi.json", NULL, &a))
		return -1;
	const struct bb_json *all = parameters_of(a.body, route);
	for (uint32_t i = 0; i < bb_json_count(all); i++)
		count += tell(ctl, a.body, bb_json_at(all, i), fn);
	return count;
}
