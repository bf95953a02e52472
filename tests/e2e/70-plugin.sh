# SPDX-License-Identifier: MIT
# --plugin=PATH: in programs that are linked to libflicker-plugin, and where libflicker.so is.
. "$FL_SRC/tests/e2e/lib.sh"

cc=${CC:-cc}
fixture=$FL_SRC/tests/fixtures/cmocka/arguments.c
# PROGRAM, words for the compiler...
compile() {
	made=$1
	shift
	# shellcheck disable=SC2046 # words are meant
	$cc -std=gnu11 -g -O0 $(pkg-config --cflags cmocka) "$@" $(pkg-config --libs cmocka) -o "$made"
}
shared="-Wl,--push-state,--no-as-needed,$FL_BUILD/libflicker-plugin.so,--pop-state,-rpath,$FL_BUILD"
static="-Wl,-u,flicker_plugin_linked"
archive=$FL_BUILD/libflicker-plugin.a

# Counts how often the program is started: its constructor runs before that of the plugin,
# as the loader begins with the library that is named last.
cat >count.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
__attribute__((constructor)) static void count(void)
{
	FILE *file = getenv("COUNT") ? fopen(getenv("COUNT"), "a") : NULL;

	if (file) {
		fprintf(file, "%d\n", getpid());
		fclose(file);
	}
}
END
$cc -shared -fPIC -o libcount.so count.c
counter="-Wl,--no-as-needed,$PWD/libcount.so"

t 'links: shared, PIE' compile pie -fPIE -pie "$fixture" "$shared" "$counter"
t 'links: shared, no PIE' compile nopie -fno-pie -no-pie "$fixture" "$shared"
t 'links: static, PIE' compile pie_a -fPIE -pie "$fixture" "$static" "$archive"
t 'links: static, no PIE, sections collected' compile nopie_a -fno-pie -no-pie -ffunction-sections \
	-Wl,--gc-sections "$fixture" "$static" "$archive"
compile plain "$fixture"

# ---- without the flag: nothing at all ----

for program in pie nopie pie_a nopie_a; do
	mkdir -p with without
	cp plain without/program
	cp "$program" with/program
	(cd without && run ./program a -- --plugin=b.so && echo "$status" >status && rm program)
	(cd with && run ./program a -- --plugin=b.so && echo "$status" >status && rm program)
	t "$program: inert without the flag" diff -r without with
	rm -r with without
done
COUNT=$PWD/starts run ./pie a
t 'without the flag it is started once' line_count_is starts 1
rm starts
run ./pie --plugin other
t 'a word behind --plugin that is no library is an operand' has out '^argc 3$'

# ---- with it ----

# PROGRAM: what main sees with three flags and without any is the same
sees_the_same() {
	run ./"$1" a 'b c' '' -- --plugin=not.so
	mv out want
	run ./"$1" --plugin="$library" a 'b c' --plugin "$library" '' -- --plugin=not.so
	same want out && not grep ^flicker: err && status_is 0
}
for program in pie nopie pie_a nopie_a; do
	t "$program: main sees the arguments without the flag, and a clean environment" sees_the_same "$program"
	run env FLICKER_ALL=1 FLICKER_RUNS=20 FLICKER_REPORT=json="$program.json" ./"$program" --plugin="$library"
	t "$program: flicker is in it" verdict_is "$program.json" arguments.holds stable
done

# PROGRAM: an attempt in a fresh process is the program without the flag, preloaded once
attempts_are_fresh() {
	run env FLICKER_ALL=1 FLICKER_MODE=exec FLICKER_UNTIL=runs FLICKER_RUNS=20 \
		FLICKER_REPORT=json=exec.json ./"$1" a --plugin="$library" b
	holds_of exec.json arguments.holds \
		'.attempts.pass == 20 and .attempts.infra == 0 and all(.arms[]; .mode == "exec")'
}
t 'exec attempts, shared' attempts_are_fresh pie
t 'exec attempts, static' attempts_are_fresh nopie_a

COUNT=$PWD/starts run ./pie --plugin="$library" a
t 'with the flag it is started once more' line_count_is starts 2
t 'as the same process' is "$(sort -u starts | wc -l | tr -d ' ')" 1

ln -s pie link
t 'through a symbolic link' sees_the_same link
run ./link --plugin="$library"
t 'the process has the name of the link' has out '^name link$'
run sh -c 'exec env -a other ./pie --plugin="$1" a' sh "$library"
if [ "$status" -eq 125 ]; then          # an env that knows no -a
	run python3 -c 'import os, sys; os.execv("./pie", ["other", "--plugin=" + sys.argv[1], "a"])' "$library"
