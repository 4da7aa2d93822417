#include "signature.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"

Test(signature, is_of_the_time_and_the_body)
{
	struct bb_arena *a = arena_new(0);
	const char *body = "{\"id_tag\":\"TAG\"}";
	cr_expect_str_eq(signature_of(a, "a secret of sixteen", "1764115200", body, strlen(body)),
			 "sha256=f44cef7a8c268e09dbe0a5463c1f5e47273311ed7dc16534a7dda6909e3f39cc");
	arena_free(a);
}
