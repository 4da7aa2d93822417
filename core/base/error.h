/* Error texts on their way up, as the `ret_error` arguments hand them out. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/* Puts a malloc'd text in `ret_error`; returns -EINVAL. */
int error_set(char **ret_error, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#endif
