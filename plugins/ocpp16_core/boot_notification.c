/* A boot: the charger's particulars, and transactions that may or may not go on. */
#include "core16.h"
#include "sent.h"

#define BOOT_MS 2000u

struct boot {
	struct waiting w; /* first: a boot is a waiting call */
	const char *registration;
	const struct standing *decided; /* by the hook `boot`; NULL: the charger's row says it */
	int64_t interval_s;             /* likewise; 0: the configuration says it */
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

static const struct standing *standing_of_status(const char *status)
{
	for (size_t i = 0; status && i < sizeof standings / sizeof *standings; i++)
		if (!strcmp(status, standings[i].status))
			return &standings[i];
	return NULL;
}

static void tell(const struct boot *boot, const struct standing *s)
{
	const struct waiting *w = &boot->w;
	struct bb_builder b = bb_build(w->arena);
	bb_put_int(&b, "charger_id", w->link->charger_id);
	bb_put_str(&b, "charge_point_id", w->link->charge_point_id);
	bb_put_str(&b, "operator_id", w->link->operator_id);
	bb_put_str(&b, "status", s->status);
	if (boot->decided)
		bb_put_str(&b, "registration", s->registration);
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
	const struct standing *s = boot->decided ? boot->decided : standing_of(boot->registration);
	if (boot->decided)
		api->link_register(w->link->charge_point_id, s->registration);
	const int64_t *interval_ms =
	    (const int64_t *)(const void *)((const char *)w->core->config + s->interval);
	tell(boot, s);
	struct bb_builder b = bb_build(w->arena);
	bb_put_str(&b, "status", s->status);
	bb_put_str(&b, "currentTime", sent_time_seconds(api, w->arena, api->now_ms()));
	bb_put_int(&b, "interval", boot->interval_s ? boot->interval_s : *interval_ms / 1000);
	waiting_answer(w, bb_build_object(&b));
}

static void store(struct boot *boot)
{
	struct waiting *w = &boot->w;
	const struct bb_val id = bb_i64(w->link->charger_id), now = bb_text(w->now);
	struct bb_val v[MEMBERS + 2] = {id};
	for (size_t i = 0; i < MEMBERS; i++)
		v[i + 1] = bb_text(bb_json_get_str(w->payload, members[i], NULL));
	v[MEMBERS + 1] = now;
	struct work u = work_begin(w->core);
	work_add(&u, Q_BOOT, MEMBERS + 2, v, on_charger, boot);
	if (boot->decided) {
		const struct bb_val to[] = {id, bb_text(boot->decided->registration), now};
		work_add(&u, Q_REGISTER, 3, to, NULL, NULL);
	}
	const struct bb_val suspend[] = {id, now};
	work_add(&u, Q_SUSPEND_TRANSACTIONS, 2, suspend, NULL, NULL);
	work_commit(&u, on_committed, boot);
}

static void on_hook(int err, const struct bb_json *v, void *arg)
{
	struct boot *boot = arg;
	if (!err) {
		boot->decided = standing_of_status(bb_json_get_str(v, "status", NULL));
		boot->interval_s = bb_json_get_int(v, "interval_s", 0);
	}
	store(boot);
}

static const struct bb_json *question(const struct waiting *w)
{
	static const char *const names[MEMBERS] = {
	    "vendor", "model", "serial_number", "box_serial_number",  "firmware_version",
	    "iccid",  "imsi",  "meter_type",    "meter_serial_number"};
	struct bb_builder b = bb_build(w->arena);
	bb_put_int(&b, "charger_id", w->link->charger_id);
	bb_put_str(&b, "charge_point_id", w->link->charge_point_id);
	bb_put_str(&b, "operator_id", w->link->operator_id);
	bb_put_str(&b, "registration", w->link->registration);
	bb_put_int(&b, "interval_s", w->core->config->heartbeat_interval_ms / 1000);
	for (size_t i = 0; i < MEMBERS; i++)
		bb_put_str(&b, names[i], bb_json_get_str(w->payload, members[i], NULL));
	return bb_build_object(&b);
}

int boot_notification(struct bb_call *call, void *self)
{
	struct core16 *core = self;
	struct boot *boot = bb_zalloc(core->api->arena(call), sizeof *boot);
	struct waiting *w = &boot->w;
	int err = waiting_begin(w, core, call);
	if (err < 0)
		return err;
	err = core->api->ask_hook(core->bb, "boot", question(w), BOOT_MS, on_hook, boot);
	if (err < 0)
		on_hook(err, NULL, boot);
	return BB_LATER;
}
