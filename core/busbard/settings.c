#include "busbard/settings.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"

#define AT(member) offsetof(struct settings, member)

static const struct bb_option busbar_options[] = {
    {"log_format", BB_OPT_ENUM, 0, AT(busbar.log_format), "logfmt", "form of the log lines", 0, 0,
     "logfmt|json"},
    {"log_level", BB_OPT_ENUM, BB_RELOADABLE, AT(busbar.log_level), "info",
     "least level that is logged", 0, 0, "debug|info|warn|error"},
    {"shutdown", BB_OPT_MSEC, BB_RELOADABLE, AT(busbar.shutdown_ms), "10s",
     "how long an orderly stop may take", 100, 600000, NULL},
    {"check_answers", BB_OPT_BOOL, 0, AT(busbar.check_answers), "false",
     "hold every REST answer against its schema, for who writes plugins; one that breaks it is 500 "
     "and logged",
     0, 0, NULL},
};

/* Those that OCPP's security whitepaper demands of a central system, the better ones first, and the
 * ECDHE ones for a certificate with an RSA key. */
#define DEFAULT_CIPHERS                                                \
	"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:" \
	"ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:"     \
	"AES128-GCM-SHA256:AES256-GCM-SHA384"

static const struct bb_option http_options[] = {
    {"listen", BB_OPT_STR, 0, AT(http.listen), "0.0.0.0:8080",
     "address and port of chargers and REST; port 0 takes a free one; \"\": only over TLS", 0, 0,
     NULL},
    {"ws_path", BB_OPT_STR, 0, AT(http.ws_path), "/ocpp", "path in front of a charger's identity",
     0, 0, NULL},
    {"max_message", BB_OPT_BYTES, BB_RELOADABLE, AT(http.max_message_bytes), "256k",
     "largest WebSocket message, reassembled", 1024, 64 << 20, NULL},
    {"max_body", BB_OPT_BYTES, BB_RELOADABLE, AT(http.max_body_bytes), "1m", "largest HTTP body",
     1024, 1 << 30, NULL},
    {"max_queue", BB_OPT_BYTES, BB_RELOADABLE, AT(http.max_queue_bytes), "1m",
     "unsent bytes of one charger before its link is dropped", 4096, 1 << 30, NULL},
    {"ping", BB_OPT_MSEC, BB_RELOADABLE, AT(http.ping_ms), "60s",
     "WebSocket ping after so long a silence; 0: never", 0, 86400000, NULL},
    {"idle", BB_OPT_MSEC, BB_RELOADABLE, AT(http.idle_ms), "15m",
     "a silent link is hung up after so long; at least three heartbeats; 0: never", 0, 864000000,
     NULL},
    {"timeout", BB_OPT_MSEC, 0, AT(http.http_ms), "30s",
     "for a whole HTTP request or, in pieces, without progress; and for an unused connection", 1000,
     600000, NULL},
    {"header_timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(http.header_ms), "20s",
     "for the URL and the headers of a request, from its first byte; at most http.timeout", 100,
     600000, NULL},
    {"min_rate", BB_OPT_BYTES, BB_RELOADABLE, AT(http.min_rate), "240",
     "bytes a second that a client must send of a body, or take of an answer in pieces, while it "
     "is "
     "waited for; 0: any",
     0, 1 << 20, NULL},
    {"rate_grace", BB_OPT_MSEC, BB_RELOADABLE, AT(http.rate_grace_ms), "10s",
     "how long a client may be waited for before that counts", 100, 600000, NULL},
    {"keep_alive", BB_OPT_BOOL, BB_RELOADABLE, AT(http.keep_alive), "true",
     "serve several requests over one connection; false behind a proxy that shares its own among "
     "clients",
     0, 0, NULL},
    {"max_links", BB_OPT_INT, BB_RELOADABLE, AT(http.max_links), "0",
     "most chargers at once; 0: what the file descriptors allow", 0, 10000000, NULL},
    {"max_header", BB_OPT_BYTES, 0, AT(http.max_header_bytes), "8k",
     "largest headers of a request, with its URL", 4096, 32768, NULL},
    {"address_connections", BB_OPT_INT, BB_RELOADABLE, AT(http.address_connections), "1000",
     "most connections of one address that are no chargers'; 0: no limit", 0, 10000000, NULL},
    {"address_links", BB_OPT_INT, BB_RELOADABLE, AT(http.address_links), "5000",
     "most chargers of one address; 0: no limit", 0, 10000000, NULL},
    {"address_rate", BB_OPT_INT, BB_RELOADABLE, AT(http.address_rate), "6000",
     "connections a minute that one address may open, a minute's worth at once; 0: no limit", 0,
     10000000, NULL},
    {"address_exceptions", BB_OPT_STR, BB_RELOADABLE, AT(http.address_exceptions),
     "127.0.0.0/8 ::1", "addresses and networks without those three limits, such as a proxy's", 0,
     0, NULL},
};

