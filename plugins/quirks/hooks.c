/* The hook `quirks`: which rules does this charger have? Answered from memory, at once. */
#include "quirks.h"

int quirks_hook(struct bb_call *call, void *self)
{
	struct quirks *p = self;
	p->api->reply(call, book_answer(p, p->api->arena(call), p->api->payload(call)));
	return BB_DONE;
}
