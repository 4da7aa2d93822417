#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "ocpp16_firmware/moves.h"

typedef const struct move *find_fn(const char *status);

/* The state after all these statuses; "!" behind it once it has ended. */
static const char *after(find_fn *find, const char *state, const char *statuses)
{
	static char text[64];
	char list[256], *rest = list, *word;
	bool ended = false;
	snprintf(text, sizeof text, "%s", state);
	snprintf(list, sizeof list, "%s", statuses);
	while ((word = strsep(&rest, " "))) {
		const struct move *m = find(word);
		char wanted[sizeof text + 2];
		snprintf(wanted, sizeof wanted, "|%s|", text);
		if (!m || !strstr(m->from, wanted))
			continue;
		snprintf(text, sizeof text, "%s", m->state);
		ended = m->ends;
	}
	if (ended)
		strcat(text, "!");
	return text;
}

#define GOES(kind, state, statuses, expected) \
	cr_expect_str_eq(after(kind##_move, state, statuses), expected)

Test(moves, an_update_goes_through_its_states)
{
	GOES(firmware, "accepted", "Downloading", "downloading");
	GOES(firmware, "accepted", "Downloading Downloaded", "downloaded");
	GOES(firmware, "accepted", "Downloading Downloaded Installing", "installing");
	GOES(firmware, "accepted", "Downloading Downloaded Installing Installed", "installed!");
}

Test(moves, a_status_that_says_less_than_is_known_changes_nothing)
{
	GOES(firmware, "accepted", "Installing Downloaded Downloading", "installing");
	GOES(firmware, "accepted", "Installed Installing Downloading", "installed!");
	GOES(firmware, "accepted", "Installed InstallationFailed", "installed!");
	GOES(firmware, "accepted", "Installed Installed Idle", "installed!");
	GOES(diagnostics, "accepted", "Uploaded Uploading UploadFailed", "uploaded!");
}

Test(moves, statuses_may_be_left_out_and_come_before_the_answer)
{
	GOES(firmware, "requested", "Downloading", "downloading");
	GOES(firmware, "unanswered", "Installed", "installed!");
	GOES(firmware, "accepted", "InstallationFailed", "installation_failed!");
	GOES(diagnostics, "accepted", "Uploaded", "uploaded!");
}

Test(moves, a_failure_is_taken_back_by_another_try)
{
	GOES(firmware, "accepted", "Downloading DownloadFailed", "download_failed!");
	GOES(firmware, "accepted", "Downloading DownloadFailed Downloading", "downloading");
	GOES(firmware, "accepted", "InstallationFailed Downloading", "installation_failed!");
	GOES(firmware, "accepted", "InstallationFailed Installing Installed", "installed!");
	GOES(diagnostics, "accepted", "Uploading UploadFailed Uploading", "uploading");
	GOES(diagnostics, "nothing_to_upload", "Uploading Uploaded", "uploaded!");
}

Test(moves, a_job_that_timed_out_or_was_cancelled_may_still_succeed)
{
	GOES(firmware, "timed_out", "Downloading", "downloading");
	GOES(firmware, "cancelled", "DownloadFailed", "cancelled");
	GOES(firmware, "cancelled", "Installed", "installed!");
	GOES(firmware, "superseded", "Downloading", "superseded");
	GOES(firmware, "superseded", "Installed", "installed!");
}

Test(moves, idle_and_unknown_words_change_nothing)
{
	cr_expect_null(firmware_move("Idle"));
	cr_expect_null(firmware_move("Uploaded"));
	cr_expect_null(firmware_move(""));
	cr_expect_null(diagnostics_move("Idle"));
	cr_expect_null(diagnostics_move("Installed"));
}
