/* The folders of schemas, loaded and compiled. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "schema/compile.h"
#include "schema/schema.h"
#include "schema/validate.h"
#include "json/json.h"

#define COMMON_FILE "common.json"
#define SUFFIX ".json"

struct schema_set {
	struct bb_arena *arena;
	struct schema *schemas; /* malloc'd, by name */
	size_t count, cap;
	struct read *read; /* the files, the last first */
};

struct read {
	const char *name;
	const struct bb_json *document;
	struct read *next;
};

/* What loading needs; the compiler forgets its definitions from folder to folder. */
struct loader {
	struct schema_set *set;
	struct compiler compiler;
	const char *dir;
};

static int fail(struct loader *l, const char *file, const char *reason)
{
	l->compiler.error = arena_printf(l->set->arena, "%s: %s", file, reason);
	return -EINVAL;
}

/* "rest/common" of DIR/rest/common.json */
static const char *name_of(struct bb_arena *arena, const char *dir, const char *file)
{
	const char *name = file + strlen(dir) + 1;
	return bb_strndup(arena, name, strlen(name) - sizeof SUFFIX + 1);
}

static int read_source(struct loader *l, const char *file, const struct source *common,
		       const struct source **ret)
{
	struct source *source = (struct source *)bb_alloc(l->set->arena, sizeof *source);
	*source = (struct source){.file = file, .common = common};
	struct buf text = {0};
	struct json_fault fault = {0};
	int err = buf_read_file(&text, file);
	if (err)
		fail(l, file, strerror(-err));
	else if (json_parse(l->set->arena, text.data, text.len, &source->document, &fault) < 0)
		err = fail(l, file, fault.reason);
	buf_free(&text);
	if (err)
		return err;
	struct read *read = (struct read *)bb_alloc(l->set->arena, sizeof *read);
	*read = (struct read){name_of(l->set->arena, l->dir, file), source->document, l->set->read};
	l->set->read = read;
	*ret = source;
	return 0;
}

static int compile_source(struct loader *l, const struct source *source, const struct node **ret)
{
	const struct place root = {.source = source};
	return compile_schema(&l->compiler, &root, source->document, ret);
}

static void add_schema(struct schema_set *set, struct schema schema)
{
	if (set->count == set->cap) {
		set->cap = set->cap ? 2 * set->cap : 128;
		set->schemas = mem_realloc(set->schemas, set->cap * sizeof *set->schemas);
	}
	set->schemas[set->count++] = schema;
}

static int load_file(struct loader *l, const char *folder, const char *name,
		     const struct source *common)
{
	struct bb_arena *arena = l->set->arena;
	const struct source *source;
	const char *file = arena_printf(arena, "%s/%s/%s", l->dir, folder, name);
	struct schema schema = {.name = name_of(arena, l->dir, file)};
	int err = read_source(l, file, common, &source);
	if (!err)
		err = compile_source(l, source, &schema.root);
	if (err)
		return err;
	schema.document = ref_resolve(arena, source);
	add_schema(l->set, schema);
	return 0;
}

/* Loaded first; that there is none is no failure. */
static int load_common(struct loader *l, const char *folder, const struct source **ret)
{
	const char *file = arena_printf(l->set->arena, "%s/%s/" COMMON_FILE, l->dir, folder);
	const struct node *unused;
	int err = read_source(l, file, NULL, ret);
	if (err == -ENOENT) {
		l->compiler.error = NULL;
		return 0;
	}
	return err ? err : compile_source(l, *ret, &unused);
}

static int is_schema(const struct dirent *e)
{
	size_t len = strlen(e->d_name);
	return e->d_name[0] != '.' && len > sizeof SUFFIX - 1 &&
	       !strcmp(e->d_name + len - sizeof SUFFIX + 1, SUFFIX) &&
	       strcmp(e->d_name, COMMON_FILE) != 0;
}

static int is_folder(const struct dirent *e)
{
	return e->d_name[0] != '.' && e->d_type != DT_REG;
}

