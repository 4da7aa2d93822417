/* Objects as words for people: name=value, what is below a name by dots. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "busbarctl/live.h"
#include "json/json.h"

struct saying {
	struct ctl *ctl;
	struct buf text;
	const char *const *without; /* members that are not said, at the top */
};

static void say_object(struct saying *, const char *prefix, const struct bb_json *);

static bool is_object(const struct bb_json *v)
{
	return v->type == BB_JSON_OBJECT && !bb_json_get(v, "amount_minor");
}

/* Quoted where it would not be seen where it ends, or might steer a terminal. */
static void say_value(struct saying *s, const struct bb_json *v)
{
	const char *text = table_cell(s->ctl, v);
	bool plain = *text && (v->type != BB_JSON_STRING || !strpbrk(text, " \"=[];"));
	for (const char *c = text; *c && plain; c++)
		plain = (unsigned char)*c >= ' ' && *c != 0x7f;
	buf_add_str(&s->text, plain ? text : json_text(s->ctl->arena, v, NULL));
}

/* "[a=1 b=2; a=3]", or "1,2". */
static void say_list(struct saying *s, const struct bb_json *list)
{
	bool nested = false;
	for (uint32_t i = 0; i < list->len; i++)
		nested = nested || bb_json_count(&list->items[i]) || is_object(&list->items[i]);
	if (nested)
		buf_add_str(&s->text, "[");
	for (uint32_t i = 0; i < list->len; i++) {
		const struct bb_json *v = &list->items[i];
		if (i)
			buf_add_str(&s->text, nested ? "; " : ",");
		if (is_object(v))
			say_object(s, "", v);
		else if (v->type == BB_JSON_ARRAY)
			say_list(s, v);
		else
			say_value(s, v);
	}
	if (nested)
		buf_add_str(&s->text, "]");
}

static bool is_left_out(const struct saying *s, const char *name)
{
	for (const char *const *w = s->without; w && *w; w++)
		if (!strcmp(*w, name))
			return true;
	return false;
}

static void say_member(struct saying *s, const char *prefix, const struct bb_member *m)
{
	const struct bb_json *v = &m->value;
	if (v->type == BB_JSON_NULL || (!*prefix && is_left_out(s, m->key)))
		return;
	if (is_object(v)) {
		say_object(s, arena_printf(s->ctl->arena, "%s%s.", prefix, m->key), v);
		return;
	}
	if (s->text.len && !strchr("[ ", s->text.data[s->text.len - 1]))
		buf_add_str(&s->text, " ");
	buf_printf(&s->text, "%s%s=", prefix, m->key);
	if (v->type == BB_JSON_ARRAY)
		say_list(s, v);
	else
		say_value(s, v);
}

static void say_object(struct saying *s, const char *prefix, const struct bb_json *object)
{
	for (uint32_t i = 0; i < bb_json_count(object); i++)
		say_member(s, prefix, &object->members[i]);
}

const char *said(struct ctl *ctl, const struct bb_json *v, const char *const *without)
{
	struct saying s = {.ctl = ctl, .without = without};
	if (v && is_object(v))
		say_object(&s, "", v);
	else if (v && v->type == BB_JSON_ARRAY)
		say_list(&s, v);
	else if (v)
		say_value(&s, v);
	const char *text = bb_strndup(ctl->arena, s.text.len ? s.text.data : "", s.text.len);
	buf_free(&s.text);
	return text;
}
