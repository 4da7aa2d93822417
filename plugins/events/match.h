/* Who may see an event, and who wants to. Pure. The query `between` says the same in SQL. */
#ifndef EVENTS_MATCH_H
#define EVENTS_MATCH_H
#include <stdbool.h>
#include <stdint.h>

/* What an event is about; 0 and NULL: nothing of the kind. */
struct subject {
	const char *kind, *operator_id, *charge_point_id, *command_id, *bulk_id, *user_id;
	int64_t charger_id, station_id, transaction_id;
	bool ends; /* nothing more happens to the command or the bulk command */
};

/* NULL and 0 let everything through. */
struct filter {
	const char *operator_id, *user_id; /* what the caller may see */
	const char *kinds;                 /* ",charger,connector," */
	const char *charger;               /* a charge_point_id, or a charger's id */
	int64_t charger_id;                /* `charger`, if it is a number */
	const char *command_id, *bulk_id;
	int64_t station_id, transaction_id;
};

bool match(const struct filter *, const struct subject *);
/* Does a list ",a,b," have the word? NULL has all. */
bool match_word(const char *list, const char *word);
#endif
