/* list, show, add, set and remove of what REST calls collections. A new one is a line here. */
#include "busbarctl/verb.h"

#include <stdio.h>

#include "base/arena.h"
#include "json/json.h"

#define COLUMNS 10
#define VERBS_MOST 5u

struct resource {
	const char *name, *path, *help;
	const char *item;  /* the word for one of them; NULL: they can only be listed */
	const char *by;    /* the list's filter that finds one by its name, or NULL */
	const char *first; /* the member that add's first word is; NULL: cannot be added */
	const char *body;  /* the schemas of what is added and set: body_new, body_put */
	bool changes;      /* set is possible */
	bool list_has_all; /* there is no route to one of them: no show */
	const char *example;
	const char *columns[COLUMNS]; /* of the list; none: all that fit */
	struct verb_list more;        /* verbs of their own */
};

/* POST or DELETE of what is below one item, as "users/ID/totp". */
static int below(struct ctl *ctl, const char *method, const char *list, const char *id,
		 const char *what)
{
	return item_send(ctl, method, bb_url_item(ctl->arena, list, id, what), NULL);
}

static int task_retry(struct ctl *ctl, char **words, size_t count)
{
	(void)count;
	return below(ctl, "POST", "/api/admin/tasks", words[0], "/retry");
}

static int user_invite(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	(void)count;
	const char *path = bb_url_item(ctl->arena, "/api/admin/users", words[0], "/invite");
	int status = http_send(ctl, "POST", path, NULL, &a);
	if (status || ctl->json)
		return status ? status : item_print(ctl, path, &a);
	printf("A mail to %s is queued. What could not be sent: busbarctl tasks list "
	       "name=users_mail\n",
	       bb_json_get_str(a.body, "email", "the user"));
	return CTL_OK;
}

static int user_sign_out(struct ctl *ctl, char **words, size_t count)
{
	(void)count;
	return below(ctl, "DELETE", "/api/admin/users", words[0], "/sessions");
}

static int user_reset_totp(struct ctl *ctl, char **words, size_t count)
{
	(void)count;
	return below(ctl, "DELETE", "/api/admin/users", words[0], "/totp");
}

static const struct verb user_verbs[] = {
    {.name = "invite",
     .args = "ID",
     .help = "send a mail by which the user sets a password",
     .fn = user_invite},
    {.name = "sign-out",
     .args = "ID",
     .help = "end all of the user's sessions",
     .fn = user_sign_out},
    {.name = "reset-totp",
     .args = "ID",
     .help = "take the second factor away, of a phone that is lost",
     .fn = user_reset_totp},
};

static const struct verb task_verbs[] = {
    {.name = "retry",
     .args = "ID",
     .help = "let a dead one be tried again, now",
     .fn = task_retry,
     .example = "tasks retry 01M7YRN6QTE09SM3HC01TQ7Z9S"},
};

static const struct verb bulk_verbs[] = {
    {.name = "send",
     .args = "ACTION [FIELD ...]",
     .help = "send a command to many chargers, and show how far it has come",
     .fn = bulk_send,
     .fields = "bulk_command_new",
     .more =
	 "Goes on on the server when this is interrupted. Status 1 if a charger has refused it, "
	 "has not answered, or was not there.",
     .example =
	 "bulk-commands send Reset payload:='{\"type\": \"Soft\"}' selection:='{\"all\": true}'"},
    {.name = "watch",
     .args = "ID",
     .help = "show how far one has come, until it has ended",
     .fn = bulk_watch},
    {.name = "stop", .args = "ID", .help = "ask no more chargers", .fn = bulk_stop},
};

static const struct verb tariff_verbs[] = {
    {.name = "assign",
     .args = "TARIFF [charger=CHARGER|station=ID]",
     .help = "let it apply there, or to all of the operator's",
     .fn = tariff_assign,
     .example = "tariffs assign \"My tariff\" charger=CP1"},
    {.name = "unassign",
     .args = "TARIFF [charger=CHARGER|station=ID]",
     .help = "let it apply there no more",
     .fn = tariff_unassign},
    {.name = "assignments", .args = "TARIFF", .help = "where it applies", .fn = tariff_assignments},
    {.name = "versions",
     .args = "TARIFF",
     .help = "newest first; set TARIFF from_version:=N makes N the newest again",
     .options = "csv count",
     .fn = tariff_versions},
};

