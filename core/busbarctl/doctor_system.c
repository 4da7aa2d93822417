/* What is around the server: ports, limits, the clock, and whether it answers. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/version.h"
#include "busbarctl/child.h"
#include "busbarctl/doctor.h"
#include "json/json.h"

#define SPARE_FILES 256 /* descriptors that are not chargers' */
#define DRIFT_S 2
#define DRIFT_MOST_S 60

/* "0.0.0.0:8080" as a socket address; false: it is none that can be looked up. */
static bool address_of(struct doctor *d, const char *listen, struct addrinfo **ret)
{
	const char *colon = strrchr(listen, ':');
	if (!colon)
		return false;
	const char *host = bb_strndup(d->ctl->arena, listen, (size_t)(colon - listen));
	size_t len = strlen(host);
	if (*host == '[' && len > 1)
		host = bb_strndup(d->ctl->arena, host + 1, len - 2);
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	return !getaddrinfo(*host ? host : NULL, colon + 1, &hints, ret);
}

/* 0: it is free; else errno. */
static int try_bind(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	int err = bind(fd, a->ai_addr, a->ai_addrlen) || listen(fd, 1) ? errno : 0;
	close(fd);
	return err;
}

/* How this machine reaches the listener. */
static const char *local_url(struct doctor *d, const char *scheme, const char *listen)
{
	const char *colon = strrchr(listen, ':');
	const char *host = bb_strndup(d->ctl->arena, listen, (size_t)(colon - listen));
	if (!*host || !strcmp(host, "0.0.0.0") || !strcmp(host, "[::]"))
		host = "127.0.0.1";
	return arena_printf(d->ctl->arena, "%s://%s%s", scheme, host, colon);
}

void ask_listener(struct doctor *d)
{
	const char *plain = option_value(d, "http.listen"), *tls = option_value(d, "tls.listen");
	const char *listen = *plain ? plain : tls;
	const char *port = strrchr(listen, ':');
	if (d->ctl->url_is_given || !port || !strcmp(port, ":0"))
		return;
	d->ctl->url = local_url(d, *plain ? "http" : "https", listen);
}

static void check_port(struct doctor *d, const char *option, const char *scheme)
{
	struct addrinfo *a;
	const char *listen = option_value(d, option);
	if (!*listen || !strcmp(strrchr(listen, ':') ? strrchr(listen, ':') : "", ":0"))
		return;
	if (!address_of(d, listen, &a)) {
		found(d, WRONG, "write an address of this machine and a port",
		      "%s: %s cannot be looked up", option, listen);
		return;
	}
	int err = try_bind(a);
	freeaddrinfo(a);
	const struct bb_json *health =
	    err == EADDRINUSE ? quick_get(d, local_url(d, scheme, listen), "/health", NULL) : NULL;
	const char *version = bb_json_get_str(health, "version", NULL);
	if (version) {
		d->listening = version;
		found(d, FINE, NULL, "%s: busbard %s listens on %s", option, version, listen);
	} else if (err == EADDRINUSE) {
		found(d, WRONG, "stop the other program, or choose another port",
		      "%s: another program listens on %s", option, listen);
	} else if (err == EACCES) {
		found(d, WRONG,
		      "ports below 1024 need CAP_NET_BIND_SERVICE: AmbientCapabilities= in the "
		      "unit, or a proxy in front",
		      "%s: this user may not listen on %s", option, listen);
	} else if (err) {
		found(d, WRONG, "write an address of this machine", "%s: %s: %s", option, listen,
		      strerror(err));
	} else {
		found(d, FINE, NULL, "%s: %s is free; busbard does not run", option, listen);
	}
}

void check_ports(struct doctor *d)
{
	if (!d->values)
		return;
	check_port(d, "http.listen", "http");
	check_port(d, "tls.listen", "https");
}

/* What the service manager gives it; -1: it does not know the service. */
static long unit_limit(struct doctor *d)
{
	const char *text = "";
	char *argv[] = {(char *)"systemctl",
			(char *)"show",
			(char *)"busbard.service",
			(char *)"--property=LimitNOFILE",
			(char *)"--property=LoadState",
			NULL};
	if (access("/run/systemd/system", F_OK) || child_run(d->ctl, argv, CHILD_OUT, &text) ||
	    !strstr(text, "LoadState=loaded"))
		return -1;
	const char *at = strstr(text, "LimitNOFILE=");
	return at ? strtol(at + strlen("LimitNOFILE="), NULL, 10) : -1;
}

