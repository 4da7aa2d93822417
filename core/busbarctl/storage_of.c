/* Where the database is: three options of the configuration file, which busbard knows all of. */
#include "busbarctl/backup.h"

#include <stdlib.h>

#include "config/config.h"

static const struct {
	const char *section;
	struct bb_option option;
} wanted[] = {
    {"storage",
     {"engine", BB_OPT_ENUM, 0, offsetof(struct storage, engine), "sqlite", NULL, 0, 0,
      "sqlite|postgres"}},
    {"storage_sqlite",
     {"path", BB_OPT_STR, 0, offsetof(struct storage, path), "busbar.db", NULL, 0, 0, NULL}},
    {"storage_sqlite",
     {"busy_timeout", BB_OPT_MSEC, 0, offsetof(struct storage, busy_ms), "5s", NULL, 0, 0, NULL}},
    {"storage_postgres",
     {"url", BB_OPT_STR, 0, offsetof(struct storage, url), "postgresql:///busbar", NULL, 0, 0,
      NULL}},
};

int storage_read(struct ctl *ctl, const char *path, struct storage *ret)
{
	struct config *config;
	char *error = NULL;
	struct storage s = {0};
	int err = config_load(path, NULL, &config, &error);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted && !err; i++)
		err = config_value(config, wanted[i].section, &wanted[i].option, &s, &error);
	if (err) {
		ctl_complain("%s", error ? error : "the configuration cannot be read");
		free(error);
		return CTL_REFUSED;
	}
	s.engine = bb_strdup(ctl->arena, s.engine);
	s.path = bb_strdup(ctl->arena, s.path);
	s.url = bb_strdup(ctl->arena, s.url);
	config_free(config);
	*ret = s;
	return CTL_OK;
}
