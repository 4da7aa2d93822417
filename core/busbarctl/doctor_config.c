/* The configuration as busbard reads it, and who may read the files that it names. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "busbarctl/child.h"
#include "busbarctl/doctor.h"
#include "config/config.h"

static int run_busbard(struct doctor *d, const char *what, unsigned wanted, const char **ret)
{
	const char *config = d->ctl->config;
	char *argv[] = {(char *)ctl_installed(d->ctl, "bin/busbard"), (char *)what,
			config ? (char *)"--config" : NULL, (char *)config, NULL};
	return child_run(d->ctl, argv, wanted, ret);
}

/* Of log lines the message of the last one of that level: msg="..." or msg=word. */
static const char *last_of(struct bb_arena *a, const char *log, const char *level)
{
	const char *at = NULL;
	for (const char *next = log; (next = strstr(next, level)); next++)
		at = next;
	at = at ? strstr(at, "msg=") : NULL;
	if (!at)
		return *log ? bb_strndup(a, log, strcspn(log, "\n")) : "busbard cannot be run";
	at += 4;
	if (*at != '"')
		return bb_strndup(a, at, strcspn(at, " \n"));
	char *text = bb_alloc(a, strlen(at) + 1), *to = text;
	for (at++; *at && *at != '"'; at++) {
		at += *at == '\\' && at[1];
		*to++ = *at;
	}
	*to = '\0';
	return text;
}

/* user:password@ */
static bool url_is_secret(const char *url)
{
	const char *user = strstr(url, "://"), *at = user ? strchr(user + 3, '@') : NULL;
	const char *colon = user ? strchr(user + 3, ':') : NULL;
	return !user || (at && colon && colon < at);
}

/* Is the option's value written in the file itself, and worth hiding? */
static bool is_in_file(struct doctor *d, struct config *config, const char *name, const char *text)
{
	const char *dot = strchr(name, '.'), *value = "";
	char *error = NULL;
	const struct bb_option option = {.name = dot + 1, .type = BB_OPT_STR, .fallback = ""};
	const char *section = bb_strndup(d->ctl->arena, name, (size_t)(dot - name));
	if (config_value(config, section, &option, &value, &error)) {
		free(error);
		return false;
	}
	return *value && strstr(text, value) && url_is_secret(value);
}

/* "notifications.smtp_password=***" */
static const char *secrets_in(struct doctor *d, struct config *config, const char *text)
{
	const char *names = "";
	for (const char *line = d->values; line && *line;) {
		size_t n = strcspn(line, "\n"), len = strcspn(line, "=");
		const char *name = bb_strndup(d->ctl->arena, line, len);
		if (n == len + 4 && !strncmp(line + len, "=***", 4) && strchr(name, '.') &&
		    is_in_file(d, config, name, text))
			names =
			    arena_printf(d->ctl->arena, "%s%s%s", names, *names ? ", " : "", name);
		line += n + (line[n] == '\n');
	}
	return names;
}

static void check_secrets(struct doctor *d, const char *path)
{
	struct stat st;
	struct config *config;
	char *error = NULL;
	const char *text = ctl_file(d->ctl, path, NULL);
	if (!text || stat(path, &st) || config_load(path, NULL, &config, &error)) {
		free(error);
		return;
	}
	const char *names = st.st_mode & 0007 ? secrets_in(d, config, text) : "";
	if (*names)
		found(d, WRONG,
		      arena_printf(d->ctl->arena,
				   "chmod o= %s, or let them come by env() from a file that only "
				   "the service reads",
				   path),
		      "%s has secrets, and everybody may read it: %s", path, names);
	config_free(config);
}

void check_configuration(struct doctor *d)
{
	const char *log = "", *values = "", *path = d->ctl->config;
	if (!path) {
		found(d, NOTICE, "run it on the server's machine with --config FILE",
		      "no configuration is given: only what can be seen from outside is looked at");
		return;
	}
	if (run_busbard(d, "--check", CHILD_ERR, &log)) {
		found(d, WRONG,
		      "mend it, and run this again: busbard would not start, and what the file "
		      "names was not looked at",
		      "%s", last_of(d->ctl->arena, log, "level=error"));
		return;
	}
	if (strstr(log, "level=warn"))
		found(d, NOTICE, "busbard --check says it, and whatever else there may be",
		      "%s: busbard warns: %s", path, last_of(d->ctl->arena, log, "level=warn"));
	else
		found(d, FINE, NULL, "%s: options, plugins, schemas and scripts are in order",
		      path);
	if (!run_busbard(d, "--print-config", CHILD_OUT, &values))
		d->values = values;
	check_secrets(d, path);
	ask_listener(d);
}

static void check_key_file(struct doctor *d, const char *option)
{
	struct stat st;
	const char *path = option_value(d, option);
	if (!*path)
		return;
	const char *mend = arena_printf(d->ctl->arena, "chmod 0600 %s", path);
	if (stat(path, &st))
		found(d, WRONG, "make it, or change the option", "%s: %s: %s", option, path,
		      strerror(errno));
	else if (st.st_mode & 0007)
		found(d, WRONG, mend, "%s: everybody may read %s (%04o)", option, path,
		      (unsigned)st.st_mode & 07777);
	else if (st.st_mode & 0070)
		found(d, NOTICE, mend, "%s: its group may read %s (%04o)", option, path,
		      (unsigned)st.st_mode & 07777);
	else
		found(d, FINE, NULL, "%s: only its owner may read %s", option, path);
}

void check_files(struct doctor *d)
{
	static const char *const keys[] = {"tls.key", "tls.second_key", "ocpp16_security.ca_key",
					   "ocpp16_security.signing_key"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		check_key_file(d, keys[i]);
}
