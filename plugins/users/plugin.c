/* Users: who they are, what they may, and how they sign in. */
#include "link.h"

#define ALL "admin operator user readonly"
#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define USERS "/api/admin/users"
#define FILTERS "limit cursor operator_id role state email"

#define AT(member) offsetof(struct config, member)
#define SWEEP_EVERY_MS 600000u

static const struct bb_option options[] = {
    {"scrypt_log_n", BB_OPT_INT, BB_RELOADABLE, AT(scrypt_log_n), "15",
     "cost of new passwords: 15 is 32 MiB and some tenths of a second, each more is twice that", 10,
     20, NULL},
    {"hashes_at_once", BB_OPT_INT, BB_RELOADABLE, AT(hashes_at_once), "2",
     "passwords that are looked at at once; the others wait", 1, 64, NULL},
    {"password_least", BB_OPT_INT, BB_RELOADABLE, AT(password_least), "10",
     "characters of a new password", 1, 128, NULL},
    {"account_failures", BB_OPT_INT, BB_RELOADABLE, AT(account_failures), "5",
     "failed attempts to sign in as somebody before each makes the next wait longer; 0: no limit",
     0, 1000000, NULL},
    {"address_failures", BB_OPT_INT, BB_RELOADABLE, AT(address_failures), "20",
     "the same of one address; 0: no limit, as behind a proxy", 0, 1000000, NULL},
    {"slow_down", BB_OPT_MSEC, BB_RELOADABLE, AT(slow_down_ms), "5m", "the longest such wait", 1000,
     86400000, NULL},
    {"session_idle", BB_OPT_MSEC, BB_RELOADABLE, AT(session_idle_ms), "8h",
     "a session in which nothing happens ends", 60000, 0, NULL},
    {"session_most", BB_OPT_MSEC, BB_RELOADABLE, AT(session_most_ms), "7d",
     "and any session ends after so long", 60000, 0, NULL},
    {"insecure_cookies", BB_OPT_BOOL, BB_RELOADABLE, AT(insecure_cookies), "false",
     "for development: cookies over plain HTTP, from this machine only", 0, 0, NULL},
    {"totp_for", BB_OPT_STR, BB_RELOADABLE, AT(totp_for), "",
     "roles whose users must have a second factor, separated by spaces: \"admin operator\"", 0, 0,
     NULL},
    {"totp_issuer", BB_OPT_STR, BB_RELOADABLE, AT(totp_issuer), "Busbar",
     "what authenticator apps call this server", 0, 0, NULL},
    {"url", BB_OPT_STR, BB_RELOADABLE, AT(url), "",
     "where links in mails lead, a page of yours: #login=<token>, #reset= or #invite= is added; "
     "\"\": the mail has the token alone",
     0, 0, NULL},
    {"link_valid", BB_OPT_MSEC, BB_RELOADABLE, AT(link_valid_ms), "15m",
     "how long a link that signs in or sets a password counts", 60000, 86400000, NULL},
    {"invite_valid", BB_OPT_MSEC, BB_RELOADABLE, AT(invite_valid_ms), "7d",
     "the same of an invitation", 60000, 0, NULL},
};

