#include "busbarctl/ctl.h"

#include "json/json.h"

static bool put_json(struct ctl *ctl, struct bb_builder *b, const char *name, const char *text)
{
	const struct bb_json *v;
	struct json_fault fault;
	if (json_parse(ctl->arena, text, strlen(text), &v, &fault)) {
		ctl_complain("%s %s", name, fault.reason);
		return false;
	}
	bb_put_json(b, name, v);
	return true;
}

static bool put_file(struct ctl *ctl, struct bb_builder *b, const char *name, const char *path)
{
	const char *text = ctl_file(ctl, path, NULL);
	if (text)
		bb_put_str(b, name, text);
	return text != NULL;
}

static bool put_word(struct ctl *ctl, struct bb_builder *b, const char *word)
{
	const char *equal = strchr(word, '=');
	if (!equal || equal == word) {
		ctl_complain("%s: should be name=text, name:=JSON or name=@file", word);
		return false;
	}
	bool json = equal[-1] == ':';
	const char *name = bb_strndup(ctl->arena, word, (size_t)(equal - word) - json);
	if (json)
		return put_json(ctl, b, name, equal + 1);
	if (equal[1] == '@')
		return put_file(ctl, b, name, equal + 2);
	bb_put_str(b, name, equal + 1);
	return true;
}

bool fields_put(struct ctl *ctl, struct bb_builder *b, char **words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!put_word(ctl, b, words[i]))
			return false;
	return true;
}
