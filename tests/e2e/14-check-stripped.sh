# SPDX-License-Identifier: MIT
# Check linked into a program that has no symbols: as with them, but for the names of functions.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/e2e/check.sh"

cc=${CC:-cc}

for name in twelve kinds nofork; do
	strip -o $name "$fixtures/$name"
	attempt $name ./$name --timeout 0.5
	t "$name: the verdicts" as_expected $name.list $name.json
	t "$name: its framework, and no version" holds $name.json \
		'.program | .framework == "check" and .framework_version == "" and .linkage == "static"'
	t "$name: forks and fresh processes" holds $name.json '[.tests[].arms[].mode] | unique == ["exec", "fork"]'
done
t 'where a test is defined' holds_of twelve.json twelve.core.flaky '(.file | endswith("twelve.c")) and .line > 0'
t 'a failure: words, place' holds_of twelve.json twelve.rest.fails '.failures[0] |
	.message == "Assertion '\''6 * 9 == 42'\'' failed: 6 * 9 == 54, 42 == 42" and (.file | endswith("twelve.c"))'
t 'no warning' not has err warning
CK_FORK=no attempt one_process ./twelve --timeout 0.5
t 'CK_FORK=no: what one test leaves another one finds' verdict_is one_process.json twelve.core.uses stable

# ---- under plain preload ----

run env LD_PRELOAD="$library" FLICKER_ALL=1 FLICKER_RUNS=60 FLICKER_TIMEOUT=0.5 FLICKER_REPORT=json=preload.json ./twelve
t 'plain preload: the verdicts' as_expected twelve.list preload.json

strip -o choice "$fixtures/choice"
run ./choice nofork
mv out bare
run env LD_PRELOAD="$library" ./choice nofork
t 'plain preload, nothing suspect: the same output' same bare out
t 'plain preload, nothing suspect: and no more' is_empty err

# ---- where it cannot be found, or is not what it seems ----

# Without the unwind tables' index nothing says where functions begin.
# shellcheck disable=SC2046 # words are meant
if $cc -s -w -std=gnu11 -I"$FL_SRC/include" -I"$FL_SRC/tests/fixtures" -o lost "$FL_SRC/tests/fixtures/check/choice.c" \
	-Wl,--no-eh-frame-hdr $(pkg-config --cflags --libs check); then
	attempt lost ./lost --runs 20
	t 'not found: one test' holds lost.json '.totals.tests == 1 and .tests[0].id == "lost"'
	t 'not found: says why' has err '^flicker: warning: Check is linked into the program, which has no symbols'
	run env LD_PRELOAD="$library" ./lost
	t 'not found: nothing under plain preload' is_empty err
else
	t_skip 'not found' 'it cannot be built'
fi

# A function like Check's, whose runner is like none of Check's: where the suites should be there is nothing.
cat >other.c <<'END'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void *volatile calls[] = { (void *)timer_create, (void *)killpg, (void *)fork, (void *)waitpid };

__attribute__((noinline)) int runs(void **runner, const char *suite, const char *in, const char *with, const char *but,
				   int number)
{
	if (getenv("CK_RUN_CASE") || getenv("CK_RUN_SUITE") || getenv("CK_INCLUDE_TAGS") || getenv("CK_EXCLUDE_TAGS"))
		return 1;
	return printf("%p %d\n", *runner, number);
}

int main(void)
{
	void *runner[16] = { (void *)16, (void *)16 };

	return runs(runner, NULL, NULL, NULL, NULL, 2) != 7 || runs(runner, NULL, NULL, NULL, NULL, 3) != 7;
}
END
$cc -O1 -s -w -o other other.c
run ./other
mv out bare
run env LD_PRELOAD="$library" ./other
t 'of another shape: the same output' same bare out
t 'of another shape: its exit code' status_is 0

# As -flto leaves it: the runner's code is in main.
sed '/^int main/,$d; s/^.*int runs(.*/int main(int number, char **runner)/; /int number)$/d' other.c >swallowed.c
$cc -O1 -s -w -o swallowed swallowed.c
run env LD_PRELOAD="$library" ./swallowed a b
mv out bare
t 'in main: its exit code' has bare ' 3$'
attempt swallowed ./swallowed --runs 5
t 'in main: one test' holds swallowed.json '.totals.tests == 1 and .tests[0].id == "swallowed"'
finish
