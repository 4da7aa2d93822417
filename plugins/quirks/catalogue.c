/* What is bundled: scripts/quirks/catalogue.lua names the scripts and the rules; what the core
 * itself can do is named here. */
#include "quirks.h"

#define CATALOGUE "quirks/catalogue"

static const struct {
	const char *name, *kind, *help;
} builtins[] = {
    {"strip_bom", "bytes", "takes a byte order mark away"},
    {"strip_nul", "bytes", "takes zero bytes away, also as \\u0000"},
    {"escape_controls", "bytes", "escapes control characters within strings"},
    {"cut_trailing", "bytes", "takes away what stands behind the frame"},
    {"text_pong", "bytes", "passes over a pong that comes as a message"},
    {"no_subprotocol", "handshake", "lets it in without a subprotocol, as ocpp1.6"},
};
#define BUILTINS (sizeof builtins / sizeof *builtins)

bool catalogue_is_builtin(const char *name)
{
	for (size_t i = 0; i < BUILTINS; i++)
		if (!strcmp(builtins[i].name, name))
			return true;
	return false;
}

static void put_item(struct bb_builder *list, const char *name, const char *kind, const char *help)
{
	struct bb_builder b = bb_build(list->arena);
	bb_put_str(&b, "name", name);
	bb_put_str(&b, "kind", kind);
	bb_put_str(&b, "help", help);
	bb_push(list, *bb_build_object(&b));
}

static int read_script(struct quirks *p, const char *name, struct script *ret)
{
	struct bb_arena *a = p->bundled.arena;
	const char *file = bb_printf(a, "quirks/%s", name);
	*ret = (struct script){.operator_id = "", .name = name, .version = "bundled"};
	return p->api->script_bundled(p->me, file, a, &ret->text, &ret->len);
}

static int read_scripts(struct quirks *p, const struct bb_json *list, struct bb_builder *items)
{
	uint32_t n = bb_json_count(list);
	p->bundled.scripts = bb_alloc(p->bundled.arena, (n + 1) * sizeof(struct script));
	for (uint32_t i = 0; i < n; i++) {
		const struct bb_json *one = bb_json_at(list, i);
		const char *name = bb_json_get_str(one, "name", "");
		int err = read_script(p, name, &p->bundled.scripts[i]);
		if (err) {
			p->api->log(p->me, BB_ERROR, "%s.lua names %s.lua, which cannot be read",
				    CATALOGUE, name);
			return err;
		}
		put_item(items, name, "script", bb_json_get_str(one, "help", ""));
	}
	p->bundled.script_count = n;
	return 0;
}

static void read_rules(struct quirks *p, const struct bb_json *list)
{
	uint32_t n = bb_json_count(list);
	p->bundled.rules = bb_alloc(p->bundled.arena, (n + 1) * sizeof(struct rule));
	for (uint32_t i = 0; i < n; i++) {
		const struct bb_json *r = bb_json_at(list, i);
		p->bundled.rules[i] = (struct rule){
		    .name = bb_json_get_str(r, "name", ""),
		    .vendor = bb_json_get_str(r, "vendor", NULL),
		    .model = bb_json_get_str(r, "model", NULL),
		    .firmware = bb_json_get_str(r, "firmware", NULL),
		    .validation = bb_json_get_str(r, "validation", NULL),
		    .quirks = bb_json_get(r, "quirks"),
		    .final = bb_json_get_bool(r, "final", false),
		};
	}
	p->bundled.rule_count = n;
}

struct reading {
	struct quirks *plugin;
	int err;
};

static void on_catalogue(int err, const struct bb_json *v, void *arg)
{
	struct reading *r = arg;
	struct quirks *p = r->plugin;
	struct bb_arena *a = p->bundled.arena;
	const struct bb_json *own = NULL;
	size_t len;
	if (err) {
		p->api->log(p->me, BB_ERROR, "%s.lua:%lld: %s", CATALOGUE,
			    (long long)bb_json_get_int(v, "line", 0),
			    bb_json_get_str(v, "detail", "it has no function catalogue()"));
		r->err = err;
		return;
	}
	const char *text = p->api->json_write(a, v, &len);
	p->api->json_parse(a, text, len, &own, NULL);
	struct bb_builder items = bb_build(a), b = bb_build(a);
	for (size_t i = 0; i < BUILTINS; i++)
		put_item(&items, builtins[i].name, builtins[i].kind, builtins[i].help);
	r->err = read_scripts(p, bb_json_get(own, "scripts"), &items);
	read_rules(p, bb_json_get(own, "rules"));
	bb_put_json(&b, "quirks", bb_build_array(&items));
	bb_put_json(&b, "rules", bb_json_get(own, "rules"));
	p->bundled.json = bb_build_object(&b);
}

int catalogue_load(struct quirks *p)
{
	struct bb_arena *a = p->bundled.arena = p->api->arena_new();
	struct bb_script script = {"default", CATALOGUE, "bundled", NULL, 0};
	int err = p->api->script_bundled(p->me, CATALOGUE, a, &script.text, &script.len);
	if (err) {
		p->api->log(p->me, BB_ERROR, "%s.lua cannot be read", CATALOGUE);
		return err;
	}
	/* It waits for nothing, so it has answered when the call returns. */
	struct reading r = {p, -EIO};
	err = p->api->script_call(p->me, &script, "catalogue", NULL, 0, on_catalogue, &r);
	return err < 0 ? err : r.err;
}

int catalogue_get(struct bb_call *call, void *self)
{
	struct quirks *p = self;
	p->api->reply(call, p->bundled.json);
	return BB_DONE;
}
