/* One node: everything a busbard process is made of, in the order it comes up. */
#ifndef BUSBARD_NODE_H
#define BUSBARD_NODE_H
#include "busbard/paths.h"
#include "busbard/settings.h"

struct node;

struct node_spec {
	const char *config_path;      /* NULL: defaults only */
	const char *const *overrides; /* NULL-terminated "section.key=value" */
};

/* Reads the configuration, opens and checks plugins and schemas; no plugin has run yet. Errors are
 * malloc'd texts. */
int node_prepare(const struct node_spec *, struct node **ret, char **ret_error);
/* Reads the files of TLS, if the configuration has a TLS listener. */
int node_read_tls(struct node *, char **ret_error);
/* Starts the storage engine, brings the database up to date and prepares every query. */
int node_open_storage(struct node *, char **ret_error);
/* Starts the plugins and listens. */
int node_start(struct node *, char **ret_error);
/* 0: it does not listen there. */
uint16_t node_port(const struct node *);
uint16_t node_tls_port(const struct node *);
/* From now on SIGTERM and SIGINT stop it in order, SIGHUP reloads; all are heeded by node_run(). */
void node_heed_signals(struct node *);
/* Until it is stopped, and the orderly stop. 0, or -ETIMEDOUT if something had to be cut off. */
int node_run(struct node *);
/* Takes a node in any state. */
void node_free(struct node *);

/* Plugins, actions, routes and hooks in their order; malloc'd. */
char *node_describe_plugins(struct node *);
/* Every option: its value in use, or without `values` what it means; malloc'd. */
char *node_describe_options(const struct node *, bool values);
#endif
