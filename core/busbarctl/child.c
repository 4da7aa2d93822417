#define _GNU_SOURCE /* pipe2 */
#include "busbarctl/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

#define CANNOT_RUN 127

static void become(char *const *argv, const int in[2], const int out[2], unsigned wanted)
{
	int null = open("/dev/null", O_RDWR);
	dup2(wanted & CHILD_IN ? in[0] : null, STDIN_FILENO);
	dup2(wanted & CHILD_OUT ? out[1] : null, STDOUT_FILENO);
	if (wanted & CHILD_ERR)
		dup2(out[1], STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	dprintf(STDERR_FILENO, "busbarctl: %s: %s\n", argv[0], strerror(errno));
	_exit(CANNOT_RUN);
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

bool child_start(struct child *c, char *const *argv, unsigned wanted)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1};
	bool ok = (!(wanted & CHILD_IN) || !pipe2(in, O_CLOEXEC)) &&
		  (!(wanted & (CHILD_OUT | CHILD_ERR)) || !pipe2(out, O_CLOEXEC));
	c->pid = ok ? fork() : -1;
	if (!c->pid)
		become(argv, in, out, wanted);
	if (c->pid < 0)
		ctl_complain("%s: %s", argv[0], strerror(errno));
	close_one(&in[0]);
	close_one(&out[1]);
	c->in = in[1];
	c->out = out[0];
	return c->pid > 0;
}

bool child_works(const struct child *c)
{
	siginfo_t ended = {0};
	if (waitid(P_PID, (id_t)c->pid, &ended, WEXITED | WNOHANG | WNOWAIT) || ended.si_pid)
		return false;
	poll(NULL, 0, 100);
	return true;
}

int child_wait(struct child *c)
{
	int status;
	close_one(&c->in);
	close_one(&c->out);
	while (waitpid(c->pid, &status, 0) < 0)
		if (errno != EINTR)
			return CANNOT_RUN;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int child_run(struct ctl *ctl, char *const *argv, unsigned wanted, const char **ret_output)
{
	struct child c;
	struct buf text = {0};
	char piece[4096];
	if (!child_start(&c, argv, wanted))
		return CANNOT_RUN;
	for (ssize_t n; c.out >= 0 && (n = read(c.out, piece, sizeof piece)) != 0;) {
		if (n > 0)
			buf_add(&text, piece, (size_t)n);
		else if (errno != EINTR)
			break;
	}
	if (ret_output)
		*ret_output = bb_strndup(ctl->arena, text.data ? text.data : "", text.len);
	buf_free(&text);
	return child_wait(&c);
}
