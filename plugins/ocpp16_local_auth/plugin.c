/* ocpp16_local_auth: OCPP 1.6's Local Auth List Management profile. */
#include "local_auth.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define OCPP16 "ocpp1.6"
#define OF_CHARGER "/api/admin/chargers/{id}/local-list"
#define OF_STATION "/api/admin/stations/{id}/local-list"
#define AT(member) offsetof(struct local_auth_config, member)

static const struct bb_option options[] = {
    {"lists", BB_OPT_ENUM, BB_RELOADABLE, AT(lists), "off",
     "do chargers get the operator's tokens, where nobody has decided for the charger", 0, 0,
     "on|off"},
    {"check_every", BB_OPT_MSEC, 0, AT(check_every_ms), "5s",
     "how often lists are compared with the tokens; changes are taken together until then", 50,
     3600000, NULL},
    {"retry_after", BB_OPT_MSEC, BB_RELOADABLE, AT(retry_after_ms), "10m",
     "when a charger that refused its list is tried again; doubles up to 64 times", 1000, 86400000,
     NULL},
    {"at_once", BB_OPT_INT, BB_RELOADABLE, AT(at_once), "20",
     "chargers that are brought up to date at once", 1, 10000, NULL},
    {"part", BB_OPT_INT, BB_RELOADABLE, AT(part_most), "100",
     "entries in a message to a charger that does not tell its SendLocalListMaxLength", 1, 10000,
     NULL},
};

static const struct bb_outgoing outgoing[] = {
    {OCPP16, "SendLocalList", 0, send_list_check, NULL, send_list_ended},
    {OCPP16, "GetLocalListVersion", BB_REPEATABLE, NULL, NULL, version_ended},
    {OCPP16, "GetConfiguration", BB_WITNESS, NULL, NULL, configuration_ended},
};

static const struct bb_route routes[] = {
    {"GET", "/api/admin/local-lists", SEE, local_list_all, "Local lists of all chargers", NULL,
     "rest/local_list_list", "limit cursor state charger_id", BB_OWNER, 0},
    {"GET", OF_CHARGER, SEE, local_list_get, "How a charger's local list stands", NULL,
     "rest/local_list", NULL, BB_OWNER, 0},
    {"PUT", OF_CHARGER, CHANGE, local_list_put, "Whether a charger gets a local list",
     "rest/local_list_put", "rest/local_list", NULL, BB_OWNER, 0},
    {"POST", OF_CHARGER "/sync", CHANGE, local_list_sync, "Bring it up to date now",
     "rest/local_list_sync", "rest/local_list", NULL, BB_OWNER, 0},
    {"GET", OF_CHARGER "/entries", SEE, local_list_entries,
     "What the charger has, as far as is known", NULL, "rest/local_list_entry_list", "limit cursor",
     BB_OWNER, 0},
    {"GET", OF_STATION, SEE, local_list_station_get,
     "Whether a station's chargers get a local list", NULL, "rest/local_list_station", NULL,
     BB_OWNER, 0},
    {"PUT", OF_STATION, CHANGE, local_list_station_put,
     "Decide it for all chargers of a station that have no mode of their own",
     "rest/local_list_put", "rest/local_list_station", NULL, BB_OWNER, 0},
};

static const struct bb_topic topics[] = {{"charger.booted", look_on_booted},
					 {"charger.connected", look_on_connected}};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_DUE] = "due",
    [Q_ROW_ADD] = "row_add",
    [Q_FACTS] = "facts",
    [Q_WANTED] = "wanted",
    [Q_ENTRIES] = "entries",
    [Q_CURRENT] = "current",
    [Q_UNCHANGED] = "unchanged",
    [Q_FAILED] = "failed",
    [Q_BOOTED] = "booted",
    [Q_CONNECTED] = "connected",
    [Q_ROW_OF] = "row_of",
    [Q_CLEARED] = "cleared",
    [Q_REMOVED] = "removed",
    [Q_ADDED] = "added",
    [Q_ACCEPTED] = "accepted",
    [Q_UNKNOWN] = "unknown",
    [Q_TOLD] = "told",
    [Q_LIMITS] = "limits",
    [Q_LIST] = "list",
    [Q_ENTRY_LIST] = "entry_list",
    [Q_SET_MODE] = "set_mode",
    [Q_SYNC] = "sync",
    [Q_STATION] = "station",
    [Q_STATION_SET] = "station_set",
    [Q_STATION_DUE] = "station_due",
};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct local_auth filled = {.me = me, .api = api, .cfg = cfg};
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	return err ? err : bb_keep(&filled, sizeof filled, self);
}

static int start(void *self)
{
	struct local_auth *p = self;
	p->chargers = p->api->service(p->me, "chargers/1", sizeof *p->chargers);
	return p->chargers ? look_start(p) : -ENOENT;
}

static int reload(void *self, const void *cfg)
{
	((struct local_auth *)self)->cfg = cfg;
	return 0;
}

static void stop(void *self)
{
	look_stop(self);
}

static void fini(void *self)
{
	sync_free_all(self);
	free(self);
}

static const char *const needs[] = {"chargers/1", "authorization/1", NULL};

BB_PLUGIN(ocpp16_local_auth, .version = "0.1.0", .needs = needs,
	  .config_size = sizeof(struct local_auth_config), .options = BB_TABLE(option, options),
	  .outgoing = BB_TABLE(outgoing, outgoing), .routes = BB_TABLE(route, routes),
	  .topics = BB_TABLE(topic, topics), .init = init, .start = start, .reload = reload,
	  .stop = stop, .fini = fini);
