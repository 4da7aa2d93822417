/* A boot: the charger's particulars, and transactions that may or may not go on. */
#include "core16.h"
#include "sent.h"

struct boot {
	struct waiting w; /* first: a boot is a waiting call */
	const char *registration;
};

static const char *const members[] = {
    "chargePointVendor",
    "chargePointModel",
    "chargePointSerialNumber",
    "chargeBoxSerialNumber",
    "firmwareVersion",
    "iccid",
    "imsi",
    "meterType",
    "meterSerialNumber",
};
#define MEMBERS (sizeof members / sizeof *members)

static const struct standing {
	const char *registration, *status;
	size_t interval; /* where the config has it */
} standings[] = {
    {"accepted", "Accepted", offsetof(struct core16_config, heartbeat_interval_ms)},
    {"pending", "Pending", offsetof(struct core16_config, pending_interval_ms)},
    {"rejected", "Rejected", offsetof(struct core16_config, rejected_interval_ms)},
};

/* A charger whose row is gone is rejected. */
static const struct standing *standing_of(const char *registration)
{
	size_t last = sizeof standings / sizeof *standings - 1;
	for (size_t i = 0; registration && i < last; i++)
		if (!strcmp(registration, standings[i].registration))
			return &standings[i];
	return &standings[last];
}

static void on_charger(int err, const struct bb_rows *rows, void *arg)
{
	struct boot *b = arg;
	const char *text = !err && rows->rows ? bb_cell_text(rows, 0, 0) : NULL;
	b->registration = text ? bb_strdup(b->w.arena, text) : NULL;
}

static void tell(const struct boot *boot, const struct standing *s)
{
	const struct waiting *w = &boot->w;
	struct bb_builder b = bb_build(w->arena);
	bb_put_int(&b, "charger_id", w->link->charger_id);
	bb_put_str(&b, "charge_point_id", w->link->charge_point_id);
	bb_put_str(&b, "operator_id", w->link->operator_id);
	bb_put_str(&b, "status", s->status);
	bb_put_str(&b, "vendor", bb_json_get_str(w->payload, "chargePointVendor", NULL));
	bb_put_str(&b, "model", bb_json_get_str(w->payload, "chargePointModel", NULL));
	bb_put_str(&b, "firmware_version", bb_json_get_str(w->payload, "firmwareVersion", NULL));
	bb_put_str(&b, "serial_number",
		   bb_json_get_str(w->payload, "chargePointSerialNumber", NULL));
	w->core->api->emit(w->core->bb, NULL, "charger.booted", bb_build_object(&b));
}

static void on_committed(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	struct boot *boot = arg;
	struct waiting *w = &boot->w;
	const struct bb_api *api = w->core->api;
	if (err) {
		waiting_fail(w, err, "the boot could not be stored");
		return;
	}
	const struct standing *s = standing_of(boot->registration);
	const int64_t *interval_ms =
	    (const int64_t *)(const void *)((const char *)w->core->config + s->interval);
	tell(boot, s);
	struct bb_builder b = bb_build(w->arena);
	bb_put_str(&b, "status", s->status);
	bb_put_str(&b, "currentTime", sent_time_seconds(api, w->arena, api->now_ms()));
	bb_put_int(&b, "interval", *interval_ms / 1000);
	waiting_answer(w, bb_build_object(&b));
}

int boot_notification(struct bb_call *call, void *self)
{
	struct core16 *core = self;
	struct boot *boot = bb_zalloc(core->api->arena(call), sizeof *boot);
	struct waiting *w = &boot->w;
	int err = waiting_begin(w, core, call);
	if (err < 0)
		return err;
	struct bb_val v[MEMBERS + 2] = {bb_i64(w->link->charger_id)};
	for (size_t i = 0; i < MEMBERS; i++)
		v[i + 1] = bb_text(bb_json_get_str(w->payload, members[i], NULL));
	v[MEMBERS + 1] = bb_text(w->now);
	struct work u = work_begin(core);
	work_add(&u, Q_BOOT, MEMBERS + 2, v, on_charger, boot);
	const struct bb_val suspend[] = {bb_i64(w->link->charger_id), bb_text(w->now)};
	work_add(&u, Q_SUSPEND_TRANSACTIONS, 2, suspend, NULL, NULL);
	work_commit(&u, on_committed, boot);
	return BB_LATER;
}
