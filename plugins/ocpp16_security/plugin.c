/* ocpp16_security: the messages of the security whitepaper. The tables are the table of contents;
 * each handler is in the file of its subject. */
#include <stdlib.h>

#include "security.h"

#define AT(member) offsetof(struct security_config, member)
#define DAY INT64_C(86400000)
#define SEE "admin operator readonly"
#define CHANGE "admin operator"

static const struct bb_option options[] = {
    {"ca_certificate", BB_OPT_STR, BB_RELOADABLE, AT(ca_certificate), "",
     "PEM file of the authority that signs chargers' certificates, and of those above it; see "
     "busbarctl ca init",
     0, 0, NULL},
    {"ca_key", BB_OPT_STR, BB_RELOADABLE, AT(ca_key), "",
     "PEM file of its key, which nobody else may read", 0, 0, NULL},
    {"organization", BB_OPT_STR, BB_RELOADABLE, AT(organization), "",
     "the organization that chargers' certificates must name; \"\": any", 0, 0, NULL},
    {"forward", BB_OPT_BOOL, BB_RELOADABLE, AT(forward), "false",
     "requests are accepted without an authority of our own, for the hook sign_certificate", 0, 0,
     NULL},
    {"requests_per_hour", BB_OPT_INT, BB_RELOADABLE, AT(requests_per_hour), "20",
     "certificate requests of a charger within an hour; more are refused", 1, 100000, NULL},
    {"validity", BB_OPT_MSEC, BB_RELOADABLE, AT(validity_ms), "365d",
     "how long a certificate is valid", 60000, 3650 * DAY, NULL},
    {"renew_before", BB_OPT_MSEC, BB_RELOADABLE, AT(renew_before_ms), "30d",
     "how long before its end a charger is asked to ask for a new one; 0: never", 0, 3650 * DAY,
     NULL},
    {"renew_check", BB_OPT_MSEC, 0, AT(renew_check_ms), "1h",
     "how often certificates that near their end are looked for", 100, DAY, NULL},
    {"renew_interval", BB_OPT_MSEC, BB_RELOADABLE, AT(renew_interval_ms), "24h",
     "after what time a charger is asked again", 1000, 365 * DAY, NULL},
    {"deliver", BB_OPT_MSEC, BB_RELOADABLE, AT(deliver_ms), "7d",
     "how long a certificate waits for its charger to connect", 1000, 40 * DAY, NULL},
    {"signing_certificate", BB_OPT_STR, BB_RELOADABLE, AT(signing_certificate), "",
     "PEM file of the certificate that signs firmware", 0, 0, NULL},
    {"signing_key", BB_OPT_STR, BB_RELOADABLE, AT(signing_key), "",
     "PEM file of its key, which nobody else may read", 0, 0, NULL},
    {"signature", BB_OPT_ENUM, BB_RELOADABLE, AT(signature), "pss",
     "how an RSA key signs firmware: pss, as the whitepaper demands; pkcs1, as some chargers want",
     0, 0, "pss|pkcs1"},
    {"url_validity", BB_OPT_MSEC, BB_RELOADABLE, AT(url_ms), "24h",
     "how long a charger may use a URL for its log or its firmware", 1000, 30 * DAY, NULL},
    {"max_log", BB_OPT_BYTES, BB_RELOADABLE, AT(max_log_bytes), "64m", "largest log of a charger",
     1024, 4LL << 30, NULL},
    {"log_timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(log_timeout_ms), "1h",
     "after what time the upload of a log counts as timed out", 1000, 30 * DAY, NULL},
    {"firmware_timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(firmware_timeout_ms), "4h",
     "after what time from its retrieval or installation a firmware update counts as timed out",
     1000, 30 * DAY, NULL},
    {"late", BB_OPT_MSEC, BB_RELOADABLE, AT(late_ms), "24h",
     "how long after its end a job still takes statuses", 1000, 30 * DAY, NULL},
    {"check_every", BB_OPT_MSEC, 0, AT(check_every_ms), "10s",
     "how often jobs that are overdue are looked for", 100, DAY, NULL},
    {"events_retention", BB_OPT_MSEC, BB_RELOADABLE, AT(events_retention_ms), "365d",
     "age at which security events are deleted; 0: never", 0, 3650 * DAY, NULL},
    {"refresh", BB_OPT_MSEC, 0, AT(refresh_ms), "30s",
     "how often certificates that another node has revoked are looked for", 100, DAY, NULL},
};

