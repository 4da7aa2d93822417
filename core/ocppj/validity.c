/* Is what a charger sends as its schema says, and if not, can it be used all the same? */
#include "base/arena.h"
#include "base/log.h"
#include "ocppj/internal.h"

#define MAX_FAULTS 16u

/* Lenient: what a handler can still use goes on. Missing and mistyped members cannot be used. */
static bool tolerable(const struct schema_fault *faults, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (faults[i].kind != SCHEMA_PROPERTY &&
		    !(faults[i].kind == SCHEMA_OCCURRENCE &&
		      !strcmp(faults[i].rule, "is not a known member")))
			return false;
	return count < MAX_FAULTS;
}

void heard_count(const struct heard *h, const char *kind, const char *keyword, const char *code,
		 const char *path, const char *rule)
{
	struct link *l = h->link;
	const struct fault f = {
	    .charger_id = l->pub.charger_id,
	    .operator_id = l->pub.operator_id,
	    .charge_point_id = l->pub.charge_point_id,
	    .kind = kind,
	    .direction = h->direction,
	    .action = h->action,
	    .code = code,
	    .path = path,
	    .rule = rule,
	    .message_id = h->id,
	};
	counts_heard(h, kind, keyword);
	tally_add(l->o->tally, &l->charger->share, &f);
}

bool heard_is_valid(const struct heard *h, const struct schema *s, const struct bb_json *payload,
		    struct bb_arena *arena, struct schema_fault *ret)
{
	struct schema_fault faults[MAX_FAULTS];
	size_t count = 0;
	if (schema_validate(s, payload, arena, faults, MAX_FAULTS, &count))
		return true;
	for (size_t i = 0; i < count; i++)
		heard_count(h, "violation", faults[i].keyword, schema_kind_code(faults[i].kind),
			    faults[i].path, faults[i].rule);
	if (strcmp(h->link->pub.validation, "lenient") != 0 || !tolerable(faults, count)) {
		*ret = faults[0];
		return false;
	}
	enum bb_level level = charger_blame(h->link->charger);
	for (size_t i = 0; i < count; i++)
		log_line(level, "ocppj", "%s let through: %s", h->action,
			 schema_fault_text(arena, &faults[i]));
	return true;
}
