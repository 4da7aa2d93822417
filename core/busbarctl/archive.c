#include "busbarctl/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "busbarctl/progress.h"
#include "json/json.h"

/* A header of tar (POSIX.1-1988, ustar). Numbers are octal digits; a size that needs more than
 * eleven of them is written in base 256, as GNU tar does and everybody reads. */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100],
	    magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == 512, "a block");

#define BLOCK 512
#define PIECE (1 << 20)
#define MANIFEST "manifest.json"
#define MANIFEST_MOST (4 << 20)
#define FORMAT 1

static int fail(const char *path)
{
	ctl_complain("%s: %s", path, strerror(errno));
	return CTL_REFUSED;
}

static bool write_all(int fd, const void *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = (const char *)bytes + n;
		len -= (size_t)n;
	}
	return true;
}

static bool read_all(int fd, void *bytes, size_t len)
{
	while (len) {
		ssize_t n = read(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = (char *)bytes + n;
		len -= (size_t)n;
	}
	return true;
}

static unsigned sum_of(const struct header *h)
{
	const unsigned char *bytes = (const unsigned char *)h;
	unsigned sum = 0;
	for (size_t i = 0; i < sizeof *h; i++) {
		bool own = i >= offsetof(struct header, sum) &&
			   i < offsetof(struct header, sum) + sizeof h->sum;
		sum += own ? ' ' : bytes[i];
	}
	return sum;
}

static void put_size(char out[12], int64_t size)
{
	if (size < (INT64_C(1) << 33)) {
		char digits[24];
		snprintf(digits, sizeof digits, "%011llo", (unsigned long long)size);
		memcpy(out, digits, 12);
		return;
	}
	memset(out, 0, 12);
	out[0] = (char)0x80;
	for (int i = 11; i > 3; i--, size >>= 8)
		out[i] = (char)(size & 0xff);
}

static int64_t size_of(const char size[12])
{
	int64_t v = 0;
	if (size[0] & (char)0x80) {
		for (int i = 4; i < 12; i++)
			v = v << 8 | (unsigned char)size[i];
		return v;
	}
	for (int i = 0; i < 12 && size[i] >= '0' && size[i] <= '7'; i++)
		v = v * 8 + (size[i] - '0');
	return v;
}

static struct header header_of(const char *name, int64_t size, int64_t mtime)
{
	struct header h = {.mode = "0000600",
			   .uid = "0000000",
			   .gid = "0000000",
			   .type = '0',
			   .magic = "ustar",
			   .version = {'0', '0'}};
	char digits[24];
	memcpy(h.name, name, strlen(name));
	put_size(h.size, size);
	snprintf(digits, sizeof digits, "%011llo", (unsigned long long)mtime);
	memcpy(h.mtime, digits, 12);
	snprintf(digits, sizeof digits, "%06o", sum_of(&h));
	memcpy(h.sum, digits, 7);
	h.sum[7] = ' ';
	return h;
}

static size_t padding(int64_t size)
{
	return (size_t)(-size & (BLOCK - 1));
}

static const char *hex(struct bb_arena *a, EVP_MD_CTX *md)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	EVP_DigestFinal_ex(md, digest, &len);
	char *text = bb_alloc(a, 2 * (size_t)len + 1);
	for (unsigned i = 0; i < len; i++)
		sprintf(text + 2 * (size_t)i, "%02x", digest[i]);
	return text;
}

/* Copies `size` bytes and tells their SHA-256; `to` -1: only that. errno 0: the input ends early.
 */
static bool copy_hashed(struct ctl *ctl, const char *what, int from, int to, int64_t size,
			const char **ret_sha256)
{
	struct progress p = progress_begin(ctl, what, true, size);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	char *piece = bb_alloc(ctl->arena, PIECE);
	bool ok = md && EVP_DigestInit_ex(md, EVP_sha256(), NULL);
	for (int64_t at = 0; ok && at < size;) {
		size_t len = size - at < PIECE ? (size_t)(size - at) : PIECE;
		errno = 0;
		ok = read_all(from, piece, len) && EVP_DigestUpdate(md, piece, len) &&
		     (to < 0 || write_all(to, piece, len));
		at += (int64_t)len;
		progress_at(&p, at);
	}
	progress_end(&p);
	if (ok)
		*ret_sha256 = hex(ctl->arena, md);
	EVP_MD_CTX_free(md);
	return ok;
}

static const char *manifest_text(struct ctl *ctl, const struct manifest *m, const char *file)
{
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_int(&b, "format", FORMAT);
	bb_put_str(&b, "engine", m->engine);
	bb_put_str(&b, "version", m->version);
	bb_put_str(&b, "created_at", m->created_at);
	bb_put_str(&b, "file", file);
	bb_put_int(&b, "bytes", m->bytes);
	bb_put_str(&b, "sha256", m->sha256);
	bb_put_json(&b, "migrations", m->migrations);
	return arena_printf(ctl->arena, "%s\n", json_text(ctl->arena, bb_build_object(&b), NULL));
}

static const char *file_of(const char *engine)
{
	return !strcmp(engine, backup_sqlite.name) ? backup_sqlite.file : backup_postgres.file;
}

