/* A set of scripts out of those that are active, new texts and other versions. */
#include "change.h"

bool refuse(struct change *c, const char *status, const char *path, const char *rule)
{
	c->status = status;
	c->path = path;
	c->rule = rule;
	c->text = path ? bb_printf(c->arena, "%s %s", path, rule) : rule;
	return false;
}

const struct item *set_find(const struct change *c, const char *name)
{
	for (uint32_t i = 0; i < c->count; i++)
		if (!strcmp(c->items[i].name, name))
			return &c->items[i];
	return NULL;
}

static const struct known *known_find(const struct change *c, const char *name)
{
	for (uint32_t i = 0; i < c->known_count; i++)
		if (!strcmp(c->known[i].name, name))
			return &c->known[i];
	return NULL;
}

static void put(struct change *c, struct item item)
{
	for (uint32_t i = 0; i < c->count; i++)
		if (!strcmp(c->items[i].name, item.name)) {
			c->items[i] = item;
			return;
		}
	c->items[c->count++] = item;
}

static bool is_name(const char *name)
{
	size_t len = strlen(name);
	return len && len <= 64 && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

/* The same text is the same version, unless the script was deleted. */
static struct item item_of(const struct change *c, const char *name, const struct bb_json *source)
{
	const struct known *k = known_find(c, name);
	struct item item = {name, source->s, source->len, 0};
	if (k && !k->deleted && k->len == source->len && !memcmp(k->source, source->s, source->len))
		item.version = k->version;
	return item;
}

static bool put_files(struct change *c)
{
	for (uint32_t i = 0; i < bb_json_count(c->files); i++) {
		const struct bb_json *file = bb_json_at(c->files, i);
		const struct bb_json *source = bb_json_get(file, "source");
		const char *name = bb_json_get_str(file, "name", "");
		const char *path = bb_printf(c->arena, "scripts[%u].name", i);
		if (!is_name(name))
			return refuse(c, "422", path,
				      "is not made of small letters, digits and underscores");
		for (uint32_t k = 0; k < i; k++)
			if (!strcmp(bb_json_get_str(bb_json_at(c->files, k), "name", ""), name))
				return refuse(c, "422", path, "is there twice");
		put(c, item_of(c, name, source));
	}
	return true;
}

static bool put_versions(struct change *c)
{
	for (uint32_t i = 0; i < bb_json_count(c->versions); i++) {
		const struct bb_json *v = bb_json_at(c->versions, i);
		const char *name = bb_json_get_str(v, "name", "");
		const struct known *k = known_find(c, name);
		if (!k)
			return refuse(c, "422", bb_printf(c->arena, "versions[%u].name", i),
				      "names no script");
		put(c, (struct item){k->name, NULL, 0, bb_json_get_int(v, "version", k->version)});
	}
	return true;
}

static void put_active(struct change *c)
{
	for (uint32_t i = 0; i < c->known_count; i++) {
		const struct known *k = &c->known[i];
		if (k->active_version && !(c->removed && !strcmp(c->removed, k->name)))
			put(c, (struct item){k->name, k->active_source, k->active_len,
					     k->active_version});
	}
}

bool compose(struct change *c)
{
	uint32_t most = c->known_count + bb_json_count(c->files) + bb_json_count(c->versions);
	if (c->rollback)
		return true;
	c->items = bb_alloc(c->arena, (most + 1) * sizeof *c->items);
	c->count = 0;
	if (!c->replace)
		put_active(c);
	if (!put_files(c) || !put_versions(c))
		return false;
	if (c->removed && !set_find(c, "main"))
		c->count = 0;
	if (c->count > SET_MOST)
		return refuse(c, "422", "scripts", "are more than 100");
	return true;
}
