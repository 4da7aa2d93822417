/* The texts of a fault. They are made only when there is one. */
#include "base/arena.h"
#include "schema/validate.h"

const char *fault_path(struct bb_arena *arena, const struct step *at)
{
	if (!at->up)
		return "";
	const char *up = fault_path(arena, at->up);
	if (!at->key)
		return arena_printf(arena, "%s[%u]", up, at->index);
	return *up ? arena_printf(arena, "%s.%s", up, at->key) : bb_strdup(arena, at->key);
}

static const char *type_text(const struct node *n)
{
	static const struct {
		uint32_t types;
		const char *text;
	} texts[] = {
	    {TYPE_BIT(BB_JSON_BOOL), "a boolean"},   {TYPES_NUMBER, "a number"},
	    {TYPE_BIT(BB_JSON_STRING), "a string"},  {TYPE_BIT(BB_JSON_ARRAY), "an array"},
	    {TYPE_BIT(BB_JSON_OBJECT), "an object"},
	};
	if (n->integer)
		return "an integer";
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (n->types & texts[i].types)
			return texts[i].text;
	return NULL;
}

const char *fault_type_rule(struct bb_arena *arena, const struct node *n, const struct bb_json *v)
{
	const char *text = type_text(n);
	if (!text)
		return "is not null";
	if (n->integer && v->type == BB_JSON_REAL && (v->f >= 0x1p63 || v->f < -0x1p63))
		return "is not an integer of at most 64 bits";
	return arena_printf(arena, "is not %s%s", text,
			    n->types & TYPE_BIT(BB_JSON_NULL) ? " or null" : "");
}

const char *schema_fault_text(struct bb_arena *arena, const struct schema_fault *f)
{
	return arena_printf(arena, "%s %s", *f->path ? f->path : "the payload", f->rule);
}

const char *schema_kind_code(enum schema_kind kind)
{
	static const char *const codes[] = {
	    [SCHEMA_TYPE] = "TypeConstraintViolation",
	    [SCHEMA_PROPERTY] = "PropertyConstraintViolation",
	    [SCHEMA_OCCURRENCE] = "OccurenceConstraintViolation",
	    [SCHEMA_FORMATION] = "FormationViolation",
	};
	return codes[kind];
}

const struct bb_json *schema_faults_json(struct bb_arena *a, const struct schema_fault *faults,
					 size_t count)
{
	struct bb_builder list = bb_build(a);
	for (size_t i = 0; i < count; i++) {
		struct bb_builder one = bb_build(a);
		bb_put_str(&one, "path", faults[i].path);
		bb_put_str(&one, "rule", faults[i].rule);
		bb_push(&list, *bb_build_object(&one));
	}
	return bb_build_array(&list);
}
