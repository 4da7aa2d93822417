#include "registry.h"

#include <stdlib.h>

#include <busbar/json.h>

static void *need(void *p)
{
	if (!p)
		abort(); /* out of memory: the house's rule is to end */
	return p;
}

static char *copy(const char *s)
{
	return s ? need(strdup(s)) : NULL;
}

static void facts_free(struct facts *f)
{
	free((char *)f->charge_point_id);
	free((char *)f->operator_id);
	free((char *)f->registration);
	free((char *)f->validation);
	free((char *)f->password_hash);
	free((char *)f->quirks);
	free((char *)f->vendor);
	free((char *)f->model);
	free((char *)f->firmware_version);
	free((char *)f->serial_number);
	free((char *)f->pending);
}

static void facts_copy(struct facts *to, const struct facts *from)
{
	*to = (struct facts){
	    .id = from->id,
	    .charge_point_id = copy(from->charge_point_id),
	    .operator_id = copy(from->operator_id),
	    .registration = copy(from->registration),
	    .validation = copy(from->validation),
	    .security_profile = from->security_profile,
	    .password_hash = copy(from->password_hash),
	    .quirks = copy(from->quirks),
	    .vendor = copy(from->vendor),
	    .model = copy(from->model),
	    .firmware_version = copy(from->firmware_version),
	    .serial_number = copy(from->serial_number),
	    .pending_profile = from->pending_profile,
	    .pending = copy(from->pending),
	};
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static struct charger **slot(const struct registry *r, const char *id)
{
	uint32_t hash = bb_json_hash(id, strlen(id));
	struct charger **at = &r->buckets[hash & (r->cap - 1)];
	while (*at && strcmp((*at)->facts.charge_point_id, id) != 0)
		at = &(*at)->next;
	return at;
}

static void grow(struct registry *r)
{
	struct registry bigger = {.cap = r->cap ? r->cap * 2 : 256, .count = r->count};
	bigger.buckets = need(calloc(bigger.cap, sizeof(struct charger *)));
	for (size_t i = 0; i < r->cap; i++)
		for (struct charger *c = r->buckets[i], *next; c; c = next) {
			next = c->next;
			c->next = NULL;
			*slot(&bigger, c->facts.charge_point_id) = c;
		}
	free(r->buckets);
	*r = bigger;
}

struct charger *registry_find(const struct registry *r, const char *id)
{
	return r->cap ? *slot(r, id) : NULL;
}

static bool renew(struct charger *c, const struct facts *f)
{
	struct facts *old = &c->facts;
	bool reconnect = old->id != f->id || !same_text(old->operator_id, f->operator_id) ||
			 !same_text(old->registration, f->registration) ||
			 !same_text(old->validation, f->validation) ||
			 !same_text(old->quirks, f->quirks);
	if (!same_text(old->password_hash, f->password_hash))
		c->proven = false;
	struct facts fresh;
	facts_copy(&fresh, f);
	facts_free(old);
	*old = fresh;
	return reconnect;
}

bool registry_put(struct registry *r, const struct facts *f, uint32_t generation)
{
	if (r->count >= r->cap)
		grow(r);
	struct charger **at = slot(r, f->charge_point_id);
	bool reconnect = false;
	if (*at) {
		reconnect = renew(*at, f);
	} else {
		*at = need(calloc(1, sizeof **at));
		facts_copy(&(*at)->facts, f);
		r->count++;
	}
	(*at)->generation = generation;
	return reconnect;
}

static void replace(const char **at, const char *text)
{
	if (!text)
		return;
	free((char *)*at);
	*at = copy(text);
}

void registry_introduce(struct charger *c, const char *registration, const char *vendor,
			const char *model, const char *firmware_version, const char *serial_number)
{
	replace(&c->facts.registration, registration);
	replace(&c->facts.vendor, vendor);
	replace(&c->facts.model, model);
	replace(&c->facts.firmware_version, firmware_version);
	replace(&c->facts.serial_number, serial_number);
}

static void unlink_at(struct registry *r, struct charger **at)
{
	struct charger *c = *at;
	*at = c->next;
	r->count--;
	facts_free(&c->facts);
	free(c);
}

void registry_remove(struct registry *r, const char *id)
{
	struct charger **at = r->cap ? slot(r, id) : NULL;
	if (at && *at)
		unlink_at(r, at);
}

void registry_sweep(struct registry *r, uint32_t generation,
		    void (*gone)(const struct charger *, void *arg), void *arg)
{
	for (size_t i = 0; i < r->cap; i++)
		for (struct charger **at = &r->buckets[i]; *at;) {
			if ((*at)->generation >= generation) {
				at = &(*at)->next;
				continue;
			}
			if (gone)
				gone(*at, arg);
			unlink_at(r, at);
		}
}

void registry_each(struct registry *r, void (*fn)(struct charger *, void *arg), void *arg)
{
	for (size_t i = 0; i < r->cap; i++)
		for (struct charger *c = r->buckets[i]; c; c = c->next)
			fn(c, arg);
}

void registry_free(struct registry *r)
{
	registry_sweep(r, UINT32_MAX, NULL, NULL);
	free(r->buckets);
	*r = (struct registry){0};
}
