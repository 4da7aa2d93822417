#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/version.h"
#include "busbard/node.h"

#define MAX_OVERRIDES 64

static const char usage[] =
    "usage: busbard [options]\n"
    "\n"
    "The Busbar charging station management system: chargers connect to\n"
    "ws://HOST:PORT/ocpp/IDENTITY, REST is at http://HOST:PORT/.\n"
    "\n"
    "  -c, --config FILE         the configuration, in Lua; without it, defaults:\n"
    "                            port 8080, ./busbar.db on SQLite\n"
    "  -s, --set SECTION.KEY=V   overrides one option of the file; may be repeated\n"
    "      --port-file FILE      writes its ports there once it listens: plain, then TLS; 0: none\n"
    "      --check               checks configuration, TLS, plugins, schemas and scripts, and "
    "ends\n"
    "      --migrate-only        brings the database up to date and ends\n"
    "      --list-plugins        prints plugins, actions, routes and hooks in their order\n"
    "      --print-config        prints every option in use, without secrets\n"
    "      --help-config         prints what every option means, with defaults\n"
    "  -V, --version\n"
    "  -h, --help\n"
    "\n"
    "SIGTERM and SIGINT stop in order, SIGHUP reads the configuration again.\n";

enum mode { MODE_RUN, MODE_CHECK, MODE_MIGRATE, MODE_LIST, MODE_PRINT, MODE_HELP };

struct command_line {
	struct node_spec spec;
	const char *overrides[MAX_OVERRIDES + 1];
	const char *port_file;
	enum mode mode;
};

enum { OPT_PORT_FILE = 256, OPT_CHECK, OPT_MIGRATE, OPT_LIST, OPT_PRINT, OPT_HELP_CONFIG };

static const struct option long_options[] = {
    {"config", required_argument, NULL, 'c'},
    {"set", required_argument, NULL, 's'},
    {"port-file", required_argument, NULL, OPT_PORT_FILE},
    {"check", no_argument, NULL, OPT_CHECK},
    {"migrate-only", no_argument, NULL, OPT_MIGRATE},
    {"list-plugins", no_argument, NULL, OPT_LIST},
    {"print-config", no_argument, NULL, OPT_PRINT},
    {"help-config", no_argument, NULL, OPT_HELP_CONFIG},
    {"version", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

static void print_and_free(char *text)
{
	if (text)
		fputs(text, stdout);
	free(text);
}

/* -1: go on; else the exit status. */
static int take_option(struct command_line *c, int option, size_t *overrides)
{
	switch (option) {
	case 'c':
		c->spec.config_path = optarg;
		return -1;
	case 's':
		if (*overrides == MAX_OVERRIDES) {
			fprintf(stderr, "busbard: at most %d --set\n", MAX_OVERRIDES);
			return 2;
		}
		c->overrides[(*overrides)++] = optarg;
		return -1;
	case OPT_PORT_FILE:
		c->port_file = optarg;
		return -1;
	case OPT_CHECK:
	case OPT_MIGRATE:
	case OPT_LIST:
	case OPT_PRINT:
	case OPT_HELP_CONFIG:
		c->mode = (enum mode)(MODE_CHECK + option - OPT_CHECK);
		return -1;
	case 'V':
		puts("busbard " BUSBAR_VERSION);
		return 0;
	case 'h':
		fputs(usage, stdout);
		return 0;
	default:
		fputs("busbard: see --help\n", stderr);
		return 2;
	}
}

static int parse(struct command_line *c, int argc, char **argv)
{
	size_t overrides = 0;
	int option;
	while ((option = getopt_long(argc, argv, "c:s:Vh", long_options, NULL)) != -1) {
		int status = take_option(c, option, &overrides);
		if (status >= 0)
			return status;
	}
	if (optind < argc) {
		fprintf(stderr, "busbard: \"%s\" is not an option; see --help\n", argv[optind]);
		return 2;
	}
	c->spec.overrides = c->overrides;
	return -1;
}

static int write_ports(const char *path, const struct node *node)
{
	/* Renamed into place, so that a reader never sees half of it. */
	char part[4096];
	int n = snprintf(part, sizeof part, "%s.part", path);
	if (n < 0 || (size_t)n >= sizeof part)
		return -ENAMETOOLONG;
	FILE *f = fopen(part, "we");
	if (!f)
		return -errno;
	fprintf(f, "%u\n%u\n", node_port(node), node_tls_port(node));
	if (fclose(f) || rename(part, path))
		return -errno;
	return 0;
}

static int fail(char *error)
{
	log_line(BB_ERROR, "busbard", "cannot start: %s", error ? error : "no reason known");
	free(error);
	return 1;
}

static int serve(struct node *node, const struct command_line *c)
{
	char *error = NULL;
	if (node_read_tls(node, &error) || node_open_storage(node, &error) ||
	    node_start(node, &error))
		return fail(error);
	node_heed_signals(node); /* whoever has read the ports may send one */
	int err = c->port_file ? write_ports(c->port_file, node) : 0;
	if (err) {
		log_line(BB_ERROR, "busbard", "cannot write %s: %s", c->port_file, strerror(-err));
		return 1;
	}
	return node_run(node) ? 1 : 0;
}

static int check(struct node *node)
{
	char *error = NULL;
	if (node_read_tls(node, &error))
		return fail(error);
	log_line(BB_INFO, "busbard", "configuration, plugins and schemas are in order");
	return 0;
}

static int migrate(struct node *node)
{
	char *error = NULL;
	if (node_open_storage(node, &error))
		return fail(error);
	log_line(BB_INFO, "busbard", "the database is up to date");
	return 0;
}

int main(int argc, char **argv)
{
	struct command_line c = {0};
	int status = parse(&c, argc, argv);
	if (status >= 0)
		return status;
	signal(SIGPIPE, SIG_IGN);
	/* A file at its size limit is a failed write, not the end. */
	signal(SIGXFSZ, SIG_IGN);
	struct node *node;
	char *error = NULL;
	if (node_prepare(&c.spec, &node, &error))
		return fail(error);
	status = 0;
	switch (c.mode) {
	case MODE_RUN:
		status = serve(node, &c);
		break;
	case MODE_CHECK:
		status = check(node);
		break;
	case MODE_MIGRATE:
		status = migrate(node);
		break;
	case MODE_LIST:
		print_and_free(node_describe_plugins(node));
		break;
	case MODE_PRINT:
		print_and_free(node_describe_options(node, true));
		break;
	case MODE_HELP:
		print_and_free(node_describe_options(node, false));
		break;
	}
	node_free(node);
	/* Ends the pool's threads, so that none runs while the process is taken down. */
	uv_library_shutdown();
	return status;
}
