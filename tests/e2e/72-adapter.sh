# SPDX-License-Identifier: MIT
# --adapter: a framework that flicker does not know is taught by a library of somebody else's.
. "$FL_SRC/tests/e2e/lib.sh"

cc=${CC:-cc}
toy=$FL_BUILD/adapter/test_toy
adapter=$FL_BUILD/adapter/libflicker-toytest.so

# ---- the example ----

# FILE: the truths of examples/adapter/test_toy.c.  rolls fails for a third of seeds: 300
# attempts, made as long as it has not failed, all miss it with odds of (2/3)^300, 1e-53.
has_the_truths() {
	verdict_is "$1" toy.adds stable && verdict_is "$1" toy.rolls flaky && verdict_is "$1" toy.lies failing
}
run_flicker run --all --seed 0x5eed --report json=toy.json --adapter "$adapter" "$toy"
t 'flicker run --adapter: the verdicts' has_the_truths toy.json
t 'the exit code: a test fails' status_is 1
t 'the report names the framework' holds toy.json '.program | .framework == "toytest" and .framework_version == "1" and .linkage == "shared"'
t 'the report is what its schema says' is_valid toy.json
t 'the message of a flaky test' holds_of toy.json toy.rolls '.failures[0].message == "rand() % 3 != 0"'
t 'its place' holds_of toy.json toy.rolls '.failures[0] | (.file | endswith("test_toy.c")) and .line > 0'
t 'its backtrace is the test alone' holds_of toy.json toy.rolls '[.failures[0].backtrace[].function] == ["rolls"]'
t 'where each test is written' holds toy.json 'all(.tests[]; .file | endswith("test_toy.c"))'
t 'the program ran as ever' has out '^FAIL toy\.lies$'

whole='--seed 0x5eed --until runs --runs 100 --time none'
# shellcheck disable=SC2086 # words are meant, here and below
run_flicker run --all $whole --report json=honest.json --adapter "$adapter" "$toy" honest
t 'without the one that fails: flaky, 2' status_is 2
run_flicker run --test toy.rolls $whole --report json=one.json --adapter "$adapter" "$toy"
t '--test runs one alone' holds one.json '[.tests[].id] == ["toy.rolls"]'
t 'it is flaky then, too' verdict_is one.json toy.rolls flaky
for file in honest one; do
	of_test $file.json toy.rolls '[.attempts, (.failures[] | .seeds)]' >$file.rolls
done
t 'by the same seeds' same honest.rolls one.rolls

# In fresh processes: met and missed with all but (2/3)^60 + (1/3)^60, about 3e-11.
run_flicker run --test toy.rolls --mode exec --runs 60 --until runs --seed 0x5eed --time none \
	--report json=exec.json --adapter "$adapter" "$toy"
t 'exec attempts have the adapter: flaky' verdict_is exec.json toy.rolls flaky
t 'all of them were made so' holds_of exec.json toy.rolls \
	'.attempts.total == 60 and .attempts.infra == 0 and all(.arms[]; .mode == "exec")'
run env LD_PRELOAD="$library:$adapter" FLICKER_TEST=toy.rolls FLICKER_MODE=exec FLICKER_RUNS=60 \
	FLICKER_UNTIL=runs FLICKER_SEED=0x5eed FLICKER_REPORT=json=exec2.json "$toy"
t 'preloaded by hand, exec attempts have it, too' holds_of exec2.json toy.rolls \
	'.verdict == "flaky" and .attempts.infra == 0 and all(.arms[]; .mode == "exec")'

# The commands in the example's head, word for word.
build_by_hand() {
	mkdir by-hand && cp -R "$FL_SRC/examples" "$FL_SRC/include" by-hand/ || return 1
	sed -n 's/^ \* *\(cc .*\)/\1/p' "$FL_SRC/examples/adapter-skeleton.c" >by-hand/commands
	[ "$(wc -l <by-hand/commands)" -eq 3 ] && (cd by-hand/examples && sh -e ../commands)
}
t 'the example is built as its head says' build_by_hand
run_flicker run --all --seed 0x5eed --report json=by-hand.json --adapter by-hand/examples/libflicker-toytest.so \
	by-hand/examples/test_toy
t 'and works' has_the_truths by-hand.json

run_flicker run --all --adapter "$adapter" "$(command -v true)"
t 'no framework is there: a line speaks of the adapter' \
	has err "^flicker: warning: '--adapter' knows no framework there: the program itself is the one test"

# What a report or a capsule says of adapters need not be said again.
t 'the report names the adapter' holds toy.json ".run.settings.adapters == [\"$adapter\"]"
run_flicker replay --test toy.rolls --capsule toy.capsule.json toy.json
t 'flicker replay REPORT has it' has err '^toy.rolls: reproduced$'
t 'the capsule names it, too' jq -e ".adapters == [\"$adapter\"] and .wrapper == null" toy.capsule.json
run_flicker replay toy.capsule.json
t 'flicker replay CAPSULE has it' has err '^toy.rolls: reproduced$'
jq '.run.settings.adapters = ["/not/here.so"]' toy.json >moved.json
run_flicker replay --test toy.rolls moved.json
t 'where it is not: 64' status_is 64
t 'where it is not: one line' says_one_line "'/not/here.so'"
run_flicker replay --test toy.rolls --adapter "$adapter" moved.json
t '--adapter goes before it' has err '^toy.rolls: reproduced$'

