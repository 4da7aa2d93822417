/* Mail. libcurl's SMTP waits for the server where it should not (for the answer to the message, for
 * that to QUIT), whatever interface is used, so each mail takes a thread of the pool while it goes;
 * a few at most. */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "transfer.h"
#include "words.h"

struct mail {
	struct transfer *p;
	struct bb_arena *arena;
	struct bb_transfer_mail m;
	bb_transfer_fn *fn;
	void *arg;
	const char *ca;
	long connect_ms;
	uint64_t began_ns;
	struct bb_slot *deadline; /* while it waits */
	bool at_work;
	atomic_bool cancelled;
	/* The thread's, until it is done. */
	size_t sent;
	int err;
	const char *because;
	long status;
	CURLcode code;
	char reason[CURL_ERROR_SIZE];
	struct mail *next;
};

static uint32_t age_ms(const struct mail *m)
{
	return (uint32_t)((uv_hrtime() - m->began_ns) / 1000000);
}

static void start_waiting(struct transfer *p);

static void mail_end(struct mail *m)
{
	struct mail **at = &m->p->mails;
	while (*at != m)
		at = &(*at)->next;
	*at = m->next;
	m->p->mail_count--;
	m->p->api->release(m->deadline);
	int err = m->err ? m->err : request_meaning(m->code);
	const struct bb_transfer_answer answer = {
	    .status = (int)m->status,
	    .body = "",
	    .error = !err         ? NULL
		     : m->err     ? m->because
		     : *m->reason ? m->reason
				  : curl_easy_strerror(m->code),
	    .took_ms = age_ms(m),
	};
	figures_ended(m->p, "mail", err, answer.took_ms);
	m->fn(err, &answer, m->arg);
	m->p->api->arena_free(m->arena);
}

static size_t on_wanted(char *to, size_t size, size_t count, void *arg)
{
	struct mail *m = arg;
	size_t left = m->m.message_len - m->sent, len = size * count < left ? size * count : left;
	memcpy(to, m->m.message + m->sent, len);
	m->sent += len;
	return len;
}

static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct mail *m = arg;
	(void)a, (void)b, (void)c, (void)d;
	return atomic_load(&m->cancelled);
}

static long tls_of(const struct mail *m)
{
	const char *tls = m->m.tls ? m->m.tls : "required";
	return !strcmp(tls, "none")      ? CURLUSESSL_NONE
	       : !strcmp(tls, "offered") ? CURLUSESSL_TRY
					 : CURLUSESSL_ALL;
}

static void set_up(struct mail *m, CURL *easy, struct curl_slist *to)
{
	long left = (long)m->m.timeout_ms - (long)age_ms(m);
	curl_easy_setopt(easy, CURLOPT_URL, m->m.url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_USE_SSL, tls_of(m));
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(easy, CURLOPT_CAINFO, m->ca);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, m->connect_ms);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, left > 1 ? left : 1);
	/* The time-out does not hold for QUIT; this one does. */
	curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)m->m.timeout_ms / 1000 + 1);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, m->reason);
	curl_easy_setopt(easy, CURLOPT_USERNAME, m->m.user);
	curl_easy_setopt(easy, CURLOPT_PASSWORD, m->m.password);
	curl_easy_setopt(easy, CURLOPT_MAIL_FROM, m->m.from);
	curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_wanted);
	curl_easy_setopt(easy, CURLOPT_READDATA, m);
	curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)m->m.message_len);
	curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, m);
}

/* On a thread. */
static void work(void *arg)
{
	struct mail *m = arg;
	CURL *easy = curl_easy_init();
	struct curl_slist *to = curl_slist_append(NULL, m->m.to);
	if (!easy)
		abort();
	set_up(m, easy, to);
	m->code = curl_easy_perform(easy);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &m->status);
	curl_easy_cleanup(easy);
	curl_slist_free_all(to);
}

static void on_done(void *arg)
{
	struct mail *m = arg;
	struct transfer *p = m->p;
	p->mails_at_work--;
	if (atomic_load(&m->cancelled)) {
		m->err = -ECANCELED;
		m->because = "the server stops";
	} else if (m->code && m->code != CURLE_OPERATION_TIMEDOUT && m->status >= 400) {
		m->err = -EREMOTEIO;
		m->because = *m->reason ? m->reason : curl_easy_strerror(m->code);
	}
	mail_end(m);
	start_waiting(p);
}

static void start_waiting(struct transfer *p)
{
	for (struct mail *m = p->mails; m && !p->stopped && p->mails_at_work < p->cfg->mails;
	     m = m->next) {
		if (m->at_work || m->err)
			continue;
		p->api->release(m->deadline);
		m->deadline = NULL;
		m->at_work = true;
		p->mails_at_work++;
		p->api->offload(p->me, work, on_done, m);
	}
}

static void on_waited(void *arg)
{
	struct mail *m = arg;
	m->deadline = NULL;
	if (!m->err) {
		m->err = -ETIMEDOUT;
		m->because = "other mails took all of the time";
	}
	mail_end(m);
}

static const char *fault_of(const struct bb_transfer_mail *m)
{
	if (!m->url || (strncmp(m->url, "smtp://", 7) != 0 && strncmp(m->url, "smtps://", 8) != 0))
		return "the URL is neither smtp:// nor smtps://";
	if (!address_of_mail_is_good(m->from))
		return "the sender's address is none";
	if (!address_of_mail_is_good(m->to))
		return "the receiver's address is none";
	return NULL;
}

static const char *copy(struct bb_arena *a, const char *s)
{
	return s ? bb_strdup(a, s) : NULL;
}

static struct mail *mail_new(struct transfer *p, const struct bb_transfer_mail *from)
{
	struct bb_arena *a = p->api->arena_new();
	struct mail *m = bb_zalloc(a, sizeof *m), **last = &p->mails;
	m->p = p;
	m->arena = a;
	m->m = *from;
	m->m.url = copy(a, from->url);
	m->m.tls = copy(a, from->tls);
	m->m.user = copy(a, from->user);
	m->m.password = copy(a, from->password);
	m->m.from = copy(a, from->from);
	m->m.to = copy(a, from->to);
	m->m.message = bb_strndup(a, from->message, from->message_len);
	m->ca = copy(a, http_ca(p->cfg, from->ca));
	m->connect_ms = (long)p->cfg->connect_ms;
	m->m.timeout_ms = from->timeout_ms ? from->timeout_ms : (uint32_t)p->cfg->timeout_ms;
	m->began_ns = uv_hrtime();
	p->mail_count++;
	while (*last)
		last = &(*last)->next;
	return *last = m;
}

void mail_send(struct bb *who, const struct bb_transfer_mail *from, bb_transfer_fn *fn, void *arg)
{
	struct transfer *p = transfer_the;
	struct mail *m = mail_new(p, from);
	(void)who;
	m->fn = fn;
	m->arg = arg;
	m->because = fault_of(from);
	m->err = m->because ? -EINVAL : 0;
	if (p->stopped) {
		m->err = -ECANCELED;
		m->because = "the server stops";
	}
	m->deadline = p->api->timer(p->me, m->err ? 0 : m->m.timeout_ms, false, on_waited, m);
	start_waiting(p);
}

void mail_stop(struct transfer *p)
{
	for (struct mail *m = p->mails, *next; m; m = next) {
		next = m->next;
		atomic_store(&m->cancelled, true);
		if (m->at_work)
			continue;
		m->err = -ECANCELED;
		m->because = "the server stops";
		mail_end(m);
	}
}
