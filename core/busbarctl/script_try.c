/* script check, try and diff: a local file, compiled and priced by the server, which stores
 * nothing. */
#include "busbarctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "busbarctl/progress.h"
#include "json/json.h"

/* The JSON in a file; NULL: printed why not. */
static const struct bb_json *json_file(struct ctl *ctl, const char *path)
{
	const struct bb_json *v;
	struct json_fault fault;
	size_t len;
	const char *text = ctl_file(ctl, path, &len);
	if (!text)
		return NULL;
	if (json_parse(ctl->arena, text, len, &v, &fault)) {
		ctl_complain("%s %s", path, fault.reason);
		return NULL;
	}
	return v;
}

static bool ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), n = strlen(end);
	return len >= n && !strcmp(s + len - n, end);
}

static void put_members(struct bb_builder *b, const struct bb_json *of)
{
	for (uint32_t i = 0; i < bb_json_count(of); i++)
		bb_put(b, of->members[i].key, of->members[i].value);
}

/* A file of JSON is a tariff as REST takes it, or a tariff object of OCPI. */
static bool put_json_tariff(struct ctl *ctl, struct bb_builder *b, const char *path)
{
	const struct bb_json *v = json_file(ctl, path);
	if (!v)
		return false;
	if (!bb_json_get(v, "elements")) {
		put_members(b, v);
		return true;
	}
	bb_put_str(b, "currency",
		   ctl->currency ? ctl->currency : bb_json_get_str(v, "currency", "EUR"));
	bb_put_str(b, "bundled", "ocpi");
	bb_put_json(b, "settings", v);
	return true;
}

/* The tariff of a file as REST takes it; NULL: printed why not. */
static const struct bb_json *tariff_of(struct ctl *ctl, const char *path)
{
	struct bb_builder b = bb_build(ctl->arena);
	if (ends_with(path, ".json"))
		return put_json_tariff(ctl, &b, path) ? bb_build_object(&b) : NULL;
	const char *source = ctl_file(ctl, path, NULL);
	const struct bb_json *settings = ctl->settings ? json_file(ctl, ctl->settings) : NULL;
	if (!source || (ctl->settings && !settings))
		return NULL;
	bb_put_str(&b, "currency", ctl->currency ? ctl->currency : "EUR");
	bb_put_str(&b, "source", source);
	if (settings)
		bb_put_json(&b, "settings", settings);
	return bb_build_object(&b);
}

static int post(struct ctl *ctl, const char *path, struct bb_builder *b, struct answer *ret)
{
	const char *body = json_text(ctl->arena, bb_build_object(b), NULL);
	return http_send(ctl, "POST", path, body, ret);
}

static struct bb_json money(struct ctl *ctl, int64_t minor, const char *currency)
{
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_int(&b, "amount_minor", minor);
	bb_put_str(&b, "currency", currency);
	return *bb_build_object(&b);
}

static void print_bill(struct ctl *ctl, const struct bb_json *bill)
{
	static const char *const columns[] = {
	    "kind", "description", "quantity", "unit", "unit_price_minor", "amount", "note", NULL};
	const struct bb_json *lines = bb_json_get(bill, "lines");
	const char *currency = bb_json_get_str(bill, "currency", "");
	struct bb_builder shown = bb_build(ctl->arena), total = bb_build(ctl->arena);
	for (uint32_t i = 0; i < bb_json_count(lines); i++) {
		struct bb_builder b = bb_build(ctl->arena);
		const struct bb_json *line = bb_json_at(lines, i);
		put_members(&b, line);
		bb_put(&b, "amount",
		       money(ctl, bb_json_get_int(line, "amount_minor", 0), currency));
		bb_push(&shown, *bb_build_object(&b));
	}
	if (bb_json_count(lines))
		table_print_list(ctl, bb_build_array(&shown), columns);
	bb_put(&total, "total", money(ctl, bb_json_get_int(bill, "total_minor", 0), currency));
	table_print_object(ctl, bb_build_object(&total));
}

/* Lua with a function price is a tariff; other Lua answers other hooks. */
static bool is_tariff(struct ctl *ctl, const char *path)
{
	if (script_is_folder(path) || !ends_with(path, ".lua"))
		return !script_is_folder(path);
	const char *source = ctl_file(ctl, path, NULL);
	return !source || strstr(source, "function price") || strstr(source, "price =");
}

/* Who has misspelt `price` is told what the file was taken for. */
static int check_hooks(struct ctl *ctl, const char *path)
{
	int status = script_would_load(ctl, path);
	if (status == CTL_REFUSED && !script_is_folder(path))
		fprintf(stderr,
			"  %s has no function price: it was not checked as a tariff, but as a "
			"script for hooks\n",
			path);
	return status;
}

/* A main.lua may have a price that is a hook's, and leaves most sessions to the tariff. */
static void complain_of_tariff(const char *path, const char *error)
{
	fprintf(stderr, "busbarctl: %s\n", error);
	if (ends_with(path, "main.lua"))
		fputs("  its function price was checked as a tariff's; script check FOLDER checks "
		      "hooks\n",
		      stderr);
}

int script_check(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	(void)count;
	if (!is_tariff(ctl, words[0]))
		return check_hooks(ctl, words[0]);
	const struct bb_json *tariff = tariff_of(ctl, words[0]);
	struct bb_builder b = bb_build(ctl->arena);
	if (!tariff)
		return CTL_USAGE;
	put_members(&b, tariff);
	int status = post(ctl, "/api/admin/tariffs/check", &b, &a);
	if (status)
		return status;
	bool valid = bb_json_bool(bb_json_get(a.body, "valid"), false);
	if (ctl->json)
		puts(a.text);
	else if (valid)
		print_bill(ctl, bb_json_get(a.body, "sample"));
	else
		complain_of_tariff(words[0], bb_json_get_str(a.body, "error", "is not valid"));
	return valid ? CTL_OK : CTL_REFUSED;
}

