/* What the compiler refuses, and where it says that it is. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "fixture.h"

#define COMMON "{\"$defs\":{\"t\":{\"type\":\"string\"},\"u\":{\"$ref\":\"#/$defs/t\"}}}"

static const struct refusal {
	const char *schema, *error;
} refusals[] = {
    {"", "t/case.json: is empty"},
    {"{\"type\":", "t/case.json: is not JSON"},
    {"{\"type\":\"object\",\"type\":\"object\"}", "t/case.json: has a member twice in one object"},
    {"[]", "t/case.json#: is not a schema"},
    {"true", "t/case.json#: is not a schema"},
    {"{\"typ\":\"object\"}", "t/case.json#/typ: is not a known keyword"},
    {"{\"type\":\"object\",\"properties\":{\"a\":{\"maxLenght\":1}}}",
     "t/case.json#/properties/a/maxLenght: is not a known keyword"},
    {"{\"type\":\"string\",\"pattern\":\"a\"}", "t/case.json#/pattern: is not a known keyword"},
    {"{\"oneOf\":[]}", "t/case.json#/oneOf: is not a known keyword"},
    {"{\"x\":1}", "t/case.json#/x: is not a known keyword"},

    {"{\"type\":\"text\"}", "t/case.json#/type: is not the name of a type"},
    {"{\"type\":null}", "t/case.json#/type: is not the name of a type"},
    {"{\"type\":[\"string\"]}", "t/case.json#/type: is not one type and \"null\""},
    {"{\"type\":[\"string\",\"integer\"]}", "t/case.json#/type: is not one type and \"null\""},
    {"{\"type\":[\"null\",\"null\"]}", "t/case.json#/type: is not one type and \"null\""},
    {"{\"type\":[\"null\",\"string\",\"object\"]}", "t/case.json#/type: is not one type"},
    {"{\"type\":[\"null\",3]}", "t/case.json#/type: is not the name of a type"},

    {"{\"properties\":{}}", "t/case.json#/properties: needs the type object"},
    {"{\"type\":\"object\",\"properties\":[]}", "t/case.json#/properties: is not an object"},
    {"{\"type\":\"object\",\"properties\":{\"a\":1}}",
     "t/case.json#/properties/a: is not a schema"},
    {"{\"type\":\"object\",\"required\":[\"a\"]}",
     "t/case.json#/required: names a, which is not in properties"},
    {"{\"type\":\"object\",\"properties\":{\"a\":{}},\"required\":\"a\"}",
     "t/case.json#/required: is not a list of names"},
    {"{\"type\":\"object\",\"properties\":{\"a\":{}},\"required\":[1]}",
     "t/case.json#/required: is not a list of names"},
    {"{\"type\":\"object\",\"properties\":{\"a\":{}},\"required\":[\"a\",\"a\"]}",
     "t/case.json#/required: names a twice"},
    {"{\"type\":\"object\",\"additionalProperties\":true}",
     "t/case.json#/additionalProperties: can only be false"},
    {"{\"type\":\"object\",\"additionalProperties\":{}}",
     "t/case.json#/additionalProperties: can only be false"},

    {"{\"type\":\"object\",\"items\":{}}", "t/case.json#/items: needs the type array"},
    {"{\"type\":\"array\",\"items\":[{}]}", "t/case.json#/items: is not a schema"},
    {"{\"type\":\"array\",\"items\":{\"a\":1}}", "t/case.json#/items/a: is not a known keyword"},
    {"{\"type\":\"array\",\"minItems\":-1}", "t/case.json#/minItems: is not a count"},
    {"{\"type\":\"array\",\"minItems\":1.5}", "t/case.json#/minItems: is not a count"},
    {"{\"type\":\"array\",\"maxItems\":\"1\"}", "t/case.json#/maxItems: is not a count"},
    {"{\"type\":\"array\",\"maxItems\":4294967295}", "t/case.json#/maxItems: is not a count"},
    {"{\"type\":\"array\",\"maxItems\":1,\"minItems\":2}",
     "t/case.json#/maxItems: is below minItems"},
    {"{\"minItems\":1}", "t/case.json#/minItems: needs the type array"},

    {"{\"type\":\"integer\",\"maxLength\":1}", "t/case.json#/maxLength: needs the type string"},
    {"{\"type\":\"string\",\"maxLength\":null}", "t/case.json#/maxLength: is not a count"},
    {"{\"type\":\"string\",\"minLength\":-5}", "t/case.json#/minLength: is not a count"},
    {"{\"type\":\"string\",\"maxLength\":1,\"minLength\":2}",
     "t/case.json#/maxLength: is below minLength"},
    {"{\"enum\":[\"a\"]}", "t/case.json#/enum: needs the type string"},
    {"{\"type\":\"string\",\"enum\":[]}", "t/case.json#/enum: is not a list"},
    {"{\"type\":\"string\",\"enum\":\"a\"}", "t/case.json#/enum: is not a list"},
    {"{\"type\":\"string\",\"enum\":[\"a\",1]}", "t/case.json#/enum: is not of strings only"},
    {"{\"type\":\"string\",\"enum\":[\"a\",null]}", "t/case.json#/enum: is not of strings only"},
    {"{\"type\":\"string\",\"enum\":[\"a\",\"a\"]}", "t/case.json#/enum: has \"a\" twice"},
    {"{\"type\":\"string\",\"const\":1}", "t/case.json#/const: is not of strings only"},
    {"{\"type\":\"string\",\"const\":\"a\",\"enum\":[\"a\"]}",
     "t/case.json#/const: stands beside enum"},
    {"{\"type\":\"string\",\"format\":\"email\"}", "t/case.json#/format: is not a known format"},
    {"{\"type\":\"string\",\"format\":1}", "t/case.json#/format: is not a known format"},
    {"{\"type\":\"integer\",\"format\":\"uri\"}", "t/case.json#/format: needs the type string"},

    {"{\"type\":\"string\",\"minimum\":1}", "t/case.json#/minimum: needs the type number"},
    {"{\"type\":\"number\",\"minimum\":\"1\"}", "t/case.json#/minimum: is not a number"},
    {"{\"type\":\"number\",\"maximum\":true}", "t/case.json#/maximum: is not a number"},
    {"{\"type\":\"number\",\"maximum\":1,\"minimum\":2}", "t/case.json#/maximum: is below minimum"},
    {"{\"type\":\"number\",\"multipleOf\":0}", "t/case.json#/multipleOf: is not above 0"},
    {"{\"type\":\"number\",\"multipleOf\":-1}", "t/case.json#/multipleOf: is not above 0"},

    {"{\"$ref\":\"#/$defs/a\"}", "t/case.json#: there is no #/$defs/a"},
    {"{\"$ref\":\"common.json#/$defs/x\"}", "t/case.json#: there is no common.json#/$defs/x"},
    {"{\"$ref\":\"other.json#/$defs/t\"}", "t/case.json#: there is no other.json#/$defs/t"},
    {"{\"$ref\":\"common.json\"}", "t/case.json#: there is no common.json"},
    {"{\"$ref\":\"#/$defs/a/b\",\"$defs\":{\"a\":{}}}", "t/case.json#: has $defs beside $ref"},
    {"{\"$ref\":1}", "t/case.json#: $ref is not a string"},
    {"{\"type\":\"array\",\"items\":{\"$ref\":\"common.json#/$defs/t\",\"maxLength\":1}}",
     "t/case.json#/items: has maxLength beside $ref"},
    {"{\"$defs\":{\"a\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/a\"}}}}",
     "t/case.json#/$defs/a: refers to itself"},
    {"{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}}}",
     "t/case.json#/$defs/a: refers to itself"},
    {"{\"$defs\":{\"unused\":{\"typ\":1}}}", "t/case.json#/$defs/unused/typ: is not a known"},
    {"{\"$defs\":[]}", "t/case.json#/$defs: is not an object"},
    {"{\"type\":\"array\",\"items\":{\"$defs\":{}}}",
     "t/case.json#/items/$defs: is not at the root"},
};

Test(compile, refuses_what_it_does_not_understand_and_names_file_and_place)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		const struct refusal *r = &refusals[i];
		char *error = fixture_error(r->schema, COMMON);
		cr_expect(error && strncmp(error, r->error, strlen(r->error)) == 0,
			  "%s\n\texpected %s\n\tgot      %s", r->schema, r->error, error);
		free(error);
	}
	cr_expect_not(fixture_leaks());
}

Test(compile, refuses_a_fault_in_the_shared_definitions_at_its_own_place)
{
	static const struct refusal shared[] = {
	    {"{\"$defs\":{\"a\":{\"pattern\":\"\"}}}", "t/common.json#/$defs/a/pattern: is not"},
	    {"{\"$defs\":{\"a\":{\"$ref\":\"common.json#/$defs/a\"}}}",
	     "t/common.json#/$defs/a: there is no"},
	    {"{", "t/common.json: is not JSON"},
	};
	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
		char *error = fixture_error("{}", shared[i].schema);
		cr_expect(error && strncmp(error, shared[i].error, strlen(shared[i].error)) == 0,
			  "expected %s, got %s", shared[i].error, error);
		free(error);
	}
	cr_expect_not(fixture_leaks());
}

Test(compile, refuses_more_properties_than_it_has_bits_for)
{
	struct buf text = {0};
	buf_add_str(&text, "{\"type\":\"object\",\"properties\":{");
	for (int i = 0; i < 65; i++)
		buf_printf(&text, "%s\"p%d\":{}", i ? "," : "", i);
	buf_add_str(&text, "}}");
	char *error = fixture_error(text.data, NULL);
	cr_assert_str_eq(error, "t/case.json#/properties: has more than 64 properties");
	free(error);
	buf_free(&text);
}

Test(compile, a_folder_that_is_not_there_is_named)
{
	struct schema_set *set = NULL;
	char *error = NULL;
	cr_assert_lt(schema_load("/nonexistent/schemas", &set, &error), 0);
	cr_assert_str_eq(error, "/nonexistent/schemas: No such file or directory");
	cr_assert_null(set);
	free(error);
}
