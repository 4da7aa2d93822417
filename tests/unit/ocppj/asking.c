#include "ocppj/asking.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "json/json.h"

struct bb_arena *arena;
struct wire cp1;

void asking_setup(void)
{
	stage_setup();
	arena = arena_new(0);
}

void asking_teardown(void)
{
	stage_teardown();
	arena_free(arena);
}

void asking_start(void)
{
	stage_start();
	stage_connect(&cp1, "CP1");
}

void asking_end(void)
{
	wire_close(&cp1);
}

static void on_end(const struct bb_command *c, void *arg)
{
	cr_assert_eq(arg, &s);
	if (!c->ended) {
		cr_expect_str_eq(c->state, "queued");
		s.stored_count++;
		return;
	}
	s.ended_count++;
	buf_clear(&s.ended);
	buf_printf(&s.ended, "%s %s %s", c->state,
		   c->response ? json_text(arena, c->response, NULL) : "-",
		   c->error_code ? c->error_code : "-");
}

const struct bb_json *parse(const char *text)
{
	const struct bb_json *v;
	cr_assert_eq(json_parse(arena, text, strlen(text), &v, NULL), 0);
	return v;
}

int ask_with(struct bb_ask ask, const char **ret_id)
{
	ask.requested_by = "tester";
	return ocppj_ask(s.ocppj, "plugin", &ask, arena, ret_id, NULL, on_end, &s);
}

const char *ask(const char *action, const char *payload)
{
	const char *id = NULL;
	cr_assert_eq(ask_with((struct bb_ask){.charge_point_id = "CP1",
					      .action = action,
					      .payload = parse(payload)},
			      &id),
		     0);
	cr_assert_eq(strlen(id), 26);
	return id;
}

int ask_for(const char *action, const char *payload)
{
	const char *id;
	return ask_with(
	    (struct bb_ask){.charge_point_id = "CP1", .action = action, .payload = parse(payload)},
	    &id);
}

const char *ask_reset(void)
{
	return ask("Reset", "{\"type\":\"Soft\"}");
}

void expect_command(const char *action, const char *payload, const char *id)
{
	char expected[512];
	snprintf(expected, sizeof expected, "[2,\"%s\",\"%s\",%s]", id, action, payload);
	expect_text(&cp1, expected);
}

void answer(const char *id, const char *rest)
{
	char text[512];
	snprintf(text, sizeof text, "[3,\"%s\",%s]", id, rest);
	wire_message(&cp1, text);
}

bool has_ended(void)
{
	return s.ended_count > 0;
}

void expect_end(const char *how)
{
	stage_until(has_ended);
	cr_assert_str_eq(s.ended.data, how);
	s.ended_count = 0;
}

void expect_row(const char *fmt, const char *id)
{
	char needle[256];
	snprintf(needle, sizeof needle, fmt, id);
	cr_assert(stage_has_row(needle), "no %s in %s", needle, s.rows.data);
}

const char *ask_queued(uint32_t ms)
{
	const char *id = NULL;
	cr_assert_eq(ask_with((struct bb_ask){.charge_point_id = "CP1",
					      .action = "ClearCache",
					      .payload = parse("{}"),
					      .deadline_ms = ms,
					      .queue = true},
			      &id),
		     0);
	return id;
}
