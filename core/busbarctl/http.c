#include "busbarctl/ctl.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "busbarctl/progress.h"
#include "json/json.h"

#define CONNECT_S 10L
#define ANSWER_S 330L /* more than the longest wait for a charger */

static size_t on_data(char *data, size_t size, size_t count, void *arg)
{
	buf_add(arg, data, size * count);
	return size * count;
}

static struct curl_slist *headers_of(struct ctl *ctl)
{
	struct curl_slist *list = curl_slist_append(NULL, "Content-Type: application/json");
	if (ctl->key)
		list = curl_slist_append(
		    list, arena_printf(ctl->arena, "Authorization: Bearer %s", ctl->key));
	return list;
}

/* The detail may say the first of them already. */
static void print_error(const char *detail, const struct bb_json *error)
{
	const char *path = bb_json_get_str(error, "path", "?");
	const char *rule = bb_json_get_str(error, "rule", "?");
	if (!strstr(detail, rule) || !strstr(detail, path))
		fprintf(stderr, "  %s: %s\n", path, rule);
}

static void print_problem(const struct ctl *ctl, const struct answer *a)
{
	const struct bb_json *errors = bb_json_get(a->body, "errors");
	const char *title = bb_json_get_str(a->body, "title", a->text);
	const char *detail = bb_json_get_str(a->body, "detail", title);
	fprintf(stderr, "busbarctl: %ld %s\n", a->status, detail);
	for (uint32_t i = 0; i < bb_json_count(errors); i++)
		print_error(detail, bb_json_at(errors, i));
	if (a->status == 401 && !ctl->key)
		fputs("  give it as BUSBAR_KEY, by --key, or in ~/.config/busbar\n", stderr);
}

static void set_options(CURL *curl, const struct ctl *ctl, const char *method, const char *path,
			const char *body, struct curl_slist *headers, struct buf *text)
{
	const char *url = arena_printf(ctl->arena, "%s%s", ctl->url, path);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, text);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, ANSWER_S);
	if (ctl->quick_ms)
		curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, ctl->quick_ms);
	if (ctl->ca)
		curl_easy_setopt(curl, CURLOPT_CAINFO, ctl->ca);
	if (ctl->insecure) {
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
}

static int take_answer(struct ctl *ctl, const struct buf *text, struct answer *a)
{
	a->text = bb_strndup(ctl->arena, text->data ? text->data : "", text->len);
	a->body = NULL;
	if (text->len && json_parse(ctl->arena, a->text, text->len, &a->body, NULL))
		a->body = NULL;
	if (a->status < 400)
		return CTL_OK;
	if (!ctl->quick_ms)
		print_problem(ctl, a);
	return CTL_REFUSED;
}

static const char *date_of(struct ctl *ctl, CURL *curl)
{
	struct curl_header *h;
	if (curl_easy_header(curl, "date", 0, CURLH_HEADER, -1, &h))
		return NULL;
	return bb_strdup(ctl->arena, h->value);
}

int http_send(struct ctl *ctl, const char *method, const char *path, const char *body,
	      struct answer *ret)
{
	struct buf text = {0};
	char reason[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	struct curl_slist *headers = headers_of(ctl);
	set_options(curl, ctl, method, path, body, headers, &text);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
	CURLcode code = curl_easy_perform(curl);
	int status = CTL_UNREACHABLE;
	if (code == CURLE_OK) {
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &ret->status);
		ret->date = date_of(ctl, curl);
		status = take_answer(ctl, &text, ret);
	} else if (!ctl->quick_ms) {
		fprintf(stderr, "busbarctl: %s: %s\n", ctl->url,
			*reason ? reason : curl_easy_strerror(code));
	}
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	buf_free(&text);
	return status;
}

struct following {
	CURL *curl;
	http_piece_fn *fn;
	void *arg;
	struct buf problem;
	bool enough;
};

static size_t on_piece(char *data, size_t size, size_t count, void *arg)
{
	struct following *f = arg;
	long status = 0;
	curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 400)
		return on_data(data, size, count, &f->problem);
	f->enough = !f->fn(f->arg, data, size * count);
	return f->enough ? 0 : size * count;
}

static int end_following(struct ctl *ctl, struct following *f, CURLcode code, const char *reason)
{
	struct answer a = {0};
	curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &a.status);
	if (f->enough || (code == CURLE_OK && a.status == 204)) /* it is at its end */
		return CTL_OK;
	if (code == CURLE_OK && take_answer(ctl, &f->problem, &a))
		return a.status == 503 ? CTL_UNREACHABLE : CTL_REFUSED;
	fprintf(stderr, "busbarctl: %s: %s\n", ctl->url,
		*reason ? reason : "the server has ended the answer");
	return CTL_UNREACHABLE;
}