static const struct bb_option tls_options[] = {
    {"listen", BB_OPT_STR, 0, AT(tls.listen), "",
     "address and port of the same over TLS, \"0.0.0.0:8443\"; \"\": none", 0, 0, NULL},
    {"certificate", BB_OPT_STR, BB_RELOADABLE, AT(tls.certificate), "",
     "PEM file of the server's certificate and those between it and the root", 0, 0, NULL},
    {"key", BB_OPT_STR, BB_RELOADABLE, AT(tls.key), "", "PEM file of its private key", 0, 0, NULL},
    {"second_certificate", BB_OPT_STR, BB_RELOADABLE, AT(tls.second_certificate), "",
     "likewise, with a key of another type: RSA beside EC", 0, 0, NULL},
    {"second_key", BB_OPT_STR, BB_RELOADABLE, AT(tls.second_key), "", "its private key", 0, 0,
     NULL},
    {"client_ca", BB_OPT_STR, BB_RELOADABLE, AT(tls.client_ca), "",
     "PEM file, or folder of *.pem and *.crt, of who vouches for chargers' certificates", 0, 0,
     NULL},
    {"handshake_timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(http.handshake_ms), "20s",
     "for a handshake, from the connection on; at most http.timeout", 100, 600000, NULL},
    {"min_version", BB_OPT_ENUM, 0, AT(tls.min_version), "1.2", "oldest version of TLS", 0, 0,
     "1.2|1.3"},
    {"ciphers", BB_OPT_STR, 0, AT(tls.ciphers), DEFAULT_CIPHERS,
     "for TLS 1.2, as OpenSSL writes them; those of 1.3 are all allowed", 0, 0, NULL},
};

static const struct bb_option ocpp_options[] = {
    {"call_timeout", BB_OPT_MSEC, 0, AT(ocpp.call_ms), "20s",
     "how long a charger's request may take here", 100, 600000, NULL},
    {"command_timeout", BB_OPT_MSEC, 0, AT(ocpp.command_ms), "30s",
     "how long a charger may take to answer a command", 100, 3600000, NULL},
    {"queued_calls", BB_OPT_INT, 0, AT(ocpp.queued_calls), "64",
     "requests of one charger that may wait while one is at work", 1, 10000, NULL},
    {"replay_calls", BB_OPT_INT, 0, AT(ocpp.replay_calls), "4",
     "answers kept per charger for repeated message ids", 0, 1000, NULL},
    {"log_messages", BB_OPT_BOOL, 0, AT(ocpp.log_messages), "true", "keep the message log", 0, 0,
     NULL},
    {"log_delay", BB_OPT_MSEC, 0, AT(ocpp.log_delay_ms), "500ms",
     "how long rows of the message log wait to be written together", 0, 60000, NULL},
    {"log_rows", BB_OPT_INT, 0, AT(ocpp.log_rows), "200000",
     "rows of the message log that may wait in memory; more are lost", 100, 100000000, NULL},
    {"log_retention", BB_OPT_MSEC, 0, AT(ocpp.log_retention_ms), "30d",
     "age at which message log rows are deleted; 0: never", 0, 0, NULL},
};

static const struct bb_option storage_options[] = {
    {"engine", BB_OPT_ENUM, 0, AT(storage.engine), "sqlite", "where everything is kept", 0, 0,
     "sqlite|postgres"},
    {"batch_units", BB_OPT_INT, 0, AT(storage.batch_units), "500",
     "most units of work in one commit", 1, 100000, NULL},
    {"queue_units", BB_OPT_INT, 0, AT(storage.queue_units), "100000",
     "most units of work that may wait; more are refused", 100, 10000000, NULL},
};

static const struct bb_option lua_options[] = {
    {"memory", BB_OPT_BYTES, 0, AT(lua.memory_bytes), "8m", "most memory of one operator's scripts",
     65536, 1 << 30, NULL},
    {"instructions", BB_OPT_INT, 0, AT(lua.instructions), "2000000",
     "most Lua instructions of one call", 1000, 1000000000000, NULL},
    {"time", BB_OPT_MSEC, 0, AT(lua.time_ms), "5ms",
     "most CPU time of one call, without what it waits", 1, 10000, NULL},
    {"idle", BB_OPT_MSEC, 0, AT(lua.idle_ms), "1h",
     "an operator's state that no call has used for so long is given up; 0: never", 0, 4000000000,
     NULL},
};

