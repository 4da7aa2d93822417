/* What most verbs do with one thing: find it by its name, ask, print the answer. */
#include "busbarctl/ctl.h"

#include <stdio.h>

#include "base/arena.h"
#include "json/json.h"

const char *item_id(struct ctl *ctl, const char *list, const char *by, const char *what,
		    const char *name, int *ret)
{
	struct answer a;
	const char *path = arena_printf(ctl->arena, "%s?limit=2&%s=%s", list, by,
					bb_url_encoded(ctl->arena, name));
	*ret = http_send(ctl, "GET", path, NULL, &a);
	if (*ret)
		return NULL;
	const struct bb_json *found = bb_json_get(a.body, "items");
	if (bb_json_count(found) == 1)
		return table_cell(ctl, bb_json_get(bb_json_at(found, 0), "id"));
	if (!bb_json_count(found) && is_number(name))
		return name;
	if (bb_json_count(found))
		fprintf(stderr, "busbarctl: several are called %s; give the %s's id\n", name, what);
	else
		fprintf(stderr, "busbarctl: there is no %s %s\n", what, name);
	*ret = CTL_REFUSED;
	return NULL;
}

int item_print(struct ctl *ctl, const char *path, const struct answer *a)
{
	const struct bb_json *items = bb_json_get(a->body, "items");
	if (ctl->json || !a->body)
		printf("%s%s", a->text, *a->text ? "\n" : "");
	else if (items)
		table_print_list(ctl, items, resource_columns(path));
	else
		table_print_object(ctl, a->body);
	return CTL_OK;
}

int item_send(struct ctl *ctl, const char *method, const char *path, struct bb_builder *body)
{
	struct answer a;
	const char *text = body ? json_text(ctl->arena, bb_build_object(body), NULL) : NULL;
	int status = http_send(ctl, method, path, text, &a);
	return status ? status : item_print(ctl, path, &a);
}
