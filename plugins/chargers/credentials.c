#include "credentials.h"

#include <openssl/crypto.h>

/* A charger that tries two forms of its password in turn (hex, bytes) never gets beyond `free`. */
#define FREE_OF_ONE 6u   /* wrong ones of an address for an identity */
#define FREE_OF_MANY 60u /* of an address for all, of an identity from all */
#define FORGET_ONE_MS 300000
#define FORGET_MANY_MS 5000

/* Whom a wrong password is held against. */
struct suspects {
	uint64_t pair, address, identity;
};

static struct suspects suspects_of(struct chargers *p, const struct charger *c, const char *remote)
{
	const char *id = c->facts.charge_point_id;
	return (struct suspects){
	    .pair = slowdown_key(&p->slowdown, id, remote),
	    .address = slowdown_key(&p->slowdown, remote, NULL),
	    .identity = slowdown_key(&p->slowdown, "identity", id),
	};
}

/* An identity under attack costs only those addresses that have been wrong about it before: the
 * charger itself comes from another one. */
static int64_t wait_of(const struct chargers *p, const struct suspects *s, int64_t now)
{
	int64_t pair = slowdown_wait(&p->slowdown, s->pair, now);
	int64_t address = slowdown_wait(&p->slowdown, s->address, now);
	int64_t identity = slowdown_knows(&p->slowdown, s->pair)
			       ? slowdown_wait(&p->slowdown, s->identity, now)
			       : 0;
	int64_t most = pair > address ? pair : address;
	return identity > most ? identity : most;
}

static void hold_against(struct chargers *p, const struct suspects *s, int64_t now)
{
	const int64_t first = p->cfg->password_delay_ms, most = p->cfg->password_delay_most_ms;
	const struct slowdown_rule one = {FREE_OF_ONE, first, most, FORGET_ONE_MS};
	const struct slowdown_rule many = {FREE_OF_MANY, first, most, FORGET_MANY_MS};
	slowdown_wrong(&p->slowdown, s->pair, now, &one);
	slowdown_wrong(&p->slowdown, s->address, now, &many);
	slowdown_wrong(&p->slowdown, s->identity, now, &many);
}

static void remember(struct charger *c, const unsigned char proof[PASSWORD_PROOF])
{
	c->proven = true;
	memcpy(c->proof, proof, PASSWORD_PROOF);
}

/* One that has been asked for, and may have arrived. */
static bool find_pending(const struct charger *c, const unsigned char *password, size_t len,
			 struct pending_password *ret)
{
	const char *at = c->facts.pending;
	while (pending_next(&at, ret)) {
		bool unsent = c->unsent_from && ret->id >= c->unsent_from && ret->state == 'a';
		if (!unsent && password_matches(ret->hash, password, len))
			return true;
	}
	return false;
}

static struct shown_password judge(struct chargers *p, struct charger *c, const char *remote,
				   const unsigned char *password, size_t len)
{
	const char *hash = c->facts.password_hash;
	struct shown_password shown = {.is = PASSWORD_RIGHT};
	unsigned char proof[PASSWORD_PROOF];
	if (hash)
		password_proof(hash, password, len, proof);
	int64_t now = p->api->now_ms();
	const struct suspects s = suspects_of(p, c, remote);
	if (hash && c->proven && !CRYPTO_memcmp(proof, c->proof, sizeof proof)) {
		slowdown_right(&p->slowdown, s.pair);
		return shown;
	}
	shown.wait_ms = wait_of(p, &s, now);
	if (shown.wait_ms) {
		shown.is = PASSWORD_TOO_SOON;
	} else if (hash && password_matches(hash, password, len)) {
		remember(c, proof);
		slowdown_right(&p->slowdown, s.pair);
	} else if (find_pending(c, password, len, &shown.pending)) {
		shown.is = PASSWORD_PENDING;
		slowdown_right(&p->slowdown, s.pair);
	} else {
		shown.is = PASSWORD_WRONG;
		hold_against(p, &s, now);
	}
	return shown;
}

struct shown_password password_shown(struct chargers *p, struct charger *c,
				     const struct bb_json *question)
{
	unsigned char password[PASSWORD_MOST];
	int len = password_of_basic(bb_json_get_str(question, "authorization", NULL),
				    c->facts.charge_point_id, password);
	if (len < 0 || (!c->facts.password_hash && !c->facts.pending))
		return (struct shown_password){.is = PASSWORD_NONE};
	struct shown_password shown =
	    judge(p, c, bb_json_get_str(question, "remote", ""), password, (size_t)len);
	OPENSSL_cleanse(password, sizeof password);
	return shown;
}

struct claim {
	const char *charge_point_id, *common_name;
	bool contested;
};

static void contest(struct charger *c, void *arg)
{
	struct claim *claim = arg;
	const char *serial = c->facts.serial_number;
	if (strcmp(c->facts.charge_point_id, claim->charge_point_id) != 0)
		claim->contested = claim->contested ||
				   !strcmp(c->facts.charge_point_id, claim->common_name) ||
				   (serial && !strcmp(serial, claim->common_name));
}

bool certificate_names(const struct chargers *p, const char *charge_point_id,
		       const char *serial_number, const char *common_name)
{
	bool identity = strcmp(p->cfg->certificate_name, "serial") != 0;
	bool serial = strcmp(p->cfg->certificate_name, "identity") != 0;
	if (!common_name || !*common_name)
		return false;
	bool names = (identity && !strcmp(common_name, charge_point_id)) ||
		     (serial && serial_number && !strcmp(common_name, serial_number));
	if (!names || !serial)
		return names;
	struct claim claim = {charge_point_id, common_name, false};
	registry_each((struct registry *)&p->registry, contest, &claim);
	return !claim.contested;
}