int http_follow(struct ctl *ctl, const char *path, const char *header, http_piece_fn *fn, void *arg)
{
	char reason[CURL_ERROR_SIZE] = "";
	struct following f = {.curl = curl_easy_init(), .fn = fn, .arg = arg};
	struct curl_slist *headers = headers_of(ctl);
	if (header)
		headers = curl_slist_append(headers, header);
	set_options(f.curl, ctl, "GET", path, NULL, headers, NULL);
	curl_easy_setopt(f.curl, CURLOPT_TIMEOUT, 0L);
	curl_easy_setopt(f.curl, CURLOPT_TCP_KEEPALIVE,
			 1L); /* a dead line shows in a minute or two */
	curl_easy_setopt(f.curl, CURLOPT_WRITEFUNCTION, on_piece);
	curl_easy_setopt(f.curl, CURLOPT_WRITEDATA, &f);
	curl_easy_setopt(f.curl, CURLOPT_ERRORBUFFER, reason);
	CURLcode code = curl_easy_perform(f.curl);
	int status = end_following(ctl, &f, code, reason);
	curl_slist_free_all(headers);
	curl_easy_cleanup(f.curl);
	buf_free(&f.problem);
	return status;
}

/* What of an answer has come: into the file if it is one to keep, else for the problem's text. */
struct receiving {
	struct ctl *ctl;
	CURL *curl;
	struct received *to;
	FILE *file;
	struct buf text;
	struct progress progress;
	int64_t done;
};

static size_t on_received(char *data, size_t size, size_t count, void *arg)
{
	struct receiving *r = arg;
	size_t len = size * count;
	long status = 0;
	curl_off_t total = 0;
	curl_easy_getinfo(r->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 400)
		return on_data(data, size, count, &r->text);
	curl_easy_getinfo(r->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &total);
	r->progress.total = total > 0 ? total : 0;
	progress_at(&r->progress, r->done += (int64_t)len);
	return fwrite(data, 1, len, r->file);
}

/* "name: value"; NULL if the line is of another header. */
static const char *value_of(struct ctl *ctl, const char *line, size_t len, const char *name)
{
	size_t n = strlen(name);
	if (len <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
		return NULL;
	const char *value = line + n + 1, *end = line + len;
	while (value < end && *value == ' ')
		value++;
	while (end > value && strchr("\r\n ", end[-1]))
		end--;
	return bb_strndup(ctl->arena, value, (size_t)(end - value));
}

static size_t on_header(char *line, size_t size, size_t count, void *arg)
{
	struct receiving *r = arg;
	size_t len = size * count;
	const char *engine = value_of(r->ctl, line, len, "x-busbar-engine");
	const char *version = value_of(r->ctl, line, len, "x-busbar-version");
	if (engine)
		r->to->engine = engine;
	if (version)
		r->to->version = version;
	return len;
}

static const char *name_of(const struct received *to)
{
	return to->path ? to->path : "standard output";
}

static int end_received(struct receiving *r, CURLcode code, const char *reason)
{
	struct answer a = {0};
	int failed = fclose(r->file);
	if (code == CURLE_WRITE_ERROR || (code == CURLE_OK && failed)) {
		ctl_complain("%s: cannot be written: is the disk full?", name_of(r->to));
		return CTL_REFUSED;
	}
	if (code != CURLE_OK) {
		fprintf(stderr, "busbarctl: %s: %s\n", r->ctl->url,
			*reason ? reason : curl_easy_strerror(code));
		return CTL_UNREACHABLE;
	}
	curl_easy_getinfo(r->curl, CURLINFO_RESPONSE_CODE, &a.status);
	return take_answer(r->ctl, &r->text, &a);
}

int http_receive(struct ctl *ctl, const char *method, const char *path, struct received *to)
{
	char reason[CURL_ERROR_SIZE] = "";
	struct receiving r = {.ctl = ctl, .to = to};
	r.file = to->path ? fopen(to->path, "we") : fdopen(dup(STDOUT_FILENO), "w");
	if (!r.file) {
		ctl_complain("%s: %s", name_of(to), strerror(errno));
		return CTL_REFUSED;
	}
	r.curl = curl_easy_init();
	r.progress = progress_begin(ctl, to->what, true, 0);
	r.progress.shown &= to->path || !terminal_width(STDOUT_FILENO);
	struct curl_slist *headers = headers_of(ctl);
	set_options(r.curl, ctl, method, path, NULL, headers, NULL);
	curl_easy_setopt(r.curl, CURLOPT_TIMEOUT, 0L); /* as long as it takes */
	curl_easy_setopt(r.curl, CURLOPT_WRITEFUNCTION, on_received);
	curl_easy_setopt(r.curl, CURLOPT_WRITEDATA, &r);
	curl_easy_setopt(r.curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(r.curl, CURLOPT_HEADERDATA, &r);
	curl_easy_setopt(r.curl, CURLOPT_ERRORBUFFER, reason);
	CURLcode code = curl_easy_perform(r.curl);
	progress_end(&r.progress);
	int status = end_received(&r, code, reason);
	curl_slist_free_all(headers);
	curl_easy_cleanup(r.curl);
	buf_free(&r.text);
	return status;
}
