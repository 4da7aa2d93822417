/* doctor: what its checks share. Each looks at one subject and says what it found. */
#ifndef BUSBARCTL_DOCTOR_H
#define BUSBARCTL_DOCTOR_H
#include "busbarctl/backup.h"

enum level { FINE, NOTICE, WRONG };

struct doctor {
	struct ctl *ctl;
	struct bb_builder findings;
	enum level worst;
	const char *check;     /* the subject that is looked at */
	const char *values;    /* busbard --print-config, NULL: it has none, or it is in error */
	const char *why;       /* the database's last error */
	const char *listening; /* the version of the busbard that listens as configured, or NULL */
};

typedef void check_fn(struct doctor *);

/* What was found, and what to do about it; no advice where all is well. */
void found(struct doctor *, enum level, const char *advice, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* An option's value as configured, "" if it has none or is a secret. */
const char *option_value(const struct doctor *, const char *name);
/* Unless the user has said where the server is: as it is configured. */
void ask_listener(struct doctor *);
/* The text of a GET that is answered soon, as JSON; NULL: it is not. `ret_date` may be NULL. */
const struct bb_json *quick_get(struct doctor *, const char *url, const char *path,
				const char **ret_date);

check_fn check_configuration, check_files;                     /* doctor_config.c */
check_fn check_certificates;                                   /* doctor_tls.c */
check_fn check_storage;                                        /* doctor_storage.c */
check_fn check_ports, check_server, check_clock, check_limits; /* doctor_system.c */

verb_fn doctor_run;
#endif
