# SPDX-License-Identifier: MIT
# What a guest must not change, and what hosts do to a guest.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/guest/guest.sh"

guest=$FL_FIXTURES/guest

# ---- what a test that asks is told ----

untouched asks "$guest/asks"
untouched asks_limited sh -c "ulimit -Sc 0; ulimit -n 200; exec '$guest/asks'"
stable_in_attempts asks "$guest/asks"
stable_in_attempts asks_exec env "$guest/asks"
run_flicker run --all --mode exec --runs 3 --until runs --report json=fresh.json "$guest/asks"
t 'asks: the same in fresh processes' all_stable fresh.json

# ---- streams ----

untouched streams "$guest/streams"
stable_in_attempts streams "$guest/streams"
t 'streams: the program'"'"'s own line is there once' is "$(grep -c host log.txt)" 1

# ---- what is held before the tests: no parked copy, which is said ----

# KIND, why not
held() {
	untouched "held_$1" env MAKEFLAGS= "$cmocka/held_before" "$1"
	run env MAKEFLAGS= "$flicker" run --all --mode fork --runs 4 --report json="held_$1.json" "$cmocka/held_before" "$1"
	t "held, $1: the program does not meet us" holds "held_$1.json" 'all(.tests[]; .host.outcome == "pass")'
	t "held, $1: it is said why there are no forks" has err "$2"
	[ "$1" != lock ] || return 0            # an attempt cannot have what the program holds
	stable_in_attempts "held_$1" env MAKEFLAGS= "$cmocka/held_before" "$1"
}
held lock 'a file is locked before its tests'
held pipe 'a pipe is open before its tests'
held socket 'sockets are open before its tests'
held epoll 'sockets are open before its tests'
held map 'memory is shared with others before its tests'

# The stack of a failure in the host is walked with a pipe of the library's own, which is no reason.
# That no seed of 40 has the bit, or all have it: 2^-39.
for limit in 1024 200; do
	name=fails_before_$limit
	run sh -c "ulimit -n $limit; exec '$flicker' run --all --mode fork --runs 40 --report json=$name.json '$cmocka/fails_before'"
	t "a failure in the host before, $limit descriptors: forks" holds_of $name.json second.flaky \
		'.verdict == "flaky" and all(.arms[]; .mode == "fork")'
	t "a failure in the host before, $limit descriptors: nothing to warn of" not grep -q warning err
done

# ---- standard input ----

printf ab >input
run sh -c "'$flicker' run --all --runs 20 --until runs --report json=input.json '$guest/reads_input' <input"
t 'standard input is the program'"'"'s alone' all_stable input.json

# ---- waits ----

untouched waits_all "$guest/waits_all"
run_flicker run --all --runs 8 --until runs --report json=waits_all.json "$guest/waits_all"
t 'waits for every kind: the program does not meet us' holds waits_all.json 'all(.tests[]; .host.outcome == "pass")'
t 'waits for every kind: attempts are fresh processes' all_stable waits_all.json
t 'waits for every kind: it is said why' has err '__WALL'

# Whose orphans come to it: a subreaper, and the first process of a namespace, as in a container.
childless() {
	t "$1: the program has no child of ours" holds heir.flicker.json \
		'any(.tests[]; .id == "second.has_no_children" and .host.outcome == "pass")'
	t "$1: attempts" holds_of heir.flicker.json first.fails '.attempts.fail >= 2 and .attempts.infra == 0'
}
run_preloaded env FLICKER_RUNS=8 "$guest/heir"
childless 'an ordinary program'
rm -f heir.flicker.json
run_preloaded env FLICKER_RUNS=8 "$guest/heir" subreaper
childless 'a subreaper'
t 'a subreaper: nobody is left' nothing_runs "$guest/heir"
if unshare -rUpf --mount-proc true 2>/dev/null; then
	rm -f heir.flicker.json
	run unshare -rUpf --mount-proc env LD_PRELOAD="$library" FLICKER_RUNS=8 "$guest/heir"
	childless 'the first process'
else
	t_skip 'the first process of a namespace' 'no namespace of processes can be made here'
fi
run_flicker run --runs 8 --report json=heir.flicker.json "$guest/heir" subreaper
childless 'a subreaper under run'

# ---- descriptors that a test closes ----

for how in closes closes-range closes-loop; do
	run_flicker run --runs 8 --until runs --suspect 'second.*' --report json=$how.json "$guest/changes" $how
	t "run $how: watched on" holds_of $how.json second.fails '.host.outcome == "fail" and .attempts.fail == .attempts.total'
	t "run $how: attempts" holds_of $how.json second.passes '.attempts.pass == .attempts.total and .attempts.total == 8'
	t "run $how: nothing to warn of" not grep -q warning err
	FLICKER_RUNS=8 FLICKER_REPORT=json=plain-$how.json run_preloaded "$guest/changes" $how
	t "preload $how: watched on" holds_of plain-$how.json second.fails '.host.outcome == "fail" and .attempts.fail == .attempts.total'
	run env LD_PRELOAD="$library" FLICKER_RUNS=8 "$guest/changes" $how
	t "preload $how, summoned after it" holds_of changes.flicker.json second.fails '.attempts.fail >= 2'
done

# ---- another user, another root, no room: told at once, not after a time ----

if [ "$(id -u)" = 0 ]; then
	for how in user root processes; do
		before=$(date +%s%N)
		run_flicker run --runs 8 --mode fork --until runs --suspect 'second.*' --report json=$how.json "$guest/changes" $how
		took=$((($(date +%s%N) - before) / 1000000))
		t "run $how: the program is seen to its end" holds_of $how.json second.fails '.host.outcome == "fail"'
		t "run $how: it is said why there are no attempts" has err "no attempts in group 'second': "
		t "run $how: at once ($took ms)" test "$took" -lt 4000
		run_flicker run --runs 8 --until runs --suspect 'second.*' --report json=$how.json "$guest/changes" $how
		t "run $how: attempts are fresh processes" holds_of $how.json second.passes '.attempts.pass == 8'
	done
