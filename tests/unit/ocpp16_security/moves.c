#include "moves.h"

#include <criterion/criterion.h>
#include <string.h>

struct told {
	const char *state, *status;
	bool taken;
};

static void expect(const struct job_kind *k, const struct told *t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cr_expect_eq(job_takes(k, t[i].state, t[i].status), t[i].taken, "%s %s: %s",
			     k->name, t[i].state, t[i].status);
}

static void expect_ends(const struct job_kind *k, const char *const *status, bool ends)
{
	for (; *status; status++)
		cr_expect_eq(job_ends(k, *status), ends, "%s: %s", k->name, *status);
}

Test(moves, nothing_comes_after_the_last_status)
{
	expect_ends(&job_log,
		    (const char *[]){"Uploaded", "UploadFailure", "BadMessage", "PermissionDenied",
				     "NotSupportedOperation", NULL},
		    true);
	expect_ends(&job_log, (const char *[]){"Uploading", "Idle", "Installed", NULL}, false);
	expect_ends(&job_firmware,
		    (const char *[]){"Installed", "InstallationFailed", "DownloadFailed",
				     "InvalidSignature", "InstallVerificationFailed", NULL},
		    true);
	expect_ends(&job_firmware,
		    (const char *[]){"Idle", "DownloadScheduled", "DownloadPaused", "Downloading",
				     "Downloaded", "SignatureVerified", "InstallScheduled",
				     "Installing", "InstallRebooting", NULL},
		    false);
}

Test(moves, a_job_at_work_takes_what_is_new)
{
	static const struct told cases[] = {
	    {"requested", "Downloading", true},     {"accepted", "Downloading", true},
	    {"failed", "Downloading", true},        {"Downloading", "Downloaded", true},
	    {"Downloaded", "Downloading", true},    {"Downloading", "Downloading", false},
	    {"Downloading", "Idle", false},         {"Installing", "Installed", true},
	    {"InstallRebooting", "Installed", true}};
	expect(&job_firmware, cases, sizeof cases / sizeof *cases);
}

Test(moves, a_job_that_has_ended_opens_again_only_for_another_try)
{
	static const struct told firmware[] = {
	    {"DownloadFailed", "Downloading", true},
	    {"DownloadFailed", "Downloaded", true},
	    {"DownloadFailed", "Installing", false},
	    {"DownloadFailed", "DownloadFailed", false},
	    {"Installed", "Downloading", false},
	    {"Installed", "InstallationFailed", false},
	    {"InstallationFailed", "Downloading", false},
	    {"InvalidSignature", "Downloaded", false},
	    {"cancelled", "Downloading", false},
	    {"rejected", "Downloading", false},
	};
	static const struct told logs[] = {
	    {"UploadFailure", "Uploading", true},     {"UploadFailure", "Uploaded", true},
	    {"UploadFailure", "Idle", false},         {"UploadFailure", "BadMessage", false},
	    {"Uploaded", "Uploading", false},         {"Uploaded", "UploadFailure", false},
	    {"PermissionDenied", "Uploading", false}, {"cancelled", "Uploaded", false},
	};
	expect(&job_firmware, firmware, sizeof firmware / sizeof *firmware);
	expect(&job_log, logs, sizeof logs / sizeof *logs);
}
