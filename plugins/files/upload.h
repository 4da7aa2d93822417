/* A file on its way in: from a request's body into chunks. */
#ifndef FILES_UPLOAD_H
#define FILES_UPLOAD_H
#include "private.h"

#define FILES_BY_ONE_URL 16

struct multipart;

/* Where it comes from and what it will be; texts live as long as the call. */
struct incoming {
	const char *operator_id, *purpose, *ref, *name;
	int64_t charger_id, link_id; /* 0: an admin sends it */
	int64_t limit;               /* bytes */
	int64_t used;                /* bytes that the operator has */
	int64_t largest; /* of the files that have come by the URL, which may come again */
	bool full;       /* the URL takes no others */
};

/* Takes the body of r's call and answers. */
void upload_begin(struct bb_rest *r, const struct incoming *);
#endif
