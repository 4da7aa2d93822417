#include "process.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

Test(process, is_as_the_kernel_says)
{
	struct process p;
	process_read(&p);
	cr_assert_gt(p.cpu_us, 0);
	cr_assert_gt(p.resident_bytes, 100000);
	cr_assert_gt(p.virtual_bytes, p.resident_bytes);
	cr_assert_geq(p.threads, 1);
	cr_assert_gt(p.max_fds, p.open_fds);
	int64_t now_ms = (int64_t)time(NULL) * 1000;
	cr_assert(p.started_ms > now_ms - 600000 && p.started_ms < now_ms + 5000, "%lld",
		  (long long)p.started_ms);
}

Test(process, counts_open_descriptors)
{
	struct process before, after;
	process_read(&before);
	int fds[3];
	for (int i = 0; i < 3; i++)
		fds[i] = open("/dev/null", O_RDONLY);
	process_read(&after);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	cr_assert_gt(before.open_fds, 0);
	cr_assert_eq(after.open_fds, before.open_fds + 3);
}
