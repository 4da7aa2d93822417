/* Requests that came together with the one before them.
 *
 * lws 4.1.6 keeps them in a buffer of its own, and when one of them has a body it reads that from
 * the start of the buffer, which is the request itself; if what follows is longer than the body, it
 * does so for ever. So such a request must be known before lws goes on to its body. */
#include "net/connection.h"

/* After a request is over lws keeps its table of headers only if its buffer holds more; and without
 * such a table this function leaves the text alone. */
static bool has_more(struct lws *wsi)
{
	char text[2] = "?";
	lws_hdr_custom_copy(wsi, text, sizeof text, "?", 1);
	return !*text;
}

void pipeline_note(struct lws *wsi)
{
	connection_of(wsi)->pipelined = has_more(wsi);
}
