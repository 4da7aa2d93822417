/* Lists, with all their pages or the first lines of them. */
#include "busbarctl/verb.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "json/json.h"

#define PAGE_MOST 500
#define LINES_MOST 9u /* digits of --count */

const char *resource_query(struct ctl *ctl, char **words, size_t count)
{
	const char *query = "";
	for (size_t i = 0; i < count; i++) {
		const char *equal = strchr(words[i], '=');
		size_t len = equal ? (size_t)(equal - words[i]) : 0;
		if (!len) {
			ctl_complain("%s: a filter is name=value", words[i]);
			return NULL;
		}
		if (filter_is_own(words[i], len)) {
			ctl_complain("%s: is no filter; --count N ends after N lines, --csv and "
				     "--json are other forms",
				     words[i]);
			return NULL;
		}
		query =
		    arena_printf(ctl->arena, "%s%s=%s&", query,
				 bb_url_encoded(ctl->arena, bb_strndup(ctl->arena, words[i], len)),
				 bb_url_encoded(ctl->arena, equal + 1));
	}
	return query;
}

bool count_read(const struct ctl *ctl, int64_t *ret)
{
	*ret = -1;
	if (ctl->count && (!is_number(ctl->count) || strlen(ctl->count) > LINES_MOST)) {
		ctl_complain("--count %s: is no number of lines", ctl->count);
		return false;
	}
	if (ctl->count)
		*ret = strtoll(ctl->count, NULL, 10);
	return true;
}

/* Pages as one array, at most `left` items; all if that is negative. */
static int fetch(struct ctl *ctl, const char *list, const char *query, int64_t left,
		 struct bb_builder *items)
{
	const char *cursor = NULL;
	do {
		struct answer a;
		int limit = left > 0 && left < PAGE_MOST ? (int)left : PAGE_MOST;
		const char *path = arena_printf(ctl->arena, "%s?%slimit=%d%s%s", list, query, limit,
						cursor ? "&cursor=" : "",
						cursor ? bb_url_encoded(ctl->arena, cursor) : "");
		int status = http_send(ctl, "GET", path, NULL, &a);
		if (status)
			return status;
		const struct bb_json *page = bb_json_get(a.body, "items");
		for (uint32_t i = 0; i < bb_json_count(page) && left; i++, left -= left > 0)
			bb_push(items, *bb_json_at(page, i));
		cursor = bb_json_get_str(a.body, "next_cursor", NULL);
	} while (cursor && left);
	return CTL_OK;
}

static int receive_csv(struct ctl *ctl, const char *path, const char *query)
{
	const char *limit = ctl->count ? arena_printf(ctl->arena, "limit=%s&", ctl->count) : "";
	path = arena_printf(ctl->arena, "%s?%s%sformat=csv", path, query, limit);
	return http_receive(ctl, "GET", path, &(struct received){.what = path});
}

int resource_list(struct ctl *ctl, const char *path, const char *const *columns, char **words,
		  size_t count)
{
	int64_t left;
	const char *query = resource_query(ctl, words, count);
	if (!query || !count_read(ctl, &left))
		return CTL_USAGE;
	if (ctl->csv)
		return receive_csv(ctl, path, query);
	struct bb_builder items = bb_build(ctl->arena);
	int status = fetch(ctl, path, query, left, &items);
	if (status)
		return status;
	const struct bb_json *all = bb_build_array(&items);
	if (ctl->json)
		puts(json_text(ctl->arena, all, NULL));
	else
		table_print_list(ctl, all, columns);
	return CTL_OK;
}
