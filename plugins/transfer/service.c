/* The service transfer/1. */
#include "transfer.h"

/* A service's functions are not told whose they are. */
struct transfer *transfer_the;

const struct bb_transfer transfer_service = {
    .size = sizeof(struct bb_transfer),
    .http = http_send,
    .mail = mail_send,
};
