#include "jwt.h"

#include <criterion/criterion.h>

#include "fixture.h"

#define NOW 1732590000
#define AT(s) (INT64_C(1000) * (NOW + (s)))
#define SKEW 60000
#define HEADER "{'alg':'RS256','kid':'k'}"
#define GOOD "'sub':'s','aud':'busbar','exp':1732590300"

TestSuite(jwt, .init = setup, .fini = teardown);

static bool reads(const char *token)
{
	struct jwt t;
	return !jwt_read(&api, arena, token, &t);
}

static const char *fault_at(const char *claims, int64_t now_ms)
{
	struct jwt t;
	const char *fault = jwt_read(&api, arena, token_of(HEADER, claims), &t);
	cr_assert_null(fault, "%s: %s", claims, fault);
	return jwt_fault(&t, json("['other','busbar']"), now_ms, SKEW);
}

static bool is_good(const char *claims)
{
	return !fault_at(claims, AT(0));
}

Test(jwt, has_three_parts)
{
	const char *good = token_of(HEADER, "{}");
	cr_expect(reads(good));
	cr_expect_not(reads(""));
	cr_expect_not(reads(".."));
	cr_expect_not(reads("a.b"));
	cr_expect_not(reads(bb_printf(arena, "%s.", good)));
	cr_expect_not(reads(bb_printf(arena, "%s.AAAA", good)));
	cr_expect_not(reads(bb_printf(arena, "%s=", good)));
	cr_expect_not(reads(bb_printf(arena, "%sB", good)));
	cr_expect_not(reads(bb_printf(arena, " %s", good)));
	cr_expect_not(reads(bb_printf(arena, "%.*s", (int)strlen(good) - 4, good)), "no signature");
}

Test(jwt, that_is_too_long_is_none)
{
	char *text = bb_alloc(arena, JWT_MOST + 2);
	memset(text, 'A', JWT_MOST + 1);
	text[JWT_MOST + 1] = '\0';
	text[1] = text[2] = '.';
	cr_expect_not(reads(text));
}

Test(jwt, names_an_algorithm_of_key_pairs)
{
	static const char *const bad[] = {
	    "{}",
	    "{'alg':'none'}",
	    "{'alg':'None'}",
	    "{'alg':''}",
	    "{'alg':'HS256'}",
	    "{'alg':'rs256'}",
	    "{'alg':'RS256 '}",
	    "{'alg':null}",
	    "{'alg':['RS256']}",
	    "{'alg':'RS256','alg':'none'}",
	    "{'alg':'none','alg':'RS256'}",
	    "{'alg':'RS256','crit':['exp']}",
	    "{'alg':'RS256','crit':[]}",
	    "{'alg':'RS256','b64':false}",
	    "{'alg':'RS256','kid':1}",
	    "{'alg':'RS256','typ':'logout+jwt'}",
	    "{'alg':'RS256','typ':null}",
	    "['RS256']",
	    "'RS256'",
	    "",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(reads(token_of(bad[i], "{}")), "%s", bad[i]);
	cr_expect(
	    reads(token_of("{'alg':'ES256','typ':'at+JWT','jku':'http://x','jwk':{}}", "{}")));
}

Test(jwt, has_an_object_without_duplicates)
{
	static const char *const bad[] = {"",         "[]",        "null", "{'a':1,'a':2}",
					  "{'a':1}x", "{'a':\xff}"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(reads(token_of(HEADER, bad[i])), "%s", bad[i]);
}

Test(jwt, is_for_its_audience)
{
	cr_expect(is_good("{" GOOD "}"));
	cr_expect(is_good("{'sub':'s','aud':['a','busbar'],'exp':1732590300}"));
	cr_expect(is_good("{'sub':'s','aud':['other'],'exp':1732590300}"));
	static const char *const bad[] = {
	    "{'sub':'s','exp':1732590300}",
	    "{'sub':'s','exp':1732590300,'aud':'busbar2'}",
	    "{'sub':'s','exp':1732590300,'aud':'Busbar'}",
	    "{'sub':'s','exp':1732590300,'aud':[]}",
	    "{'sub':'s','exp':1732590300,'aud':[['busbar']]}",
	    "{'sub':'s','exp':1732590300,'aud':{'busbar':'busbar'}}",
	    "{'sub':'s','exp':1732590300,'aud':null}",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(is_good(bad[i]), "%s", bad[i]);
}

Test(jwt, has_a_subject)
{
	cr_expect_not(is_good("{'aud':'busbar','exp':1732590300}"));
	cr_expect_not(is_good("{'sub':'','aud':'busbar','exp':1732590300}"));
	cr_expect_not(is_good("{'sub':1,'aud':'busbar','exp':1732590300}"));
	cr_expect_not(is_good("{'sub':'a\\nb','aud':'busbar','exp':1732590300}"));
}

Test(jwt, has_its_time)
{
	cr_expect_null(fault_at("{" GOOD "}", AT(300 + 59)));
	cr_expect_not_null(fault_at("{" GOOD "}", AT(300 + 60)));
	cr_expect_null(fault_at("{" GOOD ",'nbf':1732590000}", AT(-60)));
	cr_expect_not_null(fault_at("{" GOOD ",'nbf':1732590000}", AT(-61)));
	cr_expect_null(fault_at("{" GOOD ",'iat':1732590000}", AT(-60)));
	cr_expect_not_null(fault_at("{" GOOD ",'iat':1732590000}", AT(-61)));
	cr_expect(is_good("{'sub':'s','aud':'busbar','exp':1732590300.5}"));
	static const char *const bad[] = {
	    "{'sub':'s','aud':'busbar'}",
	    "{'sub':'s','aud':'busbar','exp':'1732590300'}",
	    "{'sub':'s','aud':'busbar','exp':null}",
	    "{'sub':'s','aud':'busbar','exp':1e300}",
	    "{'sub':'s','aud':'busbar','exp':-1}",
	    "{'sub':'s','aud':'busbar','exp':0}",
	    "{'sub':'s','aud':'busbar','exp':9223372036854775807}",
	    "{" GOOD ",'nbf':'0'}",
	    "{" GOOD ",'iat':true}",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(is_good(bad[i]), "%s", bad[i]);
}
