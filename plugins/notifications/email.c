/* The channel `email`. */
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

static const char *message(const struct delivery *d, size_t *ret_len)
{
	const char *from = d->p->cfg->from, *domain = strrchr(from, '@');
	const struct mime_mail m = {
	    .from_name = d->operator_name,
	    .from = from,
	    .to = d->target,
	    .subject = d->subject ? d->subject : d->event,
	    .text = d->text,
	    .html = d->html,
	    /* The same for each attempt, so that a receiver knows a repetition. */
	    .id = bb_printf(d->arena, "%lld.evt_%lld%s", (long long)d->subscription_id,
			    (long long)d->event_id, domain ? domain : "@localhost"),
	    .at_s = d->p->api->now_ms() / 1000,
	    .boundary = boundary(d->arena),
	};
	return mime_write(d->arena, &m, ret_len);
}

void email_send(struct delivery *d)
{
	const struct config *cfg = d->p->cfg;
	if (!*cfg->smtp || !*cfg->from) {
		deliver_end(
		    d, FAILED, 0,
		    "the options notifications.smtp and notifications.from say by whom mail "
		    "goes; one is empty",
		    0);
		return;
	}
	struct bb_transfer_mail mail = {
	    .url = cfg->smtp,
	    .tls = cfg->smtp_tls,
	    .user = *cfg->smtp_user ? cfg->smtp_user : NULL,
	    .password = *cfg->smtp_user ? cfg->smtp_password : NULL,
	    .from = cfg->from,
	    .to = d->target,
	    .timeout_ms = (uint32_t)cfg->timeout_ms,
	    .ca = *cfg->smtp_ca ? cfg->smtp_ca : NULL,
	};
	mail.message = message(d, &mail.message_len);
	d->p->transfer->mail(d->p->me, &mail, on_answer, d);
}
