/* What the files of this module share. */
#ifndef OCPPJ_INTERNAL_H
#define OCPPJ_INTERNAL_H
#include "base/buf.h"
#include "base/id.h"
#include "ocppj/counts.h"
#include "ocppj/envelope.h"
#include "ocppj/message_log.h"
#include "ocppj/ocppj.h"
#include "ocppj/tally.h"

struct charger;

/* One connection; lives until it is closed and no call that came over it is at work. */
struct link {
	struct bb_link pub;   /* first: a bb_link is a link */
	struct net_link *net; /* NULL once closed */
	struct charger *charger;
	uint32_t refs;
	bool superseded;
	/* Commands wait until the charger has been answered something, its boot mostly, or has had
	 * the time to ask it. */
	bool settled;
	struct ocppj *o;
	struct loop_deadline settling;
	/* Its deviations: what it is known by, and what follows for its messages. */
	struct bb_arena *quirks;               /* holds these and pub.quirks */
	const struct bb_json *known, *scripts; /* scripts: NULL if it has none */
	uint32_t repairs;                      /* of bytes; a mask */
	bool no_subprotocol;                   /* may connect without one */
	bool normalizes;                       /* its messages are put to the hook `normalize` */
};

/* A message of a charger that waits, or is at work. */
struct inbound {
	struct inbound *next;
	struct ocppj *o;
	struct link *link;
	struct bb_arena *arena;
	struct envelope envelope;
	uint64_t hash;
	int64_t came_us;
	struct link *again; /* where it came again while it was at work; NULL: nowhere */
	uint32_t again_count;
	struct {
		const struct bb_json *json;
		const char *code, *text;
		const struct bb_json *details;
	} answer;
	bool answered;
	const struct chain *chain; /* who handles it */
	const struct schema *schema;
	char correlation[ID_SIZE];
};

/* A message of a charger, as far as it must be known to count what is wrong with it. */
struct heard {
	struct link *link;
	const char *direction, *action, *id; /* of struct fault */
};

/* The answer to a message id, for when it comes again. */
struct replay {
	uint64_t hash;
	int64_t at_ms;
	char *text; /* and behind it the id; NULL: an unused place */
	size_t len, cap;
};

/* A command of ours, from its row's commit to its end. */
struct command {
	struct command *next;
	uint32_t refs; /* its life, and every unit of its own that is being committed */
	struct ocppj *o;
	struct charger *charger;
	struct bb_arena *arena;
	struct loop_deadline deadline;
	char id[ID_SIZE], correlation[ID_SIZE];
	const char *action, *operator_id, *ocpp, *requested_by;
	const struct bb_json *payload;
	const struct bb_outgoing *owner; /* NULL: its plugin is gone */
	const char *state;
	bool queue;
	bool answered;
	bool written;     /* its frame went out */
	uint32_t sending; /* units on their way that store it as sent */
	/* Of one that has ended. */
	const struct bb_json *response;
	const char *error_code, *error_detail;
	const struct bb_val *end; /* what ROW_COMMAND_END is stored with */
	bool kept;                /* storage was away */
	int unstored;             /* why its row could not be added */
	int64_t deadline_ms, queued_until_ms, sent_us;
	bb_command_fn *fn;
	void *arg;
};

/* What is kept of a charge point identity beyond a connection. */
struct charger {
	struct charger *next; /* in its bucket */
	uint64_t hash;
	struct link *link; /* NULL while it is not connected */
	struct inbound *first, **last, *working;
	uint32_t waiting;
	bool running;           /* its queue is being worked off, further up the stack */
	struct replay *replays; /* a ring */
	uint32_t replay_next;
	struct command *commands, **commands_last; /* waiting; */
	struct command *in_flight;
	uint32_t unstored; /* commands whose end storage has not taken yet */
	int64_t gone_ms;   /* since when it is not connected */
	int64_t warned_ms; /* when a line about what it does wrong was last logged as a warning */
	struct tally_share share;
	struct {
		char id[ID_SIZE];
		bool answered;
	} over[4]; /* the latest commands that were sent and have ended */
	uint32_t over_next;
	char id[];
};

struct buckets {
	struct charger **slots;
	uint32_t size, count;
};

enum row {
	ROW_COMMAND_ADD,
	ROW_COMMAND_SENT,
	ROW_COMMAND_AGAIN,
	ROW_COMMAND_END,
	ROW_COMMANDS_OPEN,
	ROWS,
};

struct ocppj {
	struct loop *loop;
	struct host *host;
	const struct schema_set *schemas;
	struct ocppj_options options;
	const char *subprotocols[8];
	const struct bb_query *queries[ROWS];
	struct buckets chargers;
	uint32_t links, working;
	struct bb_arena *spare[64]; /* arenas of finished calls */
	uint32_t spare_count;
	struct buf out; /* the frame being written */
	struct message_log *log;
	struct counts counts;
	struct tally *tally;
	struct loop_timer *sweep;
	struct command *unstored, **unstored_last; /* have ended, and storage was away */
	struct loop_timer *again;                  /* while there are such */
	bool draining;
	bb_fn *drained;
	void *drained_arg;
};

