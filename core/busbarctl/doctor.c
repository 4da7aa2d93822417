/* doctor: looks at all that a server stands on, and says what to do. */
#include "busbarctl/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "busbarctl/progress.h"
#include "busbarctl/verb.h"
#include "json/json.h"

static const char *const levels[] = {"ok", "notice", "wrong"};

void found(struct doctor *d, enum level level, const char *advice, const char *fmt, ...)
{
	va_list ap;
	struct bb_builder b = bb_build(d->ctl->arena);
	va_start(ap, fmt);
	const char *text = arena_vprintf(d->ctl->arena, fmt, ap);
	va_end(ap);
	bb_put_str(&b, "check", d->check);
	bb_put_str(&b, "level", levels[level]);
	bb_put_str(&b, "text", text);
	bb_put_str(&b, "advice", advice);
	bb_push(&d->findings, *bb_build_object(&b));
	if (level > d->worst)
		d->worst = level;
	if (d->ctl->json)
		return;
	printf("%-7s %-14s ", levels[level], d->check);
	help_text(text, 23);
	if (advice) {
		printf("%23s", "-> ");
		help_text(advice, 23);
	}
	fflush(stdout);
}

const char *option_value(const struct doctor *d, const char *name)
{
	size_t len = strlen(name);
	for (const char *line = d->values; line && *line;) {
		size_t n = strcspn(line, "\n");
		if (n > len && !strncmp(line, name, len) && line[len] == '=') {
			const char *value = bb_strndup(d->ctl->arena, line + len + 1, n - len - 1);
			return strcmp(value, "***") ? value : "";
		}
		line += n + (line[n] == '\n');
	}
	return "";
}

/* The server is asked last, since what is found before may say why it does not answer. */
static const struct {
	const char *name;
	check_fn *fn;
} checks[] = {
    {"configuration", check_configuration},
    {"files", check_files},
    {"certificates", check_certificates},
    {"storage", check_storage},
    {"limits", check_limits},
    {"ports", check_ports},
    {"clock", check_clock},
    {"server", check_server},
};

int doctor_run(struct ctl *ctl, char **words, size_t count)
{
	struct doctor d = {.ctl = ctl, .findings = bb_build(ctl->arena)};
	(void)words;
	(void)count;
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		d.check = checks[i].name;
		checks[i].fn(&d);
	}
	if (ctl->json) {
		struct bb_builder b = bb_build(ctl->arena);
		bb_put_str(&b, "worst", levels[d.worst]);
		bb_put_json(&b, "findings", bb_build_array(&d.findings));
		puts(json_text(ctl->arena, bb_build_object(&b), NULL));
	} else {
		puts(d.worst == FINE     ? "\nAll is well."
		     : d.worst == NOTICE ? "\nThere is something to look at."
					 : "\nSomething is wrong.");
	}
	return (int)d.worst;
}
