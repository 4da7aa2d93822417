/* Asks a server over HTTP at a fixed rate, or as fast as it answers, and prints as JSON how long
 * that took. Usage: bench_http PORT FILE RATE SECONDS
 *
 * FILE has lines "KEY PATH"; clients, each with a connection that stays open, take them in turn,
 * and follow the cursor of a list for some pages before the next line. A RATE of 0 is full speed.
 * Otherwise a request is due at its time, whether a client is free or not: latency counts from
 * then. A second goes by before anything counts. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "histogram.h"

#define CLIENTS 16
#define PAGES 4
#define PATH_SIZE 512
#define WARMUP_US 1000000

struct line {
	char *key, *path;
};

struct client {
	struct load *load;
	uv_tcp_t tcp;
	struct buf in;
	const struct line *line;
	char cursor[PATH_SIZE]; /* of the page to ask for next; empty: none */
	int pages;              /* of the line, so far */
	bool busy;
	int64_t due_us;
};

struct load {
	uv_loop_t *loop;
	struct client clients[CLIENTS];
	struct line *lines;
	size_t line_count, next_line;
	double per_us; /* 0: full speed */
	int64_t began_us, length_us;
	uint64_t issued, bytes, refused;
	struct histogram latency;
	uv_timer_t tick;
};

static void die(const char *what)
{
	fprintf(stderr, "bench_http: %s\n", what);
	exit(1);
}

static void check(int err)
{
	if (err)
		die(uv_strerror(err));
}

static void read_lines(struct load *l, const char *path)
{
	char text[PATH_SIZE * 2];
	FILE *f = fopen(path, "r");
	while (f && fgets(text, sizeof text, f)) {
		char *space = strchr(text, ' ');
		if (!space)
			die("a line is not KEY PATH");
		*space = '\0';
		space[strcspn(space + 1, "\n") + 1] = '\0';
		l->lines = mem_realloc(l->lines, (l->line_count + 1) * sizeof *l->lines);
		l->lines[l->line_count++] = (struct line){mem_strdup(text), mem_strdup(space + 1)};
	}
	if (!l->line_count)
		die("no requests to make");
	fclose(f);
}

static void on_written(uv_write_t *w, int status)
{
	check(status);
	free(w);
}

static void take_line(struct client *c)
{
	struct load *l = c->load;
	c->line = &l->lines[l->next_line++ % l->line_count];
	c->pages = 0;
}

static void ask(struct client *c, int64_t due_us)
{
	if (!*c->cursor)
		take_line(c);
	struct buf text = {0};
	buf_printf(&text, "GET %s", c->line->path);
	if (*c->cursor)
		buf_printf(&text, "%ccursor=%s", strchr(c->line->path, '?') ? '&' : '?', c->cursor);
	buf_printf(&text, " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n",
		   c->line->key);
	c->busy = true;
	c->due_us = due_us;
	c->pages++;
	uv_write_t *w = mem_alloc(sizeof *w + text.len);
	memcpy(w + 1, text.data, text.len);
	uv_buf_t bytes = uv_buf_init((char *)(w + 1), (unsigned)text.len);
	check(uv_write(w, (uv_stream_t *)&c->tcp, &bytes, 1, on_written));
	buf_free(&text);
}

/* The page that follows, unless this was the last one or enough of them. */
static void take_cursor(struct client *c, const char *body)
{
	static const char name[] = "\"next_cursor\":\"";
	const char *at = c->pages < PAGES ? strstr(body, name) : NULL;
	*c->cursor = '\0';
	if (at)
		snprintf(c->cursor, sizeof c->cursor, "%.*s",
			 (int)strcspn(at + sizeof name - 1, "\""), at + sizeof name - 1);
}

static void take_answer(struct client *c, const char *body)
{
	struct load *l = c->load;
	int64_t now = clock_mono_us();
	bool counts = now >= l->began_us;
	if (counts && strncmp(c->in.data, "HTTP/1.1 200 ", 13) != 0)
		l->refused++;
	if (counts && c->due_us >= l->began_us) {
		histogram_add(&l->latency, (uint64_t)(now - c->due_us));
		l->bytes += c->in.len;
	}
	take_cursor(c, body);
	c->busy = false;
	c->in.len = 0;
	if (!l->per_us)
		ask(c, now);
}

