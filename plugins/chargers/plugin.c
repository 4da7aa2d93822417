/* Stations, chargers and their connections. */
#include "pending.h"
#include "service.h"

#include <unistd.h>

#define SEE "admin operator readonly"
#define CHANGE "admin operator"

static const struct bb_option options[] = {
    {"unknown", BB_OPT_ENUM, BB_RELOADABLE, offsetof(struct config, unknown), "reject",
     "chargers that nobody registered: reject; accept: register them; pending: register them and "
     "let BootNotification answer Pending",
     0, 0, "reject|accept|pending"},
    {"unknown_operator", BB_OPT_STR, BB_RELOADABLE, offsetof(struct config, unknown_operator),
     "default", "the operator whose they become", 0, 0, NULL},
    {"node", BB_OPT_STR, BB_RELOADABLE, offsetof(struct config, node), "",
     "this node's name in answers; the machine's name if empty", 0, 0, NULL},
    {"refresh", BB_OPT_MSEC, 0, offsetof(struct config, refresh_ms), "5s",
     "how often chargers changed by other nodes are looked for", 100, 3600000, NULL},
    {"last_seen", BB_OPT_MSEC, 0, offsetof(struct config, last_seen_ms), "60s",
     "how often it is stored when chargers were last seen", 1000, 3600000, NULL},
    {"password_iterations", BB_OPT_INT, BB_RELOADABLE, offsetof(struct config, password_iterations),
     "1000", "PBKDF2 iterations of new passwords", 1000, 1000000, NULL},
    {"password_delay", BB_OPT_MSEC, BB_RELOADABLE, offsetof(struct config, password_delay_ms), "1s",
     "how long an address waits after too many wrong passwords; doubled with each more", 10, 60000,
     NULL},
    {"password_delay_most", BB_OPT_MSEC, BB_RELOADABLE,
     offsetof(struct config, password_delay_most_ms), "60s", "the longest such wait", 10, 3600000,
     NULL},
    {"new_passwords", BB_OPT_ENUM, BB_RELOADABLE, offsetof(struct config, new_passwords), "hex",
     "what ChangeConfiguration may set AuthorizationKey to: hex: 16 to 20 bytes as hexadecimal "
     "digits; text: 8 to 40 visible characters as well",
     0, 0, "hex|text"},
    {"certificate_name", BB_OPT_ENUM, BB_RELOADABLE, offsetof(struct config, certificate_name),
     "identity",
     "whose name a client certificate bears: identity: the charge point's; serial: the serial "
     "number that it boots with; either: one of them",
     0, 0, "identity|serial|either"},
};

static const struct bb_route routes[] = {
    {"GET", "/api/admin/stations", SEE, station_list, "Stations", NULL, "rest/station_list",
     "limit cursor name", BB_OWNER, 0},
    {"POST", "/api/admin/stations", CHANGE, station_create, "Add a station", "rest/station_new",
     "rest/station", NULL, BB_OWNER, 0},
    {"GET", "/api/admin/stations/{id}", SEE, station_get, "A station", NULL, "rest/station", NULL,
     BB_OWNER, 0},
    {"PUT", "/api/admin/stations/{id}", CHANGE, station_put,
     "Change a station; members left out stay as they are", "rest/station_put", "rest/station",
     NULL, BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", "/api/admin/stations/{id}", CHANGE, station_delete,
     "Remove a station without chargers", NULL, NULL, NULL, BB_OWNER, 0},
    {"GET", "/api/admin/chargers", SEE, charger_list, "Chargers with their live state", NULL,
     "rest/charger_list", "limit cursor charge_point_id station_id registration vendor model",
     BB_OWNER, 0},
    {"POST", "/api/admin/chargers", CHANGE, charger_create, "Register a charger",
     "rest/charger_new", "rest/charger", NULL, BB_OWNER, 0},
    {"GET", "/api/admin/chargers/{id}", SEE, charger_get, "A charger with its live state", NULL,
     "rest/charger", NULL, BB_OWNER, 0},
    {"PUT", "/api/admin/chargers/{id}", CHANGE, charger_put,
     "Change a charger; members left out stay as they are", "rest/charger_put", "rest/charger",
     NULL, BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", "/api/admin/chargers/{id}", CHANGE, charger_delete,
     "Remove a charger without transactions", NULL, NULL, NULL, BB_OWNER, 0},
    {"GET", "/api/admin/chargers/{id}/connectors", SEE, connector_list,
     "What is known of a charger's connectors", NULL, "rest/connector_list", "limit cursor",
     BB_OWNER, 0},
    {"PUT", "/api/admin/chargers/{id}/connectors/{connector_id}", CHANGE, connector_put,
     "Say what a connector is; members left out stay as they are", "rest/connector_put",
     "rest/connector", NULL, BB_OWNER, 0},
    {"DELETE", "/api/admin/chargers/{id}/connectors/{connector_id}", CHANGE, connector_delete,
     "Know nothing of a connector any more", NULL, NULL, NULL, BB_OWNER, 0},
    {"GET", "/connections", SEE, connection_list, "Connected chargers of this node", NULL,
     "rest/connection_list", "limit cursor", BB_OWNER, 0},
    {"GET", "/connections/{charge_point_id}", SEE, connection_get, "One connection", NULL,
     "rest/connection", NULL, BB_OWNER, 0},
    {"GET", "/api/charge-points", SEE, connection_list, "Connected chargers of this node", NULL,
     "rest/connection_list", "limit cursor", BB_OWNER, 0},
};

