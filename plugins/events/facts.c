/* What is told becomes what is written: a function for each topic, since a topic's listener is not
 * told its name. */
#include "events.h"

#define FACT_RECORD(name, topic, kind)                            \
	void fact_##name(const struct bb_json *fact, void *self)  \
	{                                                         \
		record((struct events *)self, kind, topic, fact); \
	}
FACTS(FACT_RECORD)

#define FACT_KIND(name, topic, kind) kind,
static const char *const kinds[] = {FACTS(FACT_KIND)};

static bool is_kind(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strlen(kinds[i]) == len && !strncmp(kinds[i], word, len))
			return true;
	return false;
}

bool kinds_read(const char *list, char **ret)
{
	char *all = malloc(strlen(list) + 3), *to = all;
	if (!all)
		abort();
	*to++ = ',';
	while (*(list += strspn(list, ", "))) {
		size_t len = strcspn(list, ", ");
		if (!is_kind(list, len)) {
			free(all);
			return false;
		}
		memcpy(to, list, len);
		to += len;
		*to++ = ',';
		list += len;
	}
	*to = '\0';
	if (!all[1]) {
		free(all);
		all = NULL;
	}
	*ret = all;
	return true;
}