/* Which session; false: printed why not. */
static bool put_session(struct ctl *ctl, struct bb_builder *b)
{
	if (!ctl->session + !ctl->transaction + !ctl->example != 2) {
		ctl_complain("one of --session FILE, --transaction ID and --example NAME tells "
			     "the session");
		return false;
	}
	if (ctl->transaction && !is_number(ctl->transaction)) {
		ctl_complain("%s: a transaction is named by its id, a number", ctl->transaction);
		return false;
	}
	const struct bb_json *session = ctl->session ? json_file(ctl, ctl->session) : NULL;
	if (ctl->session && !session)
		return false;
	if (session)
		bb_put_json(b, "session", session);
	else if (ctl->example)
		bb_put_str(b, "example", ctl->example);
	else
		bb_put_int(b, "transaction_id", strtoll(ctl->transaction, NULL, 10));
	return true;
}

int script_try(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	(void)count;
	const struct bb_json *tariff = tariff_of(ctl, words[0]);
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_json(&b, "tariff", tariff);
	if (!tariff || !put_session(ctl, &b))
		return CTL_USAGE;
	int status = post(ctl, "/api/admin/tariffs/try", &b, &a);
	if (status)
		return status;
	if (ctl->json)
		puts(a.text);
	else
		print_bill(ctl, a.body);
	return CTL_OK;
}

/* A day is its beginning, in UTC. */
static const char *time_of(struct ctl *ctl, const char *text)
{
	return strlen(text) == 10 ? arena_printf(ctl->arena, "%sT00:00:00Z", text) : text;
}

static int diff_page(struct ctl *ctl, const struct bb_json *tariff, const char *cursor,
		     struct answer *ret)
{
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_int(&b, "tariff_id", strtoll(ctl->tariff, NULL, 10));
	bb_put_json(&b, "tariff", tariff);
	bb_put_int(&b, "limit", 100);
	if (ctl->from)
		bb_put_str(&b, "from", time_of(ctl, ctl->from));
	if (ctl->to)
		bb_put_str(&b, "to", time_of(ctl, ctl->to));
	if (cursor)
		bb_put_str(&b, "cursor", cursor);
	return post(ctl, "/api/admin/tariffs/diff", &b, ret);
}

struct sums {
	struct bb_builder items;
	int64_t sessions, errors, charged, would;
	const char *currency;
};

static void add_page(struct ctl *ctl, struct sums *s, const struct bb_json *page)
{
	const struct bb_json *items = bb_json_get(page, "items"), *t = bb_json_get(page, "totals");
	const struct bb_json *charged = bb_json_get(t, "charged");
	s->currency = bb_json_get_str(charged, "currency", "");
	s->sessions += bb_json_get_int(t, "sessions", 0);
	s->errors += bb_json_get_int(t, "errors", 0);
	s->charged += bb_json_get_int(charged, "amount_minor", 0);
	s->would += bb_json_get_int(bb_json_get(t, "would"), "amount_minor", 0);
	for (uint32_t i = 0; i < bb_json_count(items); i++) {
		struct bb_builder b = bb_build(ctl->arena);
		const struct bb_json *item = bb_json_at(items, i);
		const struct bb_json *difference = bb_json_get(item, "difference_minor");
		put_members(&b, item);
		if (bb_json_is(difference, BB_JSON_INT))
			bb_put(&b, "difference", money(ctl, difference->i, s->currency));
		bb_push(&s->items, *bb_build_object(&b));
	}
}

static void print_sums(struct ctl *ctl, struct sums *s)
{
	static const char *const columns[] = {"transaction_id", "started_at", "energy_wh",
					      "charged",        "would",      "difference",
					      "error",          NULL};
	struct bb_builder b = bb_build(ctl->arena);
	const struct bb_json *items = bb_build_array(&s->items);
	if (bb_json_count(items) && !ctl->json)
		table_print_list(ctl, items, columns);
	bb_put_int(&b, "sessions", s->sessions);
	bb_put_int(&b, "errors", s->errors);
	bb_put(&b, "charged", money(ctl, s->charged, s->currency));
	bb_put(&b, "would", money(ctl, s->would, s->currency));
	bb_put(&b, "difference", money(ctl, s->would - s->charged, s->currency));
	if (ctl->json) {
		bb_put_json(&b, "items", items);
		puts(json_text(ctl->arena, bb_build_object(&b), NULL));
	} else {
		table_print_object(ctl, bb_build_object(&b));
	}
}

int script_diff(struct ctl *ctl, char **words, size_t count)
{
	(void)count;
	if (!ctl->tariff)
		return ctl_complain("script diff needs --tariff TARIFF");
	const struct bb_json *tariff = tariff_of(ctl, words[0]);
	if (!tariff)
		return CTL_USAGE;
	int found;
	ctl->tariff = item_id(ctl, "/api/admin/tariffs", "name", "tariff", ctl->tariff, &found);
	if (!ctl->tariff)
		return found;
	struct sums s = {.items = bb_build(ctl->arena)};
	struct progress p = progress_begin(ctl, "sessions", false, 0);
	const char *cursor = NULL;
	do {
		struct answer a;
		int status = diff_page(ctl, tariff, cursor, &a);
		if (status)
			return status;
		add_page(ctl, &s, a.body);
		progress_at(&p, s.sessions);
		cursor = bb_json_get_str(a.body, "next_cursor", NULL);
	} while (cursor);
	progress_end(&p);
	print_sums(ctl, &s);
	return s.errors ? CTL_REFUSED : CTL_OK;
}
