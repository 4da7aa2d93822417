/* ocppj between a real network and stand-ins for plugins and storage. */
#ifndef TESTS_OCPPJ_STAGE_H
#define TESTS_OCPPJ_STAGE_H
#include <busbar/plugin.h>

#include "base/buf.h"
#include "loop/loop.h"
#include "net/wire.h"
#include "ocppj/ocppj.h"

struct stage {
	struct loop *loop;
	struct schema_set *schemas;
	struct ocppj *ocppj;
	struct net *net;
	uint16_t port;
	struct ocppj_options options; /* before stage_start(); zeros get defaults */
	const char *refuse;           /* an outgoing action that its owner refuses */
	/* The hook admit. */
	const char *validation, *registration;
	int status; /* to refuse with; 0: let in */
	bool admit_later;
	bool starting; /* a plugin is not ready */
	struct buf question;
	/* The hooks quirks and normalize: the answers as JSON, NULL: nobody answers; what was
	 * asked, of quirks the last. */
	const char *quirks, *normalized;
	bool normalize_later;
	struct buf known, meant;
	/* What handlers did: "DataTransfer 1;". Heartbeat answers at once, DataTransfer when told,
	 * StatusNotification passes, MeterValues breaks its schema, Authorize fails with `fail`. */
	struct buf trace;
	const char *fail;
	struct bb_reply *held[80];
	uint32_t held_count, released;
	/* Storage: rows that were committed, one a line: "query|value|value...". */
	struct buf rows;
	bool hold;             /* commits wait for stage_commit() */
	int storage;           /* what commits come to */
	struct bb_rows queued; /* of commands_open */
	struct buf topics;
	/* The last command that has ended: "accepted {...} code detail". */
	struct buf ended;
	uint32_t ended_count, stored_count;
};

extern struct stage s;

void stage_setup(void);
void stage_start(void);
void stage_teardown(void);
void stage_until(bool (*fn)(void));
/* Turns the loop for a moment. */
void stage_turn(void);
/* Settles what waits, not what comes of it. */
void stage_commit(void);
/* Resolves the oldest held DataTransfer with {"status": status}. */
void stage_release(const char *status);
bool stage_has_row(const char *needle);

/* Sends, waits for the next message, and compares. */
void expect_answer(struct wire *, const char *frame, const char *answer);
/* The same, but only the beginning of the answer. */
void expect_begin(struct wire *, const char *frame, const char *begin);
void expect_text(struct wire *, const char *text);
/* Connects and waits until commands may be sent. */
void stage_connect(struct wire *, const char *id);
#endif