static const struct resource resources[] = {
    {.name = "operators",
     .path = "/api/admin/operators",
     .help = "who runs chargers here",
     .item = "ID",
     .first = "id",
     .body = "operator",
     .changes = true,
     .example = "operators add northern name=\"Northern Charging\" time_zone=Europe/Oslo",
     .columns = {"id", "name", "state", "time_zone", "currency", "created_at"}},
    {.name = "stations",
     .path = "/api/admin/stations",
     .help = "places on the map",
     .item = "ID",
     .first = "name",
     .body = "station",
     .changes = true,
     .example = "stations add Harbour latitude:=53.54 longitude:=9.98 time_zone=Europe/Berlin",
     .columns = {"id", "operator_id", "name", "address", "time_zone"}},
    {.name = "chargers",
     .path = "/api/admin/chargers",
     .help = "charge points",
     .item = "CHARGER",
     .by = "charge_point_id",
     .first = "charge_point_id",
     .body = "charger",
     .changes = true,
     .example = "chargers add CP1 station_id:=1 password=a-long-password",
     .columns = {"id", "charge_point_id", "station_id", "vendor", "model", "registration",
		 "connected", "last_seen"}},
    {.name = "bulk-commands",
     .path = "/api/admin/bulk-commands",
     .help = "one command to many chargers",
     .item = "ID",
     .example = "bulk-commands list state=running",
     .columns = {"id", "operator_id", "action", "state", "requested_by", "created_at", "ended_at"},
     .more = {bulk_verbs, sizeof bulk_verbs / sizeof *bulk_verbs}},
    {.name = "connections",
     .path = "/connections",
     .help = "chargers that are connected to this node",
     .item = "CHARGE_POINT_ID",
     .columns = {"charge_point_id", "charger_id", "remote", "ocpp", "connected_at", "last_seen"}},
    {.name = "tokens",
     .path = "/api/admin/tokens",
     .help = "cards and tags that may charge",
     .item = "ID_TAG",
     .first = "id_tag",
     .body = "token",
     .changes = true,
     .example = "tokens add 04A1B2C3 user_id=anna max_active:=1",
     .columns = {"id_tag", "operator_id", "status", "parent_id_tag", "user_id", "max_active",
		 "active", "expires_at"}},
    {.name = "transactions",
     .path = "/api/admin/transactions",
     .help = "sessions",
     .item = "ID",
     .example = "transactions list state=active charger=CP1",
     .columns = {"id", "charge_point_id", "connector_id", "id_tag", "state", "started_at",
		 "stopped_at", "energy_wh", "price"}},
    {.name = "analytics",
     .path = "/api/admin/analytics/sessions",
     .help = "sessions and energy by hours, days and places",
     .example = "analytics list group_by=station interval=day",
     .columns = {"from", "to", "operator_id", "station_id", "charge_point_id", "sessions",
		 "completed", "energy_wh", "duration_s"}},
    {.name = "revenue",
     .path = "/api/admin/analytics/revenue",
     .help = "what sessions cost by hours, days and places",
     .example = "revenue list group_by=charger interval=total from=2026-11-01T00:00:00Z",
     .columns = {"from", "to", "operator_id", "station_id", "charge_point_id", "priced", "amount"}},
    {.name = "utilization",
     .path = "/api/admin/analytics/utilization",
     .help = "how long connectors were occupied, by hours, days and places",
     .example = "utilization list group_by=charger station=1 interval=hour",
     .columns = {"from", "to", "station_id", "charge_point_id", "connectors", "known_s",
		 "occupied_s", "charging_s", "utilization"}},
    {.name = "uptime",
     .path = "/api/admin/analytics/uptime",
     .help = "how long connectors could be used, by hours, days and places",
     .example = "uptime list group_by=station interval=total",
     .columns = {"from", "to", "station_id", "charge_point_id", "connectors", "offline_s",
		 "faulted_s", "unavailable_s", "uptime"}},
    {.name = "failures",
     .path = "/api/admin/analytics/failures",
     .help = "what failed how often, by hours, days and places",
     .example = "failures list group_by=charger interval=total",
     .columns = {"from", "to", "station_id", "charge_point_id", "failures", "reasons"}},
    {.name = "tariffs",
     .path = "/api/admin/tariffs",
     .help = "prices; script check, try and diff work on those not yet stored",
     .item = "TARIFF",
     .by = "name",
     .first = "name",
     .body = "tariff",
     .changes = true,
     .example = "tariffs add \"My tariff\" currency=EUR source=@my_tariff.lua",
     .more = {tariff_verbs, sizeof tariff_verbs / sizeof *tariff_verbs}},
    {.name = "bills",
     .path = "/api/admin/bills",
     .help = "what became of sessions' prices",
     .example = "bills list state=unbilled",
     .columns = {"transaction_id", "user_id", "state", "reason", "amount", "tax", "refunded",
		 "owed"}},
    {.name = "invoices",
     .path = "/api/admin/invoices",
     .help = "invoices, receipts and credit notes",
     .item = "ID",
     .example = "invoices list user_id=anna",
     .columns = {"id", "number", "kind", "user_id", "month", "total_minor", "credited_minor",
		 "issued_at"}},
    {.name = "payments",
     .path = "/api/admin/payments",
     .help = "money that came through gateways",
     .item = "ID",
     .example = "payments list state=open",
     .columns = {"id", "user_id", "gateway", "state", "amount", "taken_back", "created_at",
		 "reason"}},
    {.name = "cut-offs",
     .path = "/api/admin/cut-offs",
     .help = "sessions that were cut off",
     .columns = {"transaction_id", "charge_point_id", "user_id", "cut_off_by", "reason",
		 "price_so_far", "cut_off_at", "tries", "state"}},
    {.name = "subscriptions",
     .path = "/api/admin/subscriptions",
     .help = "who is told of what",
     .item = "ID",
     .first = "channel",
     .body = "subscription",
     .changes = true,
     .example = "subscriptions add email target=ops@example.com events:='[\"charger.offline\"]'",
     .columns = {"id", "operator_id", "channel", "target", "events", "language", "active",
		 "disabled_reason"}},
    {.name = "deliveries",
     .path = "/api/admin/deliveries",
     .help = "what was told, and whether it arrived",
     .item = "ID",
     .columns = {"id", "subscription_id", "channel", "event", "state", "tries", "status", "error",
		 "created_at"}},
    {.name = "transfer-hosts",
     .path = "/api/admin/transfer/hosts",
     .help = "hosts that operators' scripts may reach",
     .item = "ID",
     .first = "host",
     .body = "transfer_host",
     .list_has_all = true,
     .columns = {"id", "operator_id", "host", "port", "private"}},
    {.name = "users",
     .path = "/api/admin/users",
     .help = "people who sign in, and drivers",
     .item = "ID",
     .first = "name",
     .body = "user",
     .changes = true,
     .example = "users add Anna role=operator operator_id=default email=anna@example.com",
     .columns = {"id", "operator_id", "name", "email", "role", "state", "language"},
     .more = {user_verbs, sizeof user_verbs / sizeof *user_verbs}},
    {.name = "keys",
     .path = "/api/admin/keys",
     .help = "API keys; one is shown once, when it is made",
     .item = "ID",
     .first = "name",
     .body = "key",
     .example = "keys add ERP role=readonly operator_id=default",
     .columns = {"id", "name", "role", "operator_id", "user_id", "expires_at", "last_used_at"}},
    {.name = "audit",
     .path = "/api/admin/audit",
     .help = "who changed what",
     .columns = {"id", "at", "actor", "method", "path", "status", "remote"}},
    {.name = "tasks",
     .path = "/api/admin/tasks",
     .help = "durable jobs: waiting, done, dead",
     .example = "tasks list state=dead",
     .more = {task_verbs, sizeof task_verbs / sizeof *task_verbs},
     .columns = {"id", "name", "state", "tries", "run_at", "error"}},
};
#define RESOURCES (sizeof resources / sizeof *resources)

