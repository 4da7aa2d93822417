#include <errno.h>

#include "faults.h"
#include "smart.h"

static int verdict(const struct bb_json *faults, const struct bb_json **ret_errors)
{
	if (!faults)
		return 0;
	*ret_errors = faults;
	return -EBADMSG;
}

static int check(const struct smart *s, const struct bb_ask *ask, enum carrier carrier,
		 struct bb_arena *a, const struct bb_json **ret_errors)
{
	return verdict(rules_check(s->api, a, carrier, ask->payload, s->api->now_ms()), ret_errors);
}

int check_set(const struct bb_ask *ask, struct bb_arena *a, const struct bb_json **ret_errors,
	      void *self)
{
	return check(self, ask, CARRIER_SET, a, ret_errors);
}

int check_remote_start(const struct bb_ask *ask, struct bb_arena *a,
		       const struct bb_json **ret_errors, void *self)
{
	return check(self, ask, CARRIER_REMOTE_START, a, ret_errors);
}

static void demand(struct faults *f, const struct bb_json *payload, const char *name, int64_t least,
		   const char *rule)
{
	const struct bb_json *v = bb_json_get(payload, name);
	int64_t i = bb_json_int(v, least);
	if (v && (i < least || i > INT32_MAX))
		fault_add(f, name, i < least ? rule : "is above 31 bits");
}

int check_clear(const struct bb_ask *ask, struct bb_arena *a, const struct bb_json **ret_errors,
		void *self)
{
	struct faults f = {bb_build(a)};
	(void)self;
	demand(&f, ask->payload, "id", 0, "is negative");
	demand(&f, ask->payload, "connectorId", 0, "is negative");
	demand(&f, ask->payload, "stackLevel", 0, "is negative");
	return verdict(faults_end(&f), ret_errors);
}

int check_composite(const struct bb_ask *ask, struct bb_arena *a, const struct bb_json **ret_errors,
		    void *self)
{
	struct faults f = {bb_build(a)};
	(void)self;
	demand(&f, ask->payload, "connectorId", 0, "is negative");
	demand(&f, ask->payload, "duration", 1, "is below 1");
	return verdict(faults_end(&f), ret_errors);
}
