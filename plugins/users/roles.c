#include "roles.h"

#include <stddef.h>
#include <string.h>

static const struct role {
	const char *name;
	enum role_operator of;
	const char *managers[3];
} roles[] = {
    {"admin", ROLE_OF_NONE, {"admin"}},
    {"operator", ROLE_OF_ONE, {"admin", "operator"}},
    {"readonly", ROLE_OF_ANY, {"admin", "operator"}},
    {"user", ROLE_OF_ONE, {"admin", "operator"}},
};

static const struct role *find(const char *name)
{
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (!strcmp(roles[i].name, name))
			return &roles[i];
	return NULL;
}

bool role_find(const char *name, enum role_operator *ret)
{
	const struct role *role = find(name);
	if (role)
		*ret = role->of;
	return role != NULL;
}

bool role_may_manage(const char *actor, const char *name)
{
	const struct role *role = find(name);
	for (size_t i = 0; role && role->managers[i]; i++)
		if (!strcmp(role->managers[i], actor))
			return true;
	return false;
}