const char *const *resource_columns(const char *path)
{
	size_t len = strcspn(path, "?");
	for (size_t i = 0; i < RESOURCES; i++)
		if (strlen(resources[i].path) == len && !strncmp(resources[i].path, path, len))
			return resources[i].columns[0] ? resources[i].columns : NULL;
	return NULL;
}

static int list(struct ctl *ctl, char **words, size_t count)
{
	const struct resource *r = ctl->verb->resource;
	return resource_list(ctl, r->path, resource_columns(r->path), words, count);
}

/* The path of the item that the first word names; NULL: printed why not. */
static const char *item_path(struct ctl *ctl, char **words, int *ret)
{
	const struct resource *r = ctl->verb->resource;
	const char *id = words[0];
	if (r->by)
		id = item_id(ctl, r->path, r->by, help_lower(ctl->arena, r->item), words[0], ret);
	return id ? bb_url_item(ctl->arena, r->path, id, "") : NULL;
}

static int show(struct ctl *ctl, char **words, size_t count)
{
	int status;
	(void)count;
	const char *path = item_path(ctl, words, &status);
	return path ? item_send(ctl, "GET", path, NULL) : status;
}

/* "name=Harbour" where "Harbour" would do: nobody means a station to be called that. */
static bool is_field(const char *word, const char *member)
{
	size_t len = strlen(member);
	return !strncmp(word, member, len) && (word[len] == '=' || !strncmp(word + len, ":=", 2));
}