static const struct bb_action actions[] = {
    {OCPP16, "SecurityEventNotification", security_event_notification, BB_OWNER, 0},
    {OCPP16, "SignCertificate", sign_certificate, BB_OWNER, 0},
    {OCPP16, "LogStatusNotification", log_status_notification, BB_OWNER, 0},
    {OCPP16, "SignedFirmwareStatusNotification", signed_firmware_status_notification, BB_OWNER, 0},
};

static const struct bb_outgoing outgoing[] = {
    {OCPP16, "CertificateSigned", BB_REPEATABLE, certificate_signed_check,
     certificate_signed_stored, certificate_signed_ended},
    {OCPP16, "InstallCertificate", BB_REPEATABLE, install_certificate_check,
     install_certificate_stored, install_certificate_ended},
    {OCPP16, "DeleteCertificate", 0, NULL, NULL, delete_certificate_ended},
    {OCPP16, "GetInstalledCertificateIds", BB_REPEATABLE, NULL, NULL, installed_ids_ended},
    {OCPP16, "GetLog", 0, NULL, get_log_stored, job_ended},
    {OCPP16, "SignedUpdateFirmware", 0, signed_update_check, signed_update_stored, job_ended},
    {OCPP16, "ExtendedTriggerMessage", BB_REPEATABLE, extended_trigger_check, NULL, NULL},
};

#define ADMIN "/api/admin/"
#define CHARGER ADMIN "chargers/{id}/"
#define COMMAND(path, handler, summary, body)                                 \
	{                                                                     \
		"POST", CHARGER path, CHANGE, handler, summary, "rest/" body, \
		    "rest/command_answer", NULL, BB_OWNER, 0                  \
	}
static const struct bb_route routes[] = {
    COMMAND("rotate-password", rotate_password, "Give a charger a new random password",
	    "rotate_password"),
    COMMAND("raise-security-profile", raise_profile, "Ask a charger for a higher security profile",
	    "raise_security_profile"),
    COMMAND("extended-trigger", extended_trigger, "Ask a charger for a message",
	    "extended_trigger"),
    COMMAND("renew-certificate", renew_certificate, "Ask a charger to ask for a new certificate",
	    "renew_certificate"),
    COMMAND("install-certificate", install_certificate, "Install a root on a charger",
	    "install_certificate"),
    COMMAND("list-certificates", list_certificates, "Ask a charger which roots it has",
	    "list_certificates"),
    COMMAND("delete-certificate", delete_certificate, "Delete a root from a charger",
	    "delete_certificate"),
    COMMAND("get-log", get_log, "Ask a charger to upload a log", "get_log"),
    COMMAND("signed-update-firmware", signed_update, "Ask a charger to install signed firmware",
	    "signed_update_firmware"),
    {"GET", ADMIN "security-events", SEE, event_list, "Security events, newest first", NULL,
     "rest/security_event_list",
     "limit cursor charger_id charge_point_id type source critical from to", BB_OWNER, 0},
    {"GET", ADMIN "certificates", SEE, certificate_list, "Chargers' certificates, newest first",
     NULL, "rest/certificate_list", "limit cursor charger_id charge_point_id state fingerprint",
     BB_OWNER, 0},
    {"GET", ADMIN "certificates/{id}", SEE, certificate_get, "A charger's certificate", NULL,
     "rest/certificate", NULL, BB_OWNER, 0},
    {"POST", ADMIN "certificates/{id}/revoke", CHANGE, certificate_revoke,
     "Let a certificate open no door any more", "rest/certificate_revoke", "rest/certificate", NULL,
     BB_OWNER, 0},
    {"GET", ADMIN "installed-certificates", SEE, installed_list,
     "Roots on chargers, as far as is known", NULL, "rest/installed_certificate_list",
     "limit cursor charger_id certificate_type", BB_OWNER, 0},
    {"GET", ADMIN "security-jobs", SEE, job_list, "Logs and signed firmware, newest first", NULL,
     "rest/security_job_list", "limit cursor kind charger_id charge_point_id command_id state",
     BB_OWNER, 0},
    {"GET", ADMIN "security-jobs/{id}", SEE, job_get, "One of them with its history", NULL,
     "rest/security_job", NULL, BB_OWNER, 0},
};

