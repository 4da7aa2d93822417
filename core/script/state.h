/* One operator's sandbox and the calls that run in it; what the files of this module share. */
#ifndef SCRIPT_STATE_H
#define SCRIPT_STATE_H
#include <lua.h>

#include "base/stats.h"
#include "base/zone.h"
#include "script/pool.h"
#include "script/script.h"

#define SCRIPT_TEXT_MOST ((size_t)256 << 10) /* compiling is not metered: keep it short */
#define SCRIPTS_KEPT 32u                     /* compiled, per operator */
#define OWNER_BUCKETS 1024u
#define BYTES_PER_INSTRUCTION 16 /* that library functions handle */
#define HOOK_EVERY 1000          /* at most so many instructions between two looks at the clock */

struct export
{
	const char *group, *name;
	script_host_fn *fn;
	void *self;
	struct export *next;
};

/* What is counted of an operator's functions of one name. */
struct hook {
	char *symbol;
	struct bb_series *calls, *failures, *time_us;
	struct hook *next;
};

struct library {
	char *name, *text;
	size_t len;
	struct library *next;
};

struct script_host {
	struct loop *loop;
	struct script_limits limits;
	struct export *exports;
	struct library *libraries;
	struct zones *zones;
	struct owner *buckets[OWNER_BUCKETS],
	    **owners; /* by name; in the order in which they came */
	uint32_t owner_count;
	struct loop_timer *sweep;
};

struct owner {
	char *operator_id;
	struct state *state; /* NULL: not needed for long */
	uint64_t calls, failures;
	int64_t used_us;    /* Lua's CPU time */
	const char *label;  /* what it is called in /metrics: its id, or "other" */
	struct hook *hooks; /* counted */
	struct owner *next; /* in its bucket */
};

/* A compiled script: a function that defines the script's globals when it is run. */
struct compiled {
	char *name, *version;
	int ref, modules; /* the latter: a table of functions by name, or nil */
	uint64_t serial;  /* among all that the state has compiled */
	uint64_t used;    /* the state's call count when it was last used */
	size_t longest;   /* text that it or its idle environment may have */
	struct environment *idle;
	unsigned vain; /* environments made since one could be used again */
	struct compiled *next;
};

struct environment {
	int ref; /* of its parts */
	uint64_t serial;
	struct snapshot *before;  /* of what its script's top level has made; NULL: unknown */
	bool complete, unchanged; /* the snapshot; everything since then */
};

struct state {
	struct script_host *host;
	struct owner *owner;
	lua_State *lua;
	size_t bytes;
	struct pool pool;
	int64_t used_us;     /* when it was last used, on clock_mono_us() */
	int base;            /* reference: what every environment inherits */
	int library_globals; /* reference: what the library's files see */
	struct compiled *scripts;
	uint64_t calls, compilations;
	lua_State *idle; /* a coroutine that has ended well, or NULL */
	int idle_ref;
	struct bb_arena *spare;   /* of a call that has ended, or NULL */
	struct run *current;      /* the one whose Lua runs now */
	struct run *runs;         /* all that are not finished */
	int64_t compile_until_us; /* on clock_cpu_us(); 0: nothing is being compiled */
	bool starved;             /* what runs too long gets no more memory */
};

/* Of Lua's run between two waits. */
struct watch {
	int64_t since_us, until_us; /* on clock_mono_us(): its begin; no end before */
	int64_t cpu_since_us;       /* on clock_cpu_us(); 0 until it has been asked for */
};

/* One call. Whatever C holds for it hangs here, so that an error may jump at any time. */
struct run {
	struct state *state;
	struct run *next;
	struct bb_script script;
	const char **chunks; /* its and its modules' names as error messages have them, to NULL */
	const char *symbol;  /* the function; NULL: only the definitions, to see which there are */
	struct hook *hook;
	const struct bb_json *question, *result;
	bool *made; /* the question's members that Lua has; NULL: all, or it is no object */
	bool kept;  /* the question, in the arena */
	struct bb_arena *arena;
	lua_State *lua;
	int ref; /* keeps the coroutine */
	struct environment *environment;
	bool tainted;         /* it has used what need not be the same the next time */
	int broken;           /* the errno of the limit that was broken; sticks */
	int verdict;          /* an error that is not Lua's: -ENOENT */
	int64_t instructions; /* left */
	size_t allocated;     /* since the latest look at the clock, in large pieces */
	size_t longest;       /* text that it may have */
	bool too_long;        /* one was refused */
	int64_t time_left_us; /* before the run that is watched */
	struct watch watch;
	uint32_t ms; /* left for waiting */
	struct loop_timer *timer;
	struct wait *waits; /* host calls that have not been answered */
	bool done;          /* its coroutine has come to its end */
	bool postponed;     /* a deferred start or resume points here */
	bool over;
	bb_json_fn *fn;
	void *arg;
};

