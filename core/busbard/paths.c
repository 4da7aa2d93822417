#include "busbard/paths.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int path_join(char out[PATH_MAX], const char *prefix, const char *rest)
{
	int n = snprintf(out, PATH_MAX, "%s/%s", prefix, rest);
	return n < 0 || n >= PATH_MAX ? -ENAMETOOLONG : 0;
}

int paths_find(struct paths *ret)
{
	char prefix[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", prefix, sizeof prefix - 1);
	if (n < 0)
		return -errno;
	prefix[n] = '\0';
	for (int up = 0; up < 2; up++) { /* the file's name, then bin */
		char *slash = strrchr(prefix, '/');
		if (!slash)
			return -ENOENT;
		*slash = '\0';
	}
	if (path_join(ret->plugins, prefix, "lib/busbar/plugins") ||
	    path_join(ret->schemas, prefix, "share/busbar/schemas") ||
	    path_join(ret->sql, prefix, "share/busbar/sql") ||
	    path_join(ret->scripts, prefix, "share/busbar/scripts"))
		return -ENAMETOOLONG;
	return 0;
}
