/* SPDX-License-Identifier: MIT */
/*
 * trivial.c - a cmocka test that does nothing, and the floor below it.
 *
 * trivial           one passing test
 * trivial floor N   forks, ends and waits for N children that do nothing, in this very
 *                   image (cmocka, and libflicker.so where it is preloaded), then runs
 *                   the test; prints "floor: X per second" to standard error
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The child ends by the system call: no interposer of exit() is measured with it. */
static int measure_floor(long count)
{
	double start = now_s();
	long i;

	for (i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid == 0)
			syscall(SYS_exit_group, 0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			return 1;
	}
	fprintf(stderr, "floor: %.1f per second\n", (double)count / (now_s() - start));
	return 0;
}

static void does_nothing(void **state)
{
	(void)state;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(does_nothing),
	};

	if (argc == 3 && strcmp(argv[1], "floor") == 0 && measure_floor(atol(argv[2])) != 0)
		return 99;
	return cmocka_run_group_tests_name("trivial", tests, NULL, NULL);
}
