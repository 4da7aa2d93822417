/* Answers that come later.
 *
 * A bb_reply is not a pointer but a handle, an index and a generation, so that an answer that comes
 * twice, even after its call has gone, is recognized and reaches nobody else's call. The table is
 * one for the process, since resolve() and its like name no host; its slots are never freed. Slots
 * are taken and given back on the loop only; other threads just claim the one that they hold. */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "plugin/call_state.h"
#include "json/json.h"

#define CHUNK_BITS 8u
#define CHUNKS 4096u
#define INDEX_BITS 20u /* CHUNKS << CHUNK_BITS slots */
#define FALLBACK_MS 30000u

enum state { FREE, OPEN, EXPIRED, CLAIMED };
enum verb { RESOLVE, REJECT, PASS };

struct pending {
	_Atomic uint64_t word; /* generation << 2 | state */
	uint32_t index;
	struct bb_call *call;
	struct bb *plugin;
	const char *source; /* the plugin's name; outlives it */
	struct loop_deadline deadline;
	uint32_t limit_ms;
	bb_fn *gone;
	void *gone_arg;
	/* The answer, written by who claimed it. */
	bool late; /* it had expired */
	enum verb verb;
	const struct bb_json *json;
	const char *code, *text;
	struct pending *next_free;
};

static struct {
	_Atomic(struct pending *) chunks[CHUNKS];
	uint32_t used; /* slots that have ever been taken */
	struct pending *first_free, *last_free;
} table;

static struct pending *slot_at(uint32_t index)
{
	struct pending *chunk = atomic_load(&table.chunks[index >> CHUNK_BITS]);
	return &chunk[index & ((1u << CHUNK_BITS) - 1)];
}

static struct pending *slot_new(void)
{
	uint32_t index = table.used;
	if (index >> CHUNK_BITS >= CHUNKS)
		return NULL;
	if (!atomic_load(&table.chunks[index >> CHUNK_BITS]))
		atomic_store(&table.chunks[index >> CHUNK_BITS],
			     mem_zalloc(sizeof(struct pending) << CHUNK_BITS));
	table.used++;
	struct pending *p = slot_at(index);
	p->index = index;
	return p;
}

/* First freed, first taken: a stale handle stays recognizable for long. */
static struct pending *slot_take(void)
{
	struct pending *p = table.first_free;
	if (!p)
		return slot_new();
	table.first_free = p->next_free;
	if (!table.first_free)
		table.last_free = NULL;
	return p;
}

static void slot_give_back(struct pending *p)
{
	p->next_free = NULL;
	p->call = NULL;
	p->plugin = NULL;
	atomic_store(&p->word, atomic_load(&p->word) & ~(uint64_t)3);
	if (table.last_free)
		table.last_free->next_free = p;
	else
		table.first_free = p;
	table.last_free = p;
}

static struct bb_reply *handle_of(const struct pending *p, uint64_t generation)
{
	return (struct bb_reply *)(uintptr_t)(generation << INDEX_BITS | p->index); // NOLINT
}

/* Its slot, and what the slot's word must begin with for the handle to be good. */
static struct pending *slot_of(const struct bb_reply *r, uint64_t *ret_generation)
{
	uint64_t handle = (uintptr_t)r;
	uint32_t index = handle & ((1u << INDEX_BITS) - 1);
	*ret_generation = handle >> INDEX_BITS;
	if (!r || !atomic_load(&table.chunks[index >> CHUNK_BITS]))
		return NULL;
	return slot_at(index);
}

static bool turn(struct pending *p, uint64_t generation, enum state from, enum state to)
{
	uint64_t word = generation << 2 | from;
	return atomic_compare_exchange_strong(&p->word, &word, generation << 2 | to);
}

static void on_deadline(void *arg)
{
	struct pending *p = arg;
	struct bb_call *c = p->call;
	if (c->waiting != p || !pending_expire(c))
		return;
	call_blame(c, "did not answer in time");
	call_fail_timeout(c);
	call_finish(c);
}

static uint32_t time_limit(const struct call_spec *spec, uint32_t ms)
{
	uint32_t limit = ms ? ms : spec->default_ms ? spec->default_ms : FALLBACK_MS;
	return spec->max_ms && limit > spec->max_ms ? spec->max_ms : limit;
}

void call_pause(struct bb_call *c)
{
	if (c->waiting)
		loop_deadline_clear(&c->waiting->deadline);
}

void call_go_on(struct bb_call *c)
{
	struct pending *p = c->waiting;
	if (!p)
		return;
	loop_deadline_clear(&p->deadline);
	loop_deadline_set(c->spec.loop, &p->deadline, p->limit_ms, on_deadline, p);
}

