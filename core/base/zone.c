#include "base/zone.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/civil.h"
#include "base/zone_rule.h"

#define SYSTEM_DIR "/usr/share/zoneinfo"
#define HEADER 44
#define DAY_S 86400
#define NAME_MOST 64

struct zone {
	char *name;
	size_t count; /* of transitions */
	int64_t *at;  /* UTC, ascending */
	uint8_t *type;
	size_t types;
	struct zone_offset *offset; /* by type; the first holds before the first transition */
	bool has_rule;
	struct zone_rule rule; /* from the last transition on */
	struct zone *next;
};

struct zones {
	char *dir;
	struct zone *first;
};

/* One data block of a file (RFC 8536): how many of each, and where it is. */
struct block {
	size_t isut, isstd, leap, times, types, chars;
	size_t time_size;
	const uint8_t *data, *end;
};

static uint64_t big_endian(const uint8_t *p, size_t size)
{
	uint64_t v = 0;
	while (size--)
		v = v << 8 | *p++;
	return v;
}

static size_t block_size(const struct block *b)
{
	return b->times * (b->time_size + 1) + b->types * 6 + b->chars +
	       b->leap * (b->time_size + 4) + b->isstd + b->isut;
}

static bool read_header(const uint8_t *p, size_t left, size_t time_size, struct block *b)
{
	if (left < HEADER || memcmp(p, "TZif", 4) != 0)
		return false;
	size_t *fields[] = {&b->isut, &b->isstd, &b->leap, &b->times, &b->types, &b->chars};
	for (size_t i = 0; i < 6; i++)
		*fields[i] = (size_t)big_endian(p + 20 + i * 4, 4);
	b->time_size = time_size;
	b->data = p + HEADER;
	if (block_size(b) > left - HEADER || !b->types || b->types > 256)
		return false;
	b->end = b->data + block_size(b);
	return true;
}

static bool read_block(const struct block *b, struct zone *z)
{
	const uint8_t *types = b->data + b->times * b->time_size;
	const uint8_t *offsets = types + b->times;
	z->count = b->times;
	z->at = mem_alloc((b->times + 1) * sizeof *z->at);
	z->type = mem_alloc(b->times + 1);
	z->types = b->types;
	z->offset = mem_alloc(b->types * sizeof *z->offset);
	for (size_t i = 0; i < b->times; i++) {
		z->at[i] = (int64_t)big_endian(b->data + i * b->time_size, b->time_size);
		z->type[i] = types[i];
		if (types[i] >= b->types || (i && z->at[i] <= z->at[i - 1]))
			return false;
	}
	for (size_t i = 0; i < b->types; i++)
		z->offset[i] = (struct zone_offset){(int32_t)big_endian(offsets + i * 6, 4),
						    offsets[i * 6 + 4] != 0};
	return true;
}

static void read_rule(const uint8_t *p, const uint8_t *end, struct zone *z)
{
	char text[128];
	const uint8_t *newline =
	    p < end && *p == '\n' ? memchr(p + 1, '\n', (size_t)(end - p - 1)) : NULL;
	size_t len = newline ? (size_t)(newline - p - 1) : 0;
	if (!len || len >= sizeof text)
		return;
	memcpy(text, p + 1, len);
	text[len] = '\0';
	z->has_rule = !zone_rule_parse(text, &z->rule);
}

/* Version 2 on: a block with 32-bit times, then all again with 64, then the rule. */
static bool read_zone(const struct buf *file, struct zone *z)
{
	const uint8_t *p = (const uint8_t *)file->data, *end = p + file->len;
	struct block b;
	if (!file->len || !read_header(p, file->len, 4, &b) || p[4] < '2' ||
	    !read_header(b.end, (size_t)(end - b.end), 8, &b) || !read_block(&b, z))
		return false;
	read_rule(b.end, end, z);
	return true;
}

static void zone_free(struct zone *z)
{
	free(z->name);
	free(z->at);
	free(z->type);
	free(z->offset);
	free(z);
}

