/* ocpp16_firmware: OCPP 1.6's Firmware Management profile. The tables are the table of contents;
 * each handler is in the file of its name. */
#include <stdlib.h>

#include "firmware.h"

#define AT(member) offsetof(struct firmware_config, member)
#define DAY INT64_C(86400000)
#define SEE "admin operator readonly"
#define CHANGE "admin operator"

static const struct bb_option options[] = {
    {"firmware_timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(firmware_timeout_ms), "4h",
     "after what time from its retrieval a firmware update counts as timed out", 1000, 30 * DAY,
     NULL},
    {"diagnostics_timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(diagnostics_timeout_ms), "1h",
     "after what time an upload of diagnostics counts as timed out", 1000, 30 * DAY, NULL},
    {"late", BB_OPT_MSEC, BB_RELOADABLE, AT(late_ms), "24h",
     "how long after its end a job still takes statuses", 1000, 30 * DAY, NULL},
    {"check_every", BB_OPT_MSEC, 0, AT(check_every_ms), "10s",
     "how often jobs that are overdue are looked for", 100, DAY, NULL},
    {"campaign_every", BB_OPT_MSEC, 0, AT(campaign_every_ms), "10s",
     "how often campaigns are looked at if nothing happens", 100, DAY, NULL},
    {"claim_timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(claim_timeout_ms), "60s",
     "after what time a campaign's claim on a charger that was never asked is given up", 1000, DAY,
     NULL},
};

static const struct bb_action actions[] = {
    {OCPP16, "FirmwareStatusNotification", firmware_status_notification, BB_OWNER, 0},
    {OCPP16, "DiagnosticsStatusNotification", diagnostics_status_notification, BB_OWNER, 0},
};

static const struct bb_outgoing outgoing[] = {
    {OCPP16, "UpdateFirmware", 0, NULL, asked_stored, asked_ended},
    {OCPP16, "GetDiagnostics", 0, NULL, asked_stored, asked_ended},
};

#define CHARGER "/api/admin/chargers/{id}/"
#define JOBS "limit cursor charge_point_id state campaign_id command_id from to"
#define ONE_CHARGERS_JOBS "limit cursor state campaign_id command_id from to"
#define CAMPAIGN "/api/admin/firmware-campaigns"
static const struct bb_route routes[] = {
    {"POST", CHARGER "update-firmware", CHANGE, update_firmware,
     "Ask a charger to install a file or what a URL has", "rest/update_firmware",
     "rest/command_answer", NULL, BB_OWNER, 0},
    {"POST", CHARGER "get-diagnostics", CHANGE, get_diagnostics,
     "Ask a charger to upload its diagnostics", "rest/get_diagnostics", "rest/command_answer", NULL,
     BB_OWNER, 0},
    {"GET", CHARGER "firmware-jobs", SEE, charger_firmware_jobs, "Firmware updates of a charger",
     NULL, "rest/charger_job_list", ONE_CHARGERS_JOBS, BB_OWNER, 0},
    {"GET", CHARGER "diagnostics-jobs", SEE, charger_diagnostics_jobs,
     "Uploads of diagnostics by a charger", NULL, "rest/charger_job_list", ONE_CHARGERS_JOBS,
     BB_OWNER, 0},
    {"GET", CHARGER "firmware-statuses", SEE, charger_statuses,
     "What a charger has said of firmware and diagnostics, asked for or not", NULL,
     "rest/charger_job_status_list", "limit cursor kind", BB_OWNER, 0},
    {"GET", "/api/admin/firmware-jobs", SEE, firmware_job_list, "Firmware updates", NULL,
     "rest/charger_job_list", JOBS, BB_OWNER, 0},
    {"GET", "/api/admin/firmware-jobs/{id}", SEE, firmware_job_get,
     "A firmware update with its history", NULL, "rest/charger_job", NULL, BB_OWNER, 0},
    {"POST", "/api/admin/firmware-jobs/{id}/cancel", CHANGE, firmware_job_cancel,
     "Withdraw the file of a firmware update", NULL, "rest/charger_job", NULL, BB_OWNER, 0},
    {"GET", "/api/admin/diagnostics-jobs", SEE, diagnostics_job_list, "Uploads of diagnostics",
     NULL, "rest/charger_job_list", JOBS, BB_OWNER, 0},
    {"GET", "/api/admin/diagnostics-jobs/{id}", SEE, diagnostics_job_get,
     "An upload of diagnostics with its history", NULL, "rest/charger_job", NULL, BB_OWNER, 0},
    {"POST", "/api/admin/diagnostics-jobs/{id}/cancel", CHANGE, diagnostics_job_cancel,
     "Take no more upload of diagnostics", NULL, "rest/charger_job", NULL, BB_OWNER, 0},
    {"GET", CAMPAIGN, SEE, campaign_list, "Firmware campaigns with their progress", NULL,
     "rest/firmware_campaign_list", "limit cursor id state", BB_OWNER, 0},
    {"POST", CAMPAIGN, CHANGE, campaign_create, "Update the firmware of a selection of chargers",
     "rest/firmware_campaign_new", "rest/firmware_campaign", NULL, BB_OWNER, 0},
    {"GET", CAMPAIGN "/{id}", SEE, campaign_get, "A firmware campaign with its progress", NULL,
     "rest/firmware_campaign", NULL, BB_OWNER, 0},
    {"GET", CAMPAIGN "/{id}/chargers", SEE, campaign_chargers,
     "The chargers of a firmware campaign", NULL, "rest/firmware_target_list", "limit cursor state",
     BB_OWNER, 0},
    {"POST", CAMPAIGN "/{id}/pause", CHANGE, campaign_pause, "Begin no more updates for now", NULL,
     "rest/firmware_campaign", NULL, BB_OWNER, 0},
    {"POST", CAMPAIGN "/{id}/resume", CHANGE, campaign_resume, "Go on with a paused campaign", NULL,
     "rest/firmware_campaign", NULL, BB_OWNER, 0},
    {"POST", CAMPAIGN "/{id}/stop", CHANGE, campaign_stop, "End a campaign; updates begun go on",
     NULL, "rest/firmware_campaign", NULL, BB_OWNER, 0},
};

static const struct bb_topic topics[] = {
    {"charger.booted", on_booted},
    {"file.received", on_file_received},
};

static int init(struct bb *me, const struct bb_api *api, const void *config, void **self)
{
	struct firmware filled = {.me = me, .api = api, .config = config};
	int err = queries_find(&filled);
	return err ? err : bb_keep(&filled, sizeof filled, self);
}

static int start(void *self)
{
	struct firmware *p = self;
	p->chargers = p->api->service(p->me, "chargers/1", sizeof *p->chargers);
	p->files = p->api->service(p->me, "files/1", sizeof *p->files);
	int err = facts_start(p);
	return err ? err : campaigns_start(p);
}

static int reload(void *self, const void *config)
{
	((struct firmware *)self)->config = config;
	return 0;
}

static void stop(void *self)
{
	campaigns_stop(self);
	facts_stop(self);
}

static const char *const needs[] = {"chargers/1", "files/1", NULL};

BB_PLUGIN(ocpp16_firmware, .version = "0.1.0", .needs = needs,
	  .config_size = sizeof(struct firmware_config), .options = BB_TABLE(option, options),
	  .actions = BB_TABLE(action, actions), .outgoing = BB_TABLE(outgoing, outgoing),
	  .routes = BB_TABLE(route, routes), .topics = BB_TABLE(topic, topics), .init = init,
	  .start = start, .reload = reload, .stop = stop, .fini = free);
