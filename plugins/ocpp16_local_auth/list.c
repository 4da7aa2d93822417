#include "list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int by_token(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	return strcasecmp(x->id_tag, y->id_tag);
}

void entries_sort(struct entries *e)
{
	size_t kept = 0;
	if (e->count)
		qsort(e->list, e->count, sizeof *e->list, by_token);
	for (size_t i = 0; i < e->count; i++)
		if (!kept || by_token(&e->list[kept - 1], &e->list[i]) != 0)
			e->list[kept++] = e->list[i];
	e->count = kept;
}

struct entries entries_difference(struct bb_arena *a, const struct entries *has,
				  const struct entries *wants)
{
	struct entries gone = {
	    .list = bb_alloc(a, (has->count + wants->count + 1) * sizeof *gone.list)};
	struct entry *put = bb_alloc(a, (wants->count + 1) * sizeof *put);
	size_t puts = 0, h = 0, w = 0;
	while (h < has->count || w < wants->count) {
		int order = h == has->count     ? 1
			    : w == wants->count ? -1
						: by_token(&has->list[h], &wants->list[w]);
		if (order < 0)
			gone.list[gone.count++] = (struct entry){has->list[h].id_tag, NULL};
		else if (order > 0 || strcmp(has->list[h].info, wants->list[w].info) != 0)
			put[puts++] = wants->list[w];
		h += order <= 0;
		w += order >= 0;
	}
	memcpy(&gone.list[gone.count], put, puts * sizeof *put);
	gone.count += puts;
	return gone;
}

int64_t list_version(int64_t has, int64_t tried)
{
	int64_t above = has > tried ? has : tried;
	return above < INT32_MAX ? above + 1 : 1;
}

const struct bb_json *list_message(struct bb_arena *a, bool full, int64_t version,
				   const struct entries *e, size_t most,
				   int (*parse)(struct bb_arena *, const char *, size_t,
						const struct bb_json **, const char **))
{
	struct bb_builder list = bb_build(a), b = bb_build(a);
	for (size_t i = 0; i < e->count && i < most; i++) {
		struct bb_builder one = bb_build(a);
		const struct bb_json *info = NULL;
		bb_put_str(&one, "idTag", e->list[i].id_tag);
		if (e->list[i].info &&
		    !parse(a, e->list[i].info, strlen(e->list[i].info), &info, NULL))
			bb_put_json(&one, "idTagInfo", info);
		bb_push(&list, *bb_build_object(&one));
	}
	bb_put_int(&b, "listVersion", version);
	bb_put_json(&b, "localAuthorizationList", bb_build_array(&list));
	bb_put_str(&b, "updateType", full ? "Full" : "Differential");
	return bb_build_object(&b);
}
