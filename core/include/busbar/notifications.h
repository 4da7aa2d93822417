/* Mail by the server's own mail server: the service "notifications/1", given by the plugin
 * notifications. See docs/notifications.md.
 *
 * Everything here is for the loop thread. A plugin that can do without asks for it in start():
 *
 *     p->notifications = api->service(me, "notifications/1", sizeof *p->notifications);
 */
#ifndef BUSBAR_NOTIFICATIONS_H
#define BUSBAR_NOTIFICATIONS_H
#include <busbar/transfer.h>

/* All of it is copied. Texts are UTF-8. */
struct bb_mail {
	const char *to;        /* the address alone */
	const char *from_name; /* before the address of the option `from`; or NULL */
	const char *subject, *text;
	const char *html; /* or NULL */
	const char *id;   /* of the message, before the @: the same when it is sent again */
};

struct bb_notifications {
	uint32_t size;

	/* Hands it to the server of the options; fn as of bb_transfer.mail. -ENOTSUP: the options
	 * name none, and fn will not run. [loop] */
	int (*mail)(struct bb *who, const struct bb_mail *, bb_transfer_fn *fn, void *arg);
	/* Do the options name one, now? [loop] */
	bool (*has_server)(void);
};
#endif
