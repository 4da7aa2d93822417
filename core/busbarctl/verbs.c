/* The verbs, but for those of resources, which resources.c has. A new one is a line here. */
#include "busbarctl/backup.h"
#include "busbarctl/doctor.h"
#include "busbarctl/verb.h"

#define BELOW(list) .verbs = (list), .verb_count = sizeof(list) / sizeof *(list)
#define ROOM 64u

static const struct verb script_verbs[] = {
    {.name = "check",
     .args = "FILE|DIR",
     .help = "does it load? a tariff prices a sample session, too",
     .fn = script_check,
     .options = "currency settings",
     .example = "script check night.lua --currency EUR"},
    {.name = "try",
     .args = "FILE",
     .help = "what a session would cost, line by line, by a tariff that need not be stored",
     .fn = script_try,
     .options = "session transaction example currency settings",
     .example = "script try night.lua --example night"},
    {.name = "diff",
     .args = "FILE",
     .help = "what a tariff would have charged for sessions that another has priced",
     .fn = script_diff,
     .options = "tariff from to currency settings",
     .example = "script diff night.lua --tariff 1 --from 2026-10-01 --to 2026-11-01"},
    {.name = "push",
     .args = "FILE|DIR [FIELD ...]",
     .help = "new versions, active at once; a folder is all of the set",
     .fn = script_push,
     .example = "script push main.lua note=\"sessions without energy\""},
    {.name = "list",
     .args = "[FILTER=VALUE ...]",
     .help = "the scripts, and which versions are active",
     .fn = script_list},
    {.name = "show", .args = "SCRIPT [VERSION]", .help = "its text", .fn = script_show},
    {.name = "versions",
     .args = "SCRIPT [FILTER=VALUE ...]",
     .help = "newest first",
     .fn = script_versions},
    {.name = "activate",
     .args = "SCRIPT[=VERSION] ... [FIELD ...]",
     .help = "make other versions active",
     .fn = script_activate,
     .example = "script activate main=3"},
    {.name = "deactivate",
     .args = "[FIELD ...]",
     .help = "let no script answer",
     .fn = script_deactivate},
    {.name = "activations",
     .args = "[FILTER=VALUE ...]",
     .help = "what was active when",
     .fn = script_activations},
    {.name = "rollback",
     .args = "[NUMBER] [FIELD ...]",
     .help = "bring the set before back, or that of an activation",
     .fn = script_rollback},
    {.name = "remove",
     .args = "SCRIPT",
     .help = "take it out of the set and the list",
     .fn = script_remove},
    {.name = "failures",
     .args = "[FILTER=VALUE ...]",
     .help = "how often hooks failed, and where last",
     .fn = script_failures},
};

static const struct verb wallet_verbs[] = {
    {.name = "show", .args = "USER", .help = "the balance", .fn = wallet_show},
    {.name = "add",
     .args = "USER CURRENCY [FIELD ...]",
     .help = "give a user a wallet",
     .fn = wallet_add,
     .example = "wallet add anna EUR"},
    {.name = "entries",
     .args = "USER [FILTER=VALUE ...]",
     .help = "what was put on it and taken off, newest first",
     .fn = wallet_entries},
    {.name = "topup",
     .args = "USER AMOUNT_MINOR [FIELD ...]",
     .help = "put money on it",
     .fn = wallet_top_up,
     .example = "wallet topup anna 2500 reference=cash-1"},
    {.name = "refund",
     .args = "USER TRANSACTION_ID FIELD ...",
     .help = "give back what a session cost, or amount_minor:=N of it; the reason is needed",
     .fn = wallet_refund,
     .example = "wallet refund anna 7 reason=\"cable was broken\""},
    {.name = "unbilled",
     .args = "[FILTER=VALUE ...]",
     .help = "sessions that nobody could be billed for",
     .fn = wallet_unbilled},
    {.name = "reconcile",
     .help = "is the ledger what the sessions say? 1 if not",
     .fn = wallet_reconcile},
};

static const struct verb ca_verbs[] = {
    {.name = "init",
     .args = "DIR [ORGANIZATION]",
     .help = "make a private authority for chargers' certificates and signed firmware",
     .fn = ca_init,
     .more = "No server is asked. Nothing that is there is overwritten, and the lines for the "
	     "configuration file are printed.",
     .example = "ca init /etc/busbar/ca \"Harbour Charging\""},
};

