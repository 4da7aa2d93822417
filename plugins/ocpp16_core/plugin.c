/* ocpp16_core: OCPP 1.6's Core profile. The tables are the table of contents; each handler is in
 * the file of its name. */
#include <stdlib.h>

#include "core16.h"

#define AT(member) offsetof(struct core16_config, member)
#define DAY INT64_C(86400000)

static const struct bb_option options[] = {
    {"heartbeat_interval", BB_OPT_MSEC, BB_RELOADABLE, AT(heartbeat_interval_ms), "300s",
     "how often an accepted charger sends heartbeats, in whole seconds", 1000, DAY, NULL},
    {"pending_interval", BB_OPT_MSEC, BB_RELOADABLE, AT(pending_interval_ms), "60s",
     "after what time a charger that is pending boots again", 1000, DAY, NULL},
    {"rejected_interval", BB_OPT_MSEC, BB_RELOADABLE, AT(rejected_interval_ms), "300s",
     "after what time a charger that is rejected boots again", 1000, DAY, NULL},
    {"reconcile_after", BB_OPT_MSEC, BB_RELOADABLE, AT(reconcile_after_ms), "24h",
     "after what time a transaction in doubt ends with its last meter value", 1000, 365 * DAY,
     NULL},
    {"reconcile_every", BB_OPT_MSEC, 0, AT(reconcile_every_ms), "60s",
     "how often transactions in doubt are looked for", 100, DAY, NULL},
    {"offline_after", BB_OPT_MSEC, BB_RELOADABLE, AT(offline_after_ms), "5m",
     "how late a start or stop must come to be flagged as offline", 1000, 365 * DAY, NULL},
};

#define NOT_FROM_REJECTED(action)                               \
	{                                                       \
		OCPP16, action, refuse_rejected, BB_GUARD, -500 \
	}
static const struct bb_action actions[] = {
    {OCPP16, "BootNotification", boot_notification, BB_OWNER, 0},
    {OCPP16, "Heartbeat", heartbeat, BB_OWNER, 0},
    {OCPP16, "StatusNotification", status_notification, BB_OWNER, 0},
    {OCPP16, "Authorize", authorize, BB_OWNER, 0},
    {OCPP16, "StartTransaction", start_transaction, BB_OWNER, 0},
    {OCPP16, "StopTransaction", stop_transaction, BB_OWNER, 0},
    {OCPP16, "MeterValues", meter_values, BB_OWNER, 0},
    {OCPP16, "DataTransfer", data_transfer, BB_OWNER, 0},
    NOT_FROM_REJECTED("Heartbeat"),
    NOT_FROM_REJECTED("StatusNotification"),
    NOT_FROM_REJECTED("Authorize"),
    NOT_FROM_REJECTED("DataTransfer"),
    NOT_FROM_REJECTED("DiagnosticsStatusNotification"),
    NOT_FROM_REJECTED("FirmwareStatusNotification"),
    NOT_FROM_REJECTED("LogStatusNotification"),
    NOT_FROM_REJECTED("SecurityEventNotification"),
    NOT_FROM_REJECTED("SignCertificate"),
    NOT_FROM_REJECTED("SignedFirmwareStatusNotification"),
};

static const struct bb_outgoing outgoing[] = {
    {OCPP16, "ChangeAvailability", BB_REPEATABLE, NULL, NULL, NULL},
    {OCPP16, "ChangeConfiguration", BB_REPEATABLE, NULL, NULL, NULL},
    {OCPP16, "ClearCache", BB_REPEATABLE, NULL, NULL, NULL},
    {OCPP16, "DataTransfer", 0, NULL, NULL, NULL},
    {OCPP16, "GetConfiguration", BB_REPEATABLE, NULL, NULL, NULL},
    {OCPP16, "RemoteStartTransaction", 0, check_transaction_command, NULL, NULL},
    {OCPP16, "RemoteStopTransaction", 0, check_transaction_command, NULL, NULL},
    {OCPP16, "Reset", 0, NULL, NULL, NULL},
    {OCPP16, "UnlockConnector", 0, NULL, NULL, NULL},
};

#define CHARGER "/api/admin/chargers/{id}/"
static const struct bb_route routes[] = {
    {"POST", CHARGER "remote-start", "admin operator", remote_start,
     "Ask a charger to start a transaction", "rest/remote_start", "rest/command_answer", NULL,
     BB_OWNER, 0},
    {"POST", CHARGER "remote-stop", "admin operator", remote_stop,
     "Ask a charger to stop a transaction", "rest/remote_stop", "rest/command_answer", NULL,
     BB_OWNER, 0},
    {"POST", CHARGER "change-availability", "admin operator", change_availability,
     "Take a charger or a connector into or out of service", "rest/change_availability",
     "rest/command_answer", NULL, BB_OWNER, 0},
};

static const struct bb_question questions[] = {
    {"data_transfer", "closed", "ocpp1.6/DataTransferResponse",
     "A charger's DataTransfer: {charge_point_id, operator_id, vendor_id, message_id?, data?}; "
     "pass "
     "what is of another vendor."},
    {"boot", "open", "hooks/boot",
     "Is this charger accepted, pending or rejected, and how often does it send heartbeats?"},
    {"stop", "open", "hooks/stop", "What is there to say of this session, which ends?"},
};

static int init(struct bb *bb, const struct bb_api *api, const void *config, void **self)
{
	struct core16 filled = {.bb = bb, .api = api, .config = config};
	int err = queries_find(&filled);
	return err ? err : bb_keep(&filled, sizeof filled, self);
}

static int start(void *self)
{
	struct core16 *core = self;
	core->chargers = core->api->service(core->bb, "chargers/1", sizeof *core->chargers);
	return reconciliation_start(self);
}

static int reload(void *self, const void *config)
{
	((struct core16 *)self)->config = config;
	return 0;
}

static void stop(void *self)
{
	reconciliation_stop(self);
}

static const char *const needs[] = {"chargers/1", "transactions/1", NULL};

BB_PLUGIN(ocpp16_core, .version = "0.1.0", .needs = needs,
	  .config_size = sizeof(struct core16_config), .options = BB_TABLE(option, options),
	  .actions = BB_TABLE(action, actions), .outgoing = BB_TABLE(outgoing, outgoing),
	  .routes = BB_TABLE(route, routes), .questions = BB_TABLE(question, questions),
	  .init = init, .start = start, .reload = reload, .stop = stop, .fini = free);
