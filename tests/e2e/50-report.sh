# SPDX-License-Identifier: MIT
# The report: what it holds, who may read it, and what is left of it when we are killed.
. "$FL_SRC/tests/e2e/lib.sh"

run_flicker run --all --seed 9 --runs 50 "$cmocka/flaky_rand" one two
t 'beside us, under the program'"'"'s name' is_valid flaky_rand.flicker.json
t 'readable by its owner only' is "$(stat -c %a flaky_rand.flicker.json)" 600
t 'no .part is left' not test -e flaky_rand.flicker.json.part
t 'program and arguments' holds flaky_rand.flicker.json \
	'.program | (.path | endswith("flaky_rand")) and .args == ["one", "two"] and .framework == "cmocka" and (.build_id | length > 8)'
t 'the counts add up' holds flaky_rand.flicker.json \
	'all(.tests[]; . as $t | .attempts | .total == .pass + .fail + .error + .crash + .timeout + .skip + .early_exit + .stopped + .oom
	  and .total == ([$t.arms[].total] | add) and ($t.failures | map(.count) | add // 0) == .total - .pass - .skip)'
t 'every frame has module, offset and build-id' holds flaky_rand.flicker.json \
	'all(.tests[].failures[].backtrace[]; .module and .offset and (.build_id | length > 8))'
cp flaky_rand.flicker.json kept.json
run_flicker report kept.json
t 'report FILE shows it again' has out 'FLAKY +flaky_rand.thirty_by_random'
run_flicker report nosuch.json
t 'report of nothing' status_is 64

cp "$cmocka/flaky_rand" stripped && strip stripped
run_flicker run --all --seed 9 --runs 50 ./stripped
t 'stripped: module, offset and build-id remain' holds stripped.flicker.json \
	'[.tests[].failures[].backtrace[]] | length > 0 and all(.[]; .module == "stripped" and (.offset | length > 2) and (.build_id | length > 8))'

# kill -9 in the middle: what was finished is there, whole.
run_flicker run --all --seed 9 --runs 60 --report json=small.json "$cmocka/flaky_rand"
"$flicker" run --all --seed 9 --runs 3000 --report json=killed.json "$cmocka/groups" >/dev/null 2>&1 &
pid=$!
for i in $(seq 300); do
	[ "$(wc -l <killed.json.part 2>/dev/null || echo 0)" -ge 2 ] && break
	sleep 0.1
done
kill -9 "$pid"
wait "$pid" 2>/dev/null
t 'kill -9: no final report' not test -e killed.json
run_flicker report killed.json.part
t 'kill -9: the .part is readable' has out "$(sed -n 2p killed.json.part | jq -r .id)"
t 'kill -9: a finished test is in it' is "$(tail -n +2 killed.json.part | head -n 1 | jq -r .verdict)" stable
t 'kill -9: nobody goes on' nothing_runs "$cmocka/groups"

# A test that is finished is in the .part, whatever others of its group still take.
"$flicker" run --suspect 'slow.a:slow.seven' --runs 20 --mode fork --until runs --time none --report json=grows.json "$cmocka/slow" >/dev/null 2>err &
pid=$!
for i in $(seq 300); do
	grep -q '"id":"slow.a"' grows.json.part 2>/dev/null && break
	sleep 0.1
done
tail -n +2 grows.json.part | jq -r '"\(.id) \(.verdict)"' >grown
kill -TERM "$pid"
wait "$pid" 2>/dev/null
echo 'slow.b not-suspect
slow.c not-suspect
slow.a stable' >wanted
t 'the .part: a test when it is finished, not suspect ones at once' same wanted grown

# SIGINT: what was seen is reported.
"$flicker" run --all --seed 9 --runs 1000000 --time none --report json=int.json "$cmocka/stable" >/dev/null 2>&1 &
pid=$!
for i in 1 2 3 4 5 6 7 8 9 10; do
	[ -e int.json.part ] && break
	sleep 0.2
done
# host, template and attempt: attempts are being made
for i in $(seq 100); do
	[ "$(pgrep -fc -- "$cmocka/stable")" -ge 4 ] && break
	sleep 0.1
done
sleep 0.3
kill -TERM "$pid"
status=0
wait "$pid" || status=$?
t 'SIGTERM: 143' status_is 143
t 'SIGTERM: the report is there' is_valid int.json
t 'SIGTERM: attempts are counted, the verdict is unknown' holds int.json 'any(.tests[]; .attempts.total > 0 and .verdict == "unknown")'
t 'SIGTERM: nobody goes on' nothing_runs "$cmocka/stable"
finish