struct bb_reply *call_defer(struct bb_call *c, uint32_t ms, bb_fn *gone, void *arg)
{
	if (!c->running || c->waiting || (c->answered && !c->over)) {
		call_blame(c, "called defer() where it may not");
		return NULL;
	}
	struct pending *p = slot_take();
	if (!p) {
		call_blame(c, "too many calls are waiting for an answer");
		return NULL;
	}
	uint64_t generation = (atomic_load(&p->word) >> 2) + 1;
	atomic_store(&p->word, generation << 2 | OPEN);
	p->call = c;
	p->plugin = c->asked->plugin;
	p->source = p->plugin->name;
	p->gone = gone;
	p->gone_arg = arg;
	p->json = NULL;
	p->code = p->text = NULL;
	c->replies++;
	p->limit_ms = time_limit(&c->spec, ms);
	if (!c->over) {
		c->waiting = p;
		call_go_on(c);
	}
	return handle_of(p, generation);
}

void pending_detach(struct bb_call *c)
{
	loop_deadline_clear(&c->waiting->deadline);
	c->waiting = NULL;
}

bool pending_expire(struct bb_call *c)
{
	struct pending *p = c->waiting;
	if (!turn(p, atomic_load(&p->word) >> 2, OPEN, EXPIRED))
		return false;
	pending_detach(c);
	c->late = true;
	if (p->gone)
		p->gone(p->gone_arg);
	return true;
}

/* On the loop, outside any plugin's code: what a claimed reply brought. */
static void apply(struct bb_call *c, const struct pending *p)
{
	pending_detach(c);
	c->answered = p->verb != PASS;
	if (p->verb != RESOLVE || p->json)
		c->answer.bytes = NULL;
	c->answer.json = p->json;
	c->answer.code = p->code;
	c->answer.text = p->text;
	call_continue(c);
}

static void deliver(void *arg)
{
	struct pending *p = arg;
	struct bb_call *c = p->call;
	if (c->waiting == p)
		apply(c, p);
	slot_give_back(p);
	c->replies--;
	call_settle(c);
}

static struct pending *complain(const struct pending *p, uint64_t generation)
{
	bool known = p && atomic_load(&p->word) >> 2 == generation;
	log_line(BB_ERROR, known ? p->source : "plugin", "answered a call a second time");
	return NULL;
}

static struct pending *claim(struct bb_reply *r)
{
	uint64_t generation;
	struct pending *p = slot_of(r, &generation);
	if (p && turn(p, generation, OPEN, CLAIMED))
		p->late = false;
	else if (p && turn(p, generation, EXPIRED, CLAIMED))
		p->late = true;
	else
		return complain(p, generation);
	return p;
}

/* Never delivered from inside the plugin's own call: at the end of the loop's turn. */
static int hand_over(struct pending *p, enum verb verb)
{
	struct bb_call *c = p->call;
	uv_thread_t self = uv_thread_self();
	p->verb = verb;
	if (!uv_thread_equal(&self, &c->thread))
		return loop_post(c->spec.loop, deliver, p);
	loop_defer(c->spec.loop, deliver, p);
	return 0;
}

struct bb_call *call_of(struct bb_reply *r)
{
	uint64_t generation;
	struct pending *p = slot_of(r, &generation);
	return p && atomic_load(&p->word) >> 2 == generation ? p->call : NULL;
}

int call_resolve(struct bb_reply *r, const struct bb_json *json)
{
	struct pending *p = claim(r);
	if (!p)
		return -EALREADY;
	if (json && !p->late)
		p->json = json_copy(p->call->spec.arena, json);
	return hand_over(p, RESOLVE);
}

int call_reject(struct bb_reply *r, const char *code, const char *text)
{
	struct pending *p = claim(r);
	if (!p)
		return -EALREADY;
	if (!p->late) {
		p->code = bb_strdup(p->call->spec.arena, code ? code : "InternalError");
		p->text = bb_strdup(p->call->spec.arena, text ? text : "");
	}
	return hand_over(p, REJECT);
}

int call_pass(struct bb_reply *r)
{
	struct pending *p = claim(r);
	return p ? hand_over(p, PASS) : -EALREADY;
}

void pending_fail_all(const struct bb *plugin)
{
	for (uint32_t i = 0; i < table.used; i++) {
		struct pending *p = slot_at(i);
		struct bb_call *c = p->call;
		if (p->plugin != plugin || c->waiting != p || !pending_expire(c))
			continue;
		call_fail_internal(c);
		call_finish(c);
	}
}

uint32_t pending_revoke(const struct bb *plugin)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < table.used; i++) {
		struct pending *p = slot_at(i);
		uint64_t generation = atomic_load(&p->word) >> 2;
		if (p->plugin != plugin ||
		    (!turn(p, generation, OPEN, CLAIMED) && !turn(p, generation, EXPIRED, CLAIMED)))
			continue;
		if (p->call->waiting == p)
			call_fail_internal(p->call);
		hand_over(p, PASS);
		n++;
	}
	return n;
}
