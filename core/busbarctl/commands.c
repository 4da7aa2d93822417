/* Commands to chargers. */
#include "busbarctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "json/json.h"

const char *charger_id(struct ctl *ctl, const char *name, int *ret)
{
	return item_id(ctl, "/api/admin/chargers", "charge_point_id", "charger", name, ret);
}

static void put_options(struct ctl *ctl, struct bb_builder *b)
{
	if (ctl->wait_s)
		bb_put_int(b, "wait_s", strtoll(ctl->wait_s, NULL, 10));
	if (ctl->queue)
		bb_put_str(b, "if_offline", "queue");
}

/* A command that is still under way is no failure. */
static int end_of(const struct bb_json *command)
{
	static const char *const good[] = {"accepted", "queued", "sent"};
	const char *state = bb_json_get_str(command, "state", "");
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!strcmp(state, good[i]))
			return CTL_OK;
	return CTL_REFUSED;
}

static int send_to(struct ctl *ctl, const char *charger, const char *what, struct bb_builder *b)
{
	struct answer a;
	int status;
	if (ctl->wait_s && !is_number(ctl->wait_s))
		return ctl_complain("--wait %s: is no number of seconds", ctl->wait_s);
	const char *id = charger_id(ctl, charger, &status);
	if (!id)
		return status;
	put_options(ctl, b);
	const char *path = arena_printf(ctl->arena, "/api/admin/chargers/%s/%s", id, what);
	status = http_send(ctl, "POST", path, json_text(ctl->arena, bb_build_object(b), NULL), &a);
	if (status)
		return status;
	if (ctl->json)
		puts(a.text);
	else
		table_print_object(ctl, a.body);
	return end_of(a.body);
}

int command_send(struct ctl *ctl, char **words, size_t count)
{
	const struct bb_json *payload = NULL;
	struct json_fault fault;
	if (count == 3 && json_parse(ctl->arena, words[2], strlen(words[2]), &payload, &fault))
		return ctl_complain("the payload %s", fault.reason);
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_str(&b, "action", words[1]);
	bb_put_json(&b, "payload", payload ? payload : bb_json_empty(ctl->arena));
	return send_to(ctl, words[0], "commands", &b);
}

int remote_start(struct ctl *ctl, char **words, size_t count)
{
	(void)count;
	if (!is_number(words[1]))
		return ctl_complain("%s: the connector is a number", words[1]);
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_int(&b, "connector_id", strtoll(words[1], NULL, 10));
	bb_put_str(&b, "id_tag", words[2]);
	return send_to(ctl, words[0], "remote-start", &b);
}

int remote_stop(struct ctl *ctl, char **words, size_t count)
{
	(void)count;
	if (!is_number(words[1]))
		return ctl_complain("%s: the transaction's id is a number", words[1]);
	struct bb_builder b = bb_build(ctl->arena);
	bb_put_int(&b, "transaction_id", strtoll(words[1], NULL, 10));
	return send_to(ctl, words[0], "remote-stop", &b);
}
