#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/version.h"
#include "load.h"
#include "script.h"

static const char usage[] =
    "usage: busbar-sim [options] STORY [arguments]\n"
    "       busbar-sim [options] --chargers N\n"
    "\n"
    "Simulated charge points. STORY is a Lua file or a bundled one: full_session,\n"
    "one_session, offline_session, remote_start, availability, faulty_charger,\n"
    "smart_charging, remote_trigger, firmware, local_list, reservation, security.\n"
    "\n"
    "  -u, --url URL         the server, ws:// or wss://host:port (or BUSBAR_URL)\n"
    "  -k, --key KEY         an API key, for stories that use REST (or BUSBAR_KEY)\n"
    "      --ca FILE         of wss:// servers: the roots to trust (default: the system's)\n"
    "      --insecure        any certificate of the server will do\n"
    "  -q, --quiet           print failures only\n"
    "  -v, --verbose         print every frame\n"
    "  -V, --version\n"
    "  -h, --help\n"
    "\n"
    "What begins with - behind STORY is an option, too, unless -- stands before it.\n"
    "\n"
    "Load, with --chargers only:\n"
    "      --chargers N      that many chargers at once, at most 18000\n"
    "      --ramp N          new connections per second (default 1000)\n"
    "      --profile NAME    heartbeat (default), metervalues, session, or a file\n"
    "      --rate N          messages per second offered; default: as fast as answers come\n"
    "      --window N        unanswered messages of all together; default: one per charger\n"
    "      --duration S      seconds to measure (default 10)\n"
    "      --warmup S        seconds before that (default 1)\n"
    "      --prefix NAME     identities are NAME1, NAME2, ... (default SIM), tokens too\n"
    "      --password TEXT   of every charger\n"
    "      --provision       makes these chargers and tokens over REST first\n"
    "      --json            print the result as JSON\n";

enum {
	OPT_CHARGERS = 256,
	OPT_RAMP,
	OPT_PROFILE,
	OPT_RATE,
	OPT_WINDOW,
	OPT_DURATION,
	OPT_WARMUP,
	OPT_PREFIX,
	OPT_PASSWORD,
	OPT_PROVISION,
	OPT_JSON,
	OPT_CA,
	OPT_INSECURE,
};

static const struct option long_options[] = {
    {"url", required_argument, NULL, 'u'},
    {"key", required_argument, NULL, 'k'},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"version", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, 'h'},
    {"chargers", required_argument, NULL, OPT_CHARGERS},
    {"ramp", required_argument, NULL, OPT_RAMP},
    {"profile", required_argument, NULL, OPT_PROFILE},
    {"rate", required_argument, NULL, OPT_RATE},
    {"window", required_argument, NULL, OPT_WINDOW},
    {"duration", required_argument, NULL, OPT_DURATION},
    {"warmup", required_argument, NULL, OPT_WARMUP},
    {"prefix", required_argument, NULL, OPT_PREFIX},
    {"password", required_argument, NULL, OPT_PASSWORD},
    {"provision", no_argument, NULL, OPT_PROVISION},
    {"json", no_argument, NULL, OPT_JSON},
    {"ca", required_argument, NULL, OPT_CA},
    {"insecure", no_argument, NULL, OPT_INSECURE},
    {0},
};

struct command_line {
	struct script_args script;
	struct load_options load;
	const char *profile;
	bool provision, bad;
	const char *of_load;   /* the last option that is for load only */
	char prefix[PATH_MAX]; /* of the installation */
};

static double number(struct command_line *c, const char *name, double least, double most)
{
	char *end;
	double value = strtod(optarg, &end);
	if (*end || end == optarg || !(value >= least && value <= most)) {
		fprintf(stderr, "busbar-sim: --%s takes a number from %g to %g\n", name, least,
			most);
		c->bad = true;
	}
	return value;
}

static const char *long_name(int option)
{
	const struct option *o = long_options;
	while (o->val != option)
		o++;
	return o->name;
}

static void take_load_option(struct command_line *c, int option)
{
	struct load_options *l = &c->load;
	c->of_load = long_name(option);
	switch (option) {
	case OPT_CHARGERS:
		l->chargers = (int)number(c, "chargers", 1, LOAD_MAX_CHARGERS);
		break;
	case OPT_RAMP:
		l->ramp = (int)number(c, "ramp", 1, 1e6);
		break;
	case OPT_PROFILE:
		c->profile = optarg;
		break;
	case OPT_RATE:
		l->rate = number(c, "rate", 0.001, 1e7);
		break;
	case OPT_WINDOW:
		l->window = (int)number(c, "window", 1, LOAD_MAX_CHARGERS);
		break;
	case OPT_DURATION:
		l->seconds = number(c, "duration", 0.1, 1e6);
		break;
	case OPT_WARMUP:
		l->warmup = number(c, "warmup", 0, 1e6);
		break;
	case OPT_PREFIX:
		l->prefix = optarg;
		break;
	case OPT_PASSWORD:
		l->password = optarg;
		break;
	case OPT_PROVISION:
		c->provision = true;
		break;
	case OPT_JSON:
		l->json = true;
		break;
	default:
		break;
	}
}

