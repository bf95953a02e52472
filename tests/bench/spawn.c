/* SPDX-License-Identifier: MIT */
/*
 * spawn.c - the floor of `flicker exec`: spawn N LANES PROGRAM
 *
 * N times posix_spawn(3) of the program, its standard output and error read from pipes to
 * their end, then waitpid(2); LANES processes share the N.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void read_all(int out, int err)
{
	struct pollfd ready[2] = { { out, POLLIN, 0 }, { err, POLLIN, 0 } };
	char bytes[65536];
	int i;

	while (ready[0].fd >= 0 || ready[1].fd >= 0) {
		poll(ready, 2, -1);
		for (i = 0; i < 2; i++)
			if (ready[i].revents && read(ready[i].fd, bytes, sizeof(bytes)) <= 0)
				ready[i].fd = -1;
	}
}

static void run_once(char **argv)
{
	posix_spawn_file_actions_t actions;
	int out[2], err[2], status = 1;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0)
		exit(70);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	posix_spawn_file_actions_adddup2(&actions, err[1], 2);
	if (posix_spawn(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		exit(70);
	close(out[1]);
	close(err[1]);
	read_all(out[0], err[0]);
	waitpid(pid, &status, 0);
	close(out[0]);
	close(err[0]);
	posix_spawn_file_actions_destroy(&actions);
	if (status)
		exit(1);
}

int main(int argc, char **argv)
{
	int count = argc > 3 ? atoi(argv[1]) : 0, lanes = argc > 3 ? atoi(argv[2]) : 0;
	int i, k, status = 0;

	if (count < 1 || lanes < 1)
		return 64;
	for (k = 0; k < lanes; k++) {
		if (fork() != 0)
			continue;
		for (i = k; i < count; i += lanes)
			run_once(argv + 3);
		_exit(0);
	}
	for (k = 0; k < lanes; k++) {
		int one;

		wait(&one);
		status |= one;
	}
	return status != 0;
}