run_flicker list --adapter "$adapter" "$toy"
t 'flicker list --adapter' is "$(tr '\n' ' ' <out)" 'toy.adds toy.rolls toy.lies '
run env FLICKER_ADAPTER="$adapter" "$flicker" list "$toy"
t 'by variable' is "$(tr '\n' ' ' <out)" 'toy.adds toy.rolls toy.lies '
cp "$adapter" "$toy" "$FL_BUILD/adapter/libtoytest.so" .
run_flicker list --adapter libflicker-toytest.so ./test_toy
t 'by a relative path without a slash' is "$(wc -l <out | tr -d ' ')" 3

run env LD_PRELOAD="$library:$adapter" FLICKER_ALL=1 FLICKER_SEED=0x5eed FLICKER_REPORT=json=preloaded.json "$toy"
t 'by plain preload: the verdicts' has_the_truths preloaded.json
t 'by plain preload: the own exit code' status_is 1

"$toy" honest >want
run env LD_PRELOAD="$adapter" "$toy" honest
t 'the adapter without flicker: nothing' same want out
run env LD_PRELOAD="$library:$adapter" "$toy" honest
t 'with flicker, nothing suspect: nothing' same want out
t 'and no word' is_empty err
run env LD_PRELOAD="$library:$adapter" sh -c 'echo "$LD_PRELOAD"; exit 7'
t 'in a process without the framework: nothing' status_is 7
t 'its preload is passed on' is "$(cat out)" "$library:$adapter"

run_flicker run --all --seed 0x5eed --report json=cmocka.json --adapter "$adapter" "$cmocka/flaky_rand"
t 'a cmocka program with it: the built-in adapter' holds cmocka.json '.program.framework == "cmocka"'
t 'and its verdicts' verdict_is cmocka.json flaky_rand.two_percent flaky
run_flicker run --report json=arguments.json --adapter "$adapter" "$cmocka/arguments"
t 'a cmocka program does not see the preload' has out '^LD_PRELOAD \(none\)$'

printf '#!/bin/sh\necho "$FLICKER_ADAPTER" >%s/told\n' "$PWD" >command
chmod +x command
run env LD_PRELOAD="$library:$adapter" FLICKER_COMMAND="$PWD/command" "$toy"
t 'preloaded by hand: the command is told of it' is "$(cat told)" "$adapter"

# ---- two of them ----

# NAME, ABI, what attach() does: an adapter of no framework
make_adapter() {
	{
		echo '#include <flicker/adapter.h>'
		echo '#include <unistd.h>'
		echo 'static bool attach(const struct fl_services *s, const char **v, const char **l)'
		echo "{ (void)s; (void)v; (void)l; $3 }"
		echo 'extern const struct fl_adapter flicker_adapter;'
		echo "const struct fl_adapter flicker_adapter = { .abi = $2, .name = \"none\", .attach = attach };"
	} >"$1.c"
	$cc -std=gnu11 -shared -fPIC -I"$FL_SRC/include" -o "$1.so" "$1.c"
}
make_adapter says_no FL_ADAPTER_ABI 'return false;'
make_adapter too_new FL_ADAPTER_ABI+1 '_exit(99);'
make_adapter too_old FL_ADAPTER_ABI-1 '_exit(99);'
run_flicker run --test toy.rolls --seed 0x5eed --report json=two.json --adapter ./says_no.so --adapter "$adapter" "$toy"
t 'of two, the one that knows the framework' verdict_is two.json toy.rolls flaky

# ---- what cannot be used: one line, 64, and nothing was run ----

echo '#!/bin/sh
echo was run >was-run' >script
chmod +x script
# DESCRIPTION, PATTERN, FILE
refused() {
	for command in run list; do
		run_flicker $command --adapter "$3" ./script
		t "$1, $command: 64" status_is 64
		t "$1, $command: one line" says_one_line "$2"
	done
}
abi=$(sed -n 's/^#define FL_ADAPTER_ABI //p' "$FL_SRC/include/flicker/adapter.h")
echo text >text.so
cp "$adapter" other.so                          # e_machine, two bytes at 18: 243 is RISC-V
printf '\363\000' | dd of=other.so bs=1 seek=18 conv=notrunc 2>/dev/null
head -c 100 "$adapter" >short.so
mkdir 'a place' folder
cp "$adapter" 'a place/x.so'
refused 'a newer ABI' "adapter '.*/too_new.so' speaks ABI $((abi + 1)), this flicker ABI $abi; a newer flicker is needed" too_new.so
refused 'an older ABI' "adapter '.*/too_old.so' speaks ABI $((abi - 1)), this flicker ABI $abi; build it with" too_old.so
refused 'no such file' "cannot open the adapter 'nowhere.so': No such file" nowhere.so
refused 'a text' "text.so' is no shared library" text.so
refused 'a folder' "folder'" folder
refused 'half a file' "short.so'" short.so
refused 'another architecture' "other.so' is for another architecture" other.so
refused 'a library without the symbol' "is no adapter: it does not export 'flicker_adapter'" "$FL_BUILD/adapter/libtoytest.so"
refused 'a space in its path' "its path holds" 'a place/x.so'
run_flicker run --adapter "$adapter" --adapter too_new.so ./script
t 'the second of two is looked at, too' says_one_line 'speaks ABI'
t 'in none of these was anything run' not test -e was-run

# The agent looks by itself where no command did.
run env LD_PRELOAD="$library:$PWD/too_new.so" "$toy" honest
t 'preloaded, a newer ABI, no other framework: nothing' same want out
t 'and no word' is_empty err
run env LD_PRELOAD="$library:$PWD/too_new.so" FLICKER_SEED=0x5eed "$cmocka/failing"
t 'preloaded, a newer ABI: the built-in one is used' has err 'FAILING'
t 'and a warning says so' has err "^flicker: warning: adapter '.*/too_new.so' speaks ABI $((abi + 1)), this flicker ABI $abi; it is not used"
finish
