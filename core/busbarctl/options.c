/* Options of the command line: one table. */
#include "busbarctl/verb.h"

#include <getopt.h>
#include <stdio.h>

#include "base/version.h"

#define AT(member) offsetof(struct ctl, member)

const struct option_of options[] = {
    {"url", "URL", "the server (BUSBAR_URL; http://127.0.0.1:8080)", AT(url), false},
    {"key", "KEY", "the API key (BUSBAR_KEY)", AT(key), false},
    {"ca", "FILE", "PEM: who may vouch for an https server (BUSBAR_CA; the system's)", AT(ca),
     false},
    {"insecure", NULL, "take any certificate of it", AT(insecure), false},
    {"json", NULL, "print answers as JSON", AT(json), false},
    {"help", NULL, "what a command does, and with what", AT(help), false},
    {"version", NULL, "which version this is", AT(version), false},
    {"wait", "S", "how many seconds to wait for the charger's answer", AT(wait_s), true},
    {"count", "N", "end after so many lines", AT(count), true},
    {"queue", NULL, "wait for the charger to connect", AT(queue), true},
    {"csv", NULL, "all of the list as CSV, as the server writes it", AT(csv), true},
    {"key-only", NULL, "print the key and nothing else", AT(key_only), true},
    {"session", "FILE", "the session, in JSON as POST /api/admin/tariffs/try takes it", AT(session),
     true},
    {"transaction", "ID", "a session that has a price", AT(transaction), true},
    {"example", "NAME", "one of the sessions of GET /api/admin/tariffs/examples", AT(example),
     true},
    {"currency", "CODE", "of a tariff in Lua, EUR unless said; a FILE.json has its own",
     AT(currency), true},
    {"settings", "FILE", "of a tariff in Lua, in JSON", AT(settings), true},
    {"tariff", "TARIFF", "the tariff that charged the sessions", AT(tariff), true},
    {"from", "TIME", "sessions that started then or later; a day is its beginning, in UTC",
     AT(from), true},
    {"config", "FILE", "the server's configuration file", AT(config), true},
    {"force", NULL, "replace the database that is there", AT(force), true},
    {"check", NULL, "only read the backup, and say what it is", AT(check), true},
    {"to", "TIME", "sessions that started before", AT(to), true},
};
#define COUNT (sizeof options / sizeof *options)
const size_t option_count = COUNT;
enum { FIRST = 256 }; /* above all letters */

const struct option_of *option_find(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strlen(options[i].name) == len && !strncmp(options[i].name, name, len))
			return &options[i];
	return NULL;
}

bool option_is_of(const struct option_of *o, const struct verb *v)
{
	size_t len = strlen(o->name);
	if (!o->own)
		return true;
	for (const char *at = v ? v->options : NULL; at && *at; at += *at == ' ') {
		size_t n = strcspn(at, " ");
		if (n == len && !strncmp(at, o->name, len))
			return true;
		at += n;
	}
	return false;
}

static void take(struct ctl *ctl, const struct option_of *o, const char *value)
{
	char *at = (char *)ctl + o->at;
	if (o->value)
		*(const char **)at = value;
	else
		*(bool *)at = true;
	ctl->given |= 1u << (o - options);
}

/* What getopt_long() stumbled over: ':' for a value that is missing. */
static int complain_of(char **argv, int c)
{
	const char *why = c == ':'          ? "needs a value"
			  : optopt >= FIRST ? "takes no value"
					    : "is no option";
	if (optopt && optopt < FIRST)
		return ctl_complain("-%c %s; busbarctl --help lists the options", optopt, why);
	return ctl_complain("%s %s; busbarctl --help lists the options", argv[optind - 1], why);
}

int options_read(struct ctl *ctl, int argc, char **argv, int *ret_first)
{
	_Static_assert(COUNT <= 32, "ctl->given has a bit of each");
	struct option of_getopt[COUNT + 1] = {0};
	for (size_t i = 0; i < COUNT; i++)
		of_getopt[i] = (struct option){options[i].name,
					       options[i].value ? required_argument : no_argument,
					       NULL, FIRST + (int)i};
	for (int c; (c = getopt_long(argc, argv, ":hj", of_getopt, NULL)) != -1;) {
		if (c == '?' || c == ':')
			return complain_of(argv, c);
		const struct option_of *o = c == 'h'   ? option_find("help", 4)
					    : c == 'j' ? option_find("json", 4)
						       : &options[c - FIRST];
		take(ctl, o, optarg);
	}
	*ret_first = optind;
	if (!ctl->version)
		return -1;
	puts("busbarctl " BUSBAR_VERSION);
	return CTL_OK;
}

bool options_suit(const struct ctl *ctl, const struct verb *v, const char *usage)
{
	for (size_t i = 0; i < COUNT; i++)
		if (ctl->given & 1u << i && !option_is_of(&options[i], v)) {
			ctl_complain("--%s is not for: busbarctl %s", options[i].name, usage);
			return false;
		}
	if (ctl->csv && ctl->json) {
		ctl_complain("--csv and --json are two forms of one answer; give one of them");
		return false;
	}
	return true;
}
