#include "busbarctl/progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"

#define DRAW_US 100000
#define BAR 24
#define WIDTH_UNKNOWN 80

int terminal_width(int fd)
{
	struct winsize size;
	if (!isatty(fd))
		return 0;
	if (ioctl(fd, TIOCGWINSZ, &size) || !size.ws_col)
		return WIDTH_UNKNOWN;
	return size.ws_col;
}

static double scaled(int64_t bytes, const char **ret_unit)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	double v = (double)bytes;
	size_t i = 0;
	for (; v >= 1024 && i < 4; i++)
		v /= 1024;
	*ret_unit = units[i];
	return v;
}

const char *bytes_text(struct bb_arena *a, int64_t bytes)
{
	const char *unit;
	double v = scaled(bytes, &unit);
	return arena_printf(a, bytes < 1024 ? "%.0f %s" : "%.1f %s", v, unit);
}

struct progress progress_begin(const struct ctl *ctl, const char *what, bool bytes, int64_t total)
{
	int64_t now = clock_mono_us();
	return (struct progress){.what = what,
				 .total = total,
				 .bytes = bytes,
				 .shown = !ctl->json && terminal_width(STDERR_FILENO) > 0,
				 .began_us = now};
}

static void print_amount(const struct progress *p)
{
	const char *unit;
	double v = scaled(p->done, &unit);
	double seconds = (double)(p->drawn_us - p->began_us) / 1e6;
	if (p->bytes) {
		const char *speed_unit;
		double speed =
		    scaled(seconds > 0.2 ? (int64_t)((double)p->done / seconds) : 0, &speed_unit);
		fprintf(stderr, "  %.1f %s, %.1f %s/s", v, unit, speed, speed_unit);
	} else {
		fprintf(stderr, "  %lld", (long long)p->done);
		if (p->total)
			fprintf(stderr, " of %lld", (long long)p->total);
	}
	if (p->total && p->done && seconds > 1) {
		double left = seconds * (double)(p->total - p->done) / (double)p->done;
		fprintf(stderr, ", %d:%02d left", (int)left / 60, (int)left % 60);
	}
}

static void draw(struct progress *p)
{
	char bar[BAR + 1];
	fprintf(stderr, "\r%s", p->what);
	if (p->total > 0) {
		double part = (double)p->done / (double)p->total;
		int full = part >= 1 ? BAR : (int)(part * BAR);
		memset(bar, ' ', BAR);
		memset(bar, '#', (size_t)full);
		bar[BAR] = '\0';
		fprintf(stderr, "  [%s] %3d%%", bar, part >= 1 ? 100 : (int)(part * 100));
	}
	print_amount(p);
	fputs("\x1b[K", stderr); /* to the end of the line */
	fflush(stderr);
}

void progress_at(struct progress *p, int64_t done)
{
	int64_t now = clock_mono_us();
	p->done = done;
	if (!p->shown || now - p->drawn_us < DRAW_US)
		return;
	p->drawn_us = now;
	draw(p);
}

void progress_of_file(struct progress *p, const char *path)
{
	struct stat st;
	if (p->shown && !stat(path, &st))
		progress_at(p, st.st_size);
}

void progress_end(struct progress *p)
{
	if (p->shown && p->drawn_us)
		fputs("\r\x1b[K", stderr);
	p->shown = false;
}
