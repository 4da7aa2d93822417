#include <busbar/plugin.h>

static void listen(const struct bb_json *event, void *self)
{
	(void)event, (void)self;
}

static const struct bb_topic rows[] = {
    {"Thing Happened", listen},
};

BB_PLUGIN(topic_form, .version = "1", .topics = BB_TABLE(topic, rows));
