/* The words of a notification: the operator's template, else the bundled one of its language, else
 * the English one; then whatever the hook `notify` makes of it. A webhook has no words. */
#include "notifications.h"

#define RENDER_MS 2000u
#define HOOK_MS 5000u
#define DEFAULT_LANGUAGE "en"

/* Which text is tried. */
enum step { OWN, BUNDLED, ENGLISH, STEPS };

struct rendering {
	struct delivery *d;
	enum step step;
};

static struct bb_json operator_json(const struct delivery *d)
{
	struct bb_builder b = bb_build(d->arena);
	bb_put_str(&b, "id", d->operator_id);
	bb_put_str(&b, "name", d->operator_name);
	bb_put_str(&b, "time_zone", d->time_zone);
	bb_put_str(&b, "currency", d->currency);
	return *bb_build_object(&b);
}

static void put_event(const struct delivery *d, struct bb_builder *b)
{
	bb_put_str(b, "id", bb_printf(d->arena, "evt_%lld", (long long)d->event_id));
	bb_put_str(b, "event", d->event);
	bb_put_str(b, "at", d->at);
	bb_put_str(b, "operator_id", d->operator_id);
	bb_put_bool(b, "test", d->test);
	bb_put_json(b, "data", d->data);
}

const struct bb_json *event_json(const struct delivery *d)
{
	struct bb_builder b = bb_build(d->arena);
	put_event(d, &b);
	return bb_build_object(&b);
}

/* What templates and the hook are asked with. */
static const struct bb_json *question(const struct delivery *d, bool with_words)
{
	struct bb_builder b = bb_build(d->arena);
	put_event(d, &b);
	bb_put_str(&b, "channel", d->channel);
	bb_put_str(&b, "target", d->target);
	bb_put_str(&b, "language", d->language);
	bb_put_str(&b, "user_id", d->user_id);
	bb_put(&b, "operator", operator_json(d));
	if (with_words) {
		bb_put_str(&b, "subject", d->subject);
		bb_put_str(&b, "text", d->text);
		bb_put_str(&b, "html", d->html);
	}
	return bb_build_object(&b);
}

static void take_text(const struct delivery *d, const struct bb_json *v, const char *key,
		      const char **at)
{
	const char *text = bb_json_get_str(v, key, NULL);
	if (text)
		*at = bb_strdup(d->arena, text);
}

static void take_words(struct delivery *d, const struct bb_json *v)
{
	take_text(d, v, "subject", &d->subject);
	take_text(d, v, "text", &d->text);
	take_text(d, v, "html", &d->html);
}

/* The value goes with the callback, so it is copied, as text. */
static void take_data(struct delivery *d, const struct bb_json *v)
{
	const struct bb_api *api = d->p->api;
	size_t len;
	const char *text = v ? api->json_write(d->arena, v, &len) : NULL;
	if (text)
		api->json_parse(d->arena, text, len, &d->data, NULL);
}

static void on_hook(int err, const struct bb_json *v, void *arg)
{
	struct delivery *d = arg;
	if (err == -ECANCELED || d->p->stopped) {
		deliver_end(d, CANCELLED, 0, NULL, 0);
		return;
	}
	if (!err && bb_json_get_bool(v, "suppress", false)) {
		deliver_end(d, SUPPRESSED, 0, NULL, 0);
		return;
	}
	if (!err) {
		take_words(d, v);
		take_data(d, bb_json_get(v, "data"));
	}
	deliver_send(d);
}

static void ask_hook(struct delivery *d)
{
	struct notify *p = d->p;
	int err = p->api->ask_hook(p->me, "notify", question(d, true), HOOK_MS, on_hook, d);
	if (err < 0)
		on_hook(err, NULL, d);
}

static void try_next(struct rendering *r);

static void on_rendered(int err, const struct bb_json *v, void *arg)
{
	struct rendering *r = arg;
	struct delivery *d = r->d;
	if (err == -ECANCELED || d->p->stopped) {
		deliver_end(d, CANCELLED, 0, NULL, 0);
		return;
	}
	if (!err && bb_json_get_str(v, "text", NULL)) {
		take_words(d, v);
		ask_hook(d);
		return;
	}
	d->p->api->log(d->p->me, BB_WARN, "template %s of operator %s failed for %s: %s",
		       r->step == OWN ? d->language : "bundled", d->operator_id, d->event,
		       err ? bb_json_get_str(v, "detail", strerror(-err)) : "it gave no text");
	r->step++;
	try_next(r);
}

static bool script_of(struct rendering *r, struct bb_script *ret)
{
	struct delivery *d = r->d;
	*ret = (struct bb_script){.operator_id = d->operator_id, .version = d->version};
	if (r->step == OWN) {
		ret->name = bb_printf(d->arena, "notifications/own/%s", d->language);
		ret->text = d->source;
		ret->len = d->source ? strlen(d->source) : 0;
		return d->source != NULL;
	}
	const char *language = r->step == BUNDLED ? d->language : DEFAULT_LANGUAGE;
	ret->name = bb_printf(d->arena, "notifications/%s", language);
	ret->version = d->p->api->version();
	return !d->p->api->script_bundled(d->p->me, ret->name, d->arena, &ret->text, &ret->len);
}

static void try_next(struct rendering *r)
{
	struct bb_script script;
	struct delivery *d = r->d;
	while (r->step < STEPS && !script_of(r, &script))
		r->step++;
	if (r->step == STEPS) {
		deliver_end(d, FAILED, 0, "there is no template that gives a text", 0);
		return;
	}
	int err = d->p->api->script_call(d->p->me, &script, "render", question(d, false), RENDER_MS,
					 on_rendered, r);
	if (err < 0)
		on_rendered(err, NULL, r);
}

void render(struct delivery *d)
{
	if (!strcmp(d->channel, "webhook")) {
		ask_hook(d);
		return;
	}
	struct rendering *r = bb_zalloc(d->arena, sizeof *r);
	r->d = d;
	try_next(r);
}
