# SPDX-License-Identifier: MIT
# flicker adopt: --plugin for programs that are finished, and what cannot be adopted.
. "$FL_SRC/tests/e2e/lib.sh"

cc=${CC:-cc}
plugin=$FL_BUILD/libflicker-plugin.so

needs_plugin() {
	readelf -d "$1" | grep NEEDED | grep -qF "[$plugin]" && return 0
	readelf -d "$1"
	return 1
}
mode_of() {
	stat -c %a "$1"
}

# ---- a copy ----

cp "$cmocka/flaky_rand" "$cmocka/arguments" "$cmocka/annotated" .
chmod 750 flaky_rand
cp -p flaky_rand untouched
run_flicker adopt ./flaky_rand
t 'adopt ends with 0' status_is 0
t 'and says how to run it' has out '^./flaky_rand.adopted: run it with --plugin=/.*/libflicker\.so$'
t 'the copy is executable as the program is' is "$(mode_of flaky_rand.adopted)" 750
t 'the copy needs the library' needs_plugin flaky_rand.adopted
t 'the program is as it was' same flaky_rand untouched
t 'no draft is left' is "$(ls -A | grep -c '^flaky_rand')" 2

run env FLICKER_ALL=1 FLICKER_SEED=0x5eed FLICKER_REPORT=json=adopted.json ./flaky_rand.adopted --plugin="$library"
t 'adopted, with the flag: flaky at 2 %' verdict_is adopted.json flaky_rand.two_percent flaky
t 'and at 30 %' verdict_is adopted.json flaky_rand.thirty_by_random flaky
t 'and the steady one is stable' verdict_is adopted.json flaky_rand.steady stable
t 'with a place and a backtrace' holds_of adopted.json flaky_rand.thirty_by_random \
	'.failures[0] | .line > 0 and .backtrace[0].function == "thirty_by_random"'
t 'and the exit code' status_is 2

# PROGRAM, PROGRAM: both do the same without the flag
does_the_same() {
	mkdir one two
	cp "$1" one/program
	cp "$2" two/program
	(cd one && run ./program a b && echo "$status" >status && rm program)
	(cd two && run ./program a b && echo "$status" >status && rm program)
	diff -r one two
}
"$flicker" adopt ./arguments >/dev/null
t 'without the flag it does what it did' does_the_same arguments arguments.adopted
run ./arguments.adopted a b
mv out want
run ./arguments.adopted a --plugin="$library" b
t 'with the flag main sees the arguments without it' same want out

# ---- in its place, and to another ----

ln -s annotated link
run_flicker adopt --in-place ./link
t '--in-place ends with 0' status_is 0
t 'the link stays a link' test -L link
t 'the program behind it is adopted' needs_plugin annotated
t 'there is no copy' not test -e link.adopted
run env FLICKER_RUNS=60 FLICKER_SEED=0x5eed FLICKER_REPORT=json=annotated.json ./link --plugin="$library"
t 'annotations survive it' verdict_is annotated.json annotated.flaky flaky

cp untouched again
run_flicker adopt --in-place again
cp again twice
run_flicker adopt --in-place again
t 'adopted already: 0' status_is 0
t 'adopted already: says so' says_one_line "'again' knows '--plugin' already"
t 'adopted already: nothing is changed' same again twice
run_flicker adopt again
t 'adopted already: no copy is made' not test -e again.adopted

echo old >new
run_flicker adopt --output new untouched
t '--output replaces what it names' needs_plugin new

# It was adopted for a flicker that is gone: it does not even start until it is again.
mkdir gone
cp "$plugin" gone/
cp untouched moved
patchelf --add-needed "$PWD/gone/libflicker-plugin.so" moved
rm -r gone
run ./moved
t 'with the library gone it does not start' not status_is 0
run_flicker adopt --in-place moved
t 'adopted anew: 0' status_is 0
t 'adopted anew: by the library that is there' needs_plugin moved
t 'and by no other' is "$(readelf -d moved | grep -c libflicker-plugin)" 1

# ---- other ways to build ----

