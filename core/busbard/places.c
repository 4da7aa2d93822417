#include "busbard/places.h"

#include <string.h>

#include "base/arena.h"
#include "busbard/parameters.h"

/* The name in "{name}"; NULL if the part is nothing like it. */
static const char *name_in(struct bb_arena *a, const char *part)
{
	size_t len = strlen(part);
	return len > 2 && part[0] == '{' && part[len - 1] == '}' ? bb_strndup(a, part + 1, len - 2)
								 : NULL;
}

static const char *meant(const struct exchange *x, const char *part, const char **ret_name)
{
	*ret_name = name_in(x->arena, part);
	return *ret_name ? net_param(x->request, *ret_name) : NULL;
}

bool places_have(const char *const *params, const char *name)
{
	size_t len = strlen(name);
	for (; params && *params; params += 2)
		if (params[1][0] == '{' && !strncmp(params[1] + 1, name, len) &&
		    !strcmp(params[1] + 1 + len, "}"))
			return true;
	return false;
}

static const char *path_with(struct bb_arena *a, const char *path, const char *part,
			     const char *value)
{
	size_t len = strlen(part);
	for (const char *at = strstr(path, part); at; at = strstr(at + 1, part))
		if (at > path && at[-1] == '/' && (!at[len] || at[len] == '/'))
			return arena_printf(a, "%.*s%s%s", (int)(at - path), path, value, at + len);
	return path;
}

const char *const *places_fill(struct exchange *x, const char *const *params)
{
	size_t n = 0;
	while (params && params[n])
		n += 2;
	const char **filled = bb_zalloc(x->arena, (n + 1) * sizeof *filled), *name;
	for (size_t i = 0; i < n; i += 2) {
		const char *value = meant(x, params[i + 1], &name);
		filled[i] = params[i];
		filled[i + 1] = value ? bb_strdup(x->arena, value) : params[i + 1];
		if (value)
			x->http.path = path_with(x->arena, x->http.path, params[i + 1], value);
	}
	return filled;
}

const char *places_fault(const struct exchange *x, const char *const *params)
{
	const char *name;
	for (; params && *params; params += 2) {
		const char *value = meant(x, params[1], &name);
		if (value && (!*value || parameters_count(x, name) > 1))
			return arena_printf(x->arena,
					    "the path's {%.*s} stands for the parameter of that "
					    "name, which comes once and is not empty",
					    parameters_shown(name), name);
	}
	return NULL;
}
