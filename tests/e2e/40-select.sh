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
run_flicker list --json --suspect '*.plain' "$cmocka/annotated"
t 'list --json: which are suspect, and why' holds out \
	'[.tests[] | .name, .suspect.why] == ["flaky", "annotated", "stable", "annotated", "plain", "named"]'
t 'list --json: where each is written, by debug information' holds out \
	'all(.tests[]; (.file | endswith("/cmocka/annotated.c")) and .line > 9) and .framework == "cmocka"'
t 'list --json: runs nothing' is_empty err
cp "$cmocka/annotated" bare && strip bare
run_flicker list --json --cache none ./bare
t 'list --json: no place where nobody knows it' holds out '.tests | length == 3 and all(.[]; .file == null)'
printf '[suspect "*.plain"]\nreason = was red\n' >.flicker.ini
run_flicker list --json --config .flicker.ini "$cmocka/annotated"
t 'list --json: what .flicker.ini says' holds out '.tests[2].suspect.reason == "was red"'
rm .flicker.ini
run_flicker list --json --filter 'zzz*' "$cmocka/annotated"
t 'list --json: nothing of that name' status_is 64
run_flicker list --suspects --json "$cmocka/annotated"
t 'list --json: not of what --suspects lists' status_is 64
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
run_flicker run --suspect 'stabel.*:stable.adds' "$cmocka/stable"
t 'one of several alternatives, and what is near' has err "no test matches 'stabel\.\*'; did you mean 'stable\.adds'"
t 'an alternative that a test has is not told of' not has err "no test 'stable"
run_flicker run --suspect 'stable.ads:-stable.nosuch' "$cmocka/stable"
t 'a name without a test: what is near' has err "there is no test 'stable\.ads'; did you mean 'stable\.adds'"
t 'what is left out need not be there' not has err nosuch
run_flicker run --suspect trivail "$FL_FIXTURES/process/trivial"
t 'a program that is one test' has err "there is no test 'trivail'; did you mean 'trivial'"
cat >patterned.c <<'END'
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <flicker/flicker.h>
FLICKER_SUSPECT("patterned.p*");
FLICKER_SUSPECT("patterned.pases");
static void passes(void **state) { (void)state; }
int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(passes) };
	return cmocka_run_group_tests_name("patterned", tests, NULL, NULL);
}
END
"${CC:-cc}" -I"$FL_SRC/include" -o patterned patterned.c -lcmocka
run_flicker run ./patterned
t 'an annotation is no pattern' has err "annotated test 'patterned\.p\*' does not exist: .* no pattern"
t 'an annotation: what is near' has err "annotated test 'patterned\.pases'; did you mean 'patterned\.passes'"
run env FLICKER_ALL=1 FLICKER_RUNS=20 "$flicker" run --report json=r.json "$cmocka/stable"
t 'settings from the environment' holds r.json '.run.settings.runs == 20 and .totals.attempts == 60'
run env FLICKER_RUNS=20 "$flicker" run --all --runs 30 --report json=r.json "$cmocka/stable"
t 'the command line wins' holds r.json '.totals.attempts == 90'
run env FLICKER_RUSN=20 "$flicker" run --report json=r.json "$cmocka/stable"
t 'an unknown variable warns with the nearest' has err 'FLICKER_RUSN.*FLICKER_RUNS'
run_flicker run --quiet --all --runs 20 "$cmocka/stable"
t '--quiet: no line of a stable test' not has err '^stable'
finish
