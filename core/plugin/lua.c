/* Plugins' functions that scripts may call: busbar.<plugin>.<name>(...). */
#include <errno.h>

#include "base/arena.h"
#include "plugin/host_state.h"
#include "json/json.h"

#define DEFAULT_MS 10000u

struct function {
	struct host *host;
	struct handler handler;
	struct chain chain;
};

struct lua_call {
	struct bb_arena *arena;
	bb_json_fn *done;
	void *arg;
};

static void on_answered(struct bb_call *call, const struct call_answer *answer, void *arg)
{
	struct lua_call *c = arg;
	(void)call;
	if (!answer->code) {
		c->done(0, answer->json, c->arg);
		return;
	}
	struct bb_arena *a = arena_new(0);
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "code", answer->code);
	bb_put_str(&b, "detail", answer->text);
	c->done(-EIO, bb_build_object(&b), c->arg);
	arena_free(a);
}

static void on_finished(void *arg)
{
	arena_free(((struct lua_call *)arg)->arena);
}

static void call_function(void *self, const char *operator_id, const struct bb_json *args,
			  bb_json_fn *done, void *arg)
{
	struct function *f = self;
	if (f->handler.plugin->phase != BB_STARTED) {
		done(-ECANCELED, NULL, arg);
		return;
	}
	struct bb_arena *a = arena_new(0);
	struct lua_call *c = bb_alloc(a, sizeof *c);
	*c = (struct lua_call){a, done, arg};
	const char *attrs[] = {"operator_id", operator_id, NULL};
	call_start(&(struct call_spec){
	    .loop = f->host->spec.loop,
	    .chain = &f->chain,
	    .arena = a,
	    .payload = args ? json_copy(a, args) : NULL,
	    .attrs = attrs,
	    .default_ms = DEFAULT_MS,
	    .answered = on_answered,
	    .finished = on_finished,
	    .arg = c,
	});
}

static void export(struct host *h, struct bb *p, const struct bb_luafn *row)
{
	struct function *f = bb_alloc(h->arena, sizeof *f);
	f->host = h;
	f->handler = (struct handler){.plugin = p, .fn = row->fn, .row = row};
	f->chain = (struct chain){&f->handler, 1,
				  arena_printf(h->arena, "busbar.%s.%s", p->name, row->name)};
	script_host_export(h->spec.scripts, p->name, row->name, call_function, f);
}

void lua_export(struct host *h)
{
	for (size_t i = 0; i < h->count; i++)
		TABLE_EACH(luafn, row, h->plugins[i]->def->lua)
	export(h, h->plugins[i], row);
}
