#include "moves.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* The state after all these statuses; "!" behind it once it has ended. */
static const char *after(const struct job_kind *k, const char *state, const char *statuses)
{
	static char text[64];
	char list[256], *rest = list, *word;
	bool ended = false;
	snprintf(text, sizeof text, "%s", state);
	snprintf(list, sizeof list, "%s", statuses);
	while ((word = strsep(&rest, " "))) {
		const struct move *m = job_move(k, text, word);
		if (!m)
			continue;
		snprintf(text, sizeof text, "%s", m->state);
		ended = m->ends;
	}
	if (ended)
		strcat(text, "!");
	return text;
}

#define GOES(kind, state, statuses, expected) \
	cr_expect_str_eq(after(&job_##kind, state, statuses), expected)

Test(moves, states_are_spelled_as_all_others)
{
	GOES(log, "accepted", "Uploading", "uploading");
	GOES(log, "accepted", "Uploaded", "uploaded!");
	GOES(log, "accepted", "UploadFailure", "upload_failed!");
	GOES(log, "accepted", "BadMessage", "bad_message!");
	GOES(log, "accepted", "PermissionDenied", "permission_denied!");
	GOES(log, "accepted", "NotSupportedOperation", "not_supported_operation!");
	GOES(firmware, "accepted", "DownloadScheduled", "download_scheduled");
	GOES(firmware, "accepted", "DownloadPaused", "download_paused");
	GOES(firmware, "accepted", "Downloading", "downloading");
	GOES(firmware, "accepted", "Downloaded", "downloaded");
	GOES(firmware, "accepted", "DownloadFailed", "download_failed!");
	GOES(firmware, "accepted", "SignatureVerified", "signature_verified");
	GOES(firmware, "accepted", "InvalidSignature", "invalid_signature!");
	GOES(firmware, "accepted", "InstallScheduled", "install_scheduled");
	GOES(firmware, "accepted", "Installing", "installing");
	GOES(firmware, "accepted", "InstallRebooting", "install_rebooting");
	GOES(firmware, "accepted", "InstallVerificationFailed", "install_verification_failed!");
	GOES(firmware, "accepted", "InstallationFailed", "installation_failed!");
	GOES(firmware, "accepted", "Installed", "installed!");
}

Test(moves, a_job_at_work_takes_what_is_new)
{
	GOES(firmware, "requested", "Downloading", "downloading");
	GOES(firmware, "unanswered", "Downloading", "downloading");
	GOES(firmware, "failed", "Downloading", "downloading");
	GOES(firmware, "downloaded", "Downloading", "downloading");
	GOES(firmware, "downloading", "Idle", "downloading");
	GOES(firmware, "install_rebooting", "Installed", "installed!");
	cr_expect_null(job_move(&job_firmware, "downloading", "Downloading"));
	cr_expect_null(job_move(&job_firmware, "downloading", "Idle"));
	cr_expect_null(job_move(&job_log, "accepted", "Installed"));
}

Test(moves, a_job_that_has_ended_opens_again_only_for_another_try)
{
	GOES(firmware, "download_failed", "Downloading", "downloading");
	GOES(firmware, "download_failed", "Downloaded", "downloaded");
	GOES(firmware, "download_failed", "Installing DownloadFailed", "download_failed");
	GOES(firmware, "installed", "Downloading InstallationFailed", "installed");
	GOES(firmware, "installation_failed", "Downloading", "installation_failed");
	GOES(firmware, "invalid_signature", "Downloaded", "invalid_signature");
	GOES(firmware, "superseded", "Downloading", "superseded");
	GOES(firmware, "rejected", "Downloading", "rejected");
	GOES(log, "upload_failed", "Uploading", "uploading");
	GOES(log, "upload_failed", "Uploaded", "uploaded!");
	GOES(log, "upload_failed", "Idle BadMessage", "upload_failed");
	GOES(log, "uploaded", "Uploading UploadFailure", "uploaded");
	GOES(log, "permission_denied", "Uploading", "permission_denied");
	GOES(log, "superseded", "Uploaded", "superseded");
}

Test(moves, a_job_that_has_timed_out_goes_on)
{
	GOES(log, "timed_out", "Uploading Uploaded", "uploaded!");
	GOES(firmware, "timed_out", "Installed", "installed!");
	GOES(firmware, "timed_out", "InstallationFailed", "installation_failed!");
}