static const struct section {
	const char *name;
	const struct bb_option *options;
	size_t count;
} sections[] = {
#define SECTION(name)                                                                 \
	{                                                                             \
#name, name##_options, sizeof name##_options / sizeof *name##_options \
	}
    SECTION(busbar), SECTION(http), SECTION(tls), SECTION(ocpp), SECTION(storage), SECTION(lua),
};
#define SECTIONS (sizeof sections / sizeof *sections)

/* clang-format off */
static const char *const default_plugins[] = {
    "operators",
    "chargers",
    "transfer",
    "quirks",
    "transactions",
    "authorization",
    "ocpp16_core",
    "files",
    "ocpp16_firmware",
    "ocpp16_remote_trigger",
    "ocpp16_security",
    "ocpp16_smart_charging",
    "ocpp16_local_auth",
    "ocpp16_reservation",
    "tariffs",
    "wallet",
    "sessions",
    "analytics",
    "scripts",
    "notifications",
    "invoices",
    "payments",
    "payments_stripe",
    "users",
    "oidc",
    "bulk",
    "metrics",
    "rest",
    "events",
    NULL,
};
/* clang-format on */

static int check_listeners(const struct settings *s, char **ret_error)
{
	int err = net_check_listen("http.listen", s->http.listen, ret_error);
	if (!err)
		err = net_check_listen("tls.listen", s->tls.listen, ret_error);
	if (!err)
		err = net_check_exceptions("http.address_exceptions", s->http.address_exceptions,
					   ret_error);
	if (err || *s->http.listen || *s->tls.listen)
		return err;
	*ret_error = mem_strdup("http.listen and tls.listen are both empty: nobody could connect");
	return -EINVAL;
}

int settings_read(struct config *config, struct settings *ret, char **ret_error)
{
	struct settings s = {0};
	int err = 0;
	for (size_t i = 0; i < SECTIONS && !err; i++)
		err = config_section(config, sections[i].name, sections[i].options,
				     sections[i].count, &s, ret_error);
	if (!err)
		err = config_list(config, "plugins", default_plugins, &s.plugins, ret_error);
	if (!err)
		err = check_listeners(&s, ret_error);
	if (!err)
		*ret = s;
	return err;
}

char *settings_frozen_change(const struct settings *before, const struct settings *after)
{
	for (size_t i = 0; i < SECTIONS; i++) {
		const char *option =
		    config_frozen_change(sections[i].options, sections[i].count, before, after);
		if (option) {
			struct buf name = {0};
			buf_printf(&name, "%s.%s", sections[i].name, option);
			return name.data;
		}
	}
	for (size_t i = 0;; i++) {
		const char *a = before->plugins[i], *b = after->plugins[i];
		if (!a && !b)
			return NULL;
		if (!a || !b || strcmp(a, b) != 0)
			return mem_strdup("plugins");
	}
}

char *settings_help(void)
{
	struct buf out = {0};
	for (size_t i = 0; i < SECTIONS; i++) {
		char *text = config_help(sections[i].name, sections[i].options, sections[i].count);
		buf_add_str(&out, text);
		free(text);
	}
	buf_add_str(&out, "plugins: a list of names; default");
	for (size_t i = 0; default_plugins[i]; i++)
		buf_printf(&out, "%s %s", i ? "," : "", default_plugins[i]);
	buf_add_str(&out, "\n    the storage engine's plugin is added by itself\n");
	return out.data;
}

char *settings_describe(const struct settings *s)
{
	struct buf out = {0};
	for (size_t i = 0; i < SECTIONS; i++) {
		char *text =
		    config_describe(sections[i].name, sections[i].options, sections[i].count, s);
		buf_add_str(&out, text);
		free(text);
	}
	return out.data;
}

struct db_options settings_db(const struct settings *s)
{
	return (struct db_options){.batch_units = (uint32_t)s->storage.batch_units,
				   .queue_units = (uint32_t)s->storage.queue_units};
}

struct script_limits settings_script(const struct settings *s)
{
	return (struct script_limits){.memory_bytes = (size_t)s->lua.memory_bytes,
				      .instructions = (uint64_t)s->lua.instructions,
				      .time_ms = (uint32_t)s->lua.time_ms,
				      .idle_ms = (uint32_t)s->lua.idle_ms};
}
