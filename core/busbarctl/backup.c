/* backup and restore. */
#include "busbarctl/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/version.h"
#include "busbarctl/progress.h"
#include "json/json.h"

static const struct backup_engine *engine_of(const char *name)
{
	return !strcmp(name, backup_sqlite.name) ? &backup_sqlite : &backup_postgres;
}

/* The server makes the copy, and says of which engine and version it is. */
static int fetch(struct ctl *ctl, const char *path, struct manifest *m)
{
	struct received r = {.path = path, .what = "receiving"};
	int status = http_receive(ctl, "POST", "/api/admin/backup", &r);
	if (status)
		return status;
	if (!r.engine || !r.version) {
		ctl_complain("%s: this is no backup; is it a server of Busbar?", ctl->url);
		return CTL_UNREACHABLE;
	}
	m->engine = r.engine;
	m->version = r.version;
	return CTL_OK;
}

static int make_here(struct ctl *ctl, const char *path, struct manifest *m)
{
	struct storage s;
	int status = storage_read(ctl, ctl->config, &s);
	if (status)
		return status;
	m->engine = s.engine;
	m->version = BUSBAR_VERSION;
	return engine_of(s.engine)->copy(ctl, &s, path);
}

static int tell(struct ctl *ctl, const char *path, const struct manifest *m)
{
	if (!ctl->json) {
		printf("%s: %s, of %s, %s, version %s, %u migrations\n", path,
		       bytes_text(ctl->arena, m->bytes), m->created_at, m->engine, m->version,
		       bb_json_count(m->migrations));
		return CTL_OK;
	}
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_str(&b, "file", path);
	bb_put_str(&b, "engine", m->engine);
	bb_put_str(&b, "version", m->version);
	bb_put_str(&b, "created_at", m->created_at);
	bb_put_int(&b, "bytes", m->bytes);
	bb_put_str(&b, "sha256", m->sha256);
	bb_put_json(&b, "migrations", m->migrations);
	puts(json_text(ctl->arena, bb_build_object(&b), NULL));
	return CTL_OK;
}

static int make(struct ctl *ctl, const char *path, const char *copy)
{
	char now[CLOCK_TEXT_SIZE];
	clock_format(clock_now_ms(), now);
	struct manifest m = {.created_at = now};
	int status = ctl->config ? make_here(ctl, copy, &m) : fetch(ctl, copy, &m);
	if (!status)
		status = engine_of(m.engine)->check(ctl, copy, &m.migrations);
	if (!status)
		status = archive_write(ctl, path, copy, &m);
	return status ? status : tell(ctl, path, &m);
}

int backup_run(struct ctl *ctl, char **words, size_t count)
{
	(void)count;
	if (!access(words[0], F_OK)) {
		ctl_complain("%s is there already; a backup overwrites nothing", words[0]);
		return CTL_REFUSED;
	}
	const char *copy = scratch_new(ctl, words[0]);
	if (!copy)
		return CTL_REFUSED;
	int status = make(ctl, words[0], copy);
	scratch_drop(copy);
	return status;
}

/* A database of a newer version would not start here. */
static int check_version(struct ctl *ctl, const struct manifest *m)
{
	for (uint32_t i = 0; i < bb_json_count(m->migrations); i++) {
		const struct bb_json *one = bb_json_at(m->migrations, i);
		const char *owner = bb_json_get_str(one, "owner", "");
		const char *name = bb_json_get_str(one, "name", "");
		const char *file = ctl_installed(
		    ctl, arena_printf(ctl->arena, "share/busbar/sql/%s/%s.sql", owner, name));
		if (file && !access(file, R_OK))
			continue;
		ctl_complain("the backup is of version %s, and has the migration %s/%s, which is "
			     "not known here (version %s); install that version, with its plugins",
			     m->version, owner, name, BUSBAR_VERSION);
		return CTL_REFUSED;
	}
	return CTL_OK;
}

static int put_back(struct ctl *ctl, const char *archive, const struct manifest *m)
{
	struct storage s;
	bool used = false;
	const char *kept;
	int status = storage_read(ctl, ctl->config, &s);
	if (status)
		return status;
	if (strcmp(s.engine, m->engine) != 0) {
		ctl_complain("the backup is of the engine %s, and storage.engine is %s", m->engine,
			     s.engine);
		return CTL_REFUSED;
	}
	const struct backup_engine *engine = engine_of(s.engine);
	status = engine->look(ctl, &s, &used);
	if (!status && used && !ctl->force) {
		ctl_complain("there is a database already; with --force the backup takes its "
			     "place");
		return CTL_REFUSED;
	}
	if (!status)
		status = engine->replace(ctl, &s, archive, &kept);
	if (status || ctl->json)
		return status;
	puts("Restored; busbard may be started.");
	if (kept)
		printf("What was there is in %s.\n", kept);
	return CTL_OK;
}

int restore_run(struct ctl *ctl, char **words, size_t count)
{
	struct manifest m;
	(void)count;
	if (!ctl->config && !ctl->check)
		return ctl_complain("restore needs --config FILE, which says where the database "
				    "is; or --check, which only reads the backup");
	int status = archive_read(ctl, words[0], NULL, &m);
	if (!status)
		status = tell(ctl, words[0], &m);
	if (!status)
		status = check_version(ctl, &m);
	return status || ctl->check ? status : put_back(ctl, words[0], &m);
}
