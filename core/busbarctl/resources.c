/* list, show, add, set and remove of what REST calls collections. */
#include "busbarctl/ctl.h"

#include <stdio.h>

#include "base/arena.h"
#include "json/json.h"

#define PAGE "500"

enum {
	CHANGES = 1,    /* set is possible */
	BY_CHARGER = 2, /* an item may be named by its charge_point_id */
	LIST_ONLY = 4,
};

struct resource {
	const char *name, *path;
	const char *first; /* the member that add's first word is, or NULL: cannot be added */
	unsigned flags;
	const char *columns[10]; /* of the list; none: all that fit */
};

static const struct resource resources[] = {
    {"stations",
     "/api/admin/stations",
     "name",
     CHANGES,
     {"id", "operator_id", "name", "address", "time_zone"}},
    {"chargers",
     "/api/admin/chargers",
     "charge_point_id",
     CHANGES | BY_CHARGER,
     {"id", "charge_point_id", "station_id", "vendor", "model", "registration", "connected",
      "last_seen"}},
    {"tokens",
     "/api/admin/tokens",
     "id_tag",
     CHANGES,
     {"id_tag", "operator_id", "status", "parent_id_tag", "user_id", "max_active", "active",
      "expires_at"}},
    {"tariffs", "/api/admin/tariffs", "name", CHANGES, {NULL}},
    {"transactions",
     "/api/admin/transactions",
     NULL,
     0,
     {"id", "charge_point_id", "connector_id", "id_tag", "state", "started_at", "stopped_at",
      "energy_wh", "price"}},
    {"bills",
     "/api/admin/bills",
     NULL,
     LIST_ONLY,
     {"transaction_id", "user_id", "state", "reason", "amount", "tax", "refunded", "owed"}},
    {"cut-offs",
     "/api/admin/cut-offs",
     NULL,
     LIST_ONLY,
     {"transaction_id", "charge_point_id", "user_id", "cut_off_by", "reason", "price_so_far",
      "cut_off_at", "tries", "state"}},
    {"payments",
     "/api/admin/payments",
     NULL,
     0,
     {"id", "user_id", "gateway", "state", "amount", "taken_back", "created_at", "reason"}},
    {"keys",
     "/api/admin/keys",
     "name",
     0,
     {"id", "name", "role", "operator_id", "user_id", "expires_at", "last_used_at"}},
    {"audit",
     "/api/admin/audit",
     NULL,
     LIST_ONLY,
     {"id", "at", "actor", "method", "path", "status", "remote"}},
    {"tasks",
     "/api/admin/tasks",
     NULL,
     LIST_ONLY,
     {"id", "name", "state", "tries", "run_at", "error"}},
    {"subscriptions",
     "/api/admin/subscriptions",
     "channel",
     CHANGES,
     {"id", "operator_id", "channel", "target", "events", "language", "active",
      "disabled_reason"}},
    {"deliveries",
     "/api/admin/deliveries",
     NULL,
     0,
     {"id", "subscription_id", "channel", "event", "state", "tries", "status", "error",
      "created_at"}},
    {"transfer-hosts",
     "/api/admin/transfer/hosts",
     "host",
     0,
     {"id", "operator_id", "host", "port", "private"}},
    {"connections",
     "/connections",
     NULL,
     0,
     {"charge_point_id", "charger_id", "remote", "ocpp", "connected_at", "last_seen"}},
};

static int show_answer(struct ctl *ctl, const struct answer *a)
{
	if (ctl->json || !a->body)
		printf("%s%s", a->text, *a->text ? "\n" : "");
	else
		table_print_object(ctl, a->body);
	return CTL_OK;
}

/* "name=value" words as a query string; NULL: one is malformed. */
static const char *query_of(struct ctl *ctl, char **words, size_t count)
{
	const char *query = "limit=" PAGE;
	for (size_t i = 0; i < count; i++) {
		const char *equal = strchr(words[i], '=');
		if (!equal) {
			ctl_complain("%s: a filter is name=value", words[i]);
			return NULL;
		}
		query = arena_printf(ctl->arena, "%s&%.*s=%s", query, (int)(equal - words[i]),
				     words[i], http_escape(ctl, equal + 1));
	}
	return query;
}

/* All pages, as one array. */
static int fetch_all(struct ctl *ctl, const char *list, const char *query, struct bb_builder *items)
{
	const char *cursor = NULL;
	do {
		struct answer a;
		const char *path =
		    arena_printf(ctl->arena, "%s?%s%s%s", list, query, cursor ? "&cursor=" : "",
				 cursor ? http_escape(ctl, cursor) : "");
		int status = http_send(ctl, "GET", path, NULL, &a);
		if (status)
			return status;
		const struct bb_json *page = bb_json_get(a.body, "items");
		for (uint32_t i = 0; i < bb_json_count(page); i++)
			bb_push(items, *bb_json_at(page, i));
		cursor = bb_json_get_str(a.body, "next_cursor", NULL);
	} while (cursor);
	return CTL_OK;
}

