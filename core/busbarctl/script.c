/* script: operators' Lua and tariffs, before and after they are stored. */
#include "busbarctl/ctl.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *args, *help;
	verb_fn *fn;
} verbs[] = {
    {"check", "FILE|DIR", "does it load? a tariff prices a sample session, too", script_check},
    {"try", "FILE", "what a session would cost: --session, --transaction or --example", script_try},
    {"diff", "FILE --tariff ID", "what it would have charged: --from, --to", script_diff},
    {"push", "FILE|DIR [FIELD ...]", "new versions, active at once; a folder is all of the set",
     script_push},
    {"list", "[FILTER=VALUE ...]", "the scripts, and which versions are active", script_list},
    {"show", "NAME [VERSION]", "its text", script_show},
    {"versions", "NAME", "newest first", script_versions},
    {"activate", "NAME[=VERSION] ... [FIELD ...]", "make other versions active", script_activate},
    {"deactivate", "[FIELD ...]", "let no script answer", script_deactivate},
    {"activations", "[FILTER=VALUE ...]", "what was active when", script_activations},
    {"rollback", "[NUMBER] [FIELD ...]", "bring the set before back, or that of an activation",
     script_rollback},
    {"remove", "NAME", "take it out of the set and the list", script_remove},
    {"failures", "[FILTER=VALUE ...]", "how often hooks failed, and where last", script_failures},
};
#define VERBS (sizeof verbs / sizeof *verbs)

int script_run(struct ctl *ctl, char **words, size_t count)
{
	for (size_t i = 0; count && i < VERBS; i++)
		if (!strcmp(verbs[i].name, words[0]))
			return verbs[i].fn(ctl, words + 1, count - 1);
	return ctl_complain("script: what shall it do? see --help");
}

void script_help(void)
{
	for (size_t i = 0; i < VERBS; i++) {
		int len = printf("  script %s %s", verbs[i].name, verbs[i].args);
		printf("%*s%s\n", len < 43 ? 43 - len : 1, "", verbs[i].help);
	}
}
