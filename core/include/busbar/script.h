/* Lua sources to run for operators, and what came of them; plugin.h has the functions. */
#ifndef BUSBAR_SCRIPT_H
#define BUSBAR_SCRIPT_H
#include <stddef.h>
#include <stdint.h>

/* What a script gets from require(name). */
struct bb_module {
	const char *name, *text;
	size_t len;
};

/* A Lua source to run in an operator's sandbox. Compiled once per (operator, name, version). */
struct bb_script {
	const char *operator_id;
	const char *name;    /* for messages: "tariffs/flat" */
	const char *version; /* any text; a new version replaces the old one in the sandbox */
	const char *text;
	size_t len;
	/* Since 2.1: what it may require() beside the bundled library, which they precede. Compiled
	 * with the script, as of the same version. */
	const struct bb_module *modules;
	size_t module_count;
};

/* What an operator's scripts have done since the start. */
struct bb_script_stats {
	const char *operator_id; /* lives as long as the process */
	uint64_t calls, failures;
	uint64_t time_us;      /* CPU time of Lua */
	uint64_t memory_bytes; /* of its sandbox now; 0 if it has none */
};
#endif