else
	t_skip 'another user, another root' 'for root only'
fi
how=memory
run_flicker run --mode fork --runs 8 --until runs --suspect 'second.*' --report json=$how.json "$guest/changes" $how
t "run $how: no room for us: the program goes its way" has out 'FAILED.*fails'
t "run $how: and it is said" has err 'warning: the tests go on unwatched: no memory'
for how in descriptors; do
	run_flicker run --runs 8 --until runs --suspect 'second.*' --report json=$how.json "$guest/changes" $how
	t "run $how: the program is seen to its end" holds_of $how.json second.fails '.host.outcome == "fail"'
	t "run $how: attempts of the rest" holds_of $how.json second.passes '.attempts.pass >= 2'
done
for limit in '-n 20' '-n 40' '-v 200000' '-f 100' '-u 3'; do
	name=limit$(echo "$limit" | tr -d ' ')
	untouched "$name" sh -c "ulimit $limit; exec '$cmocka/stable'"
	run_flicker run --quiet --all --runs 8 --until runs --report json="$name.json" -- \
		sh -c "ulimit $limit; exec '$cmocka/failing'"
	t "run under ulimit $limit: the verdicts or why not" test "$status" = 1 -o "$status" = 3 -o "$status" = 64
done

# ---- a working directory that is gone ----

mkdir gone && cd gone || exit 1
run_flicker run --runs 8 --until runs --report json=../directory.json "$guest/changes" directory
cd ..
t 'run directory: the verdict' holds_of directory.json second.fails '.attempts.fail >= 2'
mkdir -p lost
run env LD_PRELOAD="$library" FLICKER_RUNS=8 sh -c "cd lost && exec '$guest/changes' directory"
t 'preload directory: the program goes its way' status_is 1
t 'preload directory: a report all the same' holds_of lost/changes.flicker.json second.fails '.attempts.fail >= 2'

# ---- a name that no test has ----

FLICKER_TEST=nosuch run_preloaded "$cmocka/stable"
t 'preload, no such test: it is said' has err "there is no test 'nosuch'"
t 'preload, no such test: an error' status_is 64

# ---- what is set for a replay ----

run "$guest/sees"
seen=$(sed -n 's/.*\(sees:.*\)/\1/p' out err | head -n 1)
for mode in fork exec; do
	run_flicker run --runs 4 --mode $mode --until runs --report json=sees.json "$guest/sees"
	t "variables, $mode: those that are there without us" is "$(of_test sees.json sees.sees '.failures[].message')" "$seen"
	run_flicker replay --report json=again.json "$(of_test sees.json sees.sees '.failures[0].token')" -- "$guest/sees"
	t "variables, $mode, replayed: the same" is "$(of_test again.json sees.sees '.failures[].message')" "$seen"
done

# ---- a host that is no longer sound ----

run env LD_PRELOAD="$library" FLICKER_RUNS=8 "$guest/busy_threads"
t 'threads that hold locks: the command is started all the same' holds_of busy_threads.flicker.json \
	busy_threads.fails '.attempts.fail >= 2'
t 'threads that hold locks: nobody is left' nothing_runs "$guest/busy_threads"

# Children that are forked while another thread starts the command: none of them waits for it.
run env LD_PRELOAD="$library" FLICKER_ALL=1 FLICKER_RUNS=1 "$guest/busy_forks"
t 'children of a busy host: each of them ends' status_is 0
t 'children of a busy host: the command is started' verdict_is busy_forks.flicker.json busy_forks.passes stable

# Two threads end the host at once: what the command says of the code holds for both.
{ env LD_PRELOAD="$library" FLICKER_POLICY=tolerate FLICKER_RUNS=40 "$guest/ends_twice"; echo $? >ended; } 2>&1 >out |
	{ sleep 2; cat >err; }
t 'an end in two threads: flaky' verdict_is ends_twice.flicker.json ends_twice.flickers flaky
t 'an end in two threads: excused in both' is "$(cat ended)" 0
run "$guest/broken_heap"
mv out broken.plain && code=$status
run_preloaded env FLICKER_RUNS=8 "$guest/broken_heap"
t 'a broken heap: the program comes to the same end' status_is "$code"
t 'a broken heap: by the same way' same broken.plain out

# ---- other ways to be a test program ----

# The process that was started ends first: the output file tells when all is over.
daemon_run() {
	rm -f daemon.txt
	run "$@"
	for left in $(seq 100); do
		grep -q '^over' daemon.txt 2>/dev/null && break
		sleep 0.1
	done
}
daemon_run "$guest/daemon"
mv daemon.txt daemon.plain
daemon_run env LD_PRELOAD="$library" "$guest/daemon"
t 'a daemon: untouched' same daemon.plain daemon.txt
daemon_run env LD_PRELOAD="$library" FLICKER_RUNS=8 "$guest/daemon" fail
t 'a daemon under a preload: a report' holds_of daemon.flicker.json daemon.one '.attempts.fail >= 2'
rm -f daemon.flicker.json
daemon_run "$flicker" run --runs 8 "$guest/daemon" fail
t 'a daemon under run: a report' holds_of daemon.flicker.json daemon.one '.attempts.fail >= 2'
untouched old_api "$guest/old_api"
untouched old_api_fail "$guest/old_api" fail
run_flicker run "$guest/old_api"
t 'cmocka before 1.0 under run: it is said' has err 'ran no tests that flicker knows'
finish
