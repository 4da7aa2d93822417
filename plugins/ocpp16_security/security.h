/* What all files of this plugin share. Everything runs on the loop thread, but what is offloaded.
 */
#ifndef OCPP16_SECURITY_SECURITY_H
#define OCPP16_SECURITY_SECURITY_H
#include <busbar/command.h>
#include <busbar/files.h>
#include <busbar/refusals.h>

#include "ca.h"

#define OCPP16 "ocpp1.6"
#define SIGNING_PLACES 1024

struct security_config {
	const char *ca_certificate, *ca_key, *organization;
	const char *signing_certificate, *signing_key, *signature;
	int64_t validity_ms, renew_before_ms, renew_check_ms, renew_interval_ms;
	int64_t requests_per_hour, events_retention_ms;
	int64_t deliver_ms, url_ms, max_log_bytes, refresh_ms;
	int64_t log_timeout_ms, firmware_timeout_ms, late_ms, check_every_ms;
	bool forward;
};

/* In the order of the names in plugin.c. */
enum security_query {
	Q_EVENT_ADD,
	Q_EVENT_LIST,
	Q_EVENTS_SWEEP,
	Q_CERTIFICATES_RECENT,
	Q_CERTIFICATES_ACCEPTED,
	Q_CERTIFICATE_REQUEST,
	Q_CERTIFICATE_REFUSE,
	Q_CERTIFICATE_AT_WORK,
	Q_CERTIFICATE_ISSUE,
	Q_CERTIFICATE_END,
	Q_CERTIFICATE_SENT,
	Q_CERTIFICATE_ANSWERED,
	Q_CERTIFICATE_UNANSWERED,
	Q_CERTIFICATES_UNDELIVERED,
	Q_CERTIFICATE_OPEN,
	Q_CERTIFICATE_OWNER,
	Q_CERTIFICATE_SUPERSEDE,
	Q_CERTIFICATE_LIST,
	Q_CERTIFICATE_GET,
	Q_CERTIFICATE_REVOKE,
	Q_CERTIFICATES_REVOKED,
	Q_CERTIFICATES_ENDING,
	Q_CERTIFICATE_RENEWAL,
	Q_KNOWN_ADD,
	Q_INSTALLED_ADD,
	Q_INSTALLED_FORGET,
	Q_INSTALLED_DELETE,
	Q_INSTALLED_LIST,
	Q_INSTALLED_GET,
	Q_JOB_ADD,
	Q_JOB_ANSWERED,
	Q_JOB_UNANSWERED,
	Q_JOBS_SUPERSEDE,
	Q_JOB_FIND,
	Q_JOB_STATUS,
	Q_JOB_MOVE,
	Q_JOB_UPLOADED,
	Q_JOBS_UPLOADED,
	Q_JOBS_OVERDUE,
	Q_JOB_LIST,
	Q_JOB_GET,
	Q_COUNT,
};

/* What a route knows of a job and its payload does not say; see jobs.c. */
struct job_making {
	const char *ref; /* of our own URL; NULL: the operator's */
	int64_t file_id; /* 0: none */
};

struct security {
	struct bb *bb;
	const struct bb_api *api;
	const struct security_config *config;
	const struct bb_query *query[Q_COUNT];
	const struct bb_chargers *chargers;
	const struct bb_files *files;
	struct ca ca, signer; /* without a certificate: not configured */
	const struct job_making *making;
	int64_t signing_ms[SIGNING_PLACES]; /* see sign_certificate.c */
	struct renewal *renewing;           /* a look at all certificates is on its way */

	bool sweeping, sweep_more; /* old events; the last portion was a full one */

	struct bb_arena *revoked_arena; /* of `revoked`: serial numbers, sorted */
	const char **revoked;
	uint32_t revoked_count;
	int64_t revoked_told_ms;     /* that one was shown */
	struct bb_refusals refusals; /* of certificates */
	struct bb_slot *renewal_timer, *refresh_timer, *check_timer;
};

/* A charger's message that waits for storage; in its call's arena. */
struct incoming {
	struct security *p;
	struct bb_reply *reply;
	struct bb_arena *arena;
	const struct bb_link *link;
	const struct bb_json *payload, *answer; /* the latter: once all is stored */
	const char *now;
};

/* incoming.c. NULL: it may not be deferred, return -EIO. */
struct incoming *incoming_begin(struct bb_call *, struct security *);
/* Answers with `answer` when the unit has been committed. BB_LATER. */
int incoming_commit(struct incoming *, struct bb_unit *, const struct bb_json *answer);
void incoming_fail(struct incoming *, int err);