/* Calls `load` for each entry of a folder, by name. */
static int each_entry(struct loader *l, const char *path, int (*wanted)(const struct dirent *),
		      int (*load)(struct loader *, const char *name, void *ctx), void *ctx)
{
	struct dirent **entries;
	int count = scandir(path, &entries, wanted, alphasort);
	if (count < 0)
		return fail(l, path, strerror(errno));
	int err = 0;
	for (int i = 0; i < count; i++) {
		if (!err)
			err = load(l, entries[i]->d_name, ctx);
		free(entries[i]);
	}
	free(entries);
	return err;
}

struct folder {
	const char *name;
	const struct source *common;
};

static int load_entry(struct loader *l, const char *name, void *ctx)
{
	const struct folder *f = (const struct folder *)ctx;
	return load_file(l, f->name, name, f->common);
}

static int load_folder(struct loader *l, const char *name, void *ctx)
{
	(void)ctx;
	struct folder folder = {.name = bb_strdup(l->set->arena, name)};
	l->compiler.definitions = NULL;
	int err = load_common(l, folder.name, &folder.common);
	if (err)
		return err;
	const char *path = arena_printf(l->set->arena, "%s/%s", l->dir, folder.name);
	return each_entry(l, path, is_schema, load_entry, &folder);
}

static int by_name(const void *left, const void *right)
{
	const struct schema *a = (const struct schema *)left, *b = (const struct schema *)right;
	return strcmp(a->name, b->name);
}

int schema_load(const char *dir, struct schema_set **ret, char **ret_error)
{
	struct schema_set *set = mem_zalloc(sizeof *set);
	set->arena = arena_new(256 << 10);
	struct loader l = {.set = set, .compiler = {.arena = set->arena}, .dir = dir};
	int err = each_entry(&l, dir, is_folder, load_folder, NULL);
	if (err) {
		*ret_error = mem_strdup(l.compiler.error);
		schema_free(set);
		return err;
	}
	if (set->count)
		qsort(set->schemas, set->count, sizeof *set->schemas, by_name);
	*ret = set;
	return 0;
}

int schema_make(struct bb_arena *arena, const char *name, const struct bb_json *document,
		const struct schema **ret, char **ret_error)
{
	struct compiler compiler = {.arena = arena};
	struct source *source = (struct source *)bb_alloc(arena, sizeof *source);
	struct schema *schema = (struct schema *)bb_alloc(arena, sizeof *schema);
	*source = (struct source){.file = name, .document = document};
	*schema = (struct schema){.name = name, .document = document};
	const struct place root = {.source = source};
	if (compile_schema(&compiler, &root, document, &schema->root)) {
		*ret_error = mem_strdup(compiler.error);
		return -EINVAL;
	}
	*ret = schema;
	return 0;
}

void schema_free(struct schema_set *set)
{
	if (!set)
		return;
	arena_free(set->arena);
	free(set->schemas);
	free(set);
}

const struct schema *schema_find(const struct schema_set *set, const char *name)
{
	const struct schema key = {.name = name};
	if (!set->count)
		return NULL;
	return (const struct schema *)bsearch(&key, set->schemas, set->count, sizeof key, by_name);
}

const struct schema *schema_at(const struct schema_set *set, size_t i)
{
	return i < set->count ? &set->schemas[i] : NULL;
}

const char *schema_name(const struct schema *s)
{
	return s->name;
}

const struct bb_json *schema_source(const struct schema_set *set, const char *name)
{
	const struct read *r = set->read;
	while (r && strcmp(r->name, name) != 0)
		r = r->next;
	return r ? r->document : NULL;
}

const struct bb_json *schema_list_item(const struct bb_json *document)
{
	const struct bb_json *members = bb_json_get(document, "properties");
	const struct bb_json *item = bb_json_get(bb_json_get(members, "items"), "items");
	return bb_json_get(item, "properties") && bb_json_get(members, "next_cursor") ? item : NULL;
}

const struct bb_json *schema_document(const struct schema *s)
{
	return s->document;
}
