# SPDX-License-Identifier: MIT
# flicker replay: an attempt again, exactly, by token, report and capsule; here, elsewhere, under gdb.
. "$FL_SRC/tests/e2e/lib.sh"

program=$cmocka/seed_bits

token() {
	of_test "$1" "$2" '.failures[0].token'
}
message() {
	of_test "$1" "$2" '.failures[0].message'
}
# TEXT, word for word, on standard error
tells() {
	grep -qF -- "$1" err && return 0
	echo "'$1' is not on standard error, which is:"
	cat err
	return 1
}
# compiles the fixture: OUTPUT, flags...
build() {
	output=$1
	shift
	# shellcheck disable=SC2046 # words are meant
	${CC:-cc} -g -O0 -I"$FL_SRC/include" -o "$output" "$@" "$FL_SRC/tests/fixtures/cmocka/seed_bits.c" \
		$(pkg-config --cflags --libs cmocka)
}

# One seed, so what is found is always the same: nothing here hangs on chance.
run_flicker run --all --seed 4 --runs 60 --time none --report json=found.json "$program" one
t 'every failure has a token' holds found.json \
	'[.tests[].failures[]] | length > 2 and all(.[]; .token | test("^fl1,[^,]+,0x[0-9a-f]+,[0-9]+,random,(fork|exec)(\\+prefix)?,[0-9a-f]{12},[0-9a-f]{6}$"))'
t 'and a command with it' holds found.json \
	'all(.tests[].failures[]; . as $f | .replay | startswith("flicker replay \($f.token) -- ") and endswith("seed_bits one"))'
t 'a fork' holds_of found.json seed_bits.speaks '.failures[0].token | test(",fork,")'
t 'a fresh process' holds_of found.json seed_bits.before_main '.failures[0].token | test(",exec,")'
t 'after other tests' holds_of found.json seed_bits.victim '.failures[0].token | test(",fork\\+prefix,")'

# ---- again, exactly ----

ls -A | grep -v '^out$\|^err$\|\.log$' >before.log
for id in speaks before_main victim; do
	run_flicker replay "$(token found.json seed_bits.$id)" -- "$program" one
	t "$id: fails again" status_is 0
	t "$id: in the very same words" tells "$(message found.json seed_bits.$id)"
	t "$id: says so" has err "^seed_bits.$id: reproduced$"
	t "$id: with the place" has err 'seed_bits\.c:[0-9]+'
	t "$id: with its output" has err '[|] .*argument=one'
	t "$id: standard output is empty" is_empty out
done
ls -A | grep -v '^out$\|^err$\|\.log$' >after.log
t 'nothing is written' same before.log after.log

speaks=$(token found.json seed_bits.speaks)
run_flicker replay --times 20 "$speaks" -- "$program"
t 'twenty times' status_is 0
t 'and the rate of it' tells 'reproduced 20 of 20 times (100 %, 95 % sure: 83.2 to 100 %)'
run_flicker replay --times 3 "$(token found.json seed_bits.before_main)" -- "$program"
t 'three fresh processes' tells 'reproduced 3 of 3 times'
run env SEED_BITS=quiet "$flicker" replay "$speaks" -- "$program"
t 'not again: 1' status_is 1
t 'not again: it says what was' has err '^seed_bits.speaks: not reproduced: it passed$'
t 'not again: what may help' tells '(clock, addresses, scheduling) may need more tries: --times 100'
run env SEED_BITS=quiet "$flicker" replay --times 20 "$speaks" -- "$program"
t 'never of twenty times: 1' status_is 1
t 'never of twenty times: the bound' tells 'not reproduced in 20 attempts (95 % sure: below 16.8 %)'
run env FLICKER_SEED=7 FLICKER_RUNS=3 FLICKER_TEST=seed_bits.never FLICKER_MODE=exec \
	FLICKER_REPORT=json=unwanted.json "$flicker" replay "$speaks" -- "$program"
t 'settings of a run change nothing' status_is 0
t 'nor are its words others' tells "$(message found.json seed_bits.speaks)"
t 'nor is a report written' not test -e unwanted.json
run_flicker replay --report json=replay.json "$speaks" -- "$program"
t '--report: it is one' is_valid replay.json
t '--report: of this attempt only' holds replay.json \
	'[.tests[].id] == ["seed_bits.speaks"] and .totals.attempts == 1 and .run.exit_code == 0'
t '--report: the same token' is "$(token replay.json seed_bits.speaks)" "$speaks"

