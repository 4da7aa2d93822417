/* A file on its way in: from a request's body into chunks. */
#ifndef FILES_UPLOAD_H
#define FILES_UPLOAD_H
#include "private.h"

struct multipart;

/* Where it comes from and what it will be; texts live as long as the call. */
struct incoming {
	const char *operator_id, *purpose, *ref, *name;
	int64_t charger_id, link_id; /* 0: an admin sends it */
	int64_t limit;               /* bytes */
	int64_t used;                /* bytes that the operator has */
};

/* Takes the body of r's call and answers. */
void upload_begin(struct bb_rest *r, const struct incoming *);
#endif