int resource_list(struct ctl *ctl, const char *path, const char *const *columns, char **words,
		  size_t count)
{
	const char *query = query_of(ctl, words, count);
	if (!query)
		return CTL_USAGE;
	struct bb_builder items = bb_build(ctl->arena);
	int status = fetch_all(ctl, path, query, &items);
	if (status)
		return status;
	const struct bb_json *all = bb_build_array(&items);
	if (ctl->json)
		puts(json_text(ctl->arena, all, NULL));
	else
		table_print_list(ctl, all, columns);
	return CTL_OK;
}

static int list(struct ctl *ctl, const struct resource *r, char **words, size_t count)
{
	return resource_list(ctl, r->path, r->columns[0] ? r->columns : NULL, words, count);
}

/* The path of one item; NULL: printed why not. */
static const char *item_path(struct ctl *ctl, const struct resource *r, const char *name, int *ret)
{
	const char *id =
	    r->flags & BY_CHARGER ? charger_id(ctl, name, ret) : http_escape(ctl, name);
	return id ? arena_printf(ctl->arena, "%s/%s", r->path, id) : NULL;
}

static int show(struct ctl *ctl, const struct resource *r, char **words, size_t count)
{
	struct answer a;
	int status = CTL_USAGE;
	if (count != 1 || r->flags & LIST_ONLY)
		return ctl_complain(r->flags & LIST_ONLY ? "%s can only be listed"
							 : "%s show takes one id",
				    r->name);
	const char *path = item_path(ctl, r, words[0], &status);
	if (!path)
		return status;
	status = http_send(ctl, "GET", path, NULL, &a);
	return status ? status : show_answer(ctl, &a);
}

static int send_fields(struct ctl *ctl, const char *method, const char *path, struct bb_builder *b,
		       char **words, size_t count)
{
	struct answer a;
	if (!fields_put(ctl, b, words, count))
		return CTL_USAGE;
	const char *body = json_text(ctl->arena, bb_build_object(b), NULL);
	int status = http_send(ctl, method, path, body, &a);
	return status ? status : show_answer(ctl, &a);
}

/* "name=Harbour" where "Harbour" would do: nobody means a station to be called that. */
static bool is_field(const char *word, const char *member)
{
	size_t len = strlen(member);
	return !strncmp(word, member, len) && (word[len] == '=' || !strncmp(word + len, ":=", 2));
}

static int add(struct ctl *ctl, const struct resource *r, char **words, size_t count)
{
	struct bb_builder b = bb_build(ctl->arena);
	if (!r->first)
		return ctl_complain("%s cannot be added", r->name);
	if (!count)
		return ctl_complain("%s add needs the %s", r->name, r->first);
	size_t taken = !is_field(words[0], r->first);
	if (taken)
		bb_put_str(&b, r->first, words[0]);
	return send_fields(ctl, "POST", r->path, &b, words + taken, count - taken);
}

static int set(struct ctl *ctl, const struct resource *r, char **words, size_t count)
{
	struct bb_builder b = bb_build(ctl->arena);
	int status = CTL_USAGE;
	if (!(r->flags & CHANGES))
		return ctl_complain("%s cannot be changed", r->name);
	if (count < 2)
		return ctl_complain("%s set needs an id and name=value", r->name);
	const char *path = item_path(ctl, r, words[0], &status);
	return path ? send_fields(ctl, "PUT", path, &b, words + 1, count - 1) : status;
}

static int take_away(struct ctl *ctl, const struct resource *r, char **words, size_t count)
{
	struct answer a;
	int status = CTL_USAGE;
	if (!r->first)
		return ctl_complain("%s cannot be removed", r->name);
	if (count != 1)
		return ctl_complain("%s remove takes one id", r->name);
	const char *path = item_path(ctl, r, words[0], &status);
	return path ? http_send(ctl, "DELETE", path, NULL, &a) : status;
}

static const struct {
	const char *name;
	int (*fn)(struct ctl *, const struct resource *, char **words, size_t count);
} verbs[] = {{"list", list}, {"show", show}, {"add", add}, {"set", set}, {"remove", take_away}};

int resource_run(struct ctl *ctl, const char *name, char **words, size_t count)
{
	const struct resource *r = NULL;
	for (size_t i = 0; i < sizeof resources / sizeof *resources; i++)
		if (!strcmp(resources[i].name, name))
			r = &resources[i];
	if (!r)
		return -1;
	for (size_t i = 0; count && i < sizeof verbs / sizeof *verbs; i++)
		if (!strcmp(verbs[i].name, words[0]))
			return verbs[i].fn(ctl, r, words + 1, count - 1);
	return ctl_complain("%s: list, show, add, set or remove?", name);
}

void resource_help(void)
{
	for (size_t i = 0; i < sizeof resources / sizeof *resources; i++)
		printf("  %-14s list [FILTER=VALUE ...]%s%s%s%s\n", resources[i].name,
		       resources[i].flags & LIST_ONLY ? "" : " | show ID",
		       resources[i].first ? " | add " : "",
		       resources[i].first ? resources[i].first : "",
		       !resources[i].first ? ""
		       : resources[i].flags & CHANGES
			   ? " [FIELD ...] | set ID FIELD ... | remove ID"
			   : " [FIELD ...] | remove ID");
}