run_flicker run --all --seed 7 --runs 100 --report json=unseeded.json "$cmocka/unseeded"
run_flicker replay "$(token unseeded.json unseeded.draws)" -- "$cmocka/unseeded"
t 'a program that never seeds' status_is 0
run_flicker run --all --seed 4 --runs 24 --time none --report json=setup.json "$cmocka/setup_draws"
t 'what a setup draws is no attempt'"'"'s to share' verdict_is setup.json setup_draws.sees flaky
run_flicker replay setup.json
t 'what a setup draws is drawn again' tells "$(message setup.json setup_draws.sees)"
run_flicker run --test hang.at_times --seed 4 --timeout 0.5 --time none --runs 40 --mode fork --report json=hang.json "$cmocka/hang"
t '--timeout is part of the command' holds hang.json 'all(.tests[].failures[]; .replay | test(" --timeout 0.5 "))'
run_flicker replay --timeout 0.5 hang.json
t 'a hang hangs again' has err '1x timeout: '

run_flicker run --suspect 'second.*' --seed 4 --runs 60 --mode fork --time none --report json=second.json "$cmocka/second_group"
run_flicker replay second.json
t 'a test of the second group' has err '^second.flaky: reproduced$'
run_flicker run --all --seed 4 --runs 40 --time none --report json=crash.json "$cmocka/crash"
run_flicker replay --test crash.aborts crash.json
t 'a crash crashes again' has err '1x crash: signal 6'

# Interrupted: gone at once, with all that it started.
"$flicker" replay --timeout 60 --times 100 hang.json >out 2>err &
pid=$!
for i in $(seq 100); do
	[ "$(pgrep -fc -- "$cmocka/hang")" -ge 3 ] && break
	sleep 0.1
done
kill -TERM "$pid"
status=0
wait "$pid" || status=$?
t 'SIGTERM: 143' status_is 143
t 'SIGTERM: nobody goes on' nothing_runs "$cmocka/hang"

# ---- by a report ----

run_flicker replay found.json
t 'a report: its first flaky test' has err '^seed_bits.speaks: reproduced$'
t 'a report: its program and arguments' has err 'argument=one'
t 'a report: it is the failure on record' has err 'this is the failure on record'
run_flicker replay --test seed_bits.victim found.json
t 'a report: --test chooses' tells "$(message found.json seed_bits.victim)"
run_flicker replay found.json -- "$program" two
t 'a report: another argument' has err 'argument=two'
jq '.tests[0].failures[0].signature = "0123456789abcdef"' found.json >altered.json
run_flicker replay altered.json
t 'a report: another failure is told apart' has err 'another failure than the one on record: .*, not 0123456789abcdef'

# ---- another checkout, another machine, another binary ----

mkdir -p elsewhere/deep
cp "$program" elsewhere/deep/renamed
jq '.program.path = "/not/here/seed_bits"' found.json >elsewhere/report.json
(cd elsewhere && run_flicker replay "$speaks" -- deep/renamed && cp err ../err && echo "$status" >../status.log)
t 'a copy under another name: again' is "$(cat status.log)" 0
t 'a copy under another name: the same words' tells "$(message found.json seed_bits.speaks)"
t 'a copy under another name: the same binary' not has err 'another binary'
run_flicker replay elsewhere/report.json
t 'where the program is not: 64' status_is 64
t 'where the program is not: how to name it' says_one_line "'/not/here/seed_bits' is not here; .*flicker replay elsewhere/report.json -- program"
run_flicker replay elsewhere/report.json -- elsewhere/deep/renamed
t 'named, it is replayed' has err 'this is the failure on record'

t 'it can be compiled anew' build changed -DCHANGED=1 -Dtell_and_fail=tell_and_fail_now
run_flicker replay "$speaks" -- ./changed
t 'another binary that fails: 0' status_is 0
t 'another binary that fails: it is said' has err "^flicker: this is another binary than the token's: '[0-9a-f]{12}', not '[0-9a-f]{12}'$"
build repaired -DREPAIRED
run_flicker replay "$speaks" -- ./repaired
t 'another binary that passes: 2' status_is 2
t 'another binary that passes: it is said' has err 'another binary'
t 'another binary that passes: one line of it' is "$(grep -c 'another binary' err)" 1
run_flicker replay "$speaks" -- "$cmocka/stable"
t 'without that test: 2' status_is 2
t 'without that test: it is said' has err "no test 'seed_bits.speaks'"

