/* A listening net whose handler writes down what it is told, and does what the test says. */
#ifndef TESTS_NET_STAGE_H
#define TESTS_NET_STAGE_H
#include "base/buf.h"
#include "net/net.h"

struct stage {
	struct loop *loop;
	struct net *net;
	struct net_options options;
	uint16_t port, tls_port;
	struct buf trace; /* "upgrade CP1;opened ocpp1.6;message ...;" */
	/* Upgrades. */
	int refuse; /* this status instead of 101 */
	char identity[256], path[512], authorization[256], offered[256];
	const char *assume; /* the subprotocol of who offers none, or NULL */
	bool tls;
	struct buf certificate; /* "CN serial fingerprint issuer not_after_ms", empty without one */
	/* Links. */
	struct net_link *link; /* the last one opened, NULL once it is closed */
	bool echo;
	struct buf message; /* the last one */
	uint32_t messages, alive, closed;
	uint16_t close_code;
	/* Requests. */
	struct net_request *request; /* the one that waits for its answer */
	bool defer;
	const char *answer; /* "ok" if NULL */
	size_t answer_len;
	char method[16], http_path[512];
	struct buf body;
	uint32_t requests, gone;
	/* Bodies and answers in pieces. */
	bool pull; /* the body, by net_body_next() */
	int64_t limit;
	uint32_t pieces;
	int body_err;
	bool body_ended, hold; /* `hold`: ask for no further piece */
	uint32_t rooms, overs;
	int over_err;
	bool http_tls;
};

extern struct stage s;

/* Before it: s.options as wanted; what is zero gets a default. */
void stage_start(void);
void stage_setup(void);
void stage_teardown(void);
/* Turns the loop until it is so, or fails the test. */
void stage_until(bool (*fn)(void));
#endif
