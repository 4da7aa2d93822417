/* Any route, and the two that need no key. */
#include "busbarctl/ctl.h"

#include <stdio.h>

#include "json/json.h"

int bootstrap(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	(void)words;
	(void)count;
	int status = http_send(ctl, "POST", "/api/admin/bootstrap", NULL, &a);
	if (status)
		return status;
	const char *key = bb_json_get_str(a.body, "key", "");
	if (ctl->json)
		puts(a.text);
	else if (ctl->key_only)
		puts(key);
	else
		printf("The admin key, shown this once:\n\n  %s\n\nUse it as BUSBAR_KEY, or put "
		       "\"key = %s\" into ~/.config/busbar.\n",
		       key, key);
	return CTL_OK;
}

int health(struct ctl *ctl, char **words, size_t count)
{
	(void)words;
	(void)count;
	return item_send(ctl, "GET", "/health", NULL);
}

/* JSON as it is, or fields as an object; false: one is malformed, which has been printed. */
static bool body_of(struct ctl *ctl, char **words, size_t count, const char **ret)
{
	*ret = count ? words[0] : NULL;
	if (!count || (count == 1 && strchr("{[", *words[0])))
		return true;
	struct bb_builder b = bb_build(ctl->arena);
	if (!fields_put(ctl, &b, words, count))
		return false;
	*ret = json_text(ctl->arena, bb_build_object(&b), NULL);
	return true;
}

static int request(struct ctl *ctl, const char *method, char **words, size_t count)
{
	struct answer a;
	const char *body;
	if (words[0][0] != '/')
		return ctl_complain("%s: the path begins with /", words[0]);
	if (!body_of(ctl, words + 1, count - 1, &body))
		return CTL_USAGE;
	int status = http_send(ctl, method, words[0], body, &a);
	return status ? status : item_print(ctl, words[0], &a);
}

int get_path(struct ctl *ctl, char **words, size_t count)
{
	return request(ctl, "GET", words, count);
}

int post_path(struct ctl *ctl, char **words, size_t count)
{
	return request(ctl, "POST", words, count);
}

int put_path(struct ctl *ctl, char **words, size_t count)
{
	return request(ctl, "PUT", words, count);
}

int delete_path(struct ctl *ctl, char **words, size_t count)
{
	return request(ctl, "DELETE", words, count);
}