build bare -Wl,--build-id=none
build bare_repaired -Wl,--build-id=none -DREPAIRED
run_flicker run --all --seed 4 --runs 20 --mode fork --report json=bare.json ./bare
t 'without a build-id: a hash over the file' has bare.json '"fl1,seed_bits.speaks,.*,h[0-9a-f]{12},'
bare=$(token bare.json seed_bits.speaks)
cp bare elsewhere/bare
run_flicker replay "$bare" -- elsewhere/bare
t 'without a build-id: a copy is the same binary' not has err 'another binary'
t 'without a build-id: again' status_is 0
run_flicker replay "$bare" -- ./bare_repaired
t 'without a build-id: another one is told apart' status_is 2

# ---- capsules ----

mkdir here
(cd here && env SEED_BITS=inside API_TOKEN=s3cret "$flicker" replay --capsule ../speaks.capsule.json "$speaks" -- "$program" packed) \
	>out 2>err
t 'a capsule: it says what it holds' has err '^capsule: \.\./speaks\.capsule\.json \(reproduced\)$'
t 'a capsule: and what it does not' has err 'look like secrets: .*API_TOKEN'
t 'a capsule: readable by its owner only' is "$(stat -c %a speaks.capsule.json)" 600
t 'a capsule: no secret in it' not grep -q s3cret speaks.capsule.json
t 'a capsule: what it holds' jq -e --arg token "$speaks" --arg directory "$PWD/here" \
	'.capsule_version == 1 and .token == $token and .program.args == ["packed"] and .directory == $directory
	 and .environment.SEED_BITS == "inside" and .expected.outcome == "fail" and (.environment | has("FLICKER_CHANNEL") | not)' \
	speaks.capsule.json
run env -i PATH="$PATH" API_TOKEN=mine "$flicker" replay speaks.capsule.json
t 'a capsule is replayed' status_is 0
t 'a capsule: the very same failure' tells "$(message found.json seed_bits.speaks)"
t 'a capsule: its arguments and variables are there' has err 'argument=packed variable=inside'
run_flicker replay --capsule again.capsule.json --report json=again.json speaks.capsule.json
t 'a capsule of a capsule, and a report, are written here' test -s again.capsule.json -a -s again.json
t 'a capsule: it is the failure on record' has err 'this is the failure on record'
t 'a capsule: what is taken from here is said' has err 'not in the capsule, and taken from here where set: .*API_TOKEN'
jq '.program.path = "/not/here/seed_bits"' speaks.capsule.json >moved.capsule.json
run_flicker replay moved.capsule.json -- elsewhere/deep/renamed unpacked
t 'a capsule: with another program' has err 'argument=unpacked variable=inside'
large=$(head -c 70000 /dev/zero | tr '\0' x)
run env LARGE="$large" SEED_BITS=quiet "$flicker" replay --capsule large.capsule.json "$speaks" -- "$program"
t 'a capsule of what did not fail again' has err '^capsule: large.capsule.json \(not reproduced\)$'
t 'a capsule: never more than 64 KiB' test "$(wc -c <large.capsule.json)" -le 65536
t 'a capsule: what had no room is said' has err 'for want of room .*: LARGE'
run_flicker replay --capsule /nowhere/at/all.json "$speaks" -- "$program"
t 'a capsule that cannot be written: 64, before anything is run' status_is 64
t 'a capsule that cannot be written: one line' says_one_line "'/nowhere/at/all.json'"
mkfifo pipe
run_flicker replay --capsule pipe "$speaks" -- "$program"
t 'a capsule onto what is no file: 64' status_is 64
t 'a capsule onto what is no file: one line' says_one_line "'pipe': it is no regular file"
t 'a capsule onto what is no file: that stays' test -p pipe

# ---- gdb ----