/* What getopt_long() stumbled over: ':' for a value that is missing. */
static void complain_of(struct command_line *c, int option, char **argv)
{
	const char *word = argv[optind - 1];
	bool is_long = !strncmp(word, "--", 2);
	const char *why = option == ':'       ? "needs a value"
			  : is_long && optopt ? "takes no value"
					      : "is no option";
	char letter[] = {'-', (char)optopt, '\0'};
	fprintf(stderr, "busbar-sim: %s %s; busbar-sim --help lists the options\n",
		is_long ? word : letter, why);
	c->bad = true;
}

/* A story, or load. */
static void expect_one_thing(struct command_line *c, bool story)
{
	const char *wrong = NULL;
	if (!c->load.chargers && !story)
		wrong = "which STORY? or --chargers N; busbar-sim --help tells more";
	else if (c->load.chargers && story)
		wrong = "a STORY and --chargers do not go together";
	if (wrong)
		fprintf(stderr, "busbar-sim: %s\n", wrong);
	else if (story && c->of_load)
		fprintf(stderr, "busbar-sim: --%s is for load: it goes with --chargers N\n",
			c->of_load);
	c->bad |= wrong || (story && c->of_load);
}

/* -1: go on; else the exit status. */
static int parse(struct command_line *c, int argc, char **argv)
{
	int option;
	while ((option = getopt_long(argc, argv, ":u:k:qvVh", long_options, NULL)) != -1) {
		switch (option) {
		case 'u':
			c->script.url = optarg;
			break;
		case 'k':
			c->script.key = optarg;
			break;
		case OPT_CA:
			c->script.ca = c->load.ca = optarg;
			break;
		case OPT_INSECURE:
			c->script.insecure = c->load.insecure = true;
			break;
		case 'q':
			c->script.quiet = true;
			break;
		case 'v':
			c->script.verbose = true;
			break;
		case 'V':
			puts("busbar-sim " BUSBAR_VERSION);
			return 0;
		case 'h':
			fputs(usage, stdout);
			return 0;
		case '?':
		case ':':
			complain_of(c, option, argv);
			break;
		default:
			take_load_option(c, option);
		}
	}
	if (!c->bad)
		expect_one_thing(c, optind < argc);
	return c->bad ? 2 : -1;
}

/* <prefix>/bin/busbar-sim: what it needs is in <prefix>/share/busbar. */
static int find_prefix(char out[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 64);
	if (n < 0)
		return -1;
	out[n] = '\0';
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(out, '/');
		if (!slash)
			return -1;
		*slash = '\0';
	}
	return 0;
}

static int provision(const struct command_line *c, const char *share)
{
	char story[PATH_MAX + 64], count[16];
	snprintf(story, sizeof story, "%s/sim/provision.lua", share);
	snprintf(count, sizeof count, "%d", c->load.chargers);
	char *argv[] = {story, count, (char *)c->load.prefix, (char *)c->load.password, NULL};
	struct script_args args = c->script;
	args.argv = argv;
	args.quiet = true;
	return script_run(&args);
}

static int run_load(struct command_line *c, const char *share)
{
	char path[PATH_MAX + 64];
	int status = c->provision ? provision(c, share) : 0;
	if (status)
		return status;
	c->load.profile_path = c->profile;
	if (!strchr(c->profile, '/') && !strchr(c->profile, '.')) {
		snprintf(path, sizeof path, "%s/profiles/%s.frames", share, c->profile);
		c->load.profile_path = path;
	}
	c->load.url = c->script.url;
	return load_run(&c->load);
}

int main(int argc, char **argv)
{
	static struct command_line c = {
	    .load = {.prefix = "SIM", .ramp = 1000, .seconds = 10, .warmup = 1},
	    .profile = "heartbeat",
	};
	const char *url = getenv("BUSBAR_URL");
	c.script.url = url ? url : "ws://127.0.0.1:8080";
	c.script.key = getenv("BUSBAR_KEY");
	int status = parse(&c, argc, argv);
	if (status >= 0)
		return status;
	if (find_prefix(c.prefix)) {
		fputs("busbar-sim: cannot tell where it is installed\n", stderr);
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	char share[PATH_MAX + 32], bin[PATH_MAX + 32];
	snprintf(share, sizeof share, "%s/share/busbar", c.prefix);
	snprintf(bin, sizeof bin, "%s/bin", c.prefix);
	c.script.share = share;
	c.script.bin = bin;
	c.script.argv = argv + optind;
	return c.load.chargers ? run_load(&c, share) : script_run(&c.script);
}
