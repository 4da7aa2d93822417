#include <busbar/plugin.h>

static const struct bb_question rows[] = {
    {"ask", "open", NULL, NULL},
};

BB_PLUGIN(same_question_a, .version = "1", .questions = BB_TABLE(question, rows));
