/* The load generator: many chargers that send a profile's frames, with nothing done per message
 * that could be left out. */
#ifndef SIM_LOAD_H
#define SIM_LOAD_H
#include <stdbool.h>
#include <stdint.h>

#define LOAD_MAX_CHARGERS 18000 /* of one process: local ports and file descriptors */

struct load_options {
	const char *url;          /* ws:// or wss://host:port[/path] */
	const char *profile_path; /* see profile.h */
	const char *prefix;       /* charger i is called <prefix><i>, and so is its token */
	const char *password;     /* of all of them; may be NULL */
	int chargers;
	int ramp;       /* new connections per second */
	double rate;    /* messages per second offered; 0: as fast as answers come */
	int window;     /* unanswered messages of all chargers at most; 0: one per charger */
	double seconds; /* measured */
	double warmup;  /* seconds before that */
	const char *ca; /* with wss://: trusted roots; NULL: the system's */
	bool insecure;  /* with wss://: any certificate */
	bool json;
};

/* The exit status: 0 if every charger was connected and every message answered by a result. */
int load_run(const struct load_options *);
#endif
