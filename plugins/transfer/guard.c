/* Where requests may go whose address an operator or a script has given. The address is checked
 * when it is connected to, and again when a connection that is open is used, so that a name which
 * changes its mind between the check and the connection helps nobody. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "address.h"
#include "transfer.h"
#include "words.h"

struct target {
	char *host, *port;
};

static bool target_of(struct request *r, struct target *ret)
{
	*ret = (struct target){0};
	return !curl_url_get(r->url, CURLUPART_HOST, &ret->host, 0) &&
	       !curl_url_get(r->url, CURLUPART_PORT, &ret->port, CURLU_DEFAULT_PORT);
}

static void target_free(struct target *t)
{
	curl_free(t->host);
	curl_free(t->port);
}

static void without_last_dot(char *host)
{
	size_t len = strlen(host);
	if (len > 1 && host[len - 1] == '.')
		host[len - 1] = '\0';
}

/* Rows of hosts_of: host, port (0: any), private. */
static bool find_row(const struct bb_rows *rows, const char *host, int64_t port, bool *ret_private)
{
	bool found = false;
	for (uint32_t i = 0; i < rows->rows; i++) {
		int64_t only = bb_cell_int(rows, i, 1, 0);
		if ((only && only != port) || !host_matches(bb_cell_text(rows, i, 0), host))
			continue;
		found = true;
		*ret_private |= bb_cell_int(rows, i, 2, 0) != 0;
	}
	return found;
}

static void decide(struct request *r, const struct bb_rows *rows)
{
	struct target t;
	bool listed = false, private = false;
	if (target_of(r, &t)) {
		int64_t port = strtoll(t.port, NULL, 10);
		without_last_dot(t.host);
		listed = private = host_is_listed(r->p->cfg->allow, t.host, port);
		if (rows)
			listed |= find_row(rows, t.host, port, &private);
		if (!listed && r->http.reach == BB_TRANSFER_LISTED)
			request_fault(r, -EACCES,
				      bb_printf(r->arena,
						"%s:%s is not on the list of hosts that scripts "
						"may reach",
						t.host, t.port));
	}
	target_free(&t);
	r->guarded = !private;
	if (r->err)
		request_end(r, CURLE_OK);
	else
		share_enter(r);
}

static void on_hosts(int err, const struct bb_rows *rows, void *arg)
{
	struct request *r = arg;
	r->reading = false;
	if (r->over) {
		r->p->api->arena_free(r->arena);
		return;
	}
	if (!err) {
		decide(r, rows);
		return;
	}
	request_fault(r, err == -EAGAIN || err == -ECANCELED ? err : -EIO,
		      "the list of hosts cannot be read");
	request_end(r, CURLE_OK);
}

void guard_begin(struct request *r)
{
	if (r->http.reach == BB_TRANSFER_ANY) {
		share_enter(r);
		return;
	}
	struct bb_val v = bb_text(r->http.operator_id ? r->http.operator_id : "default");
	r->reading = true;
	int err = r->p->api->read(r->p->me, r->p->q[Q_HOSTS_OF], 1, &v, on_hosts, r);
	if (err < 0) {
		r->reading = false;
		request_fault(r, -EAGAIN, "the list of hosts cannot be read");
		request_end_soon(r);
	}
}

static void refuse(struct request *r)
{
	request_fault(r, -EACCES,
		      "the host's address is not a public one, and no list names it as private");
}

static curl_socket_t on_connect(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct request *r = arg;
	(void)purpose;
	if (r->guarded && !address_is_public(&a->addr)) {
		refuse(r);
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static int on_connected(void *arg, char *address, char *local, int port, int local_port)
{
	struct request *r = arg;
	(void)local, (void)port, (void)local_port;
	/* Another of the host's addresses may have been refused before this one. */
	if (r->err == -EACCES) {
		r->err = 0;
		r->because = NULL;
	}
	if (!r->guarded || address_text_is_public(address))
		return CURL_PREREQFUNC_OK;
	refuse(r);
	return CURL_PREREQFUNC_ABORT;
}

void guard_set_up(struct request *r)
{
	curl_easy_setopt(r->easy, CURLOPT_OPENSOCKETFUNCTION, on_connect);
	curl_easy_setopt(r->easy, CURLOPT_OPENSOCKETDATA, r);
	curl_easy_setopt(r->easy, CURLOPT_PREREQFUNCTION, on_connected);
	curl_easy_setopt(r->easy, CURLOPT_PREREQDATA, r);
}
