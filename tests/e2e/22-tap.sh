# SPDX-License-Identifier: MIT
# A program without a framework that speaks TAP has tests of its own.  0.7^60 = 5e-10 that none
# of 60 attempts fails.
. "$FL_SRC/tests/e2e/lib.sh"
tap=$FL_FIXTURES/process/tap

# WORD...: all is suspect; its output goes to the file out
taps() {
	run_flicker run --all --runs 60 --until runs --time none --report json=tap.json "$tap" "$@"
}

taps
t 'exit code' status_is 2
t 'by chance: flaky' verdict_is tap.json tap.by%20chance flaky
t 'by chance: its block says why' holds_of tap.json tap.by%20chance \
	'.failures | length == 1 and .[0].message == "the dice fell" and .[0].outcome == "fail"'
t 'by chance: the host passed' holds_of tap.json tap.by%20chance '.host.outcome == "pass"'
t 'steady: stable' verdict_is tap.json tap.steady stable
t 'todo: no failure' verdict_is tap.json tap.not%20yet skipped
t 'skip' verdict_is tap.json tap.skipped skipped
t 'a subtest is its parent'"'"'s' verdict_is tap.json tap.whole stable
t 'the program itself has not failed' verdict_is tap.json tap stable
t 'and that is all' holds tap.json '.tests | length == 6'
t 'one run is an attempt of each' holds tap.json 'all(.tests[]; .attempts.total == 60)'
t 'the report is valid' is_valid tap.json
t 'raw names are kept' holds_of tap.json tap.by%20chance '.name == "by chance" and .suite == "tap"'
replay_first() {
	sh -c "$(json tap.json '.tests[] | select(.failures | length > 0) | .failures[0].replay' |
		sed "s|^flicker|$flicker|")" 2>&1 | grep -q ': reproduced$'
}
t 'reproduced' replay_first

taps fails
t 'fails: exit code' status_is 1
t 'fails: the line is failing' holds_of tap.json tap.always '.verdict == "failing" and .host.outcome == "fail"'
t 'fails: the program is not' verdict_is tap.json tap stable
taps bails
t 'bails out: the program is flaky' holds_of tap.json tap '.verdict == "flaky" and .failures[0].message == "Bail out! no server"'
t 'bails out: what came before is stable' verdict_is tap.json tap.steady stable
t 'bails out: what had no turn has not failed' holds_of tap.json tap.second '.attempts.fail == 0 and .attempts.infra > 0'
taps short
t 'short of its plan: the program is failing' holds_of tap.json tap \
	'.verdict == "failing" and .failures[0].message == "2 tests were planned, there are 1"'
taps code
t 'all lines are ok, the exit code is not' holds_of tap.json tap \
	'.verdict == "failing" and .failures[0].message == "exit code 4"'
t 'all lines are ok: so is the test' verdict_is tap.json tap.steady stable
taps crashes
t 'crashes: the program is flaky' holds_of tap.json tap '.verdict == "flaky" and .failures[0].outcome == "crash"'
t 'crashes: what had no turn has not failed' holds_of tap.json tap.second '.attempts.fail == 0'
taps long
t 'more output than a fork keeps: flaky' verdict_is tap.json tap.by%20chance flaky
t 'more output than a fork keeps: fresh processes' holds_of tap.json tap.by%20chance '[.arms[].mode] == ["exec"]'
t 'more output than a fork keeps: reproduced' replay_first
taps none
t 'all is skipped' holds tap.json '[.tests[] | .id, .verdict] == ["tap", "skipped"]'
taps same
t 'equal names are numbered' holds tap.json \
	'[.tests[].id] == ["tap", "tap.same", "tap.same#2", "tap.same#3"]'
t 'equal names: the second' verdict_is tap.json 'tap.same#2' flaky
t 'equal names: the third' verdict_is tap.json 'tap.same#3' stable
t 'equal names: reproduced' replay_first
taps test_more
t 'diagnostics are the message' holds_of tap.json tap.by%20chance \
	'.failures[0].message | test("Failed test .by chance.\nat tap.c line 41")'

# ---- which are suspect ----

