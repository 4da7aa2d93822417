/* How long a running session can go on. Pure. */
#ifndef WALLET_LEFT_H
#define WALLET_LEFT_H
#include <stdbool.h>
#include <stdint.h>

/* A session that costs `price_minor` after `duration_s`, of a wallet that has `left_minor` for it:
 * is that used up, or will it be within `ahead_s` if it goes on as it did so far? */
bool left_is_used_up(int64_t left_minor, int64_t price_minor, int64_t duration_s, int64_t ahead_s);
/* In how many seconds it will be, likewise; at least 1, and `most` if that is not sooner. */
int64_t left_for_s(int64_t left_minor, int64_t price_minor, int64_t duration_s, int64_t most);
#endif