#define WAIT(action)                                             \
	{                                                        \
		"ocpp1.6", action, unknown_wait, BB_GUARD, -1000 \
	}
static const struct bb_action actions[] = {
    WAIT("BootNotification"), WAIT("StatusNotification"), WAIT("Heartbeat"),
    WAIT("Authorize"),        WAIT("StartTransaction"),   WAIT("MeterValues"),
    WAIT("StopTransaction"),  WAIT("DataTransfer"),
};

static const struct bb_outgoing outgoing[] = {
    {"ocpp1.6", "ChangeConfiguration", BB_WITNESS, configuration_check, configuration_stored,
     configuration_ended},
};

static const struct bb_hook hooks[] = {{"admit", 1000, admit}};
static const struct bb_topic topics[] = {{"charger.disconnected", last_seen_on_disconnect},
					 {"charger.booted", sync_on_booted}};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_LOAD] = "load",
    [Q_LOAD_CHANGED] = "load_changed",
    [Q_LOAD_ONE] = "load_one",
    [Q_COUNT] = "count",
    [Q_FIND] = "find",
    [Q_SELECT] = "select",
    [Q_RESERVE_ID] = "reserve_id",
    [Q_REGISTER_UNKNOWN] = "register_unknown",
    [Q_SET_LAST_SEEN] = "set_last_seen",
    [Q_STATION_LIST] = "station_list",
    [Q_STATION_GET] = "station_get",
    [Q_STATION_INSERT] = "station_insert",
    [Q_STATION_UPDATE] = "station_update",
    [Q_STATION_DELETE] = "station_delete",
    [Q_CHARGER_LIST] = "charger_list",
    [Q_CHARGER_LIST_CONNECTORS] = "charger_list_connectors",
    [Q_CHARGER_GET] = "charger_get",
    [Q_CHARGER_INSERT] = "charger_insert",
    [Q_CHARGER_LOCK] = "charger_lock",
    [Q_CHARGER_UPDATE] = "charger_update",
    [Q_CHARGER_DELETE] = "charger_delete",
    [Q_CHARGER_FAULTS_DELETE] = "charger_faults_delete",
    [Q_PENDING_ADD] = "pending_add",
    [Q_PENDING_USE] = "pending_use",
    [Q_PENDING_DROP_UP_TO] = "pending_drop_up_to",
    [Q_PENDING_DROP_OPEN] = "pending_drop_open",
    [Q_PENDING_DROP_ALL] = "pending_drop_all",
    [Q_PENDING_ACCEPT] = "pending_accept",
    [Q_PENDING_ACCEPTED] = "pending_accepted",
    [Q_PENDING_STATE] = "pending_state",
    [Q_PENDING_DROP] = "pending_drop",
    [Q_TOUCH] = "touch",
    [Q_TOUCH_IDENTITY] = "touch_identity",
    [Q_PROFILE_ASK] = "profile_ask",
    [Q_PROFILE_AGREED] = "profile_agreed",
    [Q_PROFILE_DROP] = "profile_drop",
    [Q_PROFILE_USE] = "profile_use",
    [Q_LOAD_IDENTITY] = "load_identity",
    [Q_KIND_LIST] = "kind_list",
    [Q_KIND_GET] = "kind_get",
    [Q_KIND_SET] = "kind_set",
    [Q_KIND_DELETE] = "kind_delete",
};

static void name_node(struct chargers *p)
{
	if (p->cfg->node[0])
		snprintf(p->node, sizeof p->node, "%s", p->cfg->node);
	else if (gethostname(p->node, sizeof p->node - 1))
		snprintf(p->node, sizeof p->node, "localhost");
}

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct chargers filled = {.me = me, .api = api, .cfg = cfg};
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (err)
		return err;
	name_node(*self);
	service_bind(*self);
	return 0;
}

static void on_refresh(void *arg)
{
	struct chargers *p = arg;
	sync_run(p);
	unknown_reserve(p);
}

static void on_last_seen(void *arg)
{
	last_seen_flush(arg);
}

static int start(void *self)
{
	struct chargers *p = self;
	p->refresh_timer = p->api->timer(p->me, (uint64_t)p->cfg->refresh_ms, true, on_refresh, p);
	p->seen_timer = p->api->timer(p->me, (uint64_t)p->cfg->last_seen_ms, true, on_last_seen, p);
	p->api->starting(p->me, true);
	on_refresh(p);
	return 0;
}

static int reload(void *self, const void *cfg)
{
	struct chargers *p = self;
	p->cfg = cfg;
	name_node(p);
	return 0;
}

static void stop(void *self)
{
	struct chargers *p = self;
	p->api->release(p->refresh_timer);
	p->api->release(p->seen_timer);
	last_seen_flush(p);
}

static void fini(void *self)
{
	struct chargers *p = self;
	registry_free(&p->registry);
	free(p);
}

BB_PLUGIN(chargers, .version = "1.0", .gives = "chargers/1", .service = &chargers_service,
	  .config_size = sizeof(struct config), .options = BB_TABLE(option, options),
	  .actions = BB_TABLE(action, actions), .outgoing = BB_TABLE(outgoing, outgoing),
	  .routes = BB_TABLE(route, routes), .hooks = BB_TABLE(hook, hooks),
	  .topics = BB_TABLE(topic, topics), .init = init, .start = start, .reload = reload,
	  .stop = stop, .fini = fini);