static int add(struct ctl *ctl, char **words, size_t count)
{
	const struct resource *r = ctl->verb->resource;
	struct bb_builder b = bb_build(ctl->arena);
	size_t taken = !is_field(words[0], r->first);
	if (taken)
		bb_put_str(&b, r->first, words[0]);
	if (!fields_put(ctl, &b, words + taken, count - taken))
		return CTL_USAGE;
	return item_send(ctl, "POST", r->path, &b);
}

static int set(struct ctl *ctl, char **words, size_t count)
{
	struct bb_builder b = bb_build(ctl->arena);
	int status;
	if (!fields_put(ctl, &b, words + 1, count - 1))
		return CTL_USAGE;
	const char *path = item_path(ctl, words, &status);
	return path ? item_send(ctl, "PUT", path, &b) : status;
}

static int take_away(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	int status;
	(void)count;
	const char *path = item_path(ctl, words, &status);
	return path ? http_send(ctl, "DELETE", path, NULL, &a) : status;
}

static struct verb_list verbs_of(struct bb_arena *a, const struct resource *r)
{
	struct verb *v = bb_zalloc(a, (VERBS_MOST + r->more.count) * sizeof *v);
	size_t n = 0;
	v[n++] = (struct verb){.name = "list",
			       .args = "[FILTER=VALUE ...]",
			       .help = "all of them, or some",
			       .options = "csv count",
			       .route = r->path,
			       .fn = list};
	if (r->item && !r->list_has_all)
		v[n++] = (struct verb){.name = "show",
				       .args = r->item,
				       .help = "all that is known of one",
				       .fn = show};
	if (r->first)
		v[n++] = (struct verb){
		    .name = "add",
		    .args = arena_printf(a, "%s [FIELD ...]", help_upper(a, r->first)),
		    .help = "make one",
		    .fields = arena_printf(a, "%s_new", r->body),
		    .fn = add};
	if (r->changes)
		v[n++] = (struct verb){.name = "set",
				       .args = arena_printf(a, "%s FIELD ...", r->item),
				       .help = "change one; what is not said stays",
				       .fields = arena_printf(a, "%s_put", r->body),
				       .fn = set};
	if (r->first)
		v[n++] = (struct verb){
		    .name = "remove", .args = r->item, .help = "take one away", .fn = take_away};
	for (size_t i = 0; i < n; i++)
		v[i].resource = r;
	for (size_t i = 0; i < r->more.count; i++)
		v[n++] = r->more.verbs[i];
	return (struct verb_list){v, n};
}

size_t resource_verbs(struct bb_arena *a, struct verb *to, size_t room)
{
	size_t n = 0;
	for (; n < RESOURCES && n < room; n++) {
		const struct resource *r = &resources[n];
		struct verb_list below = verbs_of(a, r);
		to[n] = (struct verb){.name = r->name,
				      .help = r->help,
				      .example = r->example,
				      .verbs = below.verbs,
				      .verb_count = below.count};
	}
	return n;
}
