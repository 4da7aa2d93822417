#include "mime.h"

#include <stdbool.h>
#include <time.h>

#define LINE_MOST 76
#define WORD_BYTES 39 /* of text in an encoded word: 52 of base64, 64 with what is around */
#define FOLD_AT 60

static const char hex[] = "0123456789ABCDEF";

static bool is_plain(const char *s)
{
	for (; *s; s++)
		if (*s < ' ' || *s == 0x7f || (*s & 0x80))
			return false;
	return true;
}

static const char *without_controls(struct bb_arena *a, const char *s)
{
	char *copy = bb_strdup(a, s);
	for (char *c = copy; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	return copy;
}

static char *base64(char *to, const unsigned char *from, size_t len)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < len; i += 3) {
		unsigned long v = (unsigned long)from[i] << 16;
		v |= i + 1 < len ? (unsigned long)from[i + 1] << 8 : 0;
		v |= i + 2 < len ? from[i + 2] : 0;
		*to++ = digits[v >> 18 & 63];
		*to++ = digits[v >> 12 & 63];
		*to++ = i + 1 < len ? digits[v >> 6 & 63] : '=';
		*to++ = i + 2 < len ? digits[v & 63] : '=';
	}
	return to;
}

static char *put(char *to, const char *s)
{
	size_t len = strlen(s);
	memcpy(to, s, len);
	return to + len;
}

/* As much as fits into one word, whole characters only. */
static size_t word_len(const char *s)
{
	size_t len = strlen(s);
	if (len <= WORD_BYTES)
		return len;
	for (len = WORD_BYTES; len > WORD_BYTES - 4 && (s[len] & 0xc0) == 0x80; len--)
		;
	return len;
}

/* Plain text is folded at blanks, so that no line is too long. */
static const char *fold(struct bb_arena *a, const char *s)
{
	char *out = bb_alloc(a, 3 * strlen(s) + 1), *to = out;
	size_t line = 0;
	for (; *s; s++, line++) {
		if (*s == ' ' && line > FOLD_AT && s[1] && s[1] != ' ') {
			to = put(to, "\r\n");
			line = 0;
		}
		*to++ = *s;
	}
	*to = '\0';
	return out;
}

static bool has_long_word(const char *s)
{
	for (; *s; s += strspn(s, " ")) {
		size_t len = strcspn(s, " ");
		if (len > LINE_MOST)
			return true;
		s += len;
	}
	return false;
}

const char *mime_words(struct bb_arena *a, const char *text)
{
	const char *s = without_controls(a, text);
	if (is_plain(s) && !strstr(s, "=?") && !has_long_word(s))
		return fold(a, s);
	size_t len = strlen(s);
	char *out = bb_alloc(a, len * 2 + (len / (WORD_BYTES - 3) + 2) * 20), *to = out;
	while (*s) {
		size_t n = word_len(s);
		to = put(to, to == out ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		to = base64(to, (const unsigned char *)s, n);
		to = put(to, "?=");
		s += n;
	}
	*to = '\0';
	return out;
}

/* How many bytes a line end takes at `s`; 0: there is none. */
static size_t line_end(const char *s)
{
	return s[0] == '\r' && s[1] == '\n' ? 2 : s[0] == '\n' || s[0] == '\r' ? 1 : 0;
}

const char *mime_quoted(struct bb_arena *a, const char *s)
{
	size_t len = strlen(s);
	char *out = bb_alloc(a, 4 * len + len / 8 + 8), *to = out;
	size_t line = 0;
	while (*s) {
		size_t end = line_end(s);
		if (end) {
			to = put(to, "\r\n");
			line = 0;
			s += end;
			continue;
		}
		unsigned char c = (unsigned char)*s++;
		bool last = !*s || line_end(s), blank = c == ' ' || c == '\t';
		bool as_is = (c > ' ' && c < 0x7f && c != '=') || (blank && !last);
		if (line + (as_is ? 1 : 3) > LINE_MOST - 1) {
			to = put(to, "=\r\n");
			line = 0;
		}
		if (as_is) {
			*to++ = (char)c;
			line++;
			continue;
		}
		*to++ = '=';
		*to++ = hex[c >> 4];
		*to++ = hex[c & 15];
		line += 3;
	}
	*to = '\0';
	return out;
}

/* A name in front of an address: a quoted string, or encoded words. */
static const char *phrase(struct bb_arena *a, const char *name)
{
	const char *s = without_controls(a, name);
	if (!is_plain(s) || strlen(s) > FOLD_AT)
		return mime_words(a, s);
	char *out = bb_alloc(a, 2 * strlen(s) + 3), *to = out;
	*to++ = '"';
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			*to++ = '\\';
		*to++ = *s;
	}
	*to++ = '"';
	*to = '\0';
	return out;
}

static const char *date(struct bb_arena *a, int64_t at_s)
{
	static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t t = (time_t)at_s;
	struct tm tm;
	gmtime_r(&t, &tm);
	return bb_printf(a, "%s, %02d %s %d %02d:%02d:%02d +0000", days[tm.tm_wday], tm.tm_mday,
			 months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static const char *part(struct bb_arena *a, const char *type, const char *text)
{
	return bb_printf(a,
			 "Content-Type: text/%s; charset=utf-8\r\n"
			 "Content-Transfer-Encoding: quoted-printable\r\n\r\n%s\r\n",
			 type, mime_quoted(a, text));
}

static const char *body(struct bb_arena *a, const struct mime_mail *m)
{
	if (!m->html)
		return part(a, "plain", m->text);
	return bb_printf(a,
			 "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n"
			 "--%s\r\n%s--%s\r\n%s--%s--\r\n",
			 m->boundary, m->boundary, part(a, "plain", m->text), m->boundary,
			 part(a, "html", m->html), m->boundary);
}

const char *mime_write(struct bb_arena *a, const struct mime_mail *m, size_t *ret_len)
{
	const char *from = m->from_name && *m->from_name
			       ? bb_printf(a, "%s\r\n <%s>", phrase(a, m->from_name), m->from)
			       : m->from;
	const char *text = bb_printf(a,
				     "From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\n"
				     "Message-ID: <%s>\r\nAuto-Submitted: auto-generated\r\n"
				     "MIME-Version: 1.0\r\n%s",
				     from, without_controls(a, m->to), mime_words(a, m->subject),
				     date(a, m->at_s), without_controls(a, m->id), body(a, m));
	*ret_len = strlen(text);
	return text;
}