static bool write_members(struct ctl *ctl, int fd, int data, struct manifest *m, int64_t mtime)
{
	static const char zeros[2 * BLOCK];
	const char *file = file_of(m->engine);
	struct header h = header_of(file, m->bytes, mtime);
	if (lseek(data, 0, SEEK_SET) < 0 || !write_all(fd, &h, sizeof h) ||
	    !copy_hashed(ctl, "writing", data, fd, m->bytes, &m->sha256) ||
	    !write_all(fd, zeros, padding(m->bytes)))
		return false;
	const char *text = manifest_text(ctl, m, file);
	int64_t len = (int64_t)strlen(text);
	h = header_of(MANIFEST, len, mtime);
	return write_all(fd, &h, sizeof h) && write_all(fd, text, (size_t)len) &&
	       write_all(fd, zeros, padding(len)) && write_all(fd, zeros, sizeof zeros) &&
	       !fsync(fd);
}

const char *folder_of(struct ctl *ctl, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return ".";
	return slash == path ? "/" : bb_strndup(ctl->arena, path, (size_t)(slash - path));
}

bool sync_folder_of(struct ctl *ctl, const char *path)
{
	int fd = open(folder_of(ctl, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && !fsync(fd);
	if (fd >= 0)
		close(fd);
	return ok;
}

static int put_part(struct ctl *ctl, const char *part, int fd, int data, struct manifest *m)
{
	struct stat st;
	struct manifest again;
	if (fstat(data, &st))
		return fail(part);
	m->bytes = st.st_size;
	if (!write_members(ctl, fd, data, m, st.st_mtime))
		return fail(part);
	return archive_read(ctl, part, NULL, &again);
}

int archive_write(struct ctl *ctl, const char *path, const char *data, struct manifest *m)
{
	const char *part = scratch_new(ctl, path);
	if (!part)
		return CTL_REFUSED;
	int from = open(data, O_RDONLY | O_CLOEXEC), to = open(part, O_WRONLY | O_CLOEXEC);
	int status = from < 0 || to < 0 ? fail(data) : put_part(ctl, part, to, from, m);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	/* What has come there meanwhile is not overwritten. */
	if (!status && link(part, path))
		status = fail(path);
	scratch_drop(part);
	if (!status && !sync_folder_of(ctl, path))
		status = fail(path);
	return status;
}

static int not_whole(const char *path, const char *what)
{
	ctl_complain("%s: %s", path, what);
	return CTL_REFUSED;
}

/* The header of the next member; its size, -1: it is none of ours. */
static int64_t next_member(int fd, struct header *h)
{
	if (!read_all(fd, h, sizeof *h) || memcmp(h->magic, "ustar", 5) != 0 ||
	    strtoul(h->sum, NULL, 8) != sum_of(h) || !memchr(h->name, '\0', sizeof h->name))
		return -1;
	return size_of(h->size);
}

static bool skip(int fd, size_t len)
{
	char unused[BLOCK];
	return read_all(fd, unused, len);
}

static const struct bb_json *read_manifest(struct ctl *ctl, int fd)
{
	struct header h;
	const struct bb_json *v;
	int64_t size = next_member(fd, &h);
	if (size < 0 || size > MANIFEST_MOST || strcmp(h.name, MANIFEST) != 0)
		return NULL;
	char *text = bb_alloc(ctl->arena, (size_t)size + 1);
	if (!read_all(fd, text, (size_t)size) ||
	    json_parse(ctl->arena, text, (size_t)size, &v, NULL) || !bb_json_is(v, BB_JSON_OBJECT))
		return NULL;
	return v;
}

static int take_manifest(const char *path, const struct bb_json *v, const char *file, int64_t size,
			 const char *sha256, struct manifest *ret)
{
	*ret = (struct manifest){
	    .engine = bb_json_get_str(v, "engine", ""),
	    .version = bb_json_get_str(v, "version", "?"),
	    .created_at = bb_json_get_str(v, "created_at", "?"),
	    .sha256 = bb_json_get_str(v, "sha256", ""),
	    .migrations = bb_json_get(v, "migrations"),
	    .bytes = bb_json_get_int(v, "bytes", -1),
	};
	if (bb_json_get_int(v, "format", 0) != FORMAT)
		return not_whole(path, "is a backup of a form that this version does not know");
	if (strcmp(ret->engine, backup_sqlite.name) && strcmp(ret->engine, backup_postgres.name))
		return not_whole(path, "is a backup of an engine that this version does not know");
	if (strcmp(file, file_of(ret->engine)) || ret->bytes != size || strcmp(ret->sha256, sha256))
		return not_whole(path, "is damaged: the copy in it is not what its manifest says");
	return CTL_OK;
}

static int read_members(struct ctl *ctl, const char *path, int fd, int out, struct manifest *ret)
{
	struct header h;
	const char *sha256;
	int64_t size = next_member(fd, &h);
	if (size < 0)
		return not_whole(path, "is no backup of Busbar");
	if (!copy_hashed(ctl, out < 0 ? "checking" : "reading", fd, out, size, &sha256))
		return errno ? fail(path) : not_whole(path, "is not whole");
	const struct bb_json *v = skip(fd, padding(size)) ? read_manifest(ctl, fd) : NULL;
	if (!v)
		return not_whole(path, "is not whole: it has no manifest");
	return take_manifest(path, v, bb_strdup(ctl->arena, h.name), size, sha256, ret);
}

int archive_read(struct ctl *ctl, const char *path, const char *out, struct manifest *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), to = -1;
	if (fd < 0)
		return fail(path);
	if (out && (to = open(out, O_WRONLY | O_CLOEXEC)) < 0) {
		close(fd);
		return fail(out);
	}
	int status = read_members(ctl, path, fd, to, ret);
	if (!status && to >= 0 && fsync(to))
		status = fail(out);
	if (to >= 0)
		close(to);
	close(fd);
	return status;
}
