#include "oidc.h"

static void on_user(int err, const struct bb_user *user, void *arg)
{
	struct provision *pr = arg;
	if (err)
		return;
	pr->found = true;
	pr->user_id = bb_strdup(pr->arena, user->id);
	pr->operator_id = user->operator_id ? bb_strdup(pr->arena, user->operator_id) : NULL;
}

static void on_disabled(int err, const struct bb_rows *rows, void *arg)
{
	struct provision *pr = arg;
	(void)rows;
	pr->done(pr, err ? err : -EACCES);
}

/* A token can outlive its user: what it has just made must not. */
static void disable_again(struct provision *pr)
{
	struct bb_unit *unit = pr->p->api->begin(pr->p->me);
	pr->p->users->set_disabled(unit, pr->arena, pr->issuer->issuer, pr->person.subject, true);
	bb_commit(pr->p->api, unit, on_disabled, pr);
}

static void on_committed(int err, const struct bb_rows *rows, void *arg)
{
	struct provision *pr = arg;
	const char *wanted = pr->person.operator_id ? pr->person.operator_id : "";
	if (err)
		pr->done(pr, err);
	else if (rows->rows)
		disable_again(pr);
	else if (!pr->found || strcmp(pr->operator_id ? pr->operator_id : "", wanted) != 0)
		pr->done(pr, -ENOENT);
	else
		pr->done(pr, 0);
}

/* Whether the provider has removed them is asked last: whoever provides, and whoever disables, does
 * so after the other. */
void provision_commit(struct provision *pr, struct bb_unit *unit)
{
	const struct oidc *p = pr->p;
	const struct bb_user_subject subject = {
	    .issuer = pr->issuer->issuer,
	    .subject = pr->person.subject,
	    .name = pr->person.name,
	    .role = pr->person.role,
	    .operator_id = pr->person.operator_id,
	    .email = pr->person.email,
	    .made_by = "oidc",
	    .follow = true,
	};
	const struct bb_val v[] = {bb_text(pr->issuer->issuer), bb_text(pr->person.subject)};
	p->users->provide(unit, pr->arena, &subject, on_user, pr);
	if (pr->disabled)
		p->users->set_disabled(unit, pr->arena, pr->issuer->issuer, pr->person.subject,
				       true);
	p->api->add(unit, p->q[Q_GONE_FIND], 2, v, NULL, NULL);
	bb_commit(p->api, unit, on_committed, pr);
}