static const struct bb_question questions[] = {
    {"sign_certificate", "closed", "hooks/sign_certificate", "who signs a charger's certificate?"},
};
static const struct bb_hook hooks[] = {{"admit", 500, admit_certificate}};
static const struct bb_task tasks[] = {{"issue_certificate", 12, 5000, issue_certificate}};
static const struct bb_topic topics[] = {
    {"charger.refused", event_on_refused},
    {"file.received", job_on_file},
};

static const char *const query_names[Q_COUNT] = {
    [Q_EVENT_ADD] = "event_add",
    [Q_EVENT_LIST] = "event_list",
    [Q_EVENTS_SWEEP] = "events_sweep",
    [Q_CERTIFICATES_RECENT] = "certificates_recent",
    [Q_CERTIFICATES_ACCEPTED] = "certificates_accepted",
    [Q_CERTIFICATE_REQUEST] = "certificate_request",
    [Q_CERTIFICATE_REFUSE] = "certificate_refuse",
    [Q_CERTIFICATE_AT_WORK] = "certificate_at_work",
    [Q_CERTIFICATE_ISSUE] = "certificate_issue",
    [Q_CERTIFICATE_END] = "certificate_end",
    [Q_CERTIFICATE_SENT] = "certificate_sent",
    [Q_CERTIFICATE_ANSWERED] = "certificate_answered",
    [Q_CERTIFICATE_UNANSWERED] = "certificate_unanswered",
    [Q_CERTIFICATES_UNDELIVERED] = "certificates_undelivered",
    [Q_CERTIFICATE_OPEN] = "certificate_open",
    [Q_CERTIFICATE_OWNER] = "certificate_owner",
    [Q_CERTIFICATE_SUPERSEDE] = "certificate_supersede",
    [Q_CERTIFICATE_LIST] = "certificate_list",
    [Q_CERTIFICATE_GET] = "certificate_get",
    [Q_CERTIFICATE_REVOKE] = "certificate_revoke",
    [Q_CERTIFICATES_REVOKED] = "certificates_revoked",
    [Q_CERTIFICATES_ENDING] = "certificates_ending",
    [Q_CERTIFICATE_RENEWAL] = "certificate_renewal",
    [Q_KNOWN_ADD] = "known_add",
    [Q_INSTALLED_ADD] = "installed_add",
    [Q_INSTALLED_FORGET] = "installed_forget",
    [Q_INSTALLED_DELETE] = "installed_delete",
    [Q_INSTALLED_LIST] = "installed_list",
    [Q_INSTALLED_GET] = "installed_get",
    [Q_JOB_ADD] = "job_add",
    [Q_JOB_ANSWERED] = "job_answered",
    [Q_JOB_UNANSWERED] = "job_unanswered",
    [Q_JOBS_SUPERSEDE] = "jobs_supersede",
    [Q_JOB_FIND] = "job_find",
    [Q_JOB_STATUS] = "job_status",
    [Q_JOB_MOVE] = "job_move",
    [Q_JOB_UPLOADED] = "job_uploaded",
    [Q_JOBS_UPLOADED] = "jobs_uploaded",
    [Q_JOBS_OVERDUE] = "jobs_overdue",
    [Q_JOB_LIST] = "job_list",
    [Q_JOB_GET] = "job_get",
};

