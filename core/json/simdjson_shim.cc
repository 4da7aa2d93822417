// simdjson's document is on a tape that the next parse overwrites; it is copied into the arena as
// <busbar/json.h> has it, and what simdjson lets through but the contract refuses is refused here.
#include "json/simdjson_shim.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include <simdjson.h>

#include "json/json.h"

namespace
{
namespace dom = simdjson::dom;

struct reader {
	dom::parser parser;
	std::unique_ptr<char[]> padded;
	size_t cap = 0;

	const char *pad(const char *text, size_t len)
	{
		if (cap < len + simdjson::SIMDJSON_PADDING) {
			cap = 2 * len + 4096;
			padded.reset(new char[cap]());
		}
		if (len)
			memcpy(padded.get(), text, len);
		memset(padded.get() + len, 0, simdjson::SIMDJSON_PADDING);
		return padded.get();
	}
};

// A reason of NULL means that all is well.
const char *copy(bb_arena *, dom::element, unsigned depth, bb_json *out);

const char *copy_string(bb_arena *arena, std::string_view from, const char **ret, uint32_t *ret_len)
{
	if (memchr(from.data(), 0, from.size()))
		return "has U+0000 in a string";
	*ret = bb_strndup(arena, from.data(), from.size());
	*ret_len = static_cast<uint32_t>(from.size());
	return nullptr;
}

const char *copy_array(bb_arena *arena, const dom::array &from, unsigned depth, bb_json *out)
{
	const size_t count = from.size();
	auto *items = static_cast<bb_json *>(bb_alloc(arena, count * sizeof(bb_json)));
	out->len = static_cast<uint32_t>(count);
	out->items = items;
	for (dom::element item : from)
		if (const char *reason = copy(arena, item, depth, items++))
			return reason;
	return nullptr;
}

const char *copy_object(bb_arena *arena, const dom::object &from, unsigned depth, bb_json *out)
{
	const size_t count = from.size();
	auto *members = static_cast<bb_member *>(bb_alloc(arena, count * sizeof(bb_member)));
	out->len = static_cast<uint32_t>(count);
	out->members = members;
	for (dom::key_value_pair field : from) {
		bb_member *m = members++;
		if (const char *reason = copy_string(arena, field.key, &m->key, &m->key_len))
			return reason;
		m->hash = bb_json_hash(m->key, m->key_len);
		if (const char *reason = copy(arena, field.value, depth, &m->value))
			return reason;
	}
	return members_unique(arena, out->members, out->len) ? nullptr
							     : "has a member twice in one object";
}

const char *copy(bb_arena *arena, dom::element from, unsigned depth, bb_json *out)
{
	*out = bb_json{};
	switch (from.type()) {
	case dom::element_type::NULL_VALUE:
		out->type = BB_JSON_NULL;
		return nullptr;
	case dom::element_type::BOOL:
		out->type = BB_JSON_BOOL;
		out->b = from.get_bool().value_unsafe();
		return nullptr;
	case dom::element_type::INT64:
		out->type = BB_JSON_INT;
		out->i = from.get_int64().value_unsafe();
		return nullptr;
	case dom::element_type::UINT64:
		out->type = BB_JSON_REAL;
		out->f = static_cast<double>(from.get_uint64().value_unsafe());
		return nullptr;
	case dom::element_type::DOUBLE:
		out->type = BB_JSON_REAL;
		out->f = from.get_double().value_unsafe();
		return nullptr;
	case dom::element_type::STRING:
		out->type = BB_JSON_STRING;
		return copy_string(arena, from.get_string().value_unsafe(), &out->s, &out->len);
	case dom::element_type::ARRAY:
		out->type = BB_JSON_ARRAY;
		if (depth == JSON_MAX_DEPTH)
			return "is nested too deeply";
		return copy_array(arena, from.get_array().value_unsafe(), depth + 1, out);
	case dom::element_type::OBJECT:
		out->type = BB_JSON_OBJECT;
		if (depth == JSON_MAX_DEPTH)
			return "is nested too deeply";
		return copy_object(arena, from.get_object().value_unsafe(), depth + 1, out);
	}
	return "is not JSON";
}

const char *reason_of(simdjson::error_code code)
{
	switch (code) {
	case simdjson::EMPTY:
		return "is empty";
	case simdjson::UTF8_ERROR:
		return "is not UTF-8";
	case simdjson::DEPTH_ERROR:
		return "is nested too deeply";
	case simdjson::STRING_ERROR:
		return "has a malformed string";
	case simdjson::UNCLOSED_STRING:
		return "has a string without an end";
	case simdjson::UNESCAPED_CHARS:
		return "has a control character in a string";
	case simdjson::NUMBER_ERROR:
		return "has a malformed number";
	default:
		return "is not JSON: a comma, colon, bracket or value is missing or too many";
	}
}
// noexcept: an exception, which only a lack of memory can raise, ends the process.
int parse(bb_arena *arena, const char *text, size_t len, const bb_json **ret,
	  const char **ret_reason) noexcept
{
	thread_local reader own;
	dom::element root;
	const auto code = own.parser.parse(own.pad(text, len), len, false).get(root);
	if (code != simdjson::SUCCESS) {
		*ret_reason = reason_of(code);
		return code == simdjson::NUMBER_ERROR ? -ERANGE : -EINVAL;
	}
	auto *tree = static_cast<bb_json *>(bb_alloc(arena, sizeof(bb_json)));
	if (const char *reason = copy(arena, root, 0, tree)) {
		*ret_reason = reason;
		return -EINVAL;
	}
	*ret = tree;
	return 0;
}
} // namespace

int simdjson_shim_parse(bb_arena *arena, const char *text, size_t len, const bb_json **ret,
			const char **ret_reason)
{
	return parse(arena, text, len, ret, ret_reason);
}

size_t simdjson_shim_real(double f, char out[32])
{
	return static_cast<size_t>(std::to_chars(out, out + 32, f).ptr - out);
}
