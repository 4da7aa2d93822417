#include "firmware.h"

static const char *const names[Q_COUNT] = {
    [Q_JOB_ADD] = "job_add",
    [Q_JOB_ANSWERED] = "job_answered",
    [Q_JOB_UNANSWERED] = "job_unanswered",
    [Q_JOBS_SUPERSEDE] = "jobs_supersede",
    [Q_STATUS_ADD] = "status_add",
    [Q_JOB_MOVE] = "job_move",
    [Q_JOBS_BOOTED] = "jobs_booted",
    [Q_JOBS_UPLOADED] = "jobs_uploaded",
    [Q_JOBS_OVERDUE] = "jobs_overdue",
    [Q_JOB_CANCEL] = "job_cancel",
    [Q_JOB_LIST] = "job_list",
    [Q_JOB_GET] = "job_get",
    [Q_JOB_STATUSES] = "job_statuses",
    [Q_STATUS_LIST] = "status_list",
    [Q_CAMPAIGN_ADD] = "campaign_add",
    [Q_CAMPAIGN_LIST] = "campaign_list",
    [Q_CAMPAIGN_MOVE] = "campaign_move",
    [Q_CAMPAIGN_NEXT] = "campaign_next",
    [Q_CAMPAIGN_SELECTED] = "campaign_selected",
    [Q_CAMPAIGN_STOP_FAILING] = "campaign_stop_failing",
    [Q_CAMPAIGN_CLOSE] = "campaign_close",
    [Q_CAMPAIGN_FINISH] = "campaign_finish",
    [Q_CAMPAIGN_FREE] = "campaign_free",
    [Q_CAMPAIGN_LOCK] = "campaign_lock",
    [Q_TARGET_LIST] = "target_list",
    [Q_TARGET_ADD] = "target_add",
    [Q_TARGETS_RELEASE] = "targets_release",
    [Q_TARGETS_SKIP] = "targets_skip",
    [Q_TARGETS_WAITING] = "targets_waiting",
    [Q_TARGET_CLAIM] = "target_claim",
    [Q_TARGET_RELEASE] = "target_release",
    [Q_TARGET_LEAVE_OUT] = "target_leave_out",
};

int queries_find(struct firmware *p)
{
	return bb_find_queries(p->api, p->me, names, Q_COUNT, p->q);
}
