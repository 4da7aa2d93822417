#include "password.h"

#include <criterion/criterion.h>

#include "hex.h"
#include "token.h"

/* RFC 7914, section 12. */
Test(scrypt, gives_what_its_rfc_says)
{
	static const struct {
		const char *password, *salt;
		uint32_t log_n, r, p;
		const char *hash;
	} vectors[] = {
	    {"", "", 4, 1, 1,
	     "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
	     "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"},
	    {"password", "NaCl", 10, 8, 16,
	     "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
	     "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"},
	    {"pleaseletmein", "SodiumChloride", 14, 8, 1,
	     "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
	     "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"},
	};
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		unsigned char got[64];
		char text[129];
		cr_assert(password_derive(vectors[i].password, vectors[i].salt,
					  strlen(vectors[i].salt), vectors[i].log_n, vectors[i].r,
					  vectors[i].p, got, sizeof got));
		hex_write(got, sizeof got, text);
		cr_expect_str_eq(text, vectors[i].hash);
	}
}

Test(password, is_known_by_its_hash)
{
	char stored[PASSWORD_TEXT], again[PASSWORD_TEXT];
	cr_assert(password_hash("correct horse", 10, stored));
	cr_expect_eq(strncmp(stored, "scrypt$10$8$3$", 14), 0);
	cr_expect(password_matches(stored, "correct horse", 15), "the figures are those stored");
	cr_expect_not(password_matches(stored, "correct horsf", 10));
	cr_expect_not(password_matches(stored, "", 10));
	cr_assert(password_hash("correct horse", 10, again));
	cr_expect_str_neq(stored, again);
}

Test(password, matches_nothing_else)
{
	static const char *const stored[] = {
	    NULL,
	    "",
	    "scrypt$10$8$3$00$00",
	    "scrypt$0$8$1$00000000000000000000000000000000$"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "scrypt$99$8$1$00000000000000000000000000000000$"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "scrypt$10$99$1$00000000000000000000000000000000$"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "scrypt$10$8$1$0000000000000000000000000000000$"
	    "00000000000000000000000000000000000000000000000000000000000000000",
	    "scrypt$10$8$1$00000000000000000000000000000000$"
	    "0000000000000000000000000000000000000000000000000000000000000000x",
	};
	for (size_t i = 0; i < sizeof stored / sizeof *stored; i++)
		cr_expect_not(password_matches(stored[i], "", 10), "%zu", i);
}

Test(token, is_random_and_known_by_its_hash)
{
	char a[TOKEN_SIZE], b[TOKEN_SIZE], hash[TOKEN_SIZE];
	cr_assert(token_new(a));
	cr_assert(token_new(b));
	cr_expect_str_neq(a, b);
	token_hash("abc", hash);
	cr_expect_str_eq(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	cr_expect(token_has_hash("abc", hash));
	cr_expect_not(token_has_hash("abd", hash));
	cr_expect_not(token_has_hash(NULL, hash));
	cr_expect_not(token_has_hash("abc", ""));
}

Test(hex, is_read_as_it_was_written)
{
	unsigned char bytes[3] = {0, 0xab, 0xff}, back[3];
	char text[7];
	hex_write(bytes, 3, text);
	cr_expect_str_eq(text, "00abff");
	cr_assert(hex_read(text, back, 3));
	cr_expect_arr_eq(bytes, back, 3);
	cr_expect_not(hex_read("00abf", back, 3));
	cr_expect_not(hex_read("00abfg", back, 3));
	cr_expect_not(hex_read("00abff00", back, 3));
}
