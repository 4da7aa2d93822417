/* What the campaigns' files share. */
#ifndef OCPP16_FIRMWARE_CAMPAIGN_H
#define OCPP16_FIRMWARE_CAMPAIGN_H
#include "firmware.h"

/* A row of campaign_list as JSON; `api` is the struct bb_api. */
const struct bb_json *campaign_json(struct bb_arena *, const struct bb_rows *, uint32_t row,
				    void *api);
/* Finds the campaign of the path's {id}, within the caller's operator, then calls `found` with its
 * row, or answers 404. The verdict of a handler. */
int campaign_find(struct bb_call *, struct firmware *, bb_rest_fn *found, void *arg);
/* The same by its id, in a call that is on its way. */
int campaign_look(struct bb_rest *, int64_t id, bb_rest_fn *found);
/* Answers with the row. */
void campaign_show(struct bb_rest *, const struct bb_rows *);
#endif
