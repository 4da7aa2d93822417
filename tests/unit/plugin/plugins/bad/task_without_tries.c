#include <busbar/plugin.h>

static int handle(struct bb_call *call, void *self)
{
	(void)call, (void)self;
	return BB_PASS;
}

static const struct bb_task rows[] = {
    {"job", 0, 0, handle},
};

BB_PLUGIN(task_without_tries, .version = "1", .tasks = BB_TABLE(task, rows));
