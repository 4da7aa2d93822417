#include "busbard/upcalls.h"

static struct ocppj *bound;
static struct tls *bound_tls;

void upcalls_bind(struct ocppj *o, struct tls *tls)
{
	bound = o;
	bound_tls = tls;
}

static int up_ask_charger(const char *plugin, const struct bb_ask *ask, struct bb_arena *arena,
			  const char **ret_id, const struct bb_json **ret_errors, bb_command_fn *fn,
			  void *arg)
{
	return ocppj_ask(bound, plugin, ask, arena, ret_id, ret_errors, fn, arg);
}

static uint32_t up_link_count(void)
{
	return ocppj_link_count(bound);
}

static void up_link_each(bool (*fn)(const struct bb_link *, void *arg), void *arg)
{
	ocppj_link_each(bound, fn, arg);
}

static const struct bb_link *up_link_find(const char *charge_point_id)
{
	return ocppj_link_find(bound, charge_point_id);
}

static int up_link_register(const char *charge_point_id, const char *registration)
{
	return ocppj_link_register(bound, charge_point_id, registration);
}

static int up_link_close(const char *charge_point_id, uint16_t code, const char *reason)
{
	return ocppj_link_close(bound, charge_point_id, code, reason);
}

static int up_tls_trust(const char *plugin, const char *pem)
{
	return tls_trust(bound_tls, plugin, pem);
}

const struct host_upcalls node_upcalls = {
    .ask_charger = up_ask_charger,
    .link_count = up_link_count,
    .link_each = up_link_each,
    .link_find = up_link_find,
    .link_close = up_link_close,
    .link_register = up_link_register,
    .tls_trust = up_tls_trust,
};
