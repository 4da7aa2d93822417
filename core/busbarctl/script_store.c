/* script push, activate, rollback, ...: operators' scripts on the server. */
#include "busbarctl/ctl.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "json/json.h"

#define SCRIPTS "/api/admin/scripts"

/* The file's name without .lua is the script's. */
static bool push_file(struct ctl *ctl, struct bb_builder *list, const char *path)
{
	size_t len;
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t n = strlen(name);
	if (n > 4 && !strcmp(name + n - 4, ".lua"))
		n -= 4;
	const char *text = ctl_file(ctl, path, &len);
	if (!text)
		return false;
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_str(&b, "name", bb_strndup(ctl->arena, name, n));
	bb_put_str(&b, "source", text);
	bb_push(list, *bb_build_object(&b));
	return true;
}

static int is_lua(const struct dirent *e)
{
	size_t len = strlen(e->d_name);
	return e->d_name[0] != '.' && len > 4 && !strcmp(e->d_name + len - 4, ".lua");
}

static bool push_folder(struct ctl *ctl, struct bb_builder *list, const char *dir)
{
	struct dirent **files;
	int n = scandir(dir, &files, is_lua, alphasort);
	bool good = n > 0;
	if (n <= 0)
		ctl_complain("%s: %s", dir, n < 0 ? strerror(errno) : "there is no .lua file");
	for (int i = 0; i < n; i++) {
		good = good && push_file(ctl, list,
					 arena_printf(ctl->arena, "%s/%s", dir, files[i]->d_name));
		free(files[i]);
	}
	if (n >= 0)
		free(files);
	return good;
}

bool script_is_folder(const char *path)
{
	struct stat st;
	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* What the body of a push, or of a check, has of a file or a folder. */
static bool put_files(struct ctl *ctl, struct bb_builder *b, const char *path)
{
	bool folder = script_is_folder(path);
	struct bb_builder list = bb_build(ctl->arena);
	if (folder ? !push_folder(ctl, &list, path) : !push_file(ctl, &list, path))
		return false;
	bb_put_json(b, "scripts", bb_build_array(&list));
	if (folder)
		bb_put_bool(b, "replace", true);
	return true;
}

int script_would_load(struct ctl *ctl, const char *path)
{
	struct bb_builder b = bb_build(ctl->arena);
	return put_files(ctl, &b, path) ? item_send(ctl, "POST", SCRIPTS "/check", &b)
					: CTL_REFUSED;
}

int script_push(struct ctl *ctl, char **words, size_t count)
{
	struct bb_builder b = bb_build(ctl->arena);
	if (!put_files(ctl, &b, words[0]))
		return CTL_REFUSED;
	if (!fields_put(ctl, &b, words + 1, count - 1))
		return CTL_USAGE;
	return item_send(ctl, "POST", SCRIPTS, &b);
}

/* The path of the script of that name, or of that id; NULL: printed why not, and `ret` is set. */
static const char *path_of(struct ctl *ctl, const char *name, int *ret)
{
	const char *id = item_id(ctl, SCRIPTS, "name", "script", name, ret);
	return id ? arena_printf(ctl->arena, SCRIPTS "/%s", id) : NULL;
}

int script_show(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	int status;
	const char *path = path_of(ctl, words[0], &status);
	if (!path)
		return status;
	if (count == 2)
		path = bb_url_item(ctl->arena, arena_printf(ctl->arena, "%s/versions", path),
				   words[1], "");
	status = http_send(ctl, "GET", path, NULL, &a);
	if (!status)
		fputs(ctl->json ? a.text : bb_json_get_str(a.body, "source", ""), stdout);
	return status;
}

int script_remove(struct ctl *ctl, char **words, size_t count)
{
	struct answer a;
	int status;
	(void)count;
	const char *path = path_of(ctl, words[0], &status);
	return path ? http_send(ctl, "DELETE", path, NULL, &a) : status;
}

int script_list(struct ctl *ctl, char **words, size_t count)
{
	static const char *const columns[] = {
	    "id", "operator_id", "name", "version", "active_version", "updated_at", NULL};
	return resource_list(ctl, SCRIPTS, columns, words, count);
}

int script_versions(struct ctl *ctl, char **words, size_t count)
{
	static const char *const columns[] = {"version", "created_at", "created_by", "note", NULL};
	int status;
	const char *path = path_of(ctl, words[0], &status);
	if (!path)
		return status;
	path = arena_printf(ctl->arena, "%s/versions", path);
	return resource_list(ctl, path, columns, words + 1, count - 1);
}

int script_activations(struct ctl *ctl, char **words, size_t count)
{
	static const char *const columns[] = {"operator_id", "number",     "origin", "hooks",
					      "created_at",  "created_by", "note",   NULL};
	return resource_list(ctl, SCRIPTS "/activations", columns, words, count);
}

int script_failures(struct ctl *ctl, char **words, size_t count)
{
	static const char *const columns[] = {"operator_id", "hook", "count",  "last_at",
					      "script",      "line", "detail", NULL};
	return resource_list(ctl, SCRIPTS "/failures", columns, words, count);
}

/* NAME or NAME=VERSION; false: the version is no number. */
static bool push_version(struct ctl *ctl, struct bb_builder *list, const char *word)
{
	const char *equal = strchr(word, '=');
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_str(&b, "name", equal ? bb_strndup(ctl->arena, word, (size_t)(equal - word)) : word);
	if (equal) {
		char *end;
		long long version = strtoll(equal + 1, &end, 10);
		if (*end || end == equal + 1) {
			ctl_complain("%s: the version is a number", word);
			return false;
		}
		bb_put_int(&b, "version", version);
	}
	bb_push(list, *bb_build_object(&b));
	return true;
}

int script_activate(struct ctl *ctl, char **words, size_t count)
{
	struct bb_builder b = bb_build(ctl->arena), list = bb_build(ctl->arena);
	for (size_t i = 0; i < count; i++) {
		if (strstr(words[i], ":=") ? !fields_put(ctl, &b, &words[i], 1)
					   : !push_version(ctl, &list, words[i]))
			return CTL_USAGE;
	}
	bb_put_json(&b, "versions", bb_build_array(&list));
	return item_send(ctl, "POST", SCRIPTS "/activate", &b);
}

int script_deactivate(struct ctl *ctl, char **words, size_t count)
{
	struct bb_builder b = bb_build(ctl->arena), none = bb_build(ctl->arena);
	bb_put_json(&b, "versions", bb_build_array(&none));
	bb_put_bool(&b, "replace", true);
	if (!fields_put(ctl, &b, words, count))
		return CTL_USAGE;
	return item_send(ctl, "POST", SCRIPTS "/activate", &b);
}

int script_rollback(struct ctl *ctl, char **words, size_t count)
{
	struct bb_builder b = bb_build(ctl->arena);
	size_t taken = count && !words[0][strspn(words[0], "0123456789")];
	if (taken)
		bb_put_int(&b, "number", strtoll(words[0], NULL, 10));
	if (!fields_put(ctl, &b, words + taken, count - taken))
		return CTL_USAGE;
	return item_send(ctl, "POST", SCRIPTS "/rollback", &b);
}