/* Something to remember, and to tell if it is critical or ours. */
struct security_event {
	const char *operator_id, *charge_point_id, *type, *tech_info;
	const char *event_at; /* NULL: now */
	const char *sent_key; /* NULL: one of ours */
	int64_t charger_id;   /* 0: none */
};
/* events.c. `arena` lives until the unit's callback. */
void event_add(struct security *, struct bb_unit *, struct bb_arena *,
	       const struct security_event *);
/* In a unit of its own. */
void event_store(struct security *, const struct security_event *);
bb_call_fn security_event_notification, event_list;
bb_event_fn event_on_refused;
/* Deletes what is older than it is kept. */
void events_sweep(struct security *);

/* sign_certificate.c, issue.c */
bb_call_fn sign_certificate, issue_certificate;
int certificate_signed_check(const struct bb_ask *, struct bb_arena *, const struct bb_json **,
			     void *self);
void certificate_signed_stored(struct bb_unit *, const struct bb_sent *, void *self);
void certificate_signed_ended(struct bb_unit *, const struct bb_sent *, void *self);

/* certificates.c */
bb_call_fn certificate_list, certificate_get, certificate_revoke, admit_certificate;
void revoked_load(struct security *);
/* Its owner has accepted it, or uses it: those before it are superseded. */
void certificate_accepted(struct security *, struct bb_unit *, const char *fingerprint,
			  const char *charge_point_id, const char *now);

/* renewal.c */
void renewal_run(struct security *);
bb_call_fn renew_certificate;

/* installed.c */
bb_call_fn install_certificate, list_certificates, delete_certificate, installed_list;
int install_certificate_check(const struct bb_ask *, struct bb_arena *, const struct bb_json **,
			      void *self);
void install_certificate_stored(struct bb_unit *, const struct bb_sent *, void *self);
void install_certificate_ended(struct bb_unit *, const struct bb_sent *, void *self);
void delete_certificate_ended(struct bb_unit *, const struct bb_sent *, void *self);
void installed_ids_ended(struct bb_unit *, const struct bb_sent *, void *self);

/* jobs.c, job_status.c, get_log.c, signed_update.c */
void get_log_stored(struct bb_unit *, const struct bb_sent *, void *self);
int signed_update_check(const struct bb_ask *, struct bb_arena *, const struct bb_json **,
			void *self);
void signed_update_stored(struct bb_unit *, const struct bb_sent *, void *self);
void job_ended(struct bb_unit *, const struct bb_sent *, void *self);
int64_t job_request_id(void);
/* The command of a job, with what the route knows of it. */
void job_command(struct bb_rest *, const char *action, const struct bb_json *payload,
		 const struct job_making *);
bb_call_fn log_status_notification, signed_firmware_status_notification;
bb_call_fn job_list, job_get, get_log, signed_update;
bb_event_fn job_on_file;
/* When a job of that kind that begins at `ms` times out. */
int64_t job_deadline_ms(const struct security *, const char *kind, int64_t ms);
/* What time brings: uploads that nobody was told of, jobs that are overdue. */
void jobs_check(struct security *);
/* Tells the topics firmware.status and firmware.ended of updates among them. */
bb_rows_fn jobs_tell;

/* settings.c: other messages to one charger. */
bb_call_fn rotate_password, raise_profile, extended_trigger;
int extended_trigger_check(const struct bb_ask *, struct bb_arena *, const struct bb_json **,
			   void *self);

/* How long the command of a route on one charger may wait for it. */
static inline int64_t waits_ms(struct bb_rest *r)
{
	const struct bb_charger *c = r->arg;
	return bb_command_deadline_ms(r->api, r->api->payload(r->call), c->charge_point_id);
}

/* The command of a route on one charger. */
static inline void command_charger(struct bb_rest *r, const char *action,
				   const struct bb_json *payload)
{
	bb_command_charger_with(r, action, payload, (uint32_t)waits_ms(r), NULL);
}

static inline const char *now_text(const struct security *p, struct bb_arena *a)
{
	return p->api->time_format(a, p->api->now_ms());
}

/* A route on one charger; see bb_on_charger(). */
static inline int on_charger(struct bb_call *call, struct security *p,
			     void (*found)(struct bb_rest *))
{
	return bb_on_charger(p->api, p->bb, p->chargers, call, p, found);
}
#endif