/* How many chargers there are: 0 where nobody can say. */
static long count_chargers(struct doctor *d)
{
	struct storage s;
	if (!d->values || storage_read(d->ctl, d->ctl->config, &s))
		return 0;
	const struct backup_engine *e =
	    !strcmp(s.engine, backup_sqlite.name) ? &backup_sqlite : &backup_postgres;
	if (!strcmp(s.engine, "sqlite") && access(s.path, R_OK))
		return 0;
	const struct bb_json *all = e->query(d->ctl, &s, "select count(*) from chargers", &d->why);
	return strtol(bb_json_str(bb_json_at(bb_json_at(all, 0), 0), "0"), NULL, 10);
}

void check_limits(struct doctor *d)
{
	struct rlimit files;
	if (!d->values || getrlimit(RLIMIT_NOFILE, &files))
		return;
	long unit = unit_limit(d), chargers = count_chargers(d);
	long most = strtol(option_value(d, "http.max_links"), NULL, 10);
	long wanted = (most > chargers ? most : chargers) + SPARE_FILES;
	long limit = unit > 0 ? unit : (long)files.rlim_max;
	const char *whose = unit > 0 ? "busbard.service" : "this shell";
	if (limit < wanted)
		found(d, WRONG,
		      unit > 0 ? "LimitNOFILE= in the unit: at least that, better 1048576"
			       : "ulimit -Hn, or limits.conf: at least that, better 1048576",
		      "%s allows %ld open files; %ld are needed for %ld chargers", whose, limit,
		      wanted, wanted - SPARE_FILES);
	else
		found(d, FINE, NULL, "%s allows %ld open files, enough for %ld chargers", whose,
		      limit, limit - SPARE_FILES);
}

/* Seconds that the server's clock is before ours; it says whole ones. */
static void check_date(struct doctor *d, const char *date)
{
	time_t theirs = curl_getdate(date, NULL);
	if (theirs < 0)
		return;
	long apart = labs((long)(theirs - time(NULL)));
	if (apart > DRIFT_S)
		found(d, apart > DRIFT_MOST_S ? WRONG : NOTICE,
		      "let both machines keep time by NTP: chrony or systemd-timesyncd",
		      "the server's clock and this machine's are %ld s apart", apart);
	else
		found(d, FINE, NULL, "the server's clock and this machine's agree");
}

void check_clock(struct doctor *d)
{
	const char *date = NULL;
	struct timex t = {0};
	int state = adjtimex(&t);
	if (state == TIME_ERROR || t.status & STA_UNSYNC)
		found(d, NOTICE,
		      "chargers take their time from it: install chrony or systemd-timesyncd; in a "
		      "container this is the host's affair",
		      "nothing says that this machine's clock is kept right");
	else if (state >= 0)
		found(d, FINE, NULL, "this machine's clock is kept right");
	if (quick_get(d, d->ctl->url, "/health", &date) && date)
		check_date(d, date);
}

void check_server(struct doctor *d)
{
	const struct bb_json *health = quick_get(d, d->ctl->url, "/health", NULL);
	const char *version = bb_json_get_str(health, "version", "?");
	if (!health) {
		found(d, d->listening || !d->values ? WRONG : FINE,
		      d->listening || !d->values ? "is the URL right (--url)? Does it trust the "
						   "certificate (--ca)? See busbarctl health"
						 : NULL,
		      "%s does not answer", d->ctl->url);
		return;
	}
	const char *status = bb_json_get_str(health, "status", "?");
	if (strcmp(status, "ok") != 0)
		found(d, WRONG, "its log says why", "%s says of itself: %s, storage %s",
		      d->ctl->url, status, bb_json_get_str(health, "storage", "?"));
	else
		found(d, FINE, NULL, "%s is well, version %s, %lld chargers connected", d->ctl->url,
		      version, (long long)bb_json_get_int(health, "connections", 0));
	if (strcmp(version, BUSBAR_VERSION) != 0)
		found(d, NOTICE, "restart the server after an upgrade, or use its own busbarctl",
		      "the server is of version %s, busbarctl of %s", version, BUSBAR_VERSION);
}

const struct bb_json *quick_get(struct doctor *d, const char *url, const char *path,
				const char **ret_date)
{
	struct ctl *ctl = d->ctl;
	struct answer a = {0};
	const char *own = ctl->url;
	ctl->url = url;
	ctl->quick_ms = TYPING_MS;
	int status = http_send(ctl, "GET", path, NULL, &a);
	ctl->quick_ms = 0;
	ctl->url = own;
	if (ret_date)
		*ret_date = a.date;
	return status == CTL_UNREACHABLE ? NULL : a.body;
}