fi
t 'with another name of its own' has out '^argv\[0\] other$'
t 'and no more than that' has out '^argc 2$'
(PATH=$PWD:$PATH run pie --plugin="$library")
t 'by the search path' has out '^argv\[0\] pie$'

run env LD_PRELOAD="$PWD/libcount.so" ./pie --plugin="$library" a
t 'another preload stays, alone' has out "^LD_PRELOAD $PWD/libcount.so\$"
run env ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" \
	LD_PRELOAD="$PWD/libcount.so $library" FLICKER_ALL=1 FLICKER_RUNS=20 FLICKER_REPORT=json=both.json \
	./pie --plugin="$library" a
t 'preloaded as well: once is enough' verdict_is both.json arguments.holds stable
t 'and main sees no flag' has out '^argc 2$'

# ---- what cannot be ----

# DESCRIPTION, PATTERN, PATH: one line; the tests run without it, main sees no flag
cannot() {
	what=$1 line=$2
	run ./pie_a a --plugin="$3" b
	t "$what: the tests run" has err '^\[  PASSED  \] 1 test'
	t "$what: their exit code" status_is 0
	t "$what: no flag is left" has out '^argc 3$'
	t "$what: nothing is preloaded" has out '^LD_PRELOAD \(none\)$'
	t "$what: one line says why" is "$(grep -c '^flicker: ' err)" 1
	t "$what: which" has err "^flicker: cannot load the plugin '.*': $line; the tests run without it$"
}
echo text >text.so
mkdir folder 'a place' colon:colon
cp "$library" 'a place/libflicker.so'
cp "$library" colon:colon/libflicker.so
cp "$library" other.so                          # e_machine, two bytes at 18: 243 is RISC-V
printf '\363\000' | dd of=other.so bs=1 seek=18 conv=notrunc 2>/dev/null
cannot 'no such file' 'No such file or directory' ./nowhere.so
cannot 'no path' 'No such file or directory' ''
cannot 'a text' 'it is no library' ./text.so
cannot 'a folder' 'Is a directory' folder
cannot 'another architecture' 'it is for another architecture' ./other.so
cannot 'a space' '.* no path with a colon or a space' 'a place/libflicker.so'
cannot 'a colon' '.* no path with a colon or a space' colon:colon/libflicker.so

# A library that the loader takes for one and cannot load: it says so, and that is all.
echo 'int main(void) { return 0; }' >empty.c
echo 'int needs(void); int unloadable(void); int unloadable(void) { return needs(); }' >unloadable.c
echo 'int needs(void); int needs(void) { return 0; }' >needed.c
$cc -shared -fPIC -o libneeded.so needed.c
$cc -shared -fPIC -o unloadable.so unloadable.c -Wl,--no-as-needed,"$PWD/libneeded.so"
rm libneeded.so
COUNT=$PWD/tries run ./pie --plugin=./unloadable.so a
t 'a library that cannot be loaded: no loop' test "$(wc -l <tries)" -le 2

run env FLICKER_PLUGIN= ./pie --plugin="$library" a
t 'a flag that comes back: left alone' has out '^argc 3$'
t 'a flag that comes back: one line' has err "^flicker: .* it comes back .*the flag is left to the program$"
t 'a flag that comes back: a clean environment' has out '^FLICKER_PLUGIN \(none\)$'

