/* What pass.c and claim.c share: a pass over all campaigns. */
#ifndef OCPP16_FIRMWARE_PASS_H
#define OCPP16_FIRMWARE_PASS_H
#include "campaign.h"

#define SELECT_AT_ONCE 200

/* A charger that may be asked. */
struct candidate {
	int64_t id;
	const char *charge_point_id, *operator_id;
};

struct pass {
	struct firmware *p;
	struct bb_arena *arena; /* of this campaign */
	int64_t id;             /* the campaign; 0: before the first */
	const char *operator_id, *file_name, *location, *expected_version;
	const struct bb_json *selection, *options;
	int64_t file_id, selected_to, free;
	bool open;
	/* The chargers that wait, a page at a time. */
	struct candidate *list;
	uint32_t count, at;
	bool more;
	/* The claim on its way. */
	struct draft draft;
	const char *url;
	bool claimed;
};

/* pass.c. Reading and writing go on with `fn`; it gets the failures of storage too. */
void pass_read(struct pass *, enum query, uint32_t n, const struct bb_val *, bb_rows_fn *fn);
void pass_commit(struct pass *, struct bb_unit *, bb_rows_fn *fn);
/* Leaves this campaign. */
void pass_next(struct pass *);
/* Ends; the timer begins another. */
void pass_over(struct pass *);

/* claim.c: asks as many of the campaign's chargers as may be asked, then pass_next(). */
void claim_begin(struct pass *);
#endif
