#include "database.h"

#include <criterion/criterion.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

char *database_query(const char *url, const char *sql)
{
	PGconn *c = PQconnectdb(url);
	PGresult *r = PQexec(c, sql);
	ExecStatusType status = PQresultStatus(r);
	cr_assert(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK,
		  "%s: %s (is the cluster of tests/postgres.sh up?)", sql, PQerrorMessage(c));
	char *cell = strdup(PQntuples(r) ? PQgetvalue(r, 0, 0) : "");
	PQclear(r);
	PQfinish(c);
	return cell;
}

void cluster_url(const char *dir, char *ret_url, size_t size)
{
	char path[512];
	snprintf(path, sizeof path, "%s/url", dir);
	FILE *f = fopen(path, "r");
	cr_assert(f, "%s is missing: start the cluster with tests/postgres.sh start %s", path, dir);
	cr_assert(fgets(ret_url, (int)size, f));
	fclose(f);
	ret_url[strcspn(ret_url, "\n")] = '\0';
}

static void admin_url(char *ret_url, size_t size)
{
	cluster_url(BUSBAR_BUILD "/tests/postgres", ret_url, size);
}

static void admin(const char *format, const char *name)
{
	char url[256], sql[128];
	admin_url(url, sizeof url);
	snprintf(sql, sizeof sql, format, name);
	free(database_query(url, sql));
}

void database_create(char *ret_url, size_t size)
{
	char name[64], base[256];
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	snprintf(name, sizeof name, "test_%d_%ld_%ld", getpid(), t.tv_sec, t.tv_nsec);
	admin("create database %s", name);
	admin_url(base, sizeof base);
	*strrchr(base, '/') = '\0';
	snprintf(ret_url, size, "%s/%s", base, name);
}

void database_drop(const char *url)
{
	admin("drop database %s with (force)", strrchr(url, '/') + 1);
}

void cluster(const char *command, const char *dir)
{
	char line[512];
	snprintf(line, sizeof line, BUSBAR_ROOT "/tests/postgres.sh %s %s %s >/dev/null", command,
		 dir, strcmp(command, "start") ? "" : "--no-fsync");
	cr_assert_eq(system(line), 0, "%s", line);
}