loader=$(readelf -lW pie | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
run "$loader" ./pie --plugin="$library" a
t 'by way of the loader: left alone' has out '^argc 3$'
t 'by way of the loader: one line' has err '^flicker: .* started through the loader; '

# Another user's, for which the loader, too, takes nothing from the environment.
open=$(mktemp -d /tmp/flicker-test-XXXXXX)
chmod 755 "$open"
cp nopie_a "$open/setuid"
cp "$(command -v id)" "$open/id"
chown 65534 "$open"/* 2>/dev/null && chmod u+s "$open"/*
run "$open/setuid" --plugin="$library" a
if [ "$("$open/id" -u)" -eq 65534 ]; then
	t 'setuid: left alone' has out '^argc 3$'
	t 'setuid: one line' has err '^flicker: .* is setuid, setgid .*the flag is left to the program$'
else
	t_skip 'setuid' 'it has no effect here'
fi
rm -r "$open"

if $cc -static -o static empty.c "$static" "$archive" 2>/dev/null; then
	run ./static --plugin="$library"
	t 'a static executable: runs' status_is 0
	t 'a static executable: one line' says_one_line 'a static executable cannot preload'
else
	t_skip 'a static executable' 'cannot link one here'
fi
# valgrind's reader of debug information does not know that of every compiler.
if command -v valgrind >/dev/null 2>&1 && valgrind -q ./pie >out 2>err; then
	run valgrind -q ./pie --plugin="$library" a
	t 'under valgrind: stays there' has err '^flicker: .* under valgrind '
	t 'under valgrind: the tests run' has err '^\[  PASSED  \] 1 test'
else
	t_skip 'under valgrind' 'it does not run programs of this compiler'
fi

# ---- gcc's AddressSanitizer wants to be first ----

if [ "$cc" != clang ] && compile asan -fsanitize=address "$fixture" "$shared" 2>/dev/null &&
   readelf -d asan | grep -q 'NEEDED.*libasan'; then
	t 'AddressSanitizer: comes first, and stays out of the environment' sees_the_same asan
	run env FLICKER_ALL=1 FLICKER_RUNS=20 FLICKER_REPORT=json=asan.json ./asan --plugin="$library"
	t 'AddressSanitizer: flicker is in it' verdict_is asan.json arguments.holds stable
	t 'AddressSanitizer: exec attempts' attempts_are_fresh asan
else
	t_skip 'AddressSanitizer' 'no shared runtime'
fi

# ---- where libflicker.so is already ----

run "$cmocka/arguments" a b
mv out want
run_preloaded "$cmocka/arguments" a --plugin="$library" b
t 'preloaded: the flag is taken out' same want out
run_preloaded "$cmocka/arguments" a b --plugin "$library"
t 'preloaded: also as two words, at the end' same want out
run_preloaded "$cmocka/arguments" --plugin=codec.so
t 'preloaded: a flag of the program itself stays' has out '^argv\[1\] --plugin=codec.so$'
cp "$cmocka/arguments" own
run_preloaded env FLICKER_ALL=1 FLICKER_MODE=exec FLICKER_UNTIL=runs FLICKER_RUNS=20 \
	FLICKER_REPORT=json=own.json ./own --plugin="$library"
t 'preloaded: exec attempts' holds_of own.json arguments.holds '.attempts.pass == 20 and .attempts.infra == 0'
run_preloaded "$cmocka/arguments" -- --plugin="$library"
t 'preloaded: so does what follows --' has out '^argc 3$'
run_flicker run --report json=run.json "$cmocka/arguments" a --plugin="$library" b
t 'flicker run: the flag is taken out' same want out
run_flicker run --report json=run.json ./pie a --plugin="$library" b
t 'flicker run of a program that is linked to it: the same' has out '^argc 3$'
t 'and flicker is in it' holds run.json '.totals.tests == 1 and .run.exit_code == 0'

# ---- by the tools that build programs ----

t 'flicker can be installed' make -s -C "$FL_SRC" -o all install O="$FL_BUILD" PREFIX="$PWD/installed"
rm -rf "$FL_BUILD/none"
export PKG_CONFIG_PATH="$PWD/installed/lib/pkgconfig"
for package in flicker-plugin flicker-plugin-static; do
	# shellcheck disable=SC2046 # words are meant
	t "$package links" compile by-$package "$fixture" $(pkg-config --libs $package)
	run env FLICKER_ALL=1 FLICKER_RUNS=20 FLICKER_REPORT=json=$package.json ./by-$package \
		--plugin="$PWD/installed/lib/flicker/libflicker.so"
	t "$package works" verdict_is $package.json arguments.holds stable
done
t 'flicker-plugin-static needs no library of ours' not sh -c 'readelf -d by-flicker-plugin-static | grep -q flicker'
if command -v cmake >/dev/null 2>&1; then
	mkdir cmake
	cp "$fixture" "$FL_SRC/tests/fixtures/cmocka/fixture.h" cmake
	cat >cmake/CMakeLists.txt <<-'END'
	cmake_minimum_required(VERSION 3.13)
	project(arguments C)
	find_package(Flicker REQUIRED)
	foreach(kind plugin plugin_static)
	  add_executable(by_${kind} arguments.c)
	  target_link_libraries(by_${kind} cmocka Flicker::${kind})
	endforeach()
	END
	run cmake -S cmake -B cmake/build -DCMAKE_PREFIX_PATH="$PWD/installed"
	run cmake --build cmake/build
	t 'Flicker::plugin and Flicker::plugin_static link' status_is 0
	for kind in plugin plugin_static; do
		run env FLICKER_ALL=1 FLICKER_RUNS=20 FLICKER_REPORT=json=$kind.json cmake/build/by_$kind \
			--plugin="$PWD/installed/lib/flicker/libflicker.so"
		t "Flicker::$kind works" verdict_is $kind.json arguments.holds stable
	done
else
	t_skip 'Flicker::plugin' 'no cmake'
fi
finish
