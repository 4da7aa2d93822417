#define _GNU_SOURCE /* memmem, strcasestr */
#include "multipart.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { BEFORE, DELIMITER_END, DASH, LINE_END, HEAD, BODY, AFTER };

/* The value of a header's parameter, unquoted; false if it has none. */
static bool parameter(const char *text, const char *name, char *out, size_t size)
{
	const char *at = strcasestr(text, name);
	while (at && at > text && !strchr("; \t", at[-1]))
		at = strcasestr(at + 1, name);
	if (!at)
		return false;
	at += strlen(name);
	bool quoted = *at == '"';
	at += quoted;
	size_t n = 0;
	for (; *at && (quoted ? *at != '"' : !strchr("; \t\r\n", *at)); at++) {
		if (quoted && at[0] == '\\' && (at[1] == '"' || at[1] == '\\'))
			at++;
		if (n + 1 < size)
			out[n++] = *at;
	}
	out[n] = '\0';
	return true;
}

bool multipart_begin(struct multipart *m, const char *content_type)
{
	char boundary[BOUNDARY_MOST + 2];
	memset(m, 0, sizeof *m);
	if (!content_type || strncasecmp(content_type, "multipart/form-data", 19) != 0 ||
	    !parameter(content_type, "boundary=", boundary, sizeof boundary) || !*boundary ||
	    strlen(boundary) > BOUNDARY_MOST)
		return false;
	m->delimiter_len =
	    (size_t)snprintf(m->delimiter, sizeof m->delimiter, "\r\n--%s", boundary);
	m->matched = 2; /* the first one may be the first line */
	return true;
}

/* One line of a part's head; they end with CR LF, all of them. */
static bool disposition(const char *head, const char **ret)
{
	static const char name[] = "Content-Disposition:";
	for (const char *line = head; line && *line; line = strstr(line, "\r\n")) {
		line += strspn(line, "\r\n");
		if (!strncasecmp(line, name, sizeof name - 1)) {
			*ret = line + sizeof name - 1;
			return true;
		}
	}
	return false;
}

static int end_head(struct multipart *m)
{
	const char *line;
	m->head[m->head_len] = '\0';
	m->head_len = 0;
	m->state = BODY;
	m->wanted = false;
	if (!disposition(m->head, &line))
		return -EBADMSG;
	char only[PART_HEAD_MOST];
	snprintf(only, sizeof only, "%.*s", (int)strcspn(line, "\r"), line);
	char name[FILE_NAME_SIZE];
	if (!parameter(only, "filename=", name, sizeof name))
		return 0;
	if (m->found)
		return -EEXIST;
	m->found = m->wanted = true;
	memcpy(m->name, name, sizeof name);
	return 0;
}

static int on_head(struct multipart *m, char c)
{
	if (m->head_len + 1 >= sizeof m->head)
		return -EBADMSG;
	m->head[m->head_len++] = c;
	bool empty = m->head_len == 2 && !memcmp(m->head, "\r\n", 2);
	if (empty || (m->head_len >= 4 && !memcmp(m->head + m->head_len - 4, "\r\n\r\n", 4)))
		return end_head(m);
	return 0;
}

/* What follows a delimiter: two dashes at the end of all, or the end of its line. */
static int after_delimiter(struct multipart *m, char c)
{
	switch (m->state) {
	case DELIMITER_END:
		if (c == ' ' || c == '\t')
			return 0;
		m->state = c == '-' ? DASH : LINE_END;
		return c == '-' || c == '\r' ? 0 : -EBADMSG;
	case DASH:
		m->state = AFTER;
		return c == '-' ? 0 : -EBADMSG;
	default:
		m->state = HEAD;
		return c == '\n' ? 0 : -EBADMSG;
	}
}

static void tell(const struct multipart *m, const char *bytes, size_t len)
{
	if (len && m->state == BODY && m->wanted)
		m->data(m->arg, bytes, len);
}

/* Up to the delimiter, or all. A delimiter has only one CR, so what fails to match may begin again
 * only there. Returns how many bytes it has used. */
static size_t on_body(struct multipart *m, const char *bytes, size_t len)
{
	size_t i = 0;
	while (i < len) {
		if (!m->matched) {
			const char *cr = memchr(bytes + i, '\r', len - i);
			size_t run = cr ? (size_t)(cr - bytes) - i : len - i;
			tell(m, bytes + i, run);
			i += run;
			if (i == len)
				break;
		}
		if (bytes[i] != m->delimiter[m->matched]) {
			tell(m, m->delimiter, m->matched);
			m->matched = 0;
			continue;
		}
		i++;
		if (++m->matched == m->delimiter_len) {
			m->matched = 0;
			m->state = DELIMITER_END;
			break;
		}
	}
	return i;
}

int multipart_feed(struct multipart *m, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len && m->state != AFTER;) {
		int err = 0;
		if (m->state == BEFORE || m->state == BODY)
			i += on_body(m, bytes + i, len - i);
		else if (m->state == HEAD)
			err = on_head(m, bytes[i++]);
		else
			err = after_delimiter(m, bytes[i++]);
		if (err)
			return err;
	}
	return 0;
}

bool multipart_is_whole(const struct multipart *m)
{
	return m->state == AFTER && m->found;
}