/* chargers.c */
struct charger *charger_of(struct ocppj *, const char *id);
struct charger *charger_find(const struct ocppj *, const char *id);
/* Forgets those that are gone for long and have nothing to do. */
void chargers_sweep(struct ocppj *, int64_t now_ms, int64_t older_ms);
void chargers_free(struct ocppj *);
void chargers_each(struct ocppj *, void (*fn)(struct charger *, void *), void *arg);

/* links.c */
struct link *link_ref(struct link *);
void link_unref(struct link *);
/* -EPIPE if it is closed or was taken over. */
int link_write(struct link *, const char *text, size_t len);
void link_settle(struct link *);
/* The level of a line about what this charger does wrong: a warning once a minute. */
enum bb_level charger_blame(struct charger *);

/* ocppj.c */
struct bb_arena *ocppj_arena(struct ocppj *);
void ocppj_arena_done(struct ocppj *, struct bb_arena *);
void ocppj_check_drained(struct ocppj *);
/* "ocpp1.6/Reset", or with suffix "Response"; NULL if there is none. */
const struct schema *ocppj_schema(struct ocppj *, const char *ocpp, const char *action,
				  const char *suffix);

/* frame.c */
void frame_take(struct ocppj *, struct link *, const char *text, size_t len);

/* inbound.c */
/* A call whose envelope has been read; `text` is its frame. Ends with inbound_free(). */
void inbound_call(struct inbound *, const char *text, size_t len);
void inbound_free(struct inbound *);
/* What the message log has of it. */
struct logged inbound_logged(const struct inbound *, const char *direction, const char *kind);

/* validity.c */
/* Counts a violation, a repair or a failure. `keyword` is the rule in a word; of a repair its name.
 */
void heard_count(const struct heard *, const char *kind, const char *keyword, const char *code,
		 const char *path, const char *rule);
/* False: it must be refused, for the fault in `ret`. Counts all faults, also those let through. */
bool heard_is_valid(const struct heard *, const struct schema *, const struct bb_json *payload,
		    struct bb_arena *, struct schema_fault *ret);

/* normalize.c */
/* Asks which rules the charger has, as `admit` knows it. */
void quirks_learn(struct link *, const struct bb_json *admitted);
/* The same, by what a call tells of the charger, if it is such a call. */
void normalize_introduce(struct inbound *);
/* Asks what was meant, for a link that has scripts; `fn` goes on, maybe before this returns. */
typedef void normalized_fn(struct inbound *);
void normalize(struct inbound *, const struct heard *, normalized_fn *fn);

/* replay.c */
uint64_t replay_hash(const char *text, size_t len);
/* The same message, waiting or at work; NULL if there is none. */
struct inbound *replay_at_work(const struct charger *, const char *id, uint64_t hash);
/* The answer that the same message got a short while ago, or NULL. */
const struct replay *replay_find(const struct ocppj *, const struct charger *, const char *id,
				 uint64_t hash);
void replay_keep(struct ocppj *, struct charger *, const char *id, uint64_t hash, const char *text,
		 size_t len);
void replay_free(struct ocppj *, struct charger *);

/* command.c */
struct command *command_new(struct ocppj *, const char *charge_point_id, const char *ocpp,
			    const char *action);
/* Its owner's and witnesses' word on whether it may go; see bb_outgoing.check. */
int command_check(const struct command *, struct bb_arena *, const struct bb_json **ret_errors);
bool command_is_repeatable(const struct command *);
/* It is in the database: who asked may say so. */
void command_tell_stored(struct command *);
void command_end(struct command *, const char *state, const struct bb_json *response,
		 const char *code, const char *detail);
/* Ends that storage did not take are stored again. The last time when draining: whoever asked hears
 * of them then, whatever comes of it. */
void commands_end_again(struct ocppj *);
/* It ends without a row. */
void command_drop(struct command *, const char *code, const char *detail);
/* A unit of one statement, and what the action's owner and witnesses add to it. */
void command_store(struct command *, enum row, const struct bb_val *, uint32_t n, bb_rows_fn *fn,
		   void *arg);
/* The payload as the row keeps it once it is not needed any more; NULL: as it is. */
struct bb_val command_payload_left(struct command *);
const char *command_time(struct bb_arena *, int64_t ms);

/* commands.c */
/* Its row is stored. */
void command_enqueue(struct command *);
/* It was sent, and may be sent again. */
void command_put_back(struct command *);
void commands_pump(struct ocppj *, struct charger *);
void commands_link_lost(struct ocppj *, struct charger *);
void commands_stop(struct ocppj *);
/* For chargers_each(): what commands_stop() has not seen goes without a word. */
void commands_forget(struct charger *, void *);

/* answers.c */
/* Ends with inbound_free(). */
void answer_take(struct inbound *);
/* A command that was sent has ended: what comes to it now comes late, or again. */
void answer_over(struct charger *, const char *id, bool answered);

/* ask.c */
int commands_start(struct ocppj *);
#endif
