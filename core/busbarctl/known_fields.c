/* Which fields a verb takes, as the schemas of the installation say: those that the server holds
 * bodies against. */
#include <unistd.h>

#include "base/arena.h"
#include "busbarctl/verb.h"
#include "json/json.h"

static const struct bb_json *schema_of(struct ctl *ctl, const char *name)
{
	const char *path =
	    ctl_installed(ctl, arena_printf(ctl->arena, "share/busbar/schemas/rest/%s.json", name));
	size_t len = 0;
	const char *text = path && !access(path, R_OK) ? ctl_file(ctl, path, &len) : NULL;
	const struct bb_json *v = NULL;
	return text && !json_parse(ctl->arena, text, len, &v, NULL) ? v : NULL;
}

static const struct {
	const char *type, *text;
} types[] = {
    {"string", "text"},           {"integer", "whole number"}, {"number", "number"},
    {"boolean", "true or false"}, {"array", "list"},           {"object", "object"},
};

static const char *choices(struct bb_arena *a, const struct bb_json *list)
{
	const char *text = "";
	for (uint32_t i = 0; i < bb_json_count(list); i++)
		text = arena_printf(a, "%s%s%s", text, i ? "|" : "",
				    bb_json_str(bb_json_at(list, i), "null"));
	return text;
}

static bool has_null(const struct bb_json *type)
{
	return bb_json_is(type, BB_JSON_ARRAY) && type->len == 2;
}

static const char *type_of(const struct bb_json *field)
{
	const struct bb_json *type = bb_json_get(field, "type");
	return bb_json_str(has_null(type) ? bb_json_at(type, 0) : type, "object");
}

const char *known_kind(struct bb_arena *a, const struct bb_json *field)
{
	const struct bb_json *type = bb_json_get(field, "type");
	const char *name = type_of(field), *text = name;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcmp(types[i].type, name))
			text = types[i].text;
	if (bb_json_get(field, "enum"))
		return choices(a, bb_json_get(field, "enum"));
	const char *format = bb_json_get_str(field, "format", "");
	if (!strcmp(format, "date-time"))
		text = "time, as 2026-11-26T08:00:00Z";
	if (!strcmp(format, "time-zone"))
		text = "time zone, as Europe/Berlin";
	return has_null(type) ? arena_printf(a, "%s or null", text) : text;
}

static bool is_needed(const struct bb_json *schema, const char *name)
{
	const struct bb_json *required = bb_json_get(schema, "required");
	for (uint32_t i = 0; i < bb_json_count(required); i++)
		if (!strcmp(bb_json_str(bb_json_at(required, i), ""), name))
			return true;
	return false;
}

void known_fields(struct ctl *ctl, const struct verb *v, known_field_fn *fn)
{
	struct bb_arena *a = ctl->arena;
	const struct bb_json *schema = v->fields ? schema_of(ctl, v->fields) : NULL;
	const struct bb_json *fields = bb_json_get(schema, "properties");
	for (uint32_t i = 0; i < bb_json_count(fields); i++) {
		const char *name = fields->members[i].key;
		const struct bb_json *field = &fields->members[i].value;
		const char *about = bb_json_get_str(field, "description", NULL);
		bool is_text = !strcmp(type_of(field), "string");
		fn(arena_printf(a, "%s%s", name, is_text ? "=" : ":="),
		   arena_printf(a, "%s%s%s%s", known_kind(a, field),
				is_needed(schema, name) ? ", needed" : "", about ? "; " : "",
				about ? about : ""));
	}
}
