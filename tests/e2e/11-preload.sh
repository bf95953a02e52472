# SPDX-License-Identifier: MIT
# The same truths by plain LD_PRELOAD: settings from the environment, exit code to the caller.
. "$FL_SRC/tests/e2e/lib.sh"

# FIXTURE, VARIABLE=value...: report in FIXTURE.json
attempt() {
	name=$1
	shift
	run env LD_PRELOAD="$library" FLICKER_SEED=0x5eed FLICKER_REPORT=json="$name.json" "$@" "$cmocka/$name"
}

attempt stable FLICKER_ALL=1
t 'stable: clean' status_is 0
t 'stable: all stable' holds stable.json '.totals.stable == 3'

attempt failing
t 'failing: the own exit code stands' status_is 1
t 'failing: suspect because it failed' holds failing.json \
	'any(.tests[]; .verdict == "failing" and .suspect.why == "failed")'

attempt flaky_rand FLICKER_ALL=1
t 'flaky: exit code 2' status_is 2
t 'flaky at 2 %' verdict_is flaky_rand.json flaky_rand.two_percent flaky
t 'flaky at 30 %' verdict_is flaky_rand.json flaky_rand.thirty_by_random flaky
t 'the steady one is stable' verdict_is flaky_rand.json flaky_rand.steady stable
cp flaky_rand.json preloaded.json
run_flicker run --all --seed 0x5eed --report json=commanded.json "$cmocka/flaky_rand"
for file in preloaded commanded; do
	json "$file.json" '[.tests[] | {id, attempts, failures: [.failures[] | {count, seeds, message}]}]' >"$file.txt"
done
t 'the same seed gives the same, by command and by preload' same preloaded.txt commanded.txt

attempt leak FLICKER_ALL=1 FLICKER_RUNS=40
t 'leak: failing' verdict_is leak.json leak.leaks failing
t 'leak: at times' verdict_is leak.json leak.leaks_at_times flaky

attempt crash FLICKER_ALL=1 FLICKER_RUNS=60
t 'crash: the host dies of SIGABRT, its status stands' status_is 134
for i in $(seq 150); do
	[ -e crash.json ] && break
	sleep 0.2
done
t 'crash: the attempts are made all the same' verdict_is crash.json crash.at_times flaky
t 'crash: also of what the host never reached' holds crash.json 'any(.tests[]; .host == null and .attempts.total == 60)'

attempt exit_mid FLICKER_ALL=1 FLICKER_RUNS=60
t 'exit: flaky' verdict_is exit_mid.json exit_mid.at_times flaky
t 'exit: failing, and the own exit code where it is not 0' holds exit_mid.json '.run.exit_code == 1 or .run.exit_code == 3'
t 'exit: the caller gets what the report says' status_is "$(json exit_mid.json .run.exit_code)"

attempt skip FLICKER_ALL=1
t 'skip: skipped' verdict_is skip.json skip.skips skipped

attempt fixture_error FLICKER_ALL=1 FLICKER_RUNS=60
t 'fixture: flaky, error' holds_of fixture_error.json fixture_error.setup_at_times '.verdict == "flaky" and .attempts.error > 0'

attempt annotated
t 'annotated: flaky' verdict_is annotated.json annotated.flaky flaky
t 'annotated: the reason and the rest are in the report' holds_of annotated.json annotated.flaky \
	'.suspect | .why == "annotated" and (.reason | length > 0)'
t 'annotated: the stable one is stable' verdict_is annotated.json annotated.stable stable
t 'annotated: the others are left alone' holds_of annotated.json annotated.plain '.verdict == "not-suspect" and .suspect == null and .attempts.total == 0'
t 'annotated: flaky gates' status_is 2

run env LD_PRELOAD="$library" FLICKER_SEED=0x5eed "$cmocka/annotated"
t 'without a path the report is beside us' is_valid annotated.flicker.json

for name in stable failing flaky_rand leak crash exit_mid skip fixture_error annotated; do
	t "$name: the report is what its schema says" is_valid "$name.json"
done

# Two installations: the command's own library is the one that is loaded.  (A sanitized
# command would want its runtime to come before.)
mkdir elsewhere
cp "$library" elsewhere
run env ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" FLICKER_ALL=1 LD_PRELOAD="$PWD/elsewhere/libflicker.so" "$flicker" run --runs 9 --time none \
	--report json=two.json "$cmocka/stable"
t 'run under the preload of another copy: nothing to complain of' not has err warning
t 'run under the preload of another copy: told once' is "$(grep -c '^report: ' err)" 1
t 'run under the preload of another copy: all attempts are made' holds two.json '.totals.attempts == 27'
finish
