/* Requests to other servers, for plugins and for operators' scripts. */
#include "transfer.h"
#include "words.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define HOSTS "/api/admin/transfer/hosts"
#define AT(member) offsetof(struct config, member)

static const struct bb_option options[] = {
    {"ca", BB_OPT_STR, BB_RELOADABLE, AT(ca), "",
     "PEM file of who vouches for other servers, instead of the system's", 0, 0, NULL},
    {"allow", BB_OPT_STR, BB_RELOADABLE, AT(allow), "",
     "hosts that scripts of all operators may reach, also in private networks: "
     "\"api.example.com *.example.org 10.0.0.5:8080\"",
     0, 0, NULL},
    {"connect_timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(connect_ms), "10s",
     "for the connection, TLS included", 100, 300000, NULL},
    {"timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(timeout_ms), "30s",
     "for all of a request whose asker says nothing else", 100, 600000, NULL},
    {"max_answer", BB_OPT_BYTES, BB_RELOADABLE, AT(max_answer), "1m",
     "largest answer to a request whose asker says nothing else", 1024, 1 << 30, NULL},
    {"connections", BB_OPT_INT, 0, AT(connections), "256", "most connections at once", 1, 100000,
     NULL},
    {"per_host", BB_OPT_INT, 0, AT(per_host), "8", "most connections to one host at once", 1,
     100000, NULL},
    {"per_operator", BB_OPT_INT, BB_RELOADABLE, AT(per_operator), "64",
     "most requests of one operator on their way at once; its others wait", 1, 100000, NULL},
    {"queue", BB_OPT_INT, BB_RELOADABLE, AT(queue), "10000",
     "most requests that are on their way or wait; more fail", 1, 10000000, NULL},
    {"mails", BB_OPT_INT, BB_RELOADABLE, AT(mails), "2",
     "most mails on their way at once: each takes one of the four threads for blocking work", 1, 4,
     NULL},
};

static const struct bb_route routes[] = {
    {"GET", HOSTS, SEE, host_list, "Hosts that operators' scripts may reach", NULL,
     "rest/transfer_host_list", "limit cursor", BB_OWNER, 0},
    {"POST", HOSTS, CHANGE, host_add, "Let an operator's scripts reach a host",
     "rest/transfer_host_new", "rest/transfer_host", NULL, BB_OWNER, 0},
    {"DELETE", HOSTS "/{id}", CHANGE, host_delete, "Let them reach it no more", NULL, NULL, NULL,
     BB_OWNER, 0},
};

static const struct bb_luafn lua[] = {
    {"http", "{method, url, headers, body, timeout_s}",
     "a request to a host on the operator's list; answers {status, headers, body, json} or {error}",
     script_http},
};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_HOSTS_OF] = "hosts_of", [Q_HOST_LIST] = "host_list",     [Q_HOST_GET] = "host_get",
    [Q_HOST_ADD] = "host_add", [Q_HOST_DELETE] = "host_delete",
};

static bool is_usable(struct bb *me, const struct bb_api *api, const struct config *cfg)
{
	if (host_list_is_good(cfg->allow))
		return true;
	api->log(me, BB_ERROR,
		 "transfer.allow is \"%s\"; it must be a list of hosts, in lower case: "
		 "\"api.example.com *.example.org 10.0.0.5:8080\"",
		 cfg->allow);
	return false;
}

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct transfer filled = {.me = me, .api = api, .cfg = cfg};
	if (!is_usable(me, api, cfg))
		return -EINVAL;
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	if (!err && curl_global_init(CURL_GLOBAL_DEFAULT))
		err = -EIO;
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (err)
		return err;
	transfer_the = *self;
	multi_open(transfer_the);
	figures_begin(transfer_the);
	return 0;
}

static int reload(void *self, const void *cfg)
{
	struct transfer *p = self;
	if (!is_usable(p->me, p->api, cfg))
		return -EINVAL;
	p->cfg = cfg;
	return 0;
}

static void stop(void *self)
{
	struct transfer *p = self;
	p->stopped = true;
	while (p->requests) {
		request_fault(p->requests, -ECANCELED, "the server stops");
		request_end(p->requests, CURLE_OK);
	}
	multi_close(p);
	mail_stop(p);
}

static void fini(void *self)
{
	struct transfer *p = self;
	multi_close(p);
	transfer_the = NULL;
	curl_global_cleanup();
	free(p);
}

BB_PLUGIN(transfer, .version = "1.0", .gives = "transfer/1", .service = &transfer_service,
	  .config_size = sizeof(struct config), .options = BB_TABLE(option, options),
	  .routes = BB_TABLE(route, routes), .lua = BB_TABLE(luafn, lua), .init = init,
	  .reload = reload, .stop = stop, .fini = fini);
