#include "moves.h"

#include <stddef.h>
#include <string.h>

static const char *const log_last[] = {"Uploaded",         "UploadFailure",         "BadMessage",
				       "PermissionDenied", "NotSupportedOperation", NULL};
static const char *const firmware_last[] = {
    "Installed",        "InstallationFailed",        "DownloadFailed",
    "InvalidSignature", "InstallVerificationFailed", NULL};

/* With what comes next, should the first message of the new try be lost. */
static const struct job_retry log_retries[] = {
    {"UploadFailure", "Uploading"}, {"UploadFailure", "Uploaded"}, {NULL, NULL}};
static const struct job_retry firmware_retries[] = {
    {"DownloadFailed", "Downloading"}, {"DownloadFailed", "Downloaded"}, {NULL, NULL}};

const struct job_kind job_log = {"log", log_last, log_retries};
const struct job_kind job_firmware = {"firmware", firmware_last, firmware_retries};

bool job_ends(const struct job_kind *k, const char *status)
{
	for (const char *const *last = k->last; *last; last++)
		if (!strcmp(*last, status))
			return true;
	return false;
}

static bool is_retry(const struct job_kind *k, const char *state, const char *status)
{
	for (const struct job_retry *r = k->retries; r->from; r++)
		if (!strcmp(r->from, state) && !strcmp(r->to, status))
			return true;
	return false;
}

/* A job whose command failed has not ended: that the charger reports shows that it has it. */
static bool is_over(const struct job_kind *k, const char *state)
{
	return job_ends(k, state) || !strcmp(state, "rejected") || !strcmp(state, "cancelled");
}

bool job_takes(const struct job_kind *k, const char *state, const char *status)
{
	if (!strcmp(status, "Idle") || !strcmp(status, state))
		return false;
	return !is_over(k, state) || is_retry(k, state, status);
}
