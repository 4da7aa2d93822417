/* The repository's own SQL. */
#include <dirent.h>
#include <stdlib.h>

#include "repository.h"

/* Those that others build on, in the order of the plugins' needs. */
static const char *const first[] = {"core", "chargers", "transactions", "wallet"};
#define FIRST (sizeof first / sizeof *first)

static void add_owner(struct node *n, const char *owner)
{
	char *error = NULL;
	cr_assert_eq(db_add_owner(n->db, BUSBAR_ROOT "/sql", owner, &error), 0, "%s", error);
}

static bool comes_later(const struct node *n, const char *owner)
{
	bool engines = !strncmp(owner, "storage_", 8);
	for (size_t i = 0; i < FIRST; i++)
		if (!strcmp(owner, first[i]))
			return false;
	return *owner != '.' && (!engines || !strcmp(owner + 8, db_dialect(n->db)));
}

void repository_open(struct node *n)
{
	struct dirent **folders;
	char *error = NULL;
	for (size_t i = 0; i < FIRST; i++)
		add_owner(n, first[i]);
	int count = scandir(BUSBAR_ROOT "/sql", &folders, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (comes_later(n, folders[i]->d_name))
			add_owner(n, folders[i]->d_name);
		free(folders[i]);
	}
	free(folders);
	cr_assert_eq(db_migrate(n->db, &error), 0, "%s", error);
	cr_assert_eq(db_prepare(n->db, &error), 0, "%s", error);
}

ON_BOTH_EMPTY(repository, every_migration_applies_and_every_query_prepares)
{
	repository_open(n);
}
