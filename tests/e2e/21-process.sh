# SPDX-License-Identifier: MIT
# A program without a framework is one test, judged by how it ends.
. "$FL_SRC/tests/e2e/lib.sh"
process=$FL_FIXTURES/process

# WORD, verdict, exit code, outcome, message
ends() {
	run_flicker run --all --runs 30 --time none --timeout 2 --report json=ends.json "$process/ends" "$1"
	t "$1: verdict" verdict_is ends.json ends "$2"
	t "$1: exit code" status_is "$3"
	t "$1: the program's own output" has out "^ends: $1"
	t "$1: the host's outcome" holds_of ends.json ends ".host.outcome == \"$4\""
	[ -z "${5:-}" ] || t "$1: its words" holds_of ends.json ends \
		".failures | length == 1 and .[0].outcome == \"$4\" and .[0].message == \"$5\""
}
ends passes stable 0 pass
ends skips skipped 77 skip
ends error failing 1 error 'exit code 99'
ends fails failing 1 fail 'exit code 3'
ends deep failing 1 fail 'exit code 4'
t 'where exit() was called is the backtrace' holds_of ends.json ends \
	'.failures[0].backtrace | map(.function) | .[0:3] == ["lowest", "lower", "main"]'
t 'forks and fresh processes agree' holds_of ends.json ends \
	'[.arms[].mode] | sort == ["exec", "fork"]'
ends stops failing 1 stopped 'stopped by signal 19 (Stopped (signal))'

run_flicker run --all --runs 30 --time none --report json=ends.json "$process/ends" aborts
t 'aborts: verdict' verdict_is ends.json ends failing
t 'aborts: the host'"'"'s outcome' holds_of ends.json ends '.host.outcome == "crash"'
run_flicker run --all --runs 30 --time none --report json=ends.json "$process/ends" handler
t 'an exit handler decides: host and attempts' holds_of ends.json ends \
	'.verdict == "failing" and .host.message == "exit code 6" and .failures[0].message == "exit code 6"'
run_flicker run --timeout 0.3 --report json=ends.json "$process/ends" hangs
t 'hangs: verdict' verdict_is ends.json ends failing
t 'hangs: outcome' holds_of ends.json ends '.host.outcome == "timeout" and .failures[0].outcome == "timeout"'
t 'hangs: where' holds_of ends.json ends '.failures[0].backtrace | any(.function == "main")'
t 'nothing is left running' nothing_runs "$process/ends"

# ---- by chance: 0.7^60 = 5e-10 that none of 60 fails; of hangs three are enough: one seed ----

# WORD, outcome, message
chance() {
	run_flicker run --all --runs 60 --seed 0x5eed --time none --timeout 0.3 --report json=chance.json \
		"$process/chance" "$1"
	t "by chance $1: flaky" verdict_is chance.json chance flaky
	t "by chance $1: exit code" status_is 2
	t "by chance $1: outcome" holds_of chance.json chance \
		".host.outcome == \"pass\" and all(.failures[]; .outcome == \"$2\" and (.message | startswith(\"$3\")))"
	t "by chance $1: reproduced" sh -c "$(json chance.json '.tests[0].failures[0].replay' |
		sed "s|^flicker|$flicker|") >replay.log 2>&1 && grep -qx 'chance: reproduced' replay.log"
}
chance exits fail 'exit code 3'
chance returns fail 'exit code 1'
chance aborts crash 'signal 6'
chance handler fail 'exit code 5'
chance hangs timeout 'no end in sight'
run_flicker run --all --runs 60 --time none --report json=chance.json "$process/chance" skips
t 'by chance skips: that is no failure' verdict_is chance.json chance stable
t 'a skip by chance is counted' holds_of chance.json chance '.attempts.skip > 0'
run_flicker run --all --mode exec --runs 60 --time none --report json=chance.json "$process/chance" exits
t 'fresh processes alone' holds_of chance.json chance '.verdict == "flaky" and .failures[0].backtrace[0].function == "give_up"'
run_flicker replay "$(json chance.json '.tests[0].failures[0].token')" -- "$process/chance" exits
t 'a fresh process: reproduced' has err '^chance: reproduced'
run_flicker run --all --jobs 2 --mode fork --runs 60 --time none --report json=chance.json "$process/chance" exits
t 'two at a time' verdict_is chance.json chance flaky