/* One answer at a time: nothing is asked before it has come. */
static void look_for_answer(struct client *c)
{
	static const char name[] = "\r\nContent-Length: ";
	buf_add_char(&c->in, '\0');
	c->in.len--;
	const char *end = strstr(c->in.data, "\r\n\r\n"), *length = strstr(c->in.data, name);
	if (!end)
		return;
	if (!length || length > end)
		die("an answer does not say its length");
	size_t head = (size_t)(end - c->in.data) + 4;
	if (c->in.len >= head + strtoul(length + sizeof name - 1, NULL, 10))
		take_answer(c, c->in.data + head);
}

static void make_room(uv_handle_t *h, size_t wanted, uv_buf_t *ret)
{
	struct client *c = h->data;
	*ret = uv_buf_init(buf_reserve(&c->in, wanted), (unsigned)wanted);
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *bytes)
{
	struct client *c = s->data;
	(void)bytes;
	if (n < 0)
		die("the server has closed a connection");
	c->in.len += (size_t)n;
	look_for_answer(c);
}

static void on_connected(uv_connect_t *connect, int status)
{
	struct client *c = connect->handle->data;
	check(status);
	free(connect);
	check(uv_read_start((uv_stream_t *)&c->tcp, make_room, on_read));
	if (!c->load->per_us)
		ask(c, clock_mono_us());
	else
		c->busy = false;
}

static void ask_what_is_due(struct load *l, int64_t now)
{
	int64_t first = l->began_us - WARMUP_US;
	for (int i = 0; i < CLIENTS; i++) {
		int64_t due = first + (int64_t)((double)l->issued / l->per_us);
		if (due > now)
			return;
		if (l->clients[i].busy)
			continue;
		ask(&l->clients[i], due);
		l->issued++;
	}
}

static void on_tick(uv_timer_t *t)
{
	struct load *l = t->data;
	int64_t now = clock_mono_us();
	if (now >= l->began_us + l->length_us)
		uv_stop(l->loop);
	else if (l->per_us)
		ask_what_is_due(l, now);
}

static void start(struct load *l, int port)
{
	struct sockaddr_in to;
	uv_ip4_addr("127.0.0.1", port, &to);
	l->began_us = clock_mono_us() + WARMUP_US;
	for (int i = 0; i < CLIENTS; i++) {
		struct client *c = &l->clients[i];
		c->load = l;
		c->busy = true;
		uv_tcp_init(l->loop, &c->tcp);
		uv_tcp_nodelay(&c->tcp, 1);
		c->tcp.data = c;
		check(uv_tcp_connect(mem_alloc(sizeof(uv_connect_t)), &c->tcp,
				     (struct sockaddr *)&to, on_connected));
	}
	uv_timer_init(l->loop, &l->tick);
	l->tick.data = l;
	uv_timer_start(&l->tick, on_tick, 1, 1);
}

static void report(const struct load *l)
{
	const struct histogram *h = &l->latency;
	printf("{\"requests_per_s\": %.1f, \"p50_us\": %llu, \"p99_us\": %llu, \"max_us\": %llu, "
	       "\"requests\": %llu, \"refused\": %llu, \"bytes\": %llu}\n",
	       (double)h->count * 1e6 / (double)l->length_us,
	       (unsigned long long)histogram_at(h, 0.5), (unsigned long long)histogram_at(h, 0.99),
	       (unsigned long long)h->max, (unsigned long long)h->count,
	       (unsigned long long)l->refused,
	       (unsigned long long)(h->count ? l->bytes / h->count : 0));
}

int main(int argc, char **argv)
{
	static struct load l;
	if (argc != 5) {
		fprintf(stderr, "usage: bench_http PORT FILE RATE SECONDS\n");
		return 2;
	}
	read_lines(&l, argv[2]);
	l.per_us = atof(argv[3]) / 1e6;
	l.length_us = (int64_t)(atof(argv[4]) * 1e6);
	l.loop = uv_default_loop();
	start(&l, atoi(argv[1]));
	uv_run(l.loop, UV_RUN_DEFAULT);
	report(&l);
	return l.refused ? 1 : 0;
}
