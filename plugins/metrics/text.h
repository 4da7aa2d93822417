/* The text format of Prometheus, 0.0.4. */
#ifndef METRICS_TEXT_H
#define METRICS_TEXT_H
#include <busbar/bytes.h>
#include <busbar/metrics.h>

#define TEXT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* A metric's help, type and series; `to` is a struct bb_bytes. */
void text_metric(const struct bb_metric *, const struct bb_reading *, uint32_t count, void *to);
#endif
