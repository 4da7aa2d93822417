/* Which tariff prices which part of a session, and a part as a session of its own. Pure. */
#ifndef TARIFFS_PARTS_H
#define TARIFFS_PARTS_H
#include <busbar/plugin.h>

#define PARTS_MOST 50u

/* A version of a tariff that may have held in the session. */
struct candidate {
	int64_t rank; /* of its place: the lowest counts */
	int64_t id, version;
	int64_t valid_from_ms, valid_until_ms; /* of the tariff; INT64_MIN, INT64_MAX: no limit */
	int64_t since_ms; /* of the version; INT64_MIN: it held when the session started */
	bool running;     /* it takes over, and gives up, sessions that run */
	const char *currency;
};

struct part {
	const struct candidate *tariff;
	int64_t from_ms; /* a whole second, but for the first; it ends where the next begins */
};

/* At least one, at most PARTS_MOST, into `ret`; 0: no tariff held when the session started. */
size_t parts_of(const struct candidate *, size_t count, int64_t from_ms, int64_t to_ms,
		struct part *ret);

/* What the parts before one came to. */
struct part_before {
	int64_t number, count; /* of the part, from 1 */
	int64_t energy_wh, duration_s, idle_s;
	const struct bb_json *lines; /* an array */
};
/* The facts of [from_ms, to_ms) of a session, with a member `part`; its energy is in `ret_wh`, and
 * `ret_interpolated` says whether that at its beginning had to be. */
const struct bb_json *part_session(const struct bb_api *, struct bb_arena *,
				   const struct bb_json *session, int64_t from_ms, int64_t to_ms,
				   const struct part_before *, int64_t *ret_wh,
				   bool *ret_interpolated);
#endif