static const struct bb_route routes[] = {
    {"GET", USERS, SEE, user_list, "Users", NULL, "rest/user_list", FILTERS, BB_OWNER, 0, 0, 0},
    {"POST", USERS, CHANGE, user_create, "Make a user", "rest/user_new", "rest/user", NULL,
     BB_OWNER, 0, 0, 0},
    {"GET", USERS "/{id}", SEE, user_get, "A user", NULL, "rest/user", NULL, BB_OWNER, 0, 0, 0},
    {"PUT", USERS "/{id}", CHANGE, user_put, "Change a user; members left out stay as they are",
     "rest/user_put", "rest/user", NULL, BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", USERS "/{id}", CHANGE, user_delete,
     "Remove a user; tokens, transactions and wallets of that user_id stay", NULL, NULL, NULL,
     BB_OWNER, 0, 0, 0},
    {"GET", "/users", ALL, user_list, "Users; a driver sees only itself", NULL, "rest/user_list",
     FILTERS, BB_OWNER, 0, 0, 0},
    {"GET", "/users/{id}", ALL, user_get, "A user; a driver sees only itself", NULL, "rest/user",
     NULL, BB_OWNER, 0, 0, 0},
    {"GET", USERS "/{id}/sessions", SEE, session_list_of_user, "A user's sessions", NULL,
     "rest/session_list", "limit cursor", BB_OWNER, 0, 0, 0},
    {"DELETE", USERS "/{id}/sessions", CHANGE, sessions_end_of_user, "End them all", NULL, NULL,
     NULL, BB_OWNER, 0, 0, 0},
    {"POST", USERS "/{id}/invite", CHANGE, invite, "Send a mail by which the user sets a password",
     NULL, "rest/invited", NULL, BB_OWNER, 0, 0, 0},
    {"DELETE", USERS "/{id}/totp", CHANGE, totp_reset,
     "Take the second factor of one who has lost it; ends their sessions", NULL, NULL, NULL,
     BB_OWNER, 0, 0, 0},

    {"POST", "/auth/login", "public", login, "Sign in: a session in a cookie", "rest/login",
     "rest/session", NULL, BB_OWNER, 0, 0, 0},
    {"POST", "/auth/link", "public", link_ask, "Have a link sent that signs in; 202 in any case",
     "rest/mail_ask", "rest/accepted", NULL, BB_OWNER, 0, 0, 0},
    {"POST", "/auth/link/consume", "public", link_consume, "Sign in by the link's token",
     "rest/link_consume", "rest/session", NULL, BB_OWNER, 0, 0, 0},
    {"POST", "/auth/reset", "public", reset_ask,
     "Have a link sent that sets a password; 202 in any case", "rest/mail_ask", "rest/accepted",
     NULL, BB_OWNER, 0, 0, 0},
    {"POST", "/auth/reset/consume", "public", reset_consume,
     "Set a password by the token of that link, or of an invitation; sessions end",
     "rest/reset_consume", NULL, NULL, BB_OWNER, 0, 0, 0},
    {"POST", "/auth/logout", ALL, logout, "End this session", NULL, NULL, NULL, BB_OWNER, 0, 0, 0},
    {"POST", "/auth/password", ALL, password_change, "Change one's password; other sessions end",
     "rest/password_change", NULL, NULL, BB_OWNER, 0, 0, 0},
    {"GET", "/auth/sessions", ALL, session_list, "One's sessions", NULL, "rest/session_list",
     "limit cursor", BB_OWNER, 0, 0, 0},
    {"DELETE", "/auth/sessions", ALL, sessions_end, "End them all but this one", NULL, NULL, NULL,
     BB_OWNER, 0, 0, 0},
    {"DELETE", "/auth/sessions/{id}", ALL, session_end, "End one of them", NULL, NULL, NULL,
     BB_OWNER, 0, 0, 0},
    {"GET", "/auth/totp", ALL, totp_get, "Has the caller a second factor?", NULL, "rest/totp", NULL,
     BB_OWNER, 0, 0, 0},
    {"POST", "/auth/totp", ALL, totp_enrol,
     "A secret for an authenticator app; it is shown this once", "rest/totp_enrol",
     "rest/totp_secret", NULL, BB_OWNER, 0, 0, 0},
    {"POST", "/auth/totp/confirm", ALL, totp_confirm,
     "Put it in force by a first code; the recovery codes are shown this once", "rest/totp_confirm",
     "rest/recovery_codes", NULL, BB_OWNER, 0, 0, 0},
    {"POST", "/auth/totp/recovery-codes", ALL, totp_codes, "Other recovery codes", "rest/totp_code",
     "rest/recovery_codes", NULL, BB_OWNER, 0, 0, 0},
    {"POST", "/auth/totp/disable", ALL, totp_disable, "Do without a second factor",
     "rest/totp_code", NULL, NULL, BB_OWNER, 0, 0, 0},
};

static const struct bb_task tasks[] = {{LINK_TASK, 6, 5000, link_mail}};
static const struct bb_hook hooks[] = {{"caller", 500, caller}};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_LIST] = "user_list",
    [Q_GET] = "user_get",
    [Q_INSERT] = "user_insert",
    [Q_ADMINS_LOCK] = "admins_lock",
    [Q_LOCK] = "user_lock",
    [Q_UPDATE] = "user_update",
    [Q_DELETE] = "user_delete",
    [Q_SESSIONS_END_OF_DISABLED] = "sessions_end_of_disabled",
    [Q_SERVICE_FIND] = "service_find",
    [Q_SERVICE_FIND_SUBJECT] = "service_find_subject",
    [Q_SERVICE_CREATE] = "service_create",
    [Q_SERVICE_FOLLOW] = "service_follow",
    [Q_SERVICE_STATE] = "service_state",
    [Q_SERVICE_END_SESSIONS] = "service_end_sessions",
    [Q_SIGN_IN_OF_EMAIL] = "sign_in_of_email",
    [Q_SIGN_IN_OF_ID] = "sign_in_of_id",
    [Q_PASSWORD_SET] = "password_set",
    [Q_PASSWORD_FIRST] = "password_first",
    [Q_PASSWORD_PUT] = "password_put",
    [Q_SESSIONS_END_OF_PUT] = "sessions_end_of_put",
    [Q_SESSION_INSERT] = "session_insert",
    [Q_SESSIONS_TRIM] = "sessions_trim",
    [Q_USER_SIGNED_IN] = "user_signed_in",
    [Q_SESSION_FIND] = "session_find",
    [Q_SESSION_SEEN] = "session_seen",
    [Q_SESSION_LIST] = "session_list",
    [Q_SESSION_END] = "session_end",
    [Q_SESSION_END_BY_TOKEN] = "session_end_by_token",
    [Q_SESSIONS_END] = "sessions_end",
    [Q_SWEEP_SESSIONS] = "sweep_sessions",
    [Q_SWEEP_LINKS] = "sweep_links",
    [Q_TOTP_GET] = "totp_get",
    [Q_TOTP_BEGIN] = "totp_begin",
    [Q_TOTP_CONFIRM] = "totp_confirm",
    [Q_TOTP_USE] = "totp_use",
    [Q_TOTP_REMOVE] = "totp_remove",
    [Q_RECOVERY_CODE_ADD] = "recovery_code_add",
    [Q_RECOVERY_CODE_USE] = "recovery_code_use",
    [Q_RECOVERY_CODES_REMOVE] = "recovery_codes_remove",
    [Q_LINK_USER] = "link_user",
    [Q_LINK_PUT] = "link_put",
    [Q_SIGN_IN_OF_LINK] = "sign_in_of_link",
    [Q_LINK_USE] = "link_use",
    [Q_LINK_LOCK] = "link_lock",
    [Q_PASSWORD_BY_LINK] = "password_by_link",
    [Q_SESSIONS_END_BY_LINK] = "sessions_end_by_link",
    [Q_LINKS_USE] = "links_use",
    [Q_LINKS_REMOVE] = "links_remove",
};