/* owner.c */
struct owner *owner_find(struct script_host *, const char *operator_id);
int owner_state(struct script_host *, struct owner *, struct state **ret);
void owners_free(struct script_host *);

/* counts.c */
void counts_owners(struct script_host *);
const char *owner_label(const struct script_host *, const char *operator_id); /* of a new one */
struct hook *hook_of(struct owner *, const char *symbol);
void hooks_free(struct owner *);

/* state.c */
int state_new(struct script_host *, struct owner *, struct state **ret);
void state_free(struct state *);
struct state *state_of(lua_State *);

/* Bytes of a state's memory that one answer, or one argument of a host function, may have. */
static inline size_t answer_most(const struct state *s)
{
	return s->host->limits.memory_bytes / 8;
}

/* limits.c. A broken limit raises a Lua error that no protected call in the script stops. */
void *state_alloc(void *state, void *old, size_t old_size, size_t size);
void run_watch(struct run *);
void run_watch_closely(struct run *); /* when `longest` has grown */
void run_rest(struct run *);
void run_charge(lua_State *, int64_t instructions);
void run_taint(lua_State *);
int run_break(lua_State *, int err);
const char *run_limit_text(const struct run *, int err);

/* sandbox.c: leaves the base environment on the stack. The rest of these put their functions in the
 * table on top. All run in a protected call. */
void sandbox_open(lua_State *);
void sandbox_read_only(lua_State *); /* replaces the table on top */
void sandbox_freeze(lua_State *);    /* likewise, and the tables in it */
void guard_open(lua_State *);
void pattern_open(lua_State *);
void time_open(lua_State *);
void money_open(lua_State *);
void await_open(lua_State *, const struct export *);
void values_open(lua_State *);
/* What print() and tostring() make of a value; pushes a string. */
void sandbox_text(lua_State *, int index);

/* values.c. push may raise. read leaves the stack alone; -EINVAL with a reason in the arena that
 * goes after the value's name. clean: UTF-8 whatever the bytes are, not too long. */
void values_push(lua_State *, const struct bb_json *);
int values_read(lua_State *, int index, struct bb_arena *, size_t most_bytes, struct bb_json *ret,
		const char **ret_reason);
const char *values_clean(struct bb_arena *, const char *text);

/* question.c. push: the run's, as the only argument. fill: if the value at the index is a question,
 * it is a plain table afterwards; may raise. keep: beyond script_call. text: of a member of the
 * question on top of the stack that Lua has not seen, or NULL; raises nothing. open: into the base
 * environment on top of the stack. */
void question_open(lua_State *);
void question_push(struct run *, lua_State *);
void question_fill(lua_State *, int index);
void question_keep(struct run *);
const char *question_text(struct run *, lua_State *, const char *name);

/* library.c. open: of the base environment on top of the stack. push: raises what the file raises;
 * false: there is none of that name. */
void library_open(lua_State *);
bool library_push(lua_State *, const char *name);
void library_free(struct script_host *);

/* compile.c: of a script that compile_find does not find; -EPERM or -ENOMEM with Lua's message
 * pushed. load compiles it and all of its modules, and pushes the function and a table of functions,
 * or nil; it keeps nothing. */
int compile(struct state *, lua_State *, const struct bb_script *, struct compiled **ret);
int compile_load(lua_State *, const struct bb_script *);
struct compiled *compile_find(struct state *, const struct bb_script *);
void compile_forget(struct state *);

/* environment.c. take: NULL if there is none to be used again. make: the run's; pushes the function
 * that has to run in it. remember: as it is now. look: is it still so? */
struct environment *environment_take(struct compiled *);
void environment_make(struct run *, lua_State *, const struct compiled *);
void environment_remember(struct run *, lua_State *, struct compiled *);
void environment_look(lua_State *, struct environment *);
void environment_give_back(struct run *);
void environment_free(lua_State *, struct environment *);
void environment_globals(lua_State *, const struct environment *);
int environment_require(lua_State *);
/* Calls that are looked through for who needs whom: a longer cycle is too deep for C's stack. */
#define CYCLE_MOST 200

/* snapshot.c. take: of all that can be reached from the two tables on top of the stack, which it
 * pops; false: too much. `chunks` are the names of the script's own, up to NULL. */
struct snapshot *snapshot_new(void);
bool snapshot_take(struct snapshot *, lua_State *, const char *const *chunks);
bool snapshot_holds(const struct snapshot *, lua_State *);
void snapshot_free(lua_State *, struct snapshot *);

/* run.c */
struct run *run_new(struct state *, const struct bb_script *, const char *symbol);
void run_start(struct run *);
void run_resume(struct run *);
void run_finish(struct run *, int err, const struct bb_json *v);
void run_free(struct run *);
#define CHUNK_NAME_MOST 50 /* Lua cuts longer ones in its messages */
const struct bb_json *run_error(struct run *, const char *detail);

/* await.c */
void await_forget(struct run *);
#endif
