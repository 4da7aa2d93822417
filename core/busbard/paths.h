/* Where things are: the build tree and an installation have the same layout. */
#ifndef BUSBARD_PATHS_H
#define BUSBARD_PATHS_H
#include <limits.h>

struct paths {
	char plugins[PATH_MAX]; /* <prefix>/lib/busbar/plugins */
	char schemas[PATH_MAX]; /* <prefix>/share/busbar/schemas */
	char sql[PATH_MAX];
	char scripts[PATH_MAX];
};

/* Relative to the running executable, <prefix>/bin/busbard; -errno. */
int paths_find(struct paths *ret);
#endif
