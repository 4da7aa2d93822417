#include "roles.h"

#include <busbar/users.h>

static const struct {
	enum role_operator of;
	enum bb_role manager; /* the least one */
} roles[] = {
    [BB_USER] = {ROLE_OF_ONE, BB_OPERATOR},
    [BB_READONLY] = {ROLE_OF_ANY, BB_OPERATOR},
    [BB_OPERATOR] = {ROLE_OF_ONE, BB_OPERATOR},
    [BB_ADMIN] = {ROLE_OF_NONE, BB_ADMIN},
};

bool role_find(const char *name, enum role_operator *ret)
{
	enum bb_role role = bb_role_of(name);
	if (role)
		*ret = roles[role].of;
	return role != BB_NO_ROLE;
}

bool role_may_manage(const char *actor, const char *name)
{
	enum bb_role role = bb_role_of(name);
	return role && bb_role_of(actor) >= roles[role].manager;
}