# ---- frameworks of a program's own, that leave a failed test by longjmp ----

run_flicker run --all --runs 60 --mode fork --time none --report json=jumps.json "$FL_FIXTURES/setjmp/homemade"
t 'a jump: flaky' verdict_is jumps.json homemade flaky
t 'a jump: its stack is the place' holds_of jumps.json homemade \
	'.failures | length == 1 and (.[0].backtrace | map(.function) | .[0:3] == ["check_failed", "parse_header", "parses_header"])'

# ---- what the report calls it ----

t 'report: framework' holds chance.json '.program.framework == "process"'
t 'report: is valid' is_valid chance.json
t 'report: no suite' holds_of chance.json chance '.suite == "" or .suite == null'
run_flicker list "$process/ends"
t 'list: the one test' is "$(cat out)" ends
run_flicker run "$process/ends"
t 'nothing suspect: 0' status_is 0
t 'nothing suspect: the report says so' holds ends.flicker.json '.totals.not_suspect == 1 and .totals.attempts == 0'
run_flicker run --filter 'nope*' "$process/ends"
t 'filtered out: that is said' has err "^flicker: no test of '.*ends' is selected$"
run_flicker run --all --runs 20 --report json=sees.json "$process/sees"
t 'attempts see nothing of flicker in their environment' verdict_is sees.json sees stable
run_preloaded "$process/ends" fails
t 'under a plain preload nothing is done: exit code' status_is 3
t 'under a plain preload nothing is done: no words, no file' is_empty err
t 'under a plain preload nothing is done: no report' not ls ./fails.flicker.json

# ---- where the agent cannot be ----

cat >static.c <<'END'
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	const char *seed = getenv("TEST_SEED");

	if (argc > 1 && strcmp(argv[1], "hangs") == 0)
		pause();
	if (argc > 1 && strcmp(argv[1], "fails") == 0)
		return 3;
	return seed && strtoul(seed, NULL, 10) % 3 == 0 ? 5 : 0;
}
END
if ${CC:-cc} -static -o static static.c 2>/dev/null; then
	run_flicker run --all --runs 60 --time none --report json=static.json ./static
	t 'static: flaky by the seed in its environment' verdict_is static.json static flaky
	t 'static: exit code' status_is 2
	t 'static: only fresh processes' holds_of static.json static '[.arms[].mode] == ["exec"]'
	t 'static: outcomes' holds_of static.json static '.host.outcome == "pass" and .failures[0].message == "exit code 5"'
	t 'static: one line says so' has err '^flicker: warning: all attempts .*fresh processes: flicker cannot be loaded into it, for it is a static executable$'
	run_flicker replay "$(json static.json '.tests[0].failures[0].token')" -- ./static
	t 'static: reproduced' has err '^static: reproduced'
	run_flicker run --runs 30 --time none --report json=static.json ./static fails
	t 'static: fails' holds_of static.json static '.verdict == "failing" and .host.message == "exit code 3"'
	t 'static: fails, exit code' status_is 1
	run_flicker run --runs 30 --timeout 0.3 --report json=static.json ./static hangs
	t 'static: hangs' holds_of static.json static '.verdict == "failing" and .host.outcome == "timeout"'
	run_flicker list ./static
	t 'static: list' is "$(cat out)" static
	run_flicker run ./static
	t 'static: nothing suspect' status_is 0
	printf '#!%s\n' "$PWD/static" >by-static && chmod +x by-static
	run_flicker run --all --runs 60 --time none --report json=script.json ./by-static
	t 'a script for a static interpreter' verdict_is script.json by-static flaky
else
	t_skip 'a static executable' 'cannot link one here'
fi
cp "$process/ends" privileged && chmod u+s privileged
if [ "$(id -u)" != 0 ] || chown 1 privileged 2>/dev/null && chmod u+s privileged; then
	run_flicker run --all --runs 20 --report json=privileged.json ./privileged fails
	t 'setuid: by its exit code' verdict_is privileged.json privileged failing
	t 'setuid: one line says so' has err 'cannot be loaded into it, for it is setuid'
else
	t_skip 'setuid' 'cannot make one here'
fi
finish
