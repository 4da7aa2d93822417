/* What the tests of this folder share: an api that knows the time, and values written as JSON. */
#ifndef TESTS_SMART_CHARGING_FIXTURE_H
#define TESTS_SMART_CHARGING_FIXTURE_H
#include "profile.h"

extern const struct bb_api fixture_api;
/* A new arena for every test. */
struct bb_arena *fixture_arena(void);
void fixture_setup(void);
void fixture_teardown(void);

/* JSON with ' in place of "; like printf. */
const struct bb_json *fixture_json(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* As JSON text; "none" for NULL. */
const char *fixture_text(const struct bb_json *);
/* "2026-11-25T08:00:00Z" */
int64_t fixture_ms(const char *time);
#endif
