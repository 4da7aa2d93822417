/* What may come next: the shells' completion scripts ask `busbarctl __complete WORD ...`, whose
 * last word is the one that is being typed, and get a line of each candidate, with a tab and what
 * it is. The line ":file" stands for the shell's own files. */
#include "busbarctl/verb.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

struct typing {
	struct ctl *ctl;
	const char *word;        /* as far as it is typed */
	const struct verb *verb; /* that is typed; NULL: none yet */
};

static void offer(const struct typing *t, const char *candidate, const char *help)
{
	if (!strncmp(candidate, t->word, strlen(t->word)))
		printf("%s%s%s\n", candidate, help ? "\t" : "", help ? help : "");
}

static void offer_words(const struct typing *t, const char *words)
{
	for (size_t len; *words; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		offer(t, bb_strndup(t->ctl->arena, words, len), NULL);
	}
}

static void offer_files(const struct typing *t, const char *unused)
{
	(void)t;
	(void)unused;
	puts(":file");
}

/* "/api/admin/chargers charge_point_id": the members of a list, from a server that answers soon. */
static void offer_names(const struct typing *t, const char *list_and_member)
{
	struct answer a;
	struct bb_arena *arena = t->ctl->arena;
	size_t len = strcspn(list_and_member, " ");
	const char *member = list_and_member + len + 1;
	t->ctl->quick_ms = TYPING_MS;
	if (settings_read(t->ctl) ||
	    http_send(t->ctl, "GET",
		      arena_printf(arena, "%.*s?limit=500", (int)len, list_and_member), NULL, &a))
		return;
	const struct bb_json *items = bb_json_get(a.body, "items");
	for (uint32_t i = 0; i < bb_json_count(items); i++) {
		const char *name = bb_json_get_str(bb_json_at(items, i), member, NULL);
		if (name)
			offer(t, name, NULL);
	}
}

/* known_filters() has no argument for its function: a run completes one word. */
static const struct typing *asking;

static void offer_filter(const char *name, const char *text)
{
	offer(asking, name, text);
}

static void offer_filters(const struct typing *t, const char *unused)
{
	(void)unused;
	asking = t;
	t->ctl->quick_ms = TYPING_MS;
	if (t->verb->route)
		known_filters(t->ctl, t->verb->route, offer_filter);
}

/* Words of the tables of verbs and options, and what completes there. */
static const struct {
	const char *word;
	void (*fn)(const struct typing *, const char *arg);
	const char *arg;
} kinds[] = {
    {"FILE", offer_files, NULL},
    {"DIR", offer_files, NULL},
    {"FILE|DIR", offer_files, NULL},
    {"SHELL", offer_words, "bash zsh"},
    {"CHARGER", offer_names, "/api/admin/chargers charge_point_id"},
    {"CHARGE_POINT_ID", offer_names, "/connections charge_point_id"},
    {"TARIFF", offer_names, "/api/admin/tariffs name"},
    {"SCRIPT", offer_names, "/api/admin/scripts name"},
    {"SCRIPT[=VERSION]", offer_names, "/api/admin/scripts name"},
    {"FILTER=VALUE", offer_filters, NULL},
    {"ID_TAG", offer_names, "/api/admin/tokens id_tag"},
    {"ACTION", offer_words,
     "CancelReservation CertificateSigned ChangeAvailability ChangeConfiguration ClearCache "
     "ClearChargingProfile DataTransfer DeleteCertificate ExtendedTriggerMessage "
     "GetCompositeSchedule GetConfiguration GetDiagnostics GetInstalledCertificateIds "
     "GetLocalListVersion GetLog InstallCertificate RemoteStartTransaction "
     "RemoteStopTransaction ReserveNow Reset SendLocalList SetChargingProfile "
     "SignedUpdateFirmware TriggerMessage UnlockConnector UpdateFirmware"},
};

static void offer_kind(const struct typing *t, const char *kind)
{
	for (size_t i = 0; kind && i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].word, kind))
			kinds[i].fn(t, kinds[i].arg);
}

static void offer_options(const struct typing *t, const struct verb *v)
{
	for (size_t i = 0; i < option_count; i++)
		if (option_is_of(&options[i], v))
			offer(t, arena_printf(t->ctl->arena, "--%s", options[i].name),
			      options[i].help);
}

static void offer_verbs(const struct typing *t, struct verb_list list)
{
	for (size_t i = 0; i < list.count; i++)
		if (list.verbs[i].help)
			offer(t, list.verbs[i].name, list.verbs[i].help);
}

/* The options that are typed already say which server is asked. */
static const struct option_of *take_option(struct ctl *ctl, const char *word, const char *next)
{
	const struct option_of *o = option_find(word + 2, strlen(word + 2));
	if (o && o->value && next && !o->own)
		*(const char **)((char *)ctl + o->at) = next;
	return o;
}

int complete_words(struct ctl *ctl, char **words, size_t count)
{
	struct typing t = {ctl, words[count - 1], NULL};
	struct verb_list all = verbs_all(ctl->arena), list = all;
	const struct verb *v = NULL;
	size_t behind = 0;
	for (size_t i = 0; i + 1 < count; i++) {
		bool option = !strncmp(words[i], "--", 2) && words[i][2];
		const struct option_of *o =
		    option ? take_option(ctl, words[i], i + 2 < count ? words[i + 1] : NULL) : NULL;
		if (o && o->value && ++i + 1 == count) {
			offer_kind(&t, o->value);
			return CTL_OK;
		}
		if (option || (!v && !strcmp(words[i], "help")))
			continue;
		behind += v && v->fn;
		if (v && v->fn)
			continue;
		v = verb_find(list, words[i]);
		if (!v)
			return CTL_OK;
		list = verb_below(v);
	}
	t.verb = v;
	if (*t.word == '-')
		offer_options(&t, v);
	else if (!v || !v->fn)
		offer_verbs(&t, list);
	else
		offer_kind(&t, verb_word(ctl->arena, t.verb, behind));
	if (!v && *t.word != '-')
		offer(&t, "help", "what a command does");
	return CTL_OK;
}

/* Where the scripts are, below the folder of bin/. */
static const struct {
	const char *shell, *path;
} scripts[] = {
    {"bash", "share/bash-completion/completions/busbarctl"},
    {"zsh", "share/zsh/vendor-completions/_busbarctl"},
};

int completion(struct ctl *ctl, char **words, size_t count)
{
	(void)count;
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		const char *path = ctl_installed(ctl, scripts[i].path);
		const char *text =
		    !strcmp(words[0], scripts[i].shell) && path ? ctl_file(ctl, path, NULL) : NULL;
		if (text) {
			fputs(text, stdout);
			return CTL_OK;
		}
		if (!strcmp(words[0], scripts[i].shell))
			return CTL_REFUSED;
	}
	return ctl_complain("%s: it is bash or zsh", words[0]);
}
