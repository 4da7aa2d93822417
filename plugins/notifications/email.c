/* The channel `email`, and the service "notifications/1". */
#include <openssl/rand.h>

#include "mime.h"
#include "notifications.h"

static void on_answer(int err, const struct bb_transfer_answer *a, void *arg)
{
	struct delivery *d = arg;
	if (err == -EREMOTEIO && a->status / 100 == 5) /* it will not think otherwise */
		deliver_end(d, HOPELESS, a->status, bb_strdup(d->arena, a->error), a->took_ms);
	else
		deliver_answered(d, err, a);
}

static const char *boundary(struct bb_arena *a)
{
	unsigned char b[12] = {0};
	RAND_bytes(b, sizeof b);
	char *text = bb_printf(a, "busbar-");
	for (size_t i = 0; i < sizeof b; i++)
		text = bb_printf(a, "%s%02x", text, b[i]);
	return text;
}

static const char *message(const struct config *cfg, struct bb_arena *a, int64_t now_ms,
			   const struct bb_mail *mail, size_t *ret_len)
{
	const char *domain = strrchr(cfg->from, '@');
	const struct mime_mail m = {
	    .from_name = mail->from_name,
	    .from = cfg->from,
	    .to = mail->to,
	    .subject = mail->subject,
	    .text = mail->text,
	    .html = mail->html,
	    .id = bb_printf(a, "%s%s", mail->id, domain ? domain : "@localhost"),
	    .at_s = now_ms / 1000,
	    .boundary = boundary(a),
	};
	return mime_write(a, &m, ret_len);
}

static bool names_server(const struct config *cfg)
{
	return *cfg->smtp && *cfg->from;
}

static int mail_send(const struct notify *p, struct bb *who, struct bb_arena *a,
		     const struct bb_mail *what, bb_transfer_fn *fn, void *arg)
{
	const struct config *cfg = p->cfg;
	if (!names_server(cfg))
		return -ENOTSUP;
	struct bb_transfer_mail mail = {
	    .url = cfg->smtp,
	    .tls = cfg->smtp_tls,
	    .user = *cfg->smtp_user ? cfg->smtp_user : NULL,
	    .password = *cfg->smtp_user ? cfg->smtp_password : NULL,
	    .from = cfg->from,
	    .to = what->to,
	    .timeout_ms = (uint32_t)cfg->timeout_ms,
	    .ca = *cfg->smtp_ca ? cfg->smtp_ca : NULL,
	};
	mail.message = message(cfg, a, p->api->now_ms(), what, &mail.message_len);
	p->transfer->mail(who, &mail, fn, arg);
	return 0;
}

void email_send(struct delivery *d)
{
	const struct bb_mail mail = {
	    .to = d->target,
	    .from_name = d->operator_name,
	    .subject = d->subject ? d->subject : d->event,
	    .text = d->text,
	    .html = d->html,
	    /* The same for each attempt, so that a receiver knows a repetition. */
	    .id = bb_printf(d->arena, "%lld.evt_%lld", (long long)d->subscription_id,
			    (long long)d->event_id),
	};
	if (mail_send(d->p, d->p->me, d->arena, &mail, on_answer, d))
		deliver_end(
		    d, FAILED, 0,
		    "the options notifications.smtp and notifications.from say by whom mail "
		    "goes; one is empty",
		    0);
}

/* The plugin's only instance: a service's functions are asked without one. */
static const struct notify *the;

void email_open(const struct notify *p)
{
	the = p;
}

static int mail(struct bb *who, const struct bb_mail *what, bb_transfer_fn *fn, void *arg)
{
	struct bb_arena *a = the->api->arena_new();
	int err = mail_send(the, who, a, what, fn, arg);
	the->api->arena_free(a);
	return err;
}

static bool has_server(void)
{
	return names_server(the->cfg);
}

const struct bb_notifications notifications_service = {sizeof notifications_service, mail,
						       has_server};
