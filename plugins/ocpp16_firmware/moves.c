/* A job goes forward, whatever order its statuses come in: what says less than is known changes
 * nothing. A failure, a time-out and a cancellation are taken back by whatever shows that the
 * charger goes on. */
#include "moves.h"

#include <stddef.h>
#include <string.h>

#define BEGUN "|requested|unanswered|accepted|timed_out|"

static const struct move firmware_moves[] = {
    {"Downloading", "downloading", BEGUN "download_failed|", false},
    {"Downloaded", "downloaded", BEGUN "downloading|download_failed|", false},
    {"Installing", "installing",
     BEGUN "downloading|downloaded|download_failed|installation_failed|", false},
    {"Installed", "installed",
     BEGUN "downloading|downloaded|installing|download_failed|installation_failed|cancelled|"
	   "superseded|",
     true},
    {"DownloadFailed", "download_failed", BEGUN "downloading|downloaded|", true},
    {"InstallationFailed", "installation_failed", BEGUN "downloading|downloaded|installing|", true},
};

static const struct move diagnostics_moves[] = {
    {"Uploading", "uploading", BEGUN "nothing_to_upload|upload_failed|", false},
    {"Uploaded", "uploaded", BEGUN "nothing_to_upload|uploading|upload_failed|cancelled|", true},
    {"UploadFailed", "upload_failed", BEGUN "nothing_to_upload|uploading|", true},
};

static const struct move *find(const struct move *list, size_t n, const char *status)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].status, status))
			return &list[i];
	return NULL;
}

const struct move *firmware_move(const char *status)
{
	return find(firmware_moves, sizeof firmware_moves / sizeof *firmware_moves, status);
}

const struct move *diagnostics_move(const char *status)
{
	return find(diagnostics_moves, sizeof diagnostics_moves / sizeof *diagnostics_moves,
		    status);
}