if gdb -batch -nx -ex run --args "$(command -v env)" true 2>&1 | grep -q 'exited normally'; then
	run_flicker replay --gdb "$speaks" -- "$program" one
	t 'gdb: stops at the failure' status_is 0
	t 'gdb: nothing that looks like an error' not grep -q 'not defined' out err
	t 'gdb: shows the function that failed' has out '^#[0-9]+ .*in tell_and_fail .*seed_bits\.c:[0-9]+$'
	t 'gdb: and the test' has out '^#[0-9]+ .*in speaks .*seed_bits\.c:[0-9]+$'
	t 'gdb: is up in that frame, under the same seed' \
		has out "^drawn = $(message found.json seed_bits.speaks | sed 's/.*rand=\([0-9]*\).*/\1/')\$"
	run_flicker replay --gdb --test seed_bits.victim found.json
	t 'gdb: after the other tests' has out '^#[0-9]+ .*in victim .*seed_bits\.c:[0-9]+$'
	run_flicker replay --gdb "$(token found.json seed_bits.before_main)" -- "$program"
	t 'gdb: a fresh process' has out '^#[0-9]+ .*in before_main .*seed_bits\.c:[0-9]+$'
	run env SEED_BITS=quiet "$flicker" replay --gdb "$speaks" -- "$program"
	t 'gdb: what does not fail: 1' status_is 1
	t 'gdb: what does not fail: it is said' has err "'seed_bits.speaks' did not fail under gdb"

	# A hang, without a terminal.  That none of 90 attempts hangs: 0.8^90, 2e-9.
	run_flicker run --mode fork --runs 90 --suspect hang.at_times --timeout 0.2 --report json=hang.json "$cmocka/hang"
	hung=$(token hang.json hang.at_times)
	run timeout 120 "$flicker" replay --gdb --timeout 1 "$hung" -- "$cmocka/hang" </dev/null
	t 'gdb: a hang is stopped at its time' status_is 0
	t 'gdb: a hang: where it is' has out '^#[0-9]+ .*in wait_for_ever .*hang\.c:[0-9]+$'
	t 'gdb: a hang: nothing is left' nothing_runs "$cmocka/hang"
	run_flicker run --mode fork --runs 2 --time none --suspect hostile.hang_blocking --timeout 0.2 \
		--report json=blocking.json "$FL_FIXTURES/hostile/hostile" hang_blocking
	run timeout 120 "$flicker" replay --gdb --timeout 1 "$(token blocking.json hostile.hang_blocking)" -- \
		"$FL_FIXTURES/hostile/hostile" hang_blocking </dev/null
	t 'gdb: a hang that blocks all signals is ended' status_is 0
	t 'gdb: a hang that blocks all signals: it is said' has err "'hostile.hang_blocking' hung under gdb"
	t 'gdb: no file of ours is left' is "$(ls -d "${TMPDIR:-/tmp}"/flicker-gdb-* 2>/dev/null)" ''
else
	t_skip 'gdb' 'no gdb, or it may not trace here'
fi

# ---- bad input: one line, 64, and nothing was run ----

# description, pattern, arguments...
refused() {
	what=$1 line=$2
	shift 2
	run_flicker replay "$@"
	t "$what: 64" status_is 64
	t "$what: one line that says it" says_one_line "$line"
}
refused 'nothing' 'names no token'
refused 'no program' 'names no program' "$speaks"
run_flicker replay found.json
t 'a report with several failures: which is replayed' has err \
	"^flicker: 'found.json' has failures of [2-9] tests; this is 'seed_bits.[a-z_]*', '--test ID' chooses another$"
run_flicker replay --test seed_bits.speaks found.json
t 'a report, and which test: nothing to say' not has err 'chooses another'
refused 'a program instead of a token' "is a program; what is to be replayed goes before it" --gdb -- "$program"
refused 'neither token nor file' "'nosuch' is neither a token nor a file" nosuch
refused 'a token cut off' "cut off.*'checksum'" "${speaks%,*}" -- "$program"
refused 'a token mistyped' 'checksum is wrong' "$(echo "$speaks" | sed 's/speaks/speakz/')" -- "$program"
refused 'a token of another version' "'fl2'" "$(echo "$speaks" | sed 's/^fl1/fl2/')" -- "$program"
refused 'an option behind the token' "'--gdb' is no program; options go before the token" "$speaks" --gdb -- "$program"
refused 'a test that the report has not' "has no test 'seed_bits.nosuch'" --test seed_bits.nosuch found.json
refused 'a test that did not fail' "no failed attempt of 'seed_bits.never'" --test seed_bits.never found.json
refused '--test with a token' "'--test' chooses in a report" --test seed_bits.speaks "$speaks" -- "$program"
refused '--gdb with --times' "under '--gdb'" --gdb --times 2 "$speaks" -- "$program"
echo '{' >broken.json
refused 'a file that is neither' 'this is no report' broken.json
for tool in sh env; do
	ln -sf "$(command -v $tool)" elsewhere/$tool
done
run env PATH="$PWD/elsewhere" "$flicker" replay --gdb "$speaks" -- "$program"
t 'no gdb: 70' status_is 70
t 'no gdb: one line' says_one_line "'--gdb' needs gdb"
finish
