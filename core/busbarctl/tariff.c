/* What is below a tariff: where it applies, and its versions. */
#include "busbarctl/ctl.h"

#include <stdlib.h>

#include "base/arena.h"
#include "json/json.h"

/* A charger or a station; all of the operator's without a member. */
struct place {
	const char *member, *id;
};

/* "charger=CP1" or "station=3"; a CTL_ status, of which it has printed why. */
static int read_place(struct ctl *ctl, const char *word, struct place *ret)
{
	static const char charger[] = "charger=", station[] = "station=";
	int status = CTL_OK;
	if (!strncmp(word, charger, strlen(charger))) {
		ret->member = "charger_id";
		ret->id = charger_id(ctl, word + strlen(charger), &status);
		return status;
	}
	if (strncmp(word, station, strlen(station)) != 0 || !is_number(word + strlen(station)))
		return ctl_complain("%s: a place is charger=CHARGER or station=ID", word);
	ret->member = "station_id";
	ret->id = word + strlen(station);
	return CTL_OK;
}

/* The path of what is below the tariff; NULL: printed why not, and `ret` is set. */
static const char *below(struct ctl *ctl, const char *name, const char *what, int *ret)
{
	const char *id = item_id(ctl, "/api/admin/tariffs", "name", "tariff", name, ret);
	return id ? arena_printf(ctl->arena, "/api/admin/tariffs/%s/%s", id, what) : NULL;
}

/* The path of the tariff's assignments, and the place that the second word names. */
static int read_words(struct ctl *ctl, char **words, size_t count, const char **ret_path,
		      struct place *ret)
{
	int status = count > 1 ? read_place(ctl, words[1], ret) : CTL_OK;
	if (!status)
		*ret_path = below(ctl, words[0], "assignment", &status);
	return status;
}

int tariff_assign(struct ctl *ctl, char **words, size_t count)
{
	const char *path;
	struct place at = {0};
	int status = read_words(ctl, words, count, &path, &at);
	if (status)
		return status;
	struct bb_builder b = bb_build(ctl->arena);
	if (at.member)
		bb_put_int(&b, at.member, strtoll(at.id, NULL, 10));
	return item_send(ctl, "PUT", path, &b);
}

int tariff_unassign(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	const char *path;
	struct place at = {0};
	int status = read_words(ctl, words, count, &path, &at);
	if (status)
		return status;
	if (at.member)
		path = arena_printf(ctl->arena, "%s?%s=%s", path, at.member, at.id);
	return http_send(ctl, "DELETE", path, NULL, &a);
}

int tariff_assignments(struct ctl *ctl, char **words, size_t count)
{
	int status;
	const char *path = below(ctl, words[0], "assignment", &status);
	return path ? resource_list(ctl, path, NULL, words + 1, count - 1) : status;
}

int tariff_versions(struct ctl *ctl, char **words, size_t count)
{
	static const char *const columns[] = {"version", "currency",   "bundled", "source",
					      "applies", "created_at", NULL};
	int status;
	const char *path = below(ctl, words[0], "versions", &status);
	return path ? resource_list(ctl, path, columns, words + 1, count - 1) : status;
}
