/* What all files of this plugin share. Everything runs on the loop thread. */
#ifndef OCPP16_FIRMWARE_FIRMWARE_H
#define OCPP16_FIRMWARE_FIRMWARE_H
#include <busbar/command.h>
#include <busbar/files.h>

#define OCPP16 "ocpp1.6"
#define FIRMWARE "firmware"
#define DIAGNOSTICS "diagnostics"

struct firmware_config {
	int64_t firmware_timeout_ms;
	int64_t diagnostics_timeout_ms;
	int64_t late_ms;
	int64_t check_every_ms;
	int64_t campaign_every_ms;
	int64_t claim_timeout_ms;
};

/* The names are in queries.c, as in sql/ocpp16_firmware/queries.sql. */
enum query {
	Q_JOB_ADD,
	Q_JOB_ANSWERED,
	Q_JOB_UNANSWERED,
	Q_JOBS_SUPERSEDE,
	Q_STATUS_ADD,
	Q_JOB_MOVE,
	Q_JOBS_BOOTED,
	Q_JOBS_UPLOADED,
	Q_JOBS_OVERDUE,
	Q_JOB_CANCEL,
	Q_JOB_LIST,
	Q_JOB_GET,
	Q_JOB_STATUSES,
	Q_STATUS_LIST,
	Q_CAMPAIGN_ADD,
	Q_CAMPAIGN_LIST,
	Q_CAMPAIGN_MOVE,
	Q_CAMPAIGN_NEXT,
	Q_CAMPAIGN_SELECTED,
	Q_CAMPAIGN_STOP_FAILING,
	Q_CAMPAIGN_CLOSE,
	Q_CAMPAIGN_FINISH,
	Q_CAMPAIGN_FREE,
	Q_CAMPAIGN_LOCK,
	Q_TARGET_LIST,
	Q_TARGET_ADD,
	Q_TARGETS_RELEASE,
	Q_TARGETS_SKIP,
	Q_TARGETS_WAITING,
	Q_TARGET_CLAIM,
	Q_TARGET_RELEASE,
	Q_TARGET_LEAVE_OUT,
	Q_COUNT,
};

/* A job that is about to be asked for. */
struct draft {
	const char *id;
	int64_t campaign_id;  /* 0: none */
	int64_t file_id;      /* 0: none, or not here */
	const char *location; /* the operator's own; NULL: a URL of ours */
	const char *expected_version;
	struct bb_call *call; /* who is told its address; NULL: nobody */
};

struct pass;
struct firmware {
	struct bb *me;
	const struct bb_api *api;
	const struct firmware_config *config;
	const struct bb_query *q[Q_COUNT];
	const struct bb_chargers *chargers;
	const struct bb_files *files;
	const struct draft *asking; /* set while ask_charger() runs for a job of ours */
	struct bb_slot *check_timer, *campaign_timer;
	struct pass *pass; /* over all campaigns; NULL: none is on its way */
	bool again;        /* another pass is due after it */
	bool stopping;
};

/* Looks up every query; -ENOENT if one is missing (it has been logged by name). */
int queries_find(struct firmware *);

/* job.c */
/* When a job that begins at `ms` times out. */
int64_t job_deadline_ms(const struct firmware *, const char *kind, int64_t ms);
/* A bb_rows_fn over statements that return jobs: tells how they stand, and lets campaigns go on
 * where one has ended. `p` is the struct firmware. */
void jobs_tell(int err, const struct bb_rows *, void *p);
/* Asks for the job: the command's row and the job's are stored together. Errors as of
 * ask_charger(). */
int job_ask(struct firmware *, const struct bb_ask *, const struct draft *, struct bb_arena *);
/* The same for a caller who waits as the body says; answers the call. */
void job_command(struct bb_rest *, const char *action, const struct bb_json *payload,
		 struct draft *);
/* How long the command may wait for its charger. */
int64_t job_waits_ms(struct bb_rest *);
/* False: the charger is not connected and the body would not wait; the call has been answered. */
bool job_may_ask(struct bb_rest *);

/* asked.c: of bb_outgoing */
void asked_stored(struct bb_unit *, const struct bb_sent *, void *self);
void asked_ended(struct bb_unit *, const struct bb_sent *, void *self);

/* facts.c */
void on_booted(const struct bb_json *event, void *self);
void on_file_received(const struct bb_json *event, void *self);
int facts_start(struct firmware *);
void facts_stop(struct firmware *);

/* pass.c: lets campaigns go on, now or as soon as the pass on its way is over. */
void campaigns_wake(struct firmware *);
int campaigns_start(struct firmware *);
void campaigns_stop(struct firmware *);
/* campaign_write.c: a bb_rows_fn over statements that end campaigns. */
void campaigns_tell(int err, const struct bb_rows *, void *p);

/* One handler per action and route. */
int firmware_status_notification(struct bb_call *, void *self);
int diagnostics_status_notification(struct bb_call *, void *self);
int update_firmware(struct bb_call *, void *self);
int get_diagnostics(struct bb_call *, void *self);
int firmware_job_list(struct bb_call *, void *self);
int diagnostics_job_list(struct bb_call *, void *self);
int charger_firmware_jobs(struct bb_call *, void *self);
int charger_diagnostics_jobs(struct bb_call *, void *self);
int charger_statuses(struct bb_call *, void *self);
int firmware_job_get(struct bb_call *, void *self);
int diagnostics_job_get(struct bb_call *, void *self);
int firmware_job_cancel(struct bb_call *, void *self);
int diagnostics_job_cancel(struct bb_call *, void *self);
int campaign_create(struct bb_call *, void *self);
int campaign_list(struct bb_call *, void *self);
int campaign_get(struct bb_call *, void *self);
int campaign_chargers(struct bb_call *, void *self);
int campaign_pause(struct bb_call *, void *self);
int campaign_resume(struct bb_call *, void *self);
int campaign_stop(struct bb_call *, void *self);
#endif
