/* For development: a folder whose files are an operator's scripts, DIR/<operator>/<name>.lua. Files
 * that change become new versions and the active set; what does not load is told once, and what ran
 * before goes on. Folders are read on a thread. */
#include "change.h"

#include <dirent.h>
#include <sys/stat.h>

#define FILES_MOST 1000u
#define BYTES_MOST (1 << 20) /* of a file; the sandbox takes less */

struct file {
	const char *operator_id, *name, *text;
	size_t len;
};

/* What a look has found, by operator and name. */
struct look {
	struct scripts *plugin;
	struct bb_arena *arena;
	struct file *files;
	uint32_t count, next;
	int err;
};

/* The texts last given to an operator, good or not. */
struct seen {
	char *operator_id;
	uint32_t hash;
	struct seen *next;
};

struct watch {
	struct seen *seen;
	bool looking;
	int err; /* of the folder, told once */
};

static int by_name(const void *a, const void *b)
{
	const struct file *x = a, *y = b;
	int order = strcmp(x->operator_id, y->operator_id);
	return order ? order : strcmp(x->name, y->name);
}

static const char *read_file(struct look *l, const char *path, size_t *ret_len)
{
	struct stat st;
	FILE *f = fopen(path, "re");
	if (!f)
		return NULL;
	char *text = NULL;
	if (!fstat(fileno(f), &st) && S_ISREG(st.st_mode) && st.st_size <= BYTES_MOST) {
		text = bb_alloc(l->arena, (size_t)st.st_size + 1);
		*ret_len = fread(text, 1, (size_t)st.st_size, f);
		text[*ret_len] = '\0';
		*ret_len = strlen(text);
	}
	fclose(f);
	return text;
}

static void read_operator(struct look *l, const char *dir, const char *operator_id)
{
	DIR *d = opendir(dir);
	if (!d)
		return;
	for (struct dirent *e; (e = readdir(d)) && l->count < FILES_MOST;) {
		size_t len = strlen(e->d_name);
		if (e->d_name[0] == '.' || len < 5 || strcmp(e->d_name + len - 4, ".lua") != 0)
			continue;
		struct file *f = &l->files[l->count];
		f->text = read_file(l, bb_printf(l->arena, "%s/%s", dir, e->d_name), &f->len);
		if (!f->text)
			continue;
		f->operator_id = operator_id;
		f->name = bb_strndup(l->arena, e->d_name, len - 4);
		l->count++;
	}
	closedir(d);
}

/* On a thread. */
static void read_all(void *arg)
{
	struct look *l = arg;
	const char *top = l->plugin->cfg->watch;
	DIR *d = opendir(top);
	l->err = d ? 0 : errno;
	l->files = bb_alloc(l->arena, FILES_MOST * sizeof *l->files);
	for (struct dirent *e; d && (e = readdir(d));)
		if (e->d_name[0] != '.')
			read_operator(l, bb_printf(l->arena, "%s/%s", top, e->d_name),
				      bb_strdup(l->arena, e->d_name));
	if (d)
		closedir(d);
	qsort(l->files, l->count, sizeof *l->files, by_name);
}

static void over(struct look *l)
{
	l->plugin->watch->looking = false;
	l->plugin->api->arena_free(l->arena);
}

static void next_operator(struct look *l);

/* What could not be stored is tried again at the next look. */
static void forget(struct watch *w, const char *operator_id)
{
	for (struct seen *s = w->seen; s; s = s->next)
		if (!strcmp(s->operator_id, operator_id))
			s->hash = 0;
}

static void on_changed(struct change *c)
{
	struct look *l = c->arg;
	const struct scripts *p = l->plugin;
	if (c->status)
		p->api->log(p->me, BB_ERROR,
			    "the files of %s/%s are not loaded, what ran before goes on: %s",
			    p->cfg->watch, c->operator_id, c->text);
	else if (c->changed)
		p->api->log(p->me, BB_INFO, "loaded %s/%s as activation %lld", p->cfg->watch,
			    c->operator_id, (long long)c->number);
	if (c->status && strcmp(c->status, "422") != 0)
		forget(p->watch, c->operator_id);
	next_operator(l);
}

static const struct bb_json *files_json(const struct look *l, uint32_t from, uint32_t to,
					uint32_t *ret_hash)
{
	struct bb_builder list = bb_build(l->arena);
	*ret_hash = 0;
	for (uint32_t i = from; i < to; i++) {
		const struct file *f = &l->files[i];
		struct bb_builder b = bb_build(l->arena);
		struct bb_json source = {.type = BB_JSON_STRING, .len = (uint32_t)f->len};
		source.s = f->text;
		bb_put_str(&b, "name", f->name);
		bb_put(&b, "source", source);
		bb_push(&list, *bb_build_object(&b));
		*ret_hash = *ret_hash * 31 + bb_json_hash(f->name, strlen(f->name));
		*ret_hash = *ret_hash * 31 + bb_json_hash(f->text, f->len);
	}
	return bb_build_array(&list);
}

/* Have they been given in before? */
static bool is_seen(struct watch *w, const char *operator_id, uint32_t hash)
{
	struct seen *s = w->seen;
	while (s && strcmp(s->operator_id, operator_id) != 0)
		s = s->next;
	if (s && s->hash == hash)
		return true;
	if (!s) {
		s = calloc(1, sizeof *s);
		if (!s || !(s->operator_id = strdup(operator_id)))
			abort();
		s->next = w->seen;
		w->seen = s;
	}
	s->hash = hash;
	return false;
}

static void next_operator(struct look *l)
{
	while (l->next < l->count) {
		uint32_t from = l->next, hash;
		const char *operator_id = l->files[from].operator_id;
		while (l->next < l->count && !strcmp(l->files[l->next].operator_id, operator_id))
			l->next++;
		const struct bb_json *files = files_json(l, from, l->next, &hash);
		if (is_seen(l->plugin->watch, operator_id, hash))
			continue;
		struct change *c = change_new(l->plugin, l->arena, operator_id, "watch");
		c->files = files;
		c->replace = c->store = c->activate = true;
		c->done = on_changed;
		c->arg = l;
		change_run(c);
		return;
	}
	over(l);
}

static void on_read(void *arg)
{
	struct look *l = arg;
	const struct scripts *p = l->plugin;
	if (l->err && l->err != p->watch->err)
		p->api->log(p->me, BB_WARN, "the folder %s cannot be read: %s", p->cfg->watch,
			    strerror(l->err));
	p->watch->err = l->err;
	next_operator(l);
}

void watch_look(struct scripts *p)
{
	if (!p->watch || p->watch->looking)
		return;
	struct bb_arena *a = p->api->arena_new();
	struct look *l = bb_zalloc(a, sizeof *l);
	*l = (struct look){.plugin = p, .arena = a};
	p->watch->looking = true;
	if (p->api->offload(p->me, read_all, on_read, l) < 0)
		over(l);
}

int watch_start(struct scripts *p)
{
	if (*p->cfg->watch && !(p->watch = calloc(1, sizeof *p->watch)))
		return -ENOMEM;
	return 0;
}

void watch_free(struct scripts *p)
{
	while (p->watch && p->watch->seen) {
		struct seen *s = p->watch->seen;
		p->watch->seen = s->next;
		free(s->operator_id);
		free(s);
	}
	free(p->watch);
}