static const struct verb own[] = {
    {.name = "bootstrap",
     .help = "make the first admin key, on the server's machine",
     .fn = bootstrap,
     .options = "key-only",
     .example = "bootstrap --key-only"},
    {.name = "health", .help = "how the server is", .fn = health},
    {.name = "remote-start",
     .args = "CHARGER CONNECTOR ID_TAG",
     .help = "start charging",
     .fn = remote_start,
     .options = "wait queue",
     .example = "remote-start CP1 1 04A1B2C3"},
    {.name = "remote-stop",
     .args = "CHARGER TRANSACTION_ID",
     .help = "stop charging",
     .fn = remote_stop,
     .options = "wait queue"},
    {.name = "send",
     .args = "CHARGER ACTION [PAYLOAD]",
     .help = "send any OCPP action",
     .fn = command_send,
     .options = "wait queue",
     .more = "The payload is JSON exactly as in OCPP. Status 0 if the charger says Accepted or "
	     "the like, or the command is under way.",
     .example = "send CP1 Reset '{\"type\": \"Soft\"}'"},
    {.name = "tail",
     .args = "CHARGER [FILTER=VALUE ...]",
     .help = "a charger's messages as they come, the last ten first",
     .fn = tail,
     .options = "count",
     .more = "Goes on until it is interrupted, over restarts of the server, too. With --json each "
	     "line is an object. The log is written up to half a second after the messages.",
     .example = "tail CP1 action=StatusNotification"},
    {.name = "watch",
     .args = "TRANSACTION_ID",
     .help = "a transaction's meter values as they come, from the newest on",
     .fn = watch,
     .options = "count",
     .more = "Ends when the transaction has; comes back where it was when the server was away. "
	     "With --json each line is an object.",
     .example = "watch 7"},
    {.name = "events",
     .args = "[FILTER=VALUE ...]",
     .help = "what happens, as it happens",
     .fn = events,
     .options = "count",
     .more = "Goes on until it is interrupted; comes back where it was when the server was away. "
	     "With --json each line is an object. Filters are those of GET /api/events, "
	     "last_event_id=0 among them: all that is still there.",
     .example = "events kind=transaction charger=CP1"},
    {.name = "script", .help = "operators' Lua and tariffs", BELOW(script_verbs)},
    {.name = "wallet", .help = "users' money", BELOW(wallet_verbs)},
    {.name = "backup",
     .args = "FILE",
     .help = "all of the database in one file, while the server runs",
     .fn = backup_run,
     .options = "config",
     .more =
	 "The server makes it and sends it, to an admin's key of all operators. With --config "
	 "it is made here, beside a server or without one: of SQLite from the database's file, "
	 "of PostgreSQL by pg_dump. It is checked before it takes its name, and nobody else may "
	 "read it: it has all secrets that the database has.",
     .example = "backup busbar-$(date +%F).backup"},
    {.name = "restore",
     .args = "FILE",
     .help = "put a backup in the place of the database, on the server's machine",
     .fn = restore_run,
     .options = "config force check",
     .more =
	 "busbard must be stopped, on all nodes. The backup is checked first; then it takes the "
	 "place of the database as a whole, or not at all. What --force replaces of SQLite is "
	 "kept beside it.",
     .example = "restore busbar-2026-11-26.backup --config /etc/busbar/busbar.lua"},
    {.name = "doctor",
     .help = "look at all that a server stands on, and say what to do",
     .fn = doctor_run,
     .options = "config",
     .more =
	 "Configuration, plugins, who may read keys and secrets, storage, disk, certificates, "
	 "ports, limits, clocks, and the server's own health. Without --config only what can "
	 "be seen from outside. Status 0: all is well; 1: something to look at; 2: something is "
	 "wrong.",
     .example = "doctor --config /etc/busbar/busbar.lua"},
    {.name = "ca", .help = "a private authority, made without a server", BELOW(ca_verbs)},
    {.name = "get",
     .args = "PATH",
     .help = "ask any route",
     .fn = get_path,
     .example = "get /api/admin/tariffs/2/versions"},
    {.name = "post",
     .args = "PATH [JSON|FIELD ...]",
     .help = "send to any route",
     .fn = post_path,
     .example = "post /api/admin/transactions/7/price/check"},
    {.name = "put",
     .args = "PATH [JSON|FIELD ...]",
     .help = "change at any route",
     .fn = put_path,
     .example = "put /api/admin/notification-templates/de source=@de.lua"},
    {.name = "delete", .args = "PATH", .help = "remove at any route", .fn = delete_path},
    {.name = "completion",
     .args = "SHELL",
     .help = "a script that lets bash or zsh complete what you type",
     .fn = completion,
     .more = "Names of chargers and tariffs complete where a server answers at once.",
     .example = "completion bash >/usr/share/bash-completion/completions/busbarctl"},
    /* Without a line of help they are for programs: the shells, and the build. */
    {.name = "__complete", .args = "WORD ...", .fn = complete_words},
    {.name = "__man", .args = "PART", .fn = man_page},
};
#define OWN (sizeof own / sizeof *own)

struct verb_list verbs_all(struct bb_arena *a)
{
	struct verb *all = bb_zalloc(a, ROOM * sizeof *all);
	memcpy(all, own, sizeof own);
	return (struct verb_list){all, OWN + resource_verbs(a, all + OWN, ROOM - OWN)};
}
