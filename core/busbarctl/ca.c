/* ca init: the files of a private authority. Nothing that is there is overwritten, and what could
 * not be finished is taken away again. */
#include "busbarctl/authority.h"
#include "busbarctl/ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "json/json.h"

#define ORGANIZATION_MOST 64 /* characters; X.520 */

static const struct file {
	const char *name, *option; /* option: of ocpp16_security */
	size_t identity;           /* in struct authority */
	bool secret;
} files[] = {
    {"ca.pem", "ca_certificate", offsetof(struct authority, root), false},
    {"ca.key", "ca_key", offsetof(struct authority, root), true},
    {"firmware.pem", "signing_certificate", offsetof(struct authority, firmware), false},
    {"firmware.key", "signing_key", offsetof(struct authority, firmware), true},
};
#define FILES (sizeof files / sizeof *files)

static const char *path_of(struct ctl *ctl, const char *dir, const char *name)
{
	return arena_printf(ctl->arena, "%s/%s", dir, name);
}

/* Is none of the files there? */
static bool is_free(struct ctl *ctl, const char *dir)
{
	bool none = true;
	for (size_t i = 0; i < FILES; i++) {
		struct stat st;
		const char *path = path_of(ctl, dir, files[i].name);
		if (!lstat(path, &st)) {
			ctl_complain("%s is there already; nothing was made", path);
			none = false;
		} else if (errno != ENOENT) {
			ctl_complain("%s: %s", path, strerror(errno));
			return false;
		}
	}
	return none;
}

static bool sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && !fsync(fd);
	int err = errno;
	if (fd >= 0)
		close(fd);
	errno = err;
	return ok;
}

static bool put(FILE *f, const struct identity *i, bool secret)
{
	errno = EIO; /* unless a write says more */
	return (secret ? PEM_write_PKCS8PrivateKey(f, i->key, NULL, NULL, 0, NULL, NULL)
		       : PEM_write_X509(f, i->certificate)) &&
	       !fflush(f) && !fsync(fileno(f));
}

/* False: nothing is left of it, and errno says why. */
static bool write_file(const char *path, const struct identity *identity, bool secret)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, secret ? 0600 : 0644);
	if (fd < 0)
		return false;
	FILE *f = fdopen(fd, "w");
	bool ok = f && put(f, identity, secret);
	int err = errno;
	if (f)
		fclose(f);
	else
		close(fd);
	if (!ok)
		unlink(path);
	errno = err;
	return ok;
}

static bool write_files(struct ctl *ctl, const char *dir, const struct authority *a)
{
	size_t made = 0;
	const char *path = dir;
	for (; made < FILES; made++) {
		const struct file *file = &files[made];
		path = path_of(ctl, dir, file->name);
		if (!write_file(path, (const void *)((const char *)a + file->identity),
				file->secret))
			break;
	}
	if (made == FILES && sync_folder(path = dir))
		return true;
	ctl_complain("%s: %s; nothing was made", path, strerror(errno));
	while (made)
		unlink(path_of(ctl, dir, files[--made].name));
	return false;
}

/* As `dir`, but good in any folder. */
static const char *absolute(struct ctl *ctl, const char *dir)
{
	char *real = realpath(dir, NULL);
	const char *copy = bb_strdup(ctl->arena, real ? real : dir);
	free(real);
	return copy;
}

static bool write_all(struct ctl *ctl, const char *dir, const struct authority *a)
{
	bool made = !mkdir(dir, 0700);
	if (!made && errno != EEXIST) {
		ctl_complain("%s: %s", dir, strerror(errno));
		return false;
	}
	if (!write_files(ctl, dir, a)) {
		if (made)
			rmdir(dir);
		return false;
	}
	if (made && !sync_folder(arena_printf(ctl->arena, "%s/..", dir)))
		ctl_complain("the folder above %s: %s; all was made, but may not last", dir,
			     strerror(errno));
	return true;
}

static void complain_of_openssl(void)
{
	const char *why = ERR_reason_error_string(ERR_get_error());
	ctl_complain("OpenSSL: %s", why ? why : "failed");
}

static bool make(struct ctl *ctl, const char *dir, const char *organization)
{
	struct authority a;
	bool ok = authority_make(&a, organization);
	if (!ok)
		complain_of_openssl();
	ok = ok && write_all(ctl, dir, &a);
	authority_free(&a);
	return ok;
}

/* As a text of Lua. */
static const char *quoted(struct ctl *ctl, const char *text)
{
	struct buf b = {0};
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < ' ')
			buf_printf(&b, "\\%03d", c);
		else
			buf_printf(&b, strchr("\"\\", c) ? "\\%c" : "%c", c);
	}
	const char *copy = arena_printf(ctl->arena, "\"%s\"", b.data ? b.data : "");
	buf_free(&b);
	return copy;
}

static void tell_json(struct ctl *ctl, const char *dir)
{
	struct bb_builder b = bb_build(ctl->arena);
	for (size_t i = 0; i < FILES; i++)
		bb_put_str(&b, files[i].option, path_of(ctl, dir, files[i].name));
	puts(json_text(ctl->arena, bb_build_object(&b), NULL));
}

static void tell(struct ctl *ctl, const char *dir)
{
	puts("Made. For the configuration file:\n\nocpp16_security = {");
	for (size_t i = 0; i < FILES; i++)
		printf("  %s = %s,\n", files[i].option,
		       quoted(ctl, path_of(ctl, dir, files[i].name)));
	puts("}\n\nThe user that the server runs as must own the .key files; nobody else may read\n"
	     "them. Keep a copy: without them a new authority is needed.\n\n"
	     "The server trusts the chargers whose certificates ca.pem has signed; no more is to\n"
	     "be set for that. POST /api/admin/chargers/{id}/install-certificate gives ca.pem to\n"
	     "a charger: as ManufacturerRootCertificate, so that it takes firmware signed here;\n"
	     "as CentralSystemRootCertificate, if it checks who signed its own certificate.");
}

static bool is_organization(const char *text)
{
	size_t len = strlen(text);
	return len && utf8_valid(text, len) && utf8_count(text, len) <= ORGANIZATION_MOST;
}

int ca_init(struct ctl *ctl, char **words, size_t count)
{
	const char *dir = words[0], *organization = count == 2 ? words[1] : NULL;
	if (!*dir)
		return ctl_complain("ca init needs a folder");
	if (organization && !is_organization(organization))
		return ctl_complain("the organization must be a text of 1 to 64 characters");
	if (!is_free(ctl, dir) || !make(ctl, dir, organization))
		return CTL_REFUSED;
	dir = absolute(ctl, dir);
	if (ctl->json)
		tell_json(ctl, dir);
	else
		tell(ctl, dir);
	return CTL_OK;
}
