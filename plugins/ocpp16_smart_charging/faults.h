/* Faults of a payload, as validation tells them: [{"path": ..., "rule": ...}, ...]. */
#ifndef OCPP16_SMART_CHARGING_FAULTS_H
#define OCPP16_SMART_CHARGING_FAULTS_H
#include "rules.h"

struct faults {
	struct bb_builder list;
};

/* Both texts live as long as the arena. */
static inline void fault_add(struct faults *f, const char *path, const char *rule)
{
	struct bb_builder b = bb_build(f->list.arena);
	bb_put_str(&b, "path", path);
	bb_put_str(&b, "rule", rule);
	bb_push(&f->list, *bb_build_object(&b));
}

/* NULL if there are none. */
static inline const struct bb_json *faults_end(struct faults *f)
{
	return f->list.count ? bb_build_array(&f->list) : NULL;
}

/* A member of the carried profile ("" for the profile itself) as a path in the payload. */
const char *carried_path(struct bb_arena *, enum carrier, const char *path);
#endif
