# SPDX-License-Identifier: MIT
# What a test leaves behind is found and named; it changes no verdict.  And who looks is not seen.
. "$FL_SRC/tests/e2e/lib.sh"

# Shared memory has one name for the whole machine: that of an earlier run is nobody's leak.
memory=/dev/shm/flicker-fixture-leaks
rm -f "$memory"
mkdir here
cd here
run "$flicker" run --all --runs 30 --seed 1 --report json=../leaks.json "$cmocka/leaks"
mv out err ..
cd ..
rm -f "$memory"

# TEST, regular expression: it leaves one thing, which is this
leaves() {
	t "$1: $2" holds_of leaks.json "leaks.$1" '.leaks | length == 1 and (.[0] | test("^'"$2"'$"))'
}

leaves descriptor 'descriptor [0-9]+ [(]/etc/passwd[)]'
leaves replaced 'descriptor 1 [(]/etc/passwd[)]'
leaves child 'child [0-9]+ [(]leaks[)]'
leaves zombie 'child [0-9]+ [(]leaks, never waited for[)]'
leaves daemon 'child, still running'
leaves thread 'thread [0-9]+ [(]leaks[)]'
leaves temporary "file $PWD/here/left-[A-Za-z0-9]{6}"
leaves handler 'signal handler SIGUSR1'
leaves ignored 'signal handler SIGPIPE [(]ignored[)]'
leaves variable 'environment FLICKER_FIXTURE_VARIABLE'
leaves unset 'environment HOME [(]unset[)]'
leaves directory 'working directory /'
leaves mask 'umask 0077'
for id in file_lock record_lock; do
	t "$id: the lock" holds_of leaks.json "leaks.$id" 'any(.leaks[]; test("^lock .*/here/left-lock-[0-9]+$"))'
	t "$id: its descriptor" holds_of leaks.json "leaks.$id" 'any(.leaks[]; test("^descriptor .*/here/left-lock-"))'
done

# Made by the program's own run already, so that the attempt finds them there: known by their age.
if [ "$(stat -c %W leaks.json)" -gt 0 ]; then
	leaves file "file $PWD/here/left-file"
	leaves folder "file $PWD/here/left-folder"
	leaves memory "file $memory"
else
	t_skip 'file, folder, memory: files with a fixed name' 'this file system keeps no time of birth'
fi
leaves socket_file "file $PWD/here/left-socket"

t 'clean: no note' holds_of leaks.json leaks.clean '.notes == [] and .leaks == []'
t 'undone by the teardown: no note' holds_of leaks.json leaks.restored '.notes == [] and .leaks == []'
t 'an assertion that failed: no note' holds_of leaks.json leaks.fails '.notes == [] and .leaks == []'
t 'an assertion that failed: failing all the same' verdict_is leaks.json leaks.fails failing
t 'all others are stable' holds leaks.json \
	'all(.tests[] | select(.id != "leaks.fails"); .verdict == "stable" and .attempts.pass == 30)'
t 'what has leaks has the note' holds leaks.json 'all(.tests[]; (.leaks == []) == (.notes == []))'
t 'the summary names them' has err '^    leaves environment FLICKER_FIXTURE_VARIABLE$'
t 'the report is what its schema says' is_valid leaks.json
t 'nothing goes on running' nothing_runs "$cmocka/leaks"

run_flicker report leaks.json
t 'a report shows them again' has out '^    leaves umask 0077$'

# Each call gives what it gives without us: in the program, looked at, and in an ordinary attempt.
mkdir plain loaded
(cd plain && "$cmocka/names" >out 2>err)
mv plain/names-0.txt plain.txt
(cd loaded && LD_PRELOAD=$library "$cmocka/names" >out 2>err)
t 'names: there is something to compare' has plain.txt '^msgget.*errno'
t 'names: the same under the preload' same plain.txt loaded/names-0.txt
run_flicker run --all --runs 3 --report json=names.json "$cmocka/names"
t 'names: the same in the program' same plain.txt names-0.txt
t 'names: the same in the attempt that is looked at' same plain.txt names-1.txt
t 'names: the same in another attempt' same plain.txt names-2.txt
t 'names: only its results are left' holds_of names.json names.names '.leaks | length == 1 and (.[0] | endswith("/names-1.txt"))'

run_flicker run --all --runs 30 --report json=sealed.json "$cmocka/sealed"
t 'sealed: killed for looking is not a crash of the test' holds_of sealed.json sealed.sealed \
	'.verdict == "stable" and .attempts.pass == 30 and .leaks == []'

# What attempts could collide over, as the agent tells it.
FLICKER_DEBUG=leaks "$flicker" run --all --runs 3 --mode fork --report json=collide.json "$cmocka/collide" >out 2>err
grep '^flicker: leaks: ' err | sed 's/^flicker: leaks: collide[.]//' >traces

# DESCRIPTION, TEST, lines of its traces, ports without their numbers
traces_are() {
	t "$1" is "$(sed -n "s/^$2: //p" traces | sed 's/port [1-9][0-9]*$/port N/' | sort -u)" "$3"
}

traces_are 'used: what has a fixed name, and nothing else' uses "used file $PWD/used-file
used memory /flicker-fixture-used
used port N
used socket @flicker-fixture-collide"
traces_are 'met: a port' port 'collided port N'
traces_are 'met: a folder' file "collided file $PWD/met-folder
used file $PWD/met-folder"
traces_are 'met: a lock' lock "collided file $PWD/met-lock
used file $PWD/met-lock"
traces_are 'met: memory' memory 'collided memory /flicker-fixture-met
used memory /flicker-fixture-met'
traces_are 'met by a child of the test' in_child 'collided file /etc/passwd'
t 'met in each attempt, looked at or not' is "$(grep -c '^in_child: collided' traces)" 3
t 'met, and lived with' verdict_is collide.json collide.lives_with_it stable
finish