static const char *const needs[] = {"chargers/1", NULL};

/* A page, to which "#login=<token>" can be added; "": none. */
static bool is_page(const char *url)
{
	const char *rest = !strncmp(url, "https://", 8)  ? url + 8
			   : !strncmp(url, "http://", 7) ? url + 7
							 : "";
	return !*url || (*rest && !strchr("/?", *rest) && !strpbrk(rest, "#\"<> \t\r\n"));
}

/* The first word of `list` that is no role, and its length; NULL: all are. */
static const char *no_role(const char *list, size_t *ret_len)
{
	for (; *(list += strspn(list, " ")); list += *ret_len) {
		char word[16];
		*ret_len = strcspn(list, " ");
		snprintf(word, sizeof word, "%.*s", (int)*ret_len, list);
		if (*ret_len >= sizeof word || bb_role_of(word) == BB_NO_ROLE)
			return list;
	}
	return NULL;
}

static bool is_usable(struct bb *me, const struct bb_api *api, const struct config *cfg)
{
	size_t len = 0;
	const char *word = no_role(cfg->totp_for, &len);
	if (!is_page(cfg->url))
		api->log(me, BB_ERROR,
			 "users.url is \"%s\"; it must be like \"https://csms.example/in\", "
			 "without a \"#\"",
			 cfg->url);
	else if (word)
		api->log(me, BB_ERROR,
			 "users.totp_for has \"%.*s\", which is no role: admin, operator, "
			 "readonly, user",
			 (int)len, word);
	else
		return true;
	return false;
}

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct users filled = {.me = me, .api = api, .cfg = cfg};
	if (!is_usable(me, api, cfg))
		return -EINVAL;
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	if (err)
		return err;
	filled.accounts = calloc(3, sizeof *filled.accounts);
	if (!filled.accounts)
		return -ENOMEM;
	filled.networks = filled.accounts + 1;
	filled.mails = filled.accounts + 2;
	err = bb_keep(&filled, sizeof filled, self);
	if (err) {
		free(filled.accounts);
		return err;
	}
	service_open(*self);
	return 0;
}

static void on_sweep(void *arg)
{
	struct users *p = arg;
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val v[] = {bb_now(p->api, a), session_idle_since(p, a)};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_SWEEP_SESSIONS], 2, v, NULL, NULL);
	p->api->add(unit, p->q[Q_SWEEP_LINKS], 1, v, NULL, NULL);
	p->api->commit(unit, NULL, NULL);
	p->api->arena_free(a);
}

static int start(void *self)
{
	struct users *p = self;
	p->operators = p->api->service(p->me, "operators/1", sizeof *p->operators);
	p->notifications = p->api->service(p->me, "notifications/1", sizeof *p->notifications);
	on_sweep(p);
	return p->api->timer(p->me, SWEEP_EVERY_MS, true, on_sweep, p) ? 0 : -ENOMEM;
}

static int reload(void *self, const void *cfg)
{
	struct users *p = self;
	if (!is_usable(p->me, p->api, cfg))
		return -EINVAL;
	p->cfg = cfg;
	return 0;
}

static void fini(void *self)
{
	struct users *p = self;
	free(p->accounts);
	free(p);
}

BB_PLUGIN(users, .version = "1.0", .needs = needs, .gives = "users/1", .service = &users_service,
	  .config_size = sizeof(struct config), .options = BB_TABLE(option, options),
	  .routes = BB_TABLE(route, routes), .hooks = BB_TABLE(hook, hooks),
	  .tasks = BB_TABLE(task, tasks), .init = init, .start = start, .reload = reload,
	  .fini = fini);
