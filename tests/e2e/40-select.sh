# SPDX-License-Identifier: MIT
# Which tests run, and which are suspect.
. "$FL_SRC/tests/e2e/lib.sh"

run_flicker list "$cmocka/flaky_rand"
t 'list: the ids, a line each' is "$(tr '\n' ' ' <out)" \
	'flaky_rand.two_percent flaky_rand.thirty_by_random flaky_rand.thirty_by_kernel flaky_rand.steady '
t 'list: runs nothing, writes nothing' is_empty err
t 'list: no report' not ls ./*.json
run_flicker list --filter '*thirty*' "$cmocka/flaky_rand"
t 'list: filtered' line_count_is out 2
run_flicker list --suspects "$cmocka/annotated"
t 'list --suspects: without running' has out '^annotated.flaky'
t 'list --suspects: only these' not has out 'annotated.plain'
run_flicker list --suspects "$cmocka/folds"
printf 'folds.%s\n' 'crashes	crash=no' 'may_crash	reason=a wild pointer	crash=yes' leaks >want
grep -E '^folds\.(crashes|may_crash|leaks)(	|$)' out | sort >got
sort -o want want
t 'list --suspects: each key that is given' same want got

run_flicker run --report json=r.json "$cmocka/stable"
t 'nothing is suspect' holds r.json '.totals.not_suspect == 3 and .totals.attempts == 0'
run_flicker run --seed 1 --suspect '*thirty*:-*kernel' --report json=r.json "$cmocka/flaky_rand"
t 'a pattern' holds_of r.json flaky_rand.thirty_by_random '.suspect.why == "named" and .verdict == "flaky"'
t 'a negative pattern' holds_of r.json flaky_rand.thirty_by_kernel '.suspect.why != "named"'
run_flicker run --seed 1 --suspect '*random' --suspect '*kernel' --report json=r.json "$cmocka/flaky_rand"
t 'two patterns' holds r.json '[.tests[] | select(.suspect.why == "named")] | length == 2'
run_flicker run --seed 1 --all --runs 20 --filter '*steady' --report json=r.json "$cmocka/flaky_rand"
t 'a filter: the others are not run' holds r.json '[.tests[].id] == ["flaky_rand.steady"]'
t 'a filter: not by the program itself either' not has out 'thirty'
run_flicker run --test stable.none "$cmocka/stable"
t 'a test that is not there' status_is 64
run_flicker run --suspect 'zzz*' "$cmocka/stable"
t 'a pattern that matches nothing warns' has err "no test matches 'zzz\*'"
run env FLICKER_ALL=1 FLICKER_RUNS=20 "$flicker" run --report json=r.json "$cmocka/stable"
t 'settings from the environment' holds r.json '.run.settings.runs == 20 and .totals.attempts == 60'
run env FLICKER_RUNS=20 "$flicker" run --all --runs 30 --report json=r.json "$cmocka/stable"
t 'the command line wins' holds r.json '.totals.attempts == 90'
run env FLICKER_RUSN=20 "$flicker" run --report json=r.json "$cmocka/stable"
t 'an unknown variable warns with the nearest' has err 'FLICKER_RUSN.*FLICKER_RUNS'
run_flicker run --quiet --all --runs 20 "$cmocka/stable"
t '--quiet: no line of a stable test' not has err '^stable'
finish
