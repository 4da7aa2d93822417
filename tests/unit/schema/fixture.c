#include "fixture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

static void path_of(const struct fixture *f, const char *name, char out[128])
{
	snprintf(out, 128, "%s/t%s", f->dir, name);
}

static void write_file(const struct fixture *f, const char *name, const char *text)
{
	char path[128];
	path_of(f, name, path);
	FILE *file = fopen(path, "we");
	cr_assert_not_null(file, "%s", path);
	fputs(text, file);
	fclose(file);
}

void fixture_make(struct fixture *f, const char *schema, const char *common)
{
	char path[128];
	strcpy(f->dir, "/tmp/busbar-schema-XXXXXX");
	cr_assert_not_null(mkdtemp(f->dir));
	path_of(f, "", path);
	cr_assert_eq(mkdir(path, 0700), 0);
	write_file(f, "/case.json", schema);
	if (common)
		write_file(f, "/common.json", common);
}

void fixture_remove(struct fixture *f)
{
	static const char *const names[] = {"/case.json", "/common.json"};
	char path[128];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		path_of(f, names[i], path);
		unlink(path);
	}
	path_of(f, "", path);
	rmdir(path);
	rmdir(f->dir);
}

struct schema_set *fixture_load(const char *schema, const char *common)
{
	struct fixture f;
	struct schema_set *set = NULL;
	char *error = NULL;
	fixture_make(&f, schema, common);
	int err = schema_load(f.dir, &set, &error);
	fixture_remove(&f);
	cr_assert_eq(err, 0, "%s: %s", schema, error);
	return set;
}

char *fixture_error(const char *schema, const char *common)
{
	struct fixture f;
	struct schema_set *set = NULL;
	char *error = NULL;
	fixture_make(&f, schema, common);
	int err = schema_load(f.dir, &set, &error);
	fixture_remove(&f);
	if (!err) {
		schema_free(set);
		return NULL;
	}
	cr_assert_eq(err, -EINVAL);
	cr_assert_null(set);
	cr_assert_eq(strncmp(error, f.dir, strlen(f.dir)), 0, "%s", error);
	char *rest = mem_strdup(error + strlen(f.dir) + 1);
	free(error);
	return rest;
}

bool fixture_leaks(void)
{
#ifdef __SANITIZE_ADDRESS__
	return __lsan_do_recoverable_leak_check() != 0;
#else
	return false;
#endif
}

const struct bb_json *fixture_value(struct bb_arena *arena, const char *text)
{
	const struct bb_json *v = NULL;
	cr_assert_eq(json_parse(arena, text, strlen(text), &v, NULL), 0, "%s", text);
	return v;
}
