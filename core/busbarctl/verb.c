#include "busbarctl/verb.h"

#include <stdlib.h>

#include "base/arena.h"
#include "config/suggest.h"

const struct verb *verb_find(struct verb_list list, const char *name)
{
	for (size_t i = 0; i < list.count; i++)
		if (!strcmp(list.verbs[i].name, name))
			return &list.verbs[i];
	return NULL;
}

struct verb_list verb_below(const struct verb *v)
{
	return (struct verb_list){v->verbs, v->verb_count};
}

static const char *near(struct verb_list list, const char *name)
{
	struct suggestion s = {.name = name};
	for (size_t i = 0; i < list.count; i++)
		suggest(&s, list.verbs[i].name);
	return s.best;
}

static void complain_of(struct ctl *ctl, struct verb_list list, const struct verb *above,
			const char *name)
{
	const char *best = name ? near(list, name) : NULL;
	const char *meant = best ? arena_printf(ctl->arena, "; did you mean \"%s\"?", best) : "";
	if (!above)
		ctl_complain("there is no command %s%s; busbarctl --help lists them", name, meant);
	else if (name)
		ctl_complain("%s has no %s%s; it has %s", above->name, name, meant,
			     help_names(ctl->arena, list));
	else
		ctl_complain("%s what? %s; see busbarctl help %s", above->name,
			     help_names(ctl->arena, list), above->name);
}

const struct verb *verb_of(struct ctl *ctl, struct verb_list list, char **words, size_t count,
			   size_t *ret_taken)
{
	const struct verb *above = NULL, *v = NULL;
	size_t taken = 0;
	do {
		const char *name = taken < count ? words[taken] : NULL;
		v = name ? verb_find(list, name) : NULL;
		if (!v) {
			complain_of(ctl, list, above, name);
			return NULL;
		}
		taken++;
		above = v;
		list = verb_below(v);
	} while (!v->fn);
	*ret_taken = taken;
	return v;
}

const char *verb_usage(struct bb_arena *a, const struct verb *v, char **words, size_t taken)
{
	const char *text = taken ? words[0] : v->name;
	for (size_t i = 1; i < taken; i++)
		text = arena_printf(a, "%s %s", text, words[i]);
	return v->args && *v->args ? arena_printf(a, "%s %s", text, v->args) : text;
}

/* The next word of `args`, which moves behind it; its length. */
static size_t next_word(const char **args, const char **ret)
{
	*args += strspn(*args, " ");
	size_t len = strcspn(*args, " ");
	*ret = *args;
	*args += len;
	return len;
}

static bool goes_on(const char *word)
{
	return !strncmp(word, "...", 3);
}

bool verb_takes(const struct verb *v, size_t count)
{
	const char *args = v->args ? v->args : "", *word;
	size_t least = 0, most = 0;
	bool more = false;
	while (next_word(&args, &word)) {
		more |= goes_on(word);
		most += !goes_on(word);
		least += !goes_on(word) && *word != '[';
	}
	return count >= least && (more || count <= most);
}

const char *verb_word(struct bb_arena *a, const struct verb *v, size_t i)
{
	const char *args = v->args ? v->args : "", *word, *last = NULL;
	size_t len, last_len = 0;
	for (size_t n = 0; (len = next_word(&args, &word));) {
		if (goes_on(word))
			return last ? bb_strndup(a, last, last_len) : NULL;
		word += *word == '[';
		last = word;
		last_len = strcspn(word, " ]");
		if (n++ == i)
			return bb_strndup(a, last, last_len);
	}
	return NULL;
}