echo 'int main(void) { return 5; }' >five.c
$cc -no-pie -fno-pie -o nopie five.c
"$flicker" adopt nopie >/dev/null
run ./nopie.adopted
t 'no PIE: runs' status_is 5
t 'no PIE: needs the library' needs_plugin nopie.adopted
run ./nopie.adopted --plugin="$library"
t 'no PIE: runs with the flag' status_is 5
$cc -g -o stripped five.c && strip stripped
"$flicker" adopt stripped >/dev/null
run ./stripped.adopted --plugin="$library"
t 'stripped: runs' status_is 5
if $cc -fsanitize=address -o asan five.c 2>/dev/null && readelf -d asan | grep -q 'NEEDED.*libasan'; then
	run_flicker adopt asan
	t 'AddressSanitizer: its runtime stays the first library' is \
		"$(readelf -d asan.adopted | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | head -n 1 | cut -c 1-7)" libasan
	run ./asan.adopted --plugin="$library"
	t 'AddressSanitizer: runs' status_is 5
else
	t_skip 'AddressSanitizer' 'no shared runtime'
fi

# ---- what cannot be adopted: one line, 1, and no file ----

# DESCRIPTION, PATTERN, words...
refused() {
	what=$1 line=$2
	shift 2
	ls -A >before
	run_flicker adopt "$@"
	t "$what: 1" status_is 1
	t "$what: one line" says_one_line "$line"
	ls -A >after
	t "$what: no file is made" same before after
}
: >before >after >t.log
echo '#!/bin/sh' >script
chmod +x script
mkdir -p built/.libs
cp script built/test
cp untouched built/.libs/test
cp untouched setuid
chmod u+s setuid
dd if=untouched of=other bs=1M 2>/dev/null
chmod +x other
printf '\363\000' | dd of=other bs=1 seek=18 conv=notrunc 2>/dev/null
refused 'no such program' "cannot open './nowhere': No such file" ./nowhere
refused 'a folder' "'built' is no regular file" built
refused 'a script' "'script' is no ELF executable" script
refused "libtool's script" "'built/test' is a script; .*'flicker adopt built/.libs/test'" built/test
refused 'a library' "is a library, not a program" "$library"
refused 'setuid' "'setuid' is setuid" setuid
refused 'another architecture' "'other' is for another architecture" other
refused 'a copy that is there' "'./flaky_rand.adopted' is there already; .*--output" ./flaky_rand
refused 'a folder that is not there' "cannot write beside 'no/where'" --output no/where untouched
if $cc -static -o static five.c 2>/dev/null; then
	refused 'a static executable' "'static' is a static executable" static
else
	t_skip 'a static executable' 'cannot link one here'
fi
(
	PATH=$PWD/none
	status=0
	"$flicker" adopt untouched >out 2>err || status=$?
	[ "$status" -eq 1 ] && : >without-patchelf
)
t 'without patchelf: 1' test -e without-patchelf
t 'without patchelf: what to install' says_one_line "cannot find 'patchelf', .*install the package patchelf"
mkdir faked
printf '#!/bin/sh\nexit 0\n' >faked/patchelf
chmod +x faked/patchelf
PATH=$PWD/faked:$PATH run "$flicker" adopt untouched
t 'a patchelf that does nothing is noticed' says_one_line "does not need .* as it should"
printf '#!/bin/sh\nexit 3\n' >faked/patchelf
PATH=$PWD/faked:$PATH run "$flicker" adopt untouched
t 'a patchelf that fails is noticed' says_one_line "patchelf cannot change 'untouched'"
t 'and nothing is left' is "$(ls -A | grep -c '^untouched')" 1

run_flicker adopt
t 'no program: 64' status_is 64
run_flicker adopt a b
t 'two programs: 64' status_is 64
mkfifo pipe
refused 'what is no file' "cannot write 'pipe': it is no regular file" --output pipe untouched
t 'what is no file: that stays' test -p pipe
run_flicker adopt --in-place --output x untouched
t 'in its place and as a copy: 64' status_is 64
run_flicker adopt --help
t 'adopt --help' has out '^usage: flicker adopt '
finish
