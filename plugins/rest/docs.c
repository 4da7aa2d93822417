/* GET /docs: one page without foreign parts that shows /openapi.json. */
#include "private.h"

/* The page is a file of its own (docs.html) and goes into this object as it is. */
__asm__(".section .rodata\n"
	"docs_page:\n"
	".incbin \"docs.html\"\n"
	"docs_page_end:\n"
	".byte 0\n"
	".text\n");
extern const char docs_page[] __attribute__((visibility("hidden")));
extern const char docs_page_end[] __attribute__((visibility("hidden")));

int docs(struct bb_call *call, void *self)
{
	struct rest *p = self;
	p->api->set_header(call, "content-security-policy",
			   "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; "
			   "style-src 'unsafe-inline'; frame-ancestors 'none'");
	p->api->reply_bytes(call, "text/html; charset=utf-8", docs_page,
			    (size_t)(docs_page_end - docs_page));
	return BB_DONE;
}
