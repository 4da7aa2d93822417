/* The text format of Prometheus, 0.0.4. */
#ifndef METRICS_TEXT_H
#define METRICS_TEXT_H
#include <stddef.h>

#include <busbar/metrics.h>

#define TEXT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Zeroed is empty. */
struct text {
	char *data; /* malloc'd, the caller's to free */
	size_t len, room;
};

/* A metric's help, type and series; `to` is a struct text. */
void text_metric(const struct bb_metric *, const struct bb_reading *, uint32_t count, void *to);
#endif
