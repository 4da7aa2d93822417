/* Handshakes that fail, in the log: an attacker's way in is a security event, a stranger's noise is
 * not to fill the disk. */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/connection.h"
#include "net/counts.h"
#include "net/tcp.h"
#include "net/tls_internal.h"

#define LINES_PER_SECOND 10u

static struct {
	int64_t second;
	uint32_t told, hidden;
} lines;

static void find_remote(const SSL *ssl, char out[INET6_ADDRSTRLEN])
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} a = {0};
	socklen_t len = sizeof a;
	snprintf(out, INET6_ADDRSTRLEN, "?");
	if (getpeername(SSL_get_fd(ssl), &a.any, &len))
		return;
	bool v6 = a.any.sa_family == AF_INET6, mapped = v6 && IN6_IS_ADDR_V4MAPPED(&a.v6.sin6_addr);
	if (v6 && !mapped)
		inet_ntop(AF_INET6, &a.v6.sin6_addr, out, INET6_ADDRSTRLEN);
	else
		inet_ntop(AF_INET, v6 ? (void *)&a.v6.sin6_addr.s6_addr[12] : &a.v4.sin_addr, out,
			  INET6_ADDRSTRLEN);
}

/* No more lines than a reader bears; those left out are counted. */
static bool may_tell(void)
{
	int64_t second = clock_mono_us() / 1000000;
	if (second != lines.second) {
		if (lines.hidden)
			log_line(BB_WARN, "tls", "%u more handshakes failed", lines.hidden);
		lines.second = second;
		lines.told = lines.hidden = 0;
	}
	if (lines.told < LINES_PER_SECOND) {
		lines.told++;
		return true;
	}
	lines.hidden++;
	return false;
}

void tls_log_client(const SSL *ssl, X509_STORE_CTX *store)
{
	char remote[INET6_ADDRSTRLEN], subject[256] = "";
	net_counts_handshake_failed(true);
	if (!may_tell())
		return;
	find_remote(ssl, remote);
	const X509 *x = X509_STORE_CTX_get0_cert(store);
	if (x)
		X509_NAME_oneline(X509_get_subject_name(x), subject, sizeof subject);
	log_line(BB_WARN, "tls",
		 "security event: client certificate refused remote=%s subject=\"%s\": %s", remote,
		 subject, X509_verify_cert_error_string(X509_STORE_CTX_get_error(store)));
}

/* It speaks HTTP to a port of TLS: told so in its own language, as it may be a person's. */
static void answer_plainly(int fd)
{
	static const char answer[] = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n"
				     "Connection: close\r\n\r\nThis port speaks TLS.\n";
	send(fd, answer, sizeof answer - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
}

void tls_log_late(const SSL *ssl)
{
	char remote[INET6_ADDRSTRLEN];
	net_counts_handshake_failed(false);
	if (!may_tell())
		return;
	find_remote(ssl, remote);
	log_line(BB_WARN, "tls",
		 "handshake failed remote=%s: not over within tls.handshake_timeout", remote);
}

void tls_log_handshake(const SSL *ssl, int where, int result)
{
	unsigned long error = ERR_peek_error();
	if (where == SSL_CB_HANDSHAKE_DONE)
		connection_is_secure(SSL_get_app_data(ssl));
	if (where != SSL_CB_ACCEPT_EXIT || result > 0 || !error)
		return;
	char remote[INET6_ADDRSTRLEN];
	find_remote(ssl, remote);
	tcp_read_away(SSL_get_fd(ssl));
	int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
	if (reason == SSL_R_HTTP_REQUEST)
		answer_plainly(SSL_get_fd(ssl));
	/* Who just hangs up looks whether the port is open; of a client's certificate is told. */
	if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING || SSL_get_verify_result(ssl) != X509_V_OK)
		return;
	net_counts_handshake_failed(false);
	if (!may_tell())
		return;
	const char *text = ERR_reason_error_string(error);
	log_line(BB_WARN, "tls", "handshake failed remote=%s: %s", remote,
		 text ? text : "no reason known");
}
