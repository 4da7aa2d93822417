#include "moves.h"

#include <stddef.h>
#include <string.h>

/* A new try with what comes next, should its first message be lost. */
static const struct move log_moves[] = {
    {"Uploading", "uploading", "upload_failed", false},
    {"Uploaded", "uploaded", "upload_failed", true},
    {"UploadFailure", "upload_failed", NULL, true},
    {"BadMessage", "bad_message", NULL, true},
    {"PermissionDenied", "permission_denied", NULL, true},
    {"NotSupportedOperation", "not_supported_operation", NULL, true},
    {NULL},
};
static const struct move firmware_moves[] = {
    {"DownloadScheduled", "download_scheduled", NULL, false},
    {"DownloadPaused", "download_paused", NULL, false},
    {"Downloading", "downloading", "download_failed", false},
    {"Downloaded", "downloaded", "download_failed", false},
    {"DownloadFailed", "download_failed", NULL, true},
    {"SignatureVerified", "signature_verified", NULL, false},
    {"InvalidSignature", "invalid_signature", NULL, true},
    {"InstallScheduled", "install_scheduled", NULL, false},
    {"Installing", "installing", NULL, false},
    {"InstallRebooting", "install_rebooting", NULL, false},
    {"InstallVerificationFailed", "install_verification_failed", NULL, true},
    {"InstallationFailed", "installation_failed", NULL, true},
    {"Installed", "installed", NULL, true},
    {NULL},
};

const struct job_kind job_log = {"log", log_moves};
const struct job_kind job_firmware = {"firmware", firmware_moves};

static bool has_ended(const struct job_kind *k, const char *state)
{
	for (const struct move *m = k->moves; m->status; m++)
		if (m->ends && !strcmp(m->state, state))
			return true;
	return !strcmp(state, "rejected") || !strcmp(state, "superseded");
}

const struct move *job_move(const struct job_kind *k, const char *state, const char *status)
{
	const struct move *m = k->moves;
	while (m->status && strcmp(m->status, status) != 0)
		m++;
	if (!m->status || !strcmp(m->state, state))
		return NULL;
	bool again = m->again && !strcmp(m->again, state);
	return again || !has_ended(k, state) ? m : NULL;
}
