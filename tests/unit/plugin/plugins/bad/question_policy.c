#include <busbar/plugin.h>

static const struct bb_question rows[] = {
    {"ask", "maybe", NULL, NULL},
};

BB_PLUGIN(question_policy, .version = "1", .questions = BB_TABLE(question, rows));
