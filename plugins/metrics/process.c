#include "process.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static int64_t cpu_us(void)
{
	struct timespec t;
	return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
		   ? -1
		   : (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int64_t n = -1; /* that of `dir` */
	if (!dir)
		return -1;
	for (const struct dirent *e; (e = readdir(dir));)
		n += e->d_name[0] != '.';
	closedir(dir);
	return n;
}

static int64_t most_fds(void)
{
	struct rlimit r;
	return getrlimit(RLIMIT_NOFILE, &r) || r.rlim_cur > INT64_MAX ? -1 : (int64_t)r.rlim_cur;
}

/* In seconds since 1970. */
static int64_t booted_s(void)
{
	char line[256];
	long long at = -1;
	FILE *f = fopen("/proc/stat", "re");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "btime %lld", &at) == 1)
			break;
	if (f)
		fclose(f);
	return at;
}

/* The fields behind the command's name, which may hold anything: 3 is the first; see proc(5). */
static void read_stat(struct process *p)
{
	char text[1024];
	FILE *f = fopen("/proc/self/stat", "re");
	size_t len = f ? fread(text, 1, sizeof text - 1, f) : 0;
	if (f)
		fclose(f);
	text[len] = '\0';
	const char *at = strrchr(text, ')');
	long long threads, started, size, pages;
	if (!at || sscanf(at + 1,
			  " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
			  "%lld %*d %lld %lld %lld",
			  &threads, &started, &size, &pages) != 4)
		return;
	int64_t booted = booted_s();
	p->threads = threads;
	p->virtual_bytes = size;
	p->resident_bytes = pages * sysconf(_SC_PAGESIZE);
	if (booted >= 0)
		p->started_ms = booted * 1000 + started * 1000 / sysconf(_SC_CLK_TCK);
}

void process_read(struct process *ret)
{
	*ret = (struct process){cpu_us(), -1, -1, -1, count_fds(), most_fds(), -1};
	read_stat(ret);
}
