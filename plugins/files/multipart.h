/* A form with one file (multipart/form-data, RFC 7578), as its bytes come. */
#ifndef FILES_MULTIPART_H
#define FILES_MULTIPART_H
#include <stdbool.h>
#include <stddef.h>

#define BOUNDARY_MOST 70u
#define PART_HEAD_MOST 2048u
#define FILE_NAME_SIZE 256u

struct multipart {
	char delimiter[BOUNDARY_MOST + 5]; /* CR LF, two dashes, the boundary */
	size_t delimiter_len, matched;
	int state;
	bool wanted; /* the part at hand is the file */
	bool found;
	char head[PART_HEAD_MOST];
	size_t head_len;
	char name[FILE_NAME_SIZE]; /* as the part says; may be empty */
	void (*data)(void *arg, const char *bytes, size_t len);
	void *arg;
};

/* False: the Content-Type is no form, or names no boundary. */
bool multipart_begin(struct multipart *, const char *content_type);
/* Tells `data` the bytes of the file among these. -EBADMSG: malformed; -EEXIST: a second file. */
int multipart_feed(struct multipart *, const char *bytes, size_t len);
/* Did it end as it should, with a file? */
bool multipart_is_whole(const struct multipart *);
#endif
