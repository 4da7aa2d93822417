/* busbarctl: the admin's command line. Speaks REST, mostly. */
#include "busbarctl/verb.h"

#include <curl/curl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

int ctl_complain(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	fputs("busbarctl: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputs("\n", stderr);
	va_end(ap);
	return CTL_USAGE;
}

void *ctl_file(struct ctl *ctl, const char *path, size_t *ret_len)
{
	struct buf text = {0};
	int err = buf_read_file(&text, path);
	char *copy = err ? NULL : bb_strndup(ctl->arena, text.data ? text.data : "", text.len);
	if (err)
		ctl_complain("%s: %s", path, strerror(-err));
	else if (ret_len)
		*ret_len = text.len;
	buf_free(&text);
	return copy;
}

/* The build tree and an installation have the same layout. */
const char *ctl_installed(struct ctl *ctl, const char *path)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	if (n < 0)
		return NULL;
	self[n] = '\0';
	for (int up = 0; up < 2; up++) { /* the file's name, then bin */
		char *slash = strrchr(self, '/');
		if (!slash)
			return NULL;
		*slash = '\0';
	}
	return arena_printf(ctl->arena, "%s/%s", self, path);
}

/* busbarctl --help, busbarctl help VERB, busbarctl VERB --help */
static int help(struct ctl *ctl, struct verb_list all, char **words, size_t count)
{
	size_t taken = 0;
	const struct verb *v = NULL;
	for (; taken < count && (!v || !v->fn); taken++) {
		v = verb_find(v ? verb_below(v) : all, words[taken]);
		if (!v)
			return verb_of(ctl, all, words, count, &taken) ? CTL_OK : CTL_USAGE;
	}
	if (v)
		help_of(ctl, v, words, taken);
	else
		help_all(ctl, all);
	return CTL_OK;
}

static int run(struct ctl *ctl, struct verb_list all, char **words, size_t count)
{
	size_t taken;
	ctl->verb = verb_of(ctl, all, words, count, &taken);
	if (!ctl->verb)
		return CTL_USAGE;
	const char *usage = verb_usage(ctl->arena, ctl->verb, words, taken);
	if (!options_suit(ctl, ctl->verb, usage))
		return CTL_USAGE;
	if (!verb_takes(ctl->verb, count - taken))
		return ctl_complain("it is: busbarctl %s", usage);
	int status = settings_read(ctl);
	return status ? status : ctl->verb->fn(ctl, words + taken, count - taken);
}

static int run_or_help(struct ctl *ctl, char **words, size_t count)
{
	struct verb_list all = verbs_all(ctl->arena);
	bool asked = count && !strcmp(words[0], "help");
	if (asked || ctl->help)
		return help(ctl, all, words + asked, count - asked);
	if (!count)
		return ctl_complain("what shall it do? busbarctl --help lists the commands");
	return run(ctl, all, words, count);
}

int main(int argc, char **argv)
{
	struct ctl ctl = {0};
	int first;
	int status = options_read(&ctl, argc, argv, &first);
	if (status >= 0)
		return status;
	ctl.arena = arena_new(0);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	status = run_or_help(&ctl, argv + first, (size_t)(argc - first));
	curl_global_cleanup();
	arena_free(ctl.arena);
	return status;
}
