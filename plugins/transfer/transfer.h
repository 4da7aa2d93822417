/* The plugin's own: what its files share. */
#ifndef TRANSFER_PRIVATE_H
#define TRANSFER_PRIVATE_H
#include <curl/curl.h>
#include <uv.h>

#include <busbar/rest.h>
#include <busbar/transfer.h>

#define MOST_HEADER_BYTES 65536u /* of one answer */

struct config {
	const char *ca, *allow;
	int64_t connect_ms, timeout_ms;
	int64_t max_answer; /* bytes */
	int64_t connections, per_host, per_operator, queue, mails;
};

/* In the order of query_names in plugin.c. */
enum query { Q_HOSTS_OF, Q_HOST_LIST, Q_HOST_GET, Q_HOST_ADD, Q_HOST_DELETE, Q_COUNT_OF };

struct transfer {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	CURLM *multi;
	uv_timer_t *timer;
	struct request *requests;
	int64_t count;        /* of requests */
	struct share *shares; /* of operators that have some */
	struct mail *mails;
	int64_t mail_count, mails_at_work;
	bool stopped;
};

/* One request on its way. */
struct request {
	struct transfer *p;
	struct bb *who;
	struct bb_arena *arena; /* everything here that is not curl's */
	struct bb_transfer_http http;
	bb_transfer_fn *fn;
	void *arg;
	CURLU *url;
	CURL *easy;
	struct curl_slist *sent; /* headers */
	struct bb_slot *deadline;
	uint64_t began_ns;
	char *body; /* of the answer, malloc'd */
	size_t body_len, body_room;
	struct bb_transfer_header *headers; /* of the answer */
	uint32_t header_count, header_room;
	size_t header_bytes;
	bool guarded;        /* only public addresses */
	bool reading;        /* the list of hosts */
	bool at_work;        /* counted in its share */
	bool over;           /* told */
	int err;             /* set where the reason is known best; 0: what curl says */
	const char *because; /* its text */
	char reason[CURL_ERROR_SIZE];
	struct request *next, **back;
	struct share *share; /* NULL: it is in none */
	struct request *next_waiting;
};

/* multi.c: curl's sockets and its one timer on the loop. */
int multi_open(struct transfer *);
void multi_close(struct transfer *);

/* request.c. What curl's codes mean to the asker. */
int request_meaning(CURLcode);
struct request *request_new(struct transfer *, struct bb *who, bb_transfer_fn *, void *arg);
/* Sets `err` and `because`; the first one stays. */
void request_fault(struct request *, int err, const char *because);
/* Tells the asker and frees; never from inside one of curl's callbacks. */
void request_end(struct request *, CURLcode);
/* The same at the end of the loop's turn. */
void request_end_soon(struct request *);
/* Hands it to curl. */
void request_start(struct request *);

/* share.c. enter: starts it, now or when it is its turn. leave: it has ended. */
void share_enter(struct request *);
void share_leave(struct request *);

/* http.c */
void http_send(struct bb *who, const struct bb_transfer_http *, bb_transfer_fn *, void *arg);
void http_set_up(struct request *);

/* Where the certificates are that vouch for servers; `own` may be NULL. */
const char *http_ca(const struct config *, const char *own);

/* mail.c */
void mail_send(struct bb *who, const struct bb_transfer_mail *, bb_transfer_fn *, void *arg);
void mail_stop(struct transfer *);

/* figures.c: for GET /metrics. `kind` is "http" or "mail". */
void figures_begin(struct transfer *);
void figures_ended(struct transfer *, const char *kind, int err, uint32_t took_ms);

/* guard.c: only hosts that are on the list, only addresses that are public. */
void guard_begin(struct request *);
void guard_set_up(struct request *);

/* service.c: the one instance, while there is one. */
extern const struct bb_transfer transfer_service;
extern struct transfer *transfer_the;

/* hosts.c */
bb_call_fn host_list, host_add, host_delete;

/* script.c */
bb_call_fn script_http;
#endif
