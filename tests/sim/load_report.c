#include "load_report.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "json/json.h"

static const struct {
	const char *name;
	double share;
} shares[] = {{"p50_us", 0.5}, {"p99_us", 0.99}, {"p999_us", 0.999}, {"max_us", 1}};

static double per_second(uint64_t count, int64_t us)
{
	return us > 0 ? (double)count * 1e6 / (double)us : 0;
}

static const struct bb_json *as_json(struct bb_arena *a, const struct load_options *o,
				     const struct load_report *r, const struct histogram *latency)
{
	struct bb_builder b = bb_build(a);
	bb_put_int(&b, "chargers", o->chargers);
	bb_put_int(&b, "connected", (int64_t)r->connected);
	bb_put_int(&b, "connect_errors", (int64_t)r->connect_errors);
	bb_put_real(&b, "connects_per_s", per_second(r->connected, r->ramp_us));
	bb_put_int(&b, "lost", (int64_t)r->lost);
	bb_put_real(&b, "offered_per_s", o->rate);
	bb_put_real(&b, "seconds", (double)r->measured_us / 1e6);
	bb_put_int(&b, "messages", (int64_t)r->messages);
	bb_put_real(&b, "messages_per_s", per_second(r->messages, r->measured_us));
	bb_put_int(&b, "errors", (int64_t)r->errors);
	bb_put_int(&b, "unanswered", (int64_t)r->unanswered);
	for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
		bb_put_int(&b, shares[i].name, (int64_t)histogram_at(latency, shares[i].share));
	bb_put_str(&b, "first_error", r->first_error);
	return bb_build_object(&b);
}

static void print_text(const struct load_options *o, const struct load_report *r,
		       const struct histogram *latency)
{
	printf("connected   %llu of %d (%.0f/s), refused %llu, lost %llu\n",
	       (unsigned long long)r->connected, o->chargers, per_second(r->connected, r->ramp_us),
	       (unsigned long long)r->connect_errors, (unsigned long long)r->lost);
	printf("answered    %llu in %.1f s: %.0f/s, CALLERRORs %llu\n",
	       (unsigned long long)r->messages, (double)r->measured_us / 1e6,
	       per_second(r->messages, r->measured_us), (unsigned long long)r->errors);
	printf("latency     p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms\n",
	       (double)histogram_at(latency, 0.5) / 1e3, (double)histogram_at(latency, 0.99) / 1e3,
	       (double)histogram_at(latency, 0.999) / 1e3, (double)latency->max / 1e3);
	if (r->first_error)
		printf("first error %s\n", r->first_error);
}

int load_report_print(const struct load_options *o, const struct load_report *r,
		      const struct histogram *latency)
{
	if (o->json) {
		struct bb_arena *a = arena_new(0);
		puts(json_text(a, as_json(a, o, r, latency), NULL));
		arena_free(a);
	} else {
		print_text(o, r, latency);
	}
	return r->connected < (uint64_t)o->chargers || r->lost || r->errors ? 1 : 0;
}
