/* SPDX-License-Identifier: MIT */
/*
 * measure.c - measure OUTPUT program arguments...: runs it with standard output and
 * error in OUTPUT, prints "milliseconds peak-KiB exit-code".
 *
 * The peak is wait4(2)'s: that of the process or of a child that it waited for,
 * whichever is larger.  For the flicker command it is thus an upper bound.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static void become(const char *output, char **arguments)
{
	int fd = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0)
		_exit(126);
	close(fd);
	execvp(arguments[0], arguments);
	_exit(127);
}

int main(int argc, char **argv)
{
	double start = now_ms();
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 3)
		return 64;
	pid = vfork();
	if (pid == 0)
		become(argv[1], argv + 2);
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 70;
	printf("%.3f %ld %d\n", now_ms() - start, usage.ru_maxrss,
	       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
