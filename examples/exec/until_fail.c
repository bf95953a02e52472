/* SPDX-License-Identifier: MIT */
/*
 * until_fail.c - runs a command until it fails, four at a time, and says how each run ended.
 *
 * cc until_fail.c $(pkg-config --cflags --libs flicker-exec) -o until_fail
 * ./until_fail 100 ./test_net --port '#port#' --log 'log#count#.txt'
 */
#include <flicker/exec.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int seen(void *context, const struct flicker_exec_attempt *attempt)
{
	double *slowest_ms = context, ms = (double)attempt->duration_ns / 1e6;

	if (ms > *slowest_ms)
		*slowest_ms = ms;
	printf("run %llu: %s", (unsigned long long)attempt->number,
	       flicker_exec_word(attempt->outcome));
	if (attempt->outcome == FLICKER_EXEC_FAIL)
		printf(", exit code %d", attempt->exit_code);
	if (attempt->outcome == FLICKER_EXEC_CRASH)
		printf(", signal %d", attempt->signal);
	printf(", %zu bytes of output\n", attempt->out.size);
	if (attempt->outcome == FLICKER_EXEC_FAIL || attempt->outcome == FLICKER_EXEC_CRASH)
		fwrite(attempt->err.bytes, 1, attempt->err.size, stdout);
	return 0;
}

int main(int argc, char **argv)
{
	double slowest_ms = 0;
	struct flicker_exec_settings settings = {
		.argv = argv + 2, .runs = argc > 2 ? strtoull(argv[1], NULL, 10) : 0,
		.jobs = 4, .max_failures = 1, .timeout_ms = 10000,
		.count_token = "#count#", .port_token = "#port#",
		.on_attempt = seen, .context = &slowest_ms,
	};
	struct flicker_exec_counts counts;
	struct flicker_exec *exec;
	int r = flicker_exec_new(&settings, &exec);

	if (r >= 0) {
		r = flicker_exec_run(exec, &counts);
		flicker_exec_free(exec);
	}
	if (r < 0) {
		fprintf(stderr, "until_fail: %s; usage: until_fail runs command [argument ...]\n",
			strerror(-r));
		return 64;
	}
	printf("%llu passed, %llu failed, %llu cancelled, the slowest took %.1f ms\n",
	       (unsigned long long)counts.passed, (unsigned long long)counts.failed,
	       (unsigned long long)counts.cancelled, slowest_ms);
	return counts.failed > 0;
}