struct zones *zones_new(const char *dir)
{
	struct zones *zones = mem_zalloc(sizeof *zones);
	zones->dir = mem_strdup(dir ? dir : SYSTEM_DIR);
	return zones;
}

void zones_free(struct zones *zones)
{
	if (!zones)
		return;
	while (zones->first) {
		struct zone *z = zones->first;
		zones->first = z->next;
		zone_free(z);
	}
	free(zones->dir);
	free(zones);
}

/* A name cannot lead out of the folder, and each file has one. */
static bool is_name(const char *s)
{
	size_t len = strlen(s);
	if (!len || len > NAME_MOST || !isalpha((unsigned char)*s) || strstr(s, "//"))
		return false;
	for (const char *p = s; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("_+-/", *p))
			return false;
	return s[len - 1] != '/';
}

static bool load(const struct zones *zones, const char *name, struct zone *z)
{
	struct buf path = {0}, file = {0};
	if (!strcmp(name, "UTC")) {
		z->offset = mem_zalloc(sizeof *z->offset);
		return true;
	}
	buf_printf(&path, "%s/%s", zones->dir, name);
	bool ok = !buf_read_file(&file, path.data) && read_zone(&file, z);
	buf_free(&path);
	buf_free(&file);
	return ok;
}

/* The latest one is first: whoever asks for all that there are makes no other's slow to find. */
static const struct zone *find(struct zones *zones, const char *name)
{
	struct zone **at = &zones->first, *z;
	while (*at && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	z = *at;
	if (z && z != zones->first) {
		*at = z->next;
		z->next = zones->first;
		zones->first = z;
	}
	return z;
}

const struct zone *zones_find(struct zones *zones, const char *name)
{
	const struct zone *known = find(zones, name);
	if (known)
		return known;
	if (!is_name(name))
		return NULL;
	struct zone *z = mem_zalloc(sizeof *z);
	if (!load(zones, name, z)) {
		zone_free(z);
		return NULL;
	}
	z->name = mem_strdup(name);
	z->next = zones->first;
	zones->first = z;
	return z;
}

static struct zone_offset offset_at(const struct zone *z, int64_t utc_s)
{
	size_t low = 0, high = z->count; /* the first transition after utc_s */
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (z->at[mid] <= utc_s)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == z->count && z->has_rule)
		return zone_rule_at(&z->rule, utc_s);
	return z->offset[low ? z->type[low - 1] : 0];
}

void zone_local(const struct zone *z, int64_t utc_s, struct zone_time *ret)
{
	struct zone_offset o = offset_at(z, utc_s);
	int64_t local = utc_s + o.seconds, days = local / DAY_S - (local % DAY_S < 0);
	int64_t rest = local - days * DAY_S, month, day;
	civil_date(days, &ret->year, &month, &day);
	ret->month = (int)month;
	ret->day = (int)day;
	ret->hour = (int)(rest / 3600);
	ret->minute = (int)(rest / 60 % 60);
	ret->second = (int)(rest % 60);
	ret->weekday = (int)(((days + 3) % 7 + 7) % 7) + 1;
	ret->offset_s = o.seconds;
	ret->dst = o.dst;
}

int64_t zone_utc(const struct zone *z, const struct zone_time *t)
{
	int64_t months = t->year * 12 + t->month - 1;
	int64_t year = months / 12 - (months % 12 < 0);
	int64_t days = civil_days(year, months - year * 12 + 1, 1) + t->day - 1;
	int64_t local = days * DAY_S + t->hour * 3600LL + t->minute * 60LL + t->second;
	int32_t before = offset_at(z, local - DAY_S).seconds;
	int32_t after = offset_at(z, local + DAY_S).seconds;
	if (offset_at(z, local - before).seconds == before)
		return local - before;
	if (offset_at(z, local - after).seconds == after)
		return local - after;
	return local - before;
}
