/* The task that sends a link: a token is drawn, its hash stored in place of the one before, and the
 * mail handed to the mail server. Tried again, it is another token. */
#include <busbar/notifications.h>

#include "link.h"

#define RENDER_MS 2000u
#define DEFAULT_LANGUAGE "en"
#define REPLY_MS 120000u

/* Columns of link_user. */
enum { ID, NAME, EMAIL, LANGUAGE, OPERATOR };

struct mailing {
	struct users *p;
	struct bb_arena *arena;
	struct bb_reply *reply;
	const char *purpose;
	const char *user_id, *name, *email, *language, *operator_id;
	char token[TOKEN_SIZE];
	int64_t valid_ms;
};

static void fail(struct mailing *m, const char *code, const char *text)
{
	m->p->api->reject(m->reply, code, text);
}

static void done(const struct mailing *m)
{
	m->p->api->resolve(m->reply, bb_json_empty(m->arena));
}

static void on_mail(int err, const struct bb_transfer_answer *a, void *arg)
{
	struct mailing *m = arg;
	if (err)
		fail(m, "Mail", a->error ? a->error : "the mail server has not taken it");
	else
		done(m);
}

static void on_rendered(int err, const struct bb_json *v, void *arg)
{
	struct mailing *m = arg;
	const struct bb_api *api = m->p->api;
	const struct bb_mail mail = {
	    .to = m->email,
	    .subject = bb_json_get_str(v, "subject", NULL),
	    .text = bb_json_get_str(v, "text", NULL),
	    .html = bb_json_get_str(v, "html", NULL),
	    .id = bb_printf(m->arena, "%s.%s", m->purpose, api->new_id(m->arena)),
	};
	if (err || !mail.subject || !mail.text)
		fail(m, "Template",
		     err ? bb_json_get_str(v, "detail", strerror(-err))
			 : "the template gives no text");
	else if (m->p->notifications->mail(m->p->me, &mail, on_mail, m))
		fail(m, "Mail",
		     "the options notifications.smtp and notifications.from name no "
		     "mail server");
}

static bool script_of(const struct mailing *m, const char *language, struct bb_script *ret)
{
	const struct bb_api *api = m->p->api;
	*ret = (struct bb_script){
	    .operator_id = m->operator_id ? m->operator_id : "default",
	    .name = bb_printf(m->arena, "users/%s", language),
	    .version = api->version(),
	};
	return !api->script_bundled(m->p->me, ret->name, m->arena, &ret->text, &ret->len);
}

static const char *link_of(const struct mailing *m)
{
	const char *url = m->p->cfg->url;
	return *url ? bb_printf(m->arena, "%s#%s=%s", url, m->purpose, m->token) : NULL;
}

static void render(struct mailing *m)
{
	const struct bb_api *api = m->p->api;
	struct bb_script script;
	struct bb_builder b = bb_build(m->arena);
	bb_put_str(&b, "purpose", m->purpose);
	bb_put_str(&b, "name", m->name);
	bb_put_str(&b, "email", m->email);
	bb_put_str(&b, "token", m->token);
	bb_put_str(&b, "link", link_of(m));
	bb_put_int(&b, "valid_min", m->valid_ms / 60000);
	if ((!m->language || !script_of(m, m->language, &script)) &&
	    !script_of(m, DEFAULT_LANGUAGE, &script)) {
		fail(m, "Template", "there is no template");
		return;
	}
	int err = api->script_call(m->p->me, &script, "render", bb_build_object(&b), RENDER_MS,
				   on_rendered, m);
	if (err < 0)
		on_rendered(err, NULL, m);
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct mailing *m = arg;
	(void)rows;
	if (err)
		fail(m, "Storage", "the link cannot be stored");
	else
		render(m);
}

static void store(struct mailing *m)
{
	const struct users *p = m->p;
	const struct bb_api *api = p->api;
	char hash[TOKEN_SIZE];
	if (!token_new(m->token)) {
		fail(m, "Random", "no random numbers");
		return;
	}
	token_hash(m->token, hash);
	const struct bb_val v[] = {bb_text(m->user_id), bb_text(m->purpose), bb_text(hash),
				   bb_now(api, m->arena),
				   bb_time(api, m->arena, api->now_ms() + m->valid_ms)};
	struct bb_unit *unit = api->begin(p->me);
	api->add(unit, p->q[Q_LINK_PUT], sizeof v / sizeof *v, v, NULL, NULL);
	bb_commit(api, unit, on_stored, m);
}

static void on_user(int err, const struct bb_rows *rows, void *arg)
{
	struct mailing *m = arg;
	struct bb_arena *a = m->arena;
	if (err) {
		fail(m, "Storage", "the user cannot be read");
		return;
	}
	if (!rows->rows) { /* gone meanwhile, or disabled */
		done(m);
		return;
	}
	m->user_id = bb_strdup(a, bb_cell_text(rows, 0, ID));
	m->name = bb_strdup(a, bb_cell_text(rows, 0, NAME));
	m->email = bb_strdup(a, bb_cell_text(rows, 0, EMAIL));
	const char *language = bb_cell_text(rows, 0, LANGUAGE);
	const char *operator_id = bb_cell_text(rows, 0, OPERATOR);
	if (operator_is_disabled(m->p, operator_id)) {
		done(m);
		return;
	}
	m->language = language ? bb_strdup(a, language) : NULL;
	m->operator_id = operator_id ? bb_strdup(a, operator_id) : NULL;
	store(m);
}

int link_mail(struct bb_call *call, void *self)
{
	struct users *p = self;
	struct bb_arena *a = p->api->arena(call);
	const struct bb_json *payload = p->api->payload(call);
	if (!p->notifications) {
		p->api->fail(call, "Mail",
			     "the plugin notifications, which sends mail, is not loaded");
		return BB_DONE;
	}
	struct mailing *m = bb_zalloc(a, sizeof *m);
	m->p = p;
	m->arena = a;
	m->purpose = bb_json_get_str(payload, "purpose", "login");
	m->valid_ms =
	    strcmp(m->purpose, "invite") != 0 ? p->cfg->link_valid_ms : p->cfg->invite_valid_ms;
	m->reply = p->api->defer(call, REPLY_MS, NULL, NULL);
	const struct bb_val v[] = {bb_text(bb_json_get_str(payload, "user_id", ""))};
	bb_read(p->api, p->me, p->q[Q_LINK_USER], 1, v, on_user, m);
	return BB_LATER;
}