run_flicker run --runs 40 --time none --report json=tap.json "$tap" fails
t 'what failed is suspect' verdict_is tap.json tap.always failing
t 'what passed is not' holds tap.json '[.tests[] | select(.verdict == "not-suspect") | .id] == ["tap", "tap.steady"]'
"$flicker" run --runs 40 --time none --report json=tap.json "$tap" fails 2>err | cat >out
t 'into a pipe: found in the attempts' verdict_is tap.json tap.always failing
t 'into a pipe: its own run is not known by line' holds_of tap.json tap '.host == null and .verdict == "stable"'
t 'into a pipe: all comes out' has out '^not ok 2 - always$'
run_flicker run --runs 60 --time none --report json=tap.json --suspect 'tap.by*' "$tap"
t 'named' holds tap.json '[.tests[] | select(.attempts.total > 0 and .id != "tap") | .id, .verdict] == ["tap.by%20chance", "flaky"]'
"$flicker" run --runs 60 --time none --report json=tap.json --suspect 'tap.by*' "$tap" 2>err | cat >out
t 'named, into a pipe' holds tap.json '[.tests[] | select(.attempts.total > 0 and .id != "tap") | .id, .verdict] == ["tap.by%20chance", "flaky"]'
run_flicker run --runs 60 --time none --report json=tap.json --test tap.steady "$tap"
t 'alone' holds tap.json '[.tests[] | .id, .verdict] == ["tap.steady", "stable"]'
t 'alone: exit code' status_is 0
run_flicker run --filter 'tap.nowhere' "$tap"
t 'none is selected' has err "^flicker: no test of '.*tap' is selected$"
run_flicker list "$tap"
t 'list' is "$(tr '\n' ' ' <out)" 'tap tap.steady tap.by%20chance tap.not%20yet tap.skipped tap.whole '
run_flicker list --filter 'tap.s*' "$tap"
t 'list, filtered' is "$(tr '\n' ' ' <out)" 'tap.steady tap.skipped '

# ---- how much there may be, and how little ----

cat >many.t <<'END'
#!/bin/sh
exec awk 'BEGIN { print "1..1900"; while (i++ < 1900) print "ok " i " - a name that all have, but for the number " i }'
END
cat >half.t <<'END'
#!/bin/sh
printf '1..2\nok 1 - first\nok 2 - sec'
kill -KILL $$
END
cat >much.t <<'END'
#!/bin/sh
printf '1..2\nok 1 - first\n# '
head -c 17000000 /dev/zero | tr '\0' '#'
printf '\nok 2 - second\n'
END
chmod +x many.t half.t much.t
run_flicker run --all --runs 20 --time none --quiet --report json=many.json ./many.t
t 'very many lines' holds many.json '[.tests[] | select(.verdict == "stable" and .attempts.total == 20)] | length == 1901'
t 'very many lines: in no time' holds many.json '.run.duration_ms < 30000'
run_flicker run --all --runs 20 --time none --quiet --report json=half.json ./half.t
t 'half a line is no test' holds half.json '[.tests[].id] == ["half.t", "half.t.first"]'

run_flicker run --all --runs 20 --time none --report json=much.json ./much.t
t 'more than can be kept is no evidence of any line' holds much.json '.totals.failing == 0 and .totals.flaky == 0 and
	all(.tests[]; .attempts.fail == 0)'
t 'more than can be kept: it is said' has err "attempts of 'much.t' write more than is kept"
rm -f out

# ---- a script that speaks TAP; one file for both outputs ----

cat >script.t <<'END'
#!/bin/sh
echo 1..2
echo noise >&2
echo 'ok 1 - first'
echo 'not ok 2 - second'
exit 1
END
chmod +x script.t
"$flicker" run --runs 20 --quiet --report json=script.json ./script.t >both 2>&1
t 'a script' verdict_is script.json script.t.second failing
t 'a script: nothing is changed in what comes out' is "$(sed '5,$d' both | tr '\n' '|')" '1..2|noise|ok 1 - first|not ok 2 - second|'
printf '%s\n' 1..1 'not ok 1 - earlier' >appended
"$flicker" run --runs 20 --quiet --report json=script.json ./script.t >>appended 2>err
t 'appended to a file' holds_of script.json script.t.second '.host.outcome == "fail"'
t 'appended to a file: what stood there is nobody'"'"'s' holds script.json \
	'[.tests[].id] == ["script.t", "script.t.first", "script.t.second"]'
t 'appended to a file: nothing is changed' is "$(tr '\n' '|' <appended)" \
	'1..1|not ok 1 - earlier|1..2|ok 1 - first|not ok 2 - second|'
finish
