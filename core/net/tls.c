#include <stdlib.h>

#include "base/arena.h"
#include "base/stats.h"
#include "net/tls_internal.h"
#include "net/trust.h"

/* Chargers with little memory take no long handshake; without names they may send what they have.
 */
#define MOST_NAMES 32

static const struct bb_metric expiry_metric = {
    "busbar_tls_certificate_expiry_timestamp_seconds",
    "When a certificate ends: the server's, and those that vouch for chargers'.",
    BB_GAUGE,
    1000,
    "use subject",
    .most = 200};

struct tls {
	struct tls_files *files; /* NULL before the first tls_use() */
	struct trust *trust;
	SSL_CTX *served; /* the listener's, NULL without one */
};

/* Of several of one name the last to expire counts: the next one is there in time. */
struct expiries {
	const char *use;
	struct bb_arena *arena;
};

static void note_expiry(const X509 *x, void *arg)
{
	const struct expiries *e = arg;
	const char *labels[] = {e->use, tls_common_name(X509_get_subject_name(x), e->arena)};
	struct bb_series *s = stats_series(NULL, &expiry_metric, labels);
	int64_t at_ms = tls_time_ms(X509_get0_notAfter(x));
	if (!s->shown || at_ms > s->value)
		stats_set(s, at_ms);
}

static void set_expiries(void *arg)
{
	const struct tls *t = arg;
	struct bb_arena *a = arena_new(0);
	stats_hide(&expiry_metric);
	for (size_t i = 0; t->files && i < t->files->pair_count; i++)
		note_expiry(t->files->pairs[i].leaf,
			    &(struct expiries){i ? "second_server" : "server", a});
	trust_each(t->trust, note_expiry, &(struct expiries){"client_ca", a});
	arena_free(a);
}

struct tls *tls_new(void)
{
	struct tls *t = mem_zalloc(sizeof *t);
	t->trust = trust_new();
	stats_know(&expiry_metric, 1);
	stats_before(t, set_expiries, t);
	return t;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	stats_forget(t);
	SSL_CTX_free(t->served);
	tls_files_free(t->files);
	trust_free(t->trust);
	free(t);
}

static int on_verified(int good, X509_STORE_CTX *store)
{
	if (!good)
		tls_log_client(
		    X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()), store);
	return good;
}

static void follow_trust(struct tls *t)
{
	if (!t->served)
		return;
	X509_STORE *store = trust_store(t->trust);
	STACK_OF(X509_NAME) *names = trust_names(t->trust);
	SSL_CTX_set_verify(t->served, store ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, on_verified);
	SSL_CTX_set_cert_store(t->served, store ? store : X509_STORE_new());
	if (sk_X509_NAME_num(names) > MOST_NAMES) {
		sk_X509_NAME_pop_free(names, X509_NAME_free);
		names = sk_X509_NAME_new_null();
	}
	SSL_CTX_set_client_CA_list(t->served, names);
}

void tls_use(struct tls *t, struct tls_files *files)
{
	tls_files_free(t->files);
	t->files = files;
	trust_set(t->trust, "", X509_chain_up_ref(files->client_ca));
	follow_trust(t);
}

int tls_trust(struct tls *t, const char *owner, const char *pem)
{
	STACK_OF(X509) * certificates;
	int err = trust_read(pem, &certificates);
	if (err)
		return err;
	trust_set(t->trust, owner, certificates);
	follow_trust(t);
	return 0;
}

/* Asked in every handshake, so that a reload needs no new context. */
static int on_certificate(SSL *ssl, void *self)
{
	const struct tls *t = self;
	SSL_certs_clear(ssl);
	for (size_t i = 0; i < t->files->pair_count; i++) {
		const struct tls_pair *p = &t->files->pairs[i];
		if (SSL_use_cert_and_key(ssl, p->leaf, p->key, p->chain, 1) != 1)
			return 0;
	}
	return 1;
}

bool tls_negotiates(SSL_CTX *context, const struct tls_options *o)
{
	SSL_CTX_set_min_proto_version(context, strcmp(o->min_version, "1.3") ? TLS1_2_VERSION
									     : TLS1_3_VERSION);
	return SSL_CTX_set_cipher_list(context, o->ciphers) == 1;
}

/* A session that is resumed is not verified again: so that a certificate or an authority that is
 * no longer trusted ends with its connections, there are no sessions. */
static void forget_sessions(SSL_CTX *context)
{
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_num_tickets(context, 0);
}

void tls_serve(struct tls *t, const struct tls_options *o, SSL_CTX *context)
{
	tls_negotiates(context, o);
	forget_sessions(context);
	SSL_CTX_set_cert_cb(context, on_certificate, t);
	SSL_CTX_set_info_callback(context, tls_log_handshake);
	/* What is in the operator's file is trusted, be it no root. */
	X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
	/* lws would look for another listener by the name that the client asks for. */
	SSL_CTX_set_tlsext_servername_callback(context, NULL);
	SSL_CTX_up_ref(context);
	SSL_CTX_free(t->served);
	t->served = context;
	follow_trust(t);
}