static int load(const struct security *p, const char *what, const char *certificate,
		const char *key, bool signs, struct ca *ret)
{
	char *error = NULL;
	*ret = (struct ca){0};
	if (!*certificate && !*key)
		return 0;
	int err = *certificate && *key ? ca_load(ret, certificate, key, signs, &error) : -EINVAL;
	if (err)
		p->api->log(p->bb, BB_ERROR, "%s: %s", what,
			    error ? error : "certificate and key are needed, not one of them");
	free(error);
	return err;
}

/* Both authorities, or none of them is changed. */
static int load_authorities(struct security *p, const struct security_config *c)
{
	struct ca ca, signer;
	int err = load(p, "ca_certificate", c->ca_certificate, c->ca_key, true, &ca);
	if (err)
		return err;
	err =
	    load(p, "signing_certificate", c->signing_certificate, c->signing_key, false, &signer);
	if (!err)
		err = p->api->tls_trust(p->bb, ca.roots);
	if (err) {
		ca_free(&ca);
		ca_free(&signer);
		return err;
	}
	ca_free(&p->ca);
	ca_free(&p->signer);
	p->ca = ca;
	p->signer = signer;
	return 0;
}

static void fini(void *self)
{
	struct security *p = self;
	ca_free(&p->ca);
	ca_free(&p->signer);
	p->api->arena_free(p->revoked_arena);
	free(p);
}

static int init(struct bb *me, const struct bb_api *api, const void *config, void **self)
{
	struct security *p = calloc(1, sizeof *p);
	if (!p)
		return -ENOMEM;
	*p = (struct security){.bb = me, .api = api, .config = config};
	int err = bb_find_queries(api, me, query_names, Q_COUNT, p->query);
	if (!err)
		err = load_authorities(p, config);
	if (err)
		fini(p);
	else
		*self = p;
	return err;
}

static void on_renewal(void *arg)
{
	renewal_run(arg);
	events_sweep(arg);
}

static void on_refresh(void *arg)
{
	revoked_load(arg);
}

static void on_check(void *arg)
{
	jobs_check(arg);
}

static int start(void *self)
{
	struct security *p = self;
	p->chargers = p->api->service(p->bb, "chargers/1", sizeof *p->chargers);
	p->files = p->api->service(p->bb, "files/1", sizeof *p->files);
	p->renewal_timer =
	    p->api->timer(p->bb, (uint64_t)p->config->renew_check_ms, true, on_renewal, p);
	p->refresh_timer =
	    p->api->timer(p->bb, (uint64_t)p->config->refresh_ms, true, on_refresh, p);
	p->check_timer =
	    p->api->timer(p->bb, (uint64_t)p->config->check_every_ms, true, on_check, p);
	revoked_load(p);
	return p->chargers && p->files ? 0 : -ENOENT;
}

/* What cannot be loaded has been logged; what was there goes on. */
static int reload(void *self, const void *config)
{
	struct security *p = self;
	int err = load_authorities(p, config);
	if (!err)
		p->config = config;
	return err;
}

static void stop(void *self)
{
	struct security *p = self;
	p->api->release(p->renewal_timer);
	p->api->release(p->refresh_timer);
	p->api->release(p->check_timer);
}

static const char *const needs[] = {"chargers/1", "files/1", NULL};

BB_PLUGIN(ocpp16_security, .version = "0.1.0", .needs = needs,
	  .config_size = sizeof(struct security_config), .options = BB_TABLE(option, options),
	  .actions = BB_TABLE(action, actions), .outgoing = BB_TABLE(outgoing, outgoing),
	  .routes = BB_TABLE(route, routes), .questions = BB_TABLE(question, questions),
	  .hooks = BB_TABLE(hook, hooks), .tasks = BB_TABLE(task, tasks),
	  .topics = BB_TABLE(topic, topics), .init = init, .start = start, .reload = reload,
	  .stop = stop, .fini = fini);
