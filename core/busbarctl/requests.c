/* Any route, and the two that need no key. */
#include "busbarctl/ctl.h"

#include <stdio.h>

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

static int request(struct ctl *ctl, const char *method, char **words, size_t count)
{
	struct answer a;
	if (words[0][0] != '/')
		return ctl_complain("%s: the path begins with /", words[0]);
	int status = http_send(ctl, method, words[0], count == 2 ? words[1] : NULL, &a);
	return status ? status : item_print(ctl, &a);
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
