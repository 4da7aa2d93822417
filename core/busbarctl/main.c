/* busbarctl: the admin's command line. Speaks REST; only `ca` does without a server. */
#include "busbarctl/ctl.h"

#include <curl/curl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/version.h"

int ctl_complain(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	fputs("busbarctl: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputs("\n", stderr);
	va_end(ap);
	return CTL_USAGE;
}

void *ctl_file(struct ctl *ctl, const char *path, size_t *ret_len)
{
	struct buf text = {0};
	int err = buf_read_file(&text, path);
	char *copy = err ? NULL : bb_strndup(ctl->arena, text.data ? text.data : "", text.len);
	if (err)
		ctl_complain("%s: %s", path, strerror(-err));
	else if (ret_len)
		*ret_len = text.len;
	buf_free(&text);
	return copy;
}

static int print(struct ctl *ctl, const struct answer *a)
{
	if (ctl->json || !a->body)
		printf("%s%s", a->text, *a->text ? "\n" : "");
	else if (bb_json_get(a->body, "items"))
		table_print_list(ctl, bb_json_get(a->body, "items"), NULL);
	else
		table_print_object(ctl, a->body);
	return CTL_OK;
}

static int bootstrap(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	(void)words;
	if (count)
		return ctl_complain("bootstrap takes nothing");
	int status = http_send(ctl, "POST", "/api/admin/bootstrap", NULL, &a);
	if (status)
		return status;
	const char *key = bb_json_get_str(a.body, "key", "");
	if (ctl->json)
		puts(a.text);
	else if (ctl->key_only)
		puts(key);
	else
		printf("The admin key, shown this once:\n\n  %s\n\nUse it as BUSBAR_KEY, or put "
		       "\"key = %s\" into ~/.config/busbar.\n",
		       key, key);
	return CTL_OK;
}

static int health(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	(void)words;
	if (count)
		return ctl_complain("health takes nothing");
	int status = http_send(ctl, "GET", "/health", NULL, &a);
	return status ? status : print(ctl, &a);
}

static int request(struct ctl *ctl, const char *method, char **words, size_t count)
{
	struct answer a;
	bool body = !strcmp(method, "POST") || !strcmp(method, "PUT");
	if (!count || count > 1u + body || words[0][0] != '/')
		return ctl_complain(body ? "%s PATH [JSON]: the path begins with /"
					 : "%s PATH: the path begins with /",
				    method);
	int status = http_send(ctl, method, words[0], count == 2 ? words[1] : NULL, &a);
	return status ? status : print(ctl, &a);
}

static int do_get(struct ctl *ctl, char **words, size_t count)
{
	return request(ctl, "GET", words, count);
}

static int do_post(struct ctl *ctl, char **words, size_t count)
{
	return request(ctl, "POST", words, count);
}

static int do_put(struct ctl *ctl, char **words, size_t count)
{
	return request(ctl, "PUT", words, count);
}

static int do_delete(struct ctl *ctl, char **words, size_t count)
{
	return request(ctl, "DELETE", words, count);
}

static const struct {
	const char *name, *args, *help;
	verb_fn *fn;
} verbs[] = {
    {"bootstrap", "[--key-only]", "make the first admin key, on the server's machine", bootstrap},
    {"health", "", "how the server is", health},
    {"remote-start", "CHARGER CONNECTOR ID_TAG", "start charging", remote_start},
    {"remote-stop", "CHARGER TRANSACTION_ID", "stop charging", remote_stop},
    {"command", "CHARGER ACTION [PAYLOAD]", "send any OCPP action", command_send},
    {"script", "VERB ...", "operators' Lua and tariffs, see below", script_run},
    {"wallet", "VERB", "users' money, see below", wallet_run},
    {"ca", "init DIR [ORGANIZATION]", "make a private authority, without a server", ca_run},
    {"get", "PATH", "any route", do_get},
    {"post", "PATH [JSON]", "any route", do_post},
    {"put", "PATH [JSON]", "any route", do_put},
    {"delete", "PATH", "any route", do_delete},
};
#define VERBS (sizeof verbs / sizeof *verbs)

static void help(void)
{
	puts("busbarctl [OPTION ...] COMMAND\n\nCommands:");
	for (size_t i = 0; i < VERBS; i++)
		printf("  %-14s %-26s %s\n", verbs[i].name, verbs[i].args, verbs[i].help);
	resource_help();
	wallet_help();
	script_help();
	puts(
	    "\nA CHARGER is a charge_point_id or a charger's id. A FIELD is name=text, "
	    "name:=JSON\n(numbers, true, null), or name=@file.\n"
	    "\nOptions:\n"
	    "  --url URL      the server (BUSBAR_URL; http://127.0.0.1:8080)\n"
	    "  --key KEY      the API key (BUSBAR_KEY)\n"
	    "  --ca FILE      PEM: who may vouch for an https server (BUSBAR_CA; the system's)\n"
	    "  --insecure     take any certificate of it\n"
	    "  --json         print answers as JSON\n"
	    "  --wait S       how long a command waits for the charger's answer\n"
	    "  --queue        a command waits for its charger to connect\n"
	    "  --key-only     bootstrap prints the key and nothing else\n"
	    "  --session FILE, --transaction ID, --example NAME\n"
	    "                 script try: JSON as POST /api/admin/tariffs/try takes it; one that "
	    "has\n"
	    "                 a price; one of GET /api/admin/tariffs/examples\n"
	    "  --currency EUR, --settings FILE\n"
	    "                 of a tariff in Lua; a FILE.json has its own\n"
	    "  --tariff ID, --from TIME, --to TIME\n"
	    "                 script diff: whose sessions, and when they started\n"
	    "  --help, --version\n"
	    "\nThe file ~/.config/busbar may have lines url = ..., key = ... and ca = ...\n"
	    "\nStatus: 0 done; 1 refused by the server or the charger, or could not be done here;\n"
	    "2 wrong usage; 3 the server cannot be reached.");
}

/* Options with a text go into it, those without set a flag. */
static const struct {
	const char *name;
	size_t at; /* in struct ctl */
} texts[] =
    {
	{"url", offsetof(struct ctl, url)},
	{"key", offsetof(struct ctl, key)},
	{"ca", offsetof(struct ctl, ca)},
	{"wait", offsetof(struct ctl, wait_s)},
	{"currency", offsetof(struct ctl, currency)},
	{"settings", offsetof(struct ctl, settings)},
	{"session", offsetof(struct ctl, session)},
	{"transaction", offsetof(struct ctl, transaction)},
	{"example", offsetof(struct ctl, example)},
	{"tariff", offsetof(struct ctl, tariff)},
	{"from", offsetof(struct ctl, from)},
	{"to", offsetof(struct ctl, to)},
},
  flags[] = {
      {"insecure", offsetof(struct ctl, insecure)},
      {"json", offsetof(struct ctl, json)},
      {"queue", offsetof(struct ctl, queue)},
      {"key-only", offsetof(struct ctl, key_only)},
};
#define TEXTS (sizeof texts / sizeof *texts)
#define FLAGS (sizeof flags / sizeof *flags)
enum { FIRST_TEXT = 256, FIRST_FLAG = FIRST_TEXT + TEXTS };

static void make_options(struct option *o)
{
	for (size_t i = 0; i < TEXTS; i++)
		*o++ = (struct option){texts[i].name, required_argument, NULL, FIRST_TEXT + (int)i};
	for (size_t i = 0; i < FLAGS; i++)
		*o++ = (struct option){flags[i].name, no_argument, NULL, FIRST_FLAG + (int)i};
	*o++ = (struct option){"help", no_argument, NULL, 'h'};
	*o++ = (struct option){"version", no_argument, NULL, 'v'};
	*o = (struct option){0};
}

static void take_option(struct ctl *ctl, int c)
{
	char *at = (char *)ctl;
	if (c == 'j')
		ctl->json = true;
	else if (c >= FIRST_FLAG)
		*(bool *)(at + flags[c - FIRST_FLAG].at) = true;
	else
		*(const char **)(at + texts[c - FIRST_TEXT].at) = optarg;
}

/* -1: go on; else the exit status. */
static int read_options(struct ctl *ctl, int argc, char **argv)
{
	struct option options[TEXTS + FLAGS + 3];
	make_options(options);
	for (int c; (c = getopt_long(argc, argv, "hj", options, NULL)) != -1;) {
		if (c == 'h') {
			help();
			return CTL_OK;
		}
		if (c == 'v') {
			puts("busbarctl " BUSBAR_VERSION);
			return CTL_OK;
		}
		if (c == '?')
			return CTL_USAGE;
		take_option(ctl, c);
	}
	return -1;
}

static int run(struct ctl *ctl, const char *name, char **words, size_t count)
{
	int status = settings_read(ctl);
	if (status)
		return status;
	for (size_t i = 0; i < VERBS; i++)
		if (!strcmp(verbs[i].name, name))
			return verbs[i].fn(ctl, words, count);
	status = resource_run(ctl, name, words, count);
	return status < 0 ? ctl_complain("there is no command %s; see --help", name) : status;
}

int main(int argc, char **argv)
{
	struct ctl ctl = {0};
	int status = read_options(&ctl, argc, argv);
	if (status >= 0)
		return status;
	if (optind == argc)
		return ctl_complain("what shall it do? see --help");
	ctl.arena = arena_new(0);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	status = run(&ctl, argv[optind], argv + optind + 1, (size_t)(argc - optind - 1));
	curl_global_cleanup();
	arena_free(ctl.arena);
	return status;
}
