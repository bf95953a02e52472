#!/bin/sh
# SPDX-License-Identifier: MIT
#
# 00-house.sh - the build, the install, the package step, help, and bad input.
. "$FL_SRC/tests/e2e/lib.sh"

# make in the source tree, on what is built already: `all` counts as up to date.
make_quietly() {
	make --no-print-directory -C "$FL_SRC" -o all O="$FL_BUILD" DESTDIR="$PWD/root" PREFIX=/usr/local "$@"
}

# ---- what is built ----

is_regular() {
	[ -f "$1" ] && [ ! -L "$1" ]
}
other_commands() {
	find "$FL_SRC" \( -name .git -o -name 'build*' \) -prune -o -type f -name flicker -perm /111 -print
}
t 'the command is a regular file' is_regular "$flicker"
t 'the library is a regular file beside it' is_regular "$library"
t 'nothing else in the tree is a program called flicker' is "$(other_commands)" ''

run make_quietly help
t 'make help ends with 0' status_is 0
for target in all check check-unit check-e2e check-layers check-headers check-exports bench \
	install uninstall demo deps golden clean; do
	t "make help knows $target" has out "^  $target +[^ ]"
done
run make_quietly PKG_CONFIG=false O="$PWD/none" "$PWD/none/flicker"
t 'without the headers, make names the way out' has err "^flicker: .*run 'make deps'"
t 'and fails' is "$status" 2

# ---- install, uninstall ----

run make_quietly install
t 'make install ends with 0' status_is 0
at=root/usr/local
for file in bin/flicker lib/flicker/libflicker.so include/flicker/flicker.h include/flicker/adapter.h \
	include/flicker/xunit.h include/flicker/xunit/run.h \
	share/man/man1/flicker.1 lib/pkgconfig/flicker.pc lib/cmake/Flicker/FlickerConfig.cmake \
	lib/libflicker-plugin.so lib/libflicker-plugin.a lib/pkgconfig/flicker-plugin.pc include/flicker/exec.h \
	lib/libflicker-exec.so.0 lib/libflicker-exec.a lib/pkgconfig/flicker-exec.pc \
	share/aclocal/flicker.m4 share/doc/flicker/LICENSE share/doc/flicker/report.schema.json \
	share/bash-completion/completions/flicker share/zsh/site-functions/_flicker \
	share/fish/vendor_completions.d/flicker.fish; do
	t "installs $file" is_regular $at/$file
done
find root -type f | xargs grep -l -F -e "$PWD" -e "$FL_SRC/" 2>/dev/null | grep -v '/bin/\|\.so$\|\.a$' >named
t 'no installed text names the place where it was built' is_empty named

export PKG_CONFIG_PATH="$PWD/$at/lib/pkgconfig"
t 'flicker.pc names the library' is "$(pkg-config --variable=plugin flicker)" \
	/usr/local/lib/flicker/libflicker.so
t 'flicker.pc has the version' is "flicker $(pkg-config --modversion flicker)" "$("$flicker" --version)"

run "$at/bin/flicker" run --all --runs 30 --report json=installed.json "$cmocka/stable"
t 'the installed command finds its library' status_is 0
t 'and works' verdict_is installed.json stable.adds stable
run env LD_PRELOAD="$PWD/$at/lib/flicker/libflicker.so" FLICKER_ALL=1 FLICKER_RUNS=30 \
	FLICKER_REPORT=json=preloaded.json "$cmocka/stable"
t 'the installed library finds its command' verdict_is preloaded.json stable.adds stable

if command -v cmake >/dev/null 2>&1; then
	cp -R "$FL_SRC/examples/cmocka" example
	run cmake -S example -B example/build -DFlicker_DIR="$PWD/$at/lib/cmake/Flicker"
	t 'find_package(Flicker) finds what is installed' status_is 0
	run cmake --build example/build
	t 'examples/cmocka builds' status_is 0
	(cd example/build && run ctest --output-on-failure && echo "$status" >../../ctest.status)
	report=$(find example -name '*.flicker.json' | head -n 1)
	t 'ctest leaves the JSON report' is_valid "${report:-/dev/null}"
	t 'in which the annotated test is flaky' \
		holds "${report:-/dev/null}" '[.tests[] | select(.verdict == "flaky").suspect.why] == ["annotated"]'
else
	t_skip 'examples/cmocka' 'no cmake'
fi

run make_quietly uninstall
t 'make uninstall ends with 0' status_is 0
t 'and leaves no file' is "$(find root ! -type d)" ''
t 'and no folder of its own' is "$(find root -iname '*flicker*')" ''

# ---- as distributions lay it out ----

for libdir in lib64 lib/x86_64-linux-gnu; do
	[ "$(uname -m)" = x86_64 ] || libdir=$(echo "$libdir" | sed "s/x86_64/$(uname -m)/")
	run make_quietly install PREFIX=/usr LIBDIR=$libdir
	at=root/usr
	run "$at/bin/flicker" run --all --runs 30 --report json=there.json "$cmocka/stable"
	t "$libdir: the command finds its library" verdict_is there.json stable.adds stable
	run env LD_PRELOAD="$PWD/$at/$libdir/flicker/libflicker.so" FLICKER_ALL=1 FLICKER_RUNS=30 \
		FLICKER_REPORT=json=here.json "$cmocka/stable"
	t "$libdir: the library finds its command" verdict_is here.json stable.adds stable
	t "$libdir: so says pkg-config" is "$(PKG_CONFIG_PATH="$PWD/$at/$libdir/pkgconfig" \
		pkg-config --variable=plugin flicker)" "/usr/$libdir/flicker/libflicker.so"
	if command -v cmake >/dev/null 2>&1; then
		rm -rf example/build
		run cmake -S example -B example/build -DFlicker_DIR="$PWD/$at/$libdir/cmake/Flicker"
		t "$libdir: find_package(Flicker) finds it" status_is 0
	fi
	run make_quietly uninstall PREFIX=/usr LIBDIR=$libdir
	t "$libdir: uninstall leaves nothing" is "$(find root ! -type d; find root -iname '*flicker*')" ''
done

# ---- the package step; no tool of this machine but the faked ones is in its PATH ----

mkdir bin
for tool in sh env cat; do
	ln -s "$(command -v $tool)" bin/$tool
done
fake() {
	printf '#!/bin/sh\n%s\n' "$2" >"bin/$1"
	chmod +x "bin/$1"
}
packages() {
	run env -u DEPS PATH="$PWD/bin" "$@" sh "$FL_SRC/.ci/packages" build tests
}

fake id 'echo 0'
packages
t 'without apt the package step fails' status_is 1
t 'and names what is needed' has err '^flicker: missing.* pkg-config .*libcmocka-dev.* jq'

fake apt-get 'echo "apt-get $*" >>apt.log; echo "$DEBIAN_FRONTEND" >>apt.front'
rm -f apt.log
packages
t 'as root it installs at once' status_is 0
t 'says what' has out '^flicker: installing: pkg-config '
t 'after an update' is "$(head -n 1 apt.log)" 'apt-get update -q'
t 'without recommended packages' has apt.log '^apt-get install -y --no-install-recommends pkg-config '
t 'and asks nothing' is "$(sort -u apt.front)" noninteractive

fake id 'echo 1000'
rm -f apt.log
packages
t 'as a user without a terminal it fails' status_is 1
t 'names the line to call' has err 'apt-get install -y --no-install-recommends pkg-config '
t 'and installs nothing' not test -e apt.log
fake sudo 'echo sudo >>sudo.log; exec "$@"'
packages DEPS=yes
t 'DEPS=yes installs' status_is 0
t 'by sudo' test -s sudo.log
fake apt-get 'exit 100'
packages DEPS=yes
t 'where apt fails, so does it' status_is 1

if "$FL_SRC/.ci/packages" build >present 2>&1; then
	t 'where all is found, it says nothing' is_empty present
fi

# ---- help and version ----

run_flicker --version
t '--version ends with 0' status_is 0
t 'and is one line' has out '^flicker [0-9]+\.[0-9]+\.[0-9]+$'
for page in run replay list report exec help; do
	run_flicker $page --help
	t "$page --help ends with 0" status_is 0
	t "$page --help begins with the usage" has out "^usage: flicker $page"
	cp out page
	run_flicker help $page
	t "help $page is the same page" same page out
	t "$page --help fits a terminal" not grep -E '^.{80,}' page
done
run_flicker run --help
for option in runs all suspect filter test timeout seed report quiet no-progress; do
	t "run --help knows --$option" has out "^  --$option( |$)"
done
if command -v mandoc >/dev/null 2>&1; then
	run mandoc -T lint -W warning "$FL_SRC/docs/flicker.1"
	t 'the manual has no fault that mandoc knows' is_empty out
	run mandoc -T ascii "$FL_SRC/docs/flicker.1"
	sed "s/.$(printf '\b')//g" out >plain
	for option in runs all suspect filter test timeout seed report quiet no-progress; do
		t "the manual knows --$option" grep -q -- "--$option" plain
	done
	notes=$(jq -r '.. | objects | .enum? // empty | select(index("mass-failure"))[]' "$FL_SRC/docs/report.schema.json")
	t 'the schema has notes' test -n "$notes"
	for note in $notes; do
		t "the manual tells of the note $note" grep -qE "^ +$note\$|^ +$note " plain
		for page in report judgement; do
			t "$page.md tells of the note $note" grep -q "\`$note\`" "$FL_SRC/docs/$page.md"
		done
	done
fi

# ---- bad input: one line, 64 or 70, and nothing was run ----

echo 'int main(void) { return 0; }' >empty.c
echo 'hello' >text
mkdir folder
cp "$cmocka/stable" other                        # e_machine, two bytes at 18: 243 is RISC-V
printf '\363\000' | dd of=other bs=1 seek=18 conv=notrunc 2>/dev/null
printf '#!/bin/sh\necho was run >was-run\n' >script
chmod +x script

# description, pattern in the line, arguments...
refused() {
	what=$1 line=$2
	shift 2
	run_flicker "$@"
	t "$what: 64 or 70" test "$status" -eq 64 -o "$status" -eq 70
	t "$what: one line that says it" says_one_line "$line"
}
refused 'no such program' "no such program './nowhere'" run ./nowhere
refused 'no such program on PATH' "'no-such-program-at-all'" run no-such-program-at-all
refused 'not executable' "'./text' is not executable" run ./text
refused 'a folder' "'./folder' is a directory" run ./folder
refused 'another architecture' "'./other' .*architecture" run ./other
refused 'an unknown option' "'--rnus'.*'--runs'" run --rnus 3 ./script
refused 'an option without its value' "'--runs'" run --runs
refused 'a value that is no number' "'--runs'.*'many'" run --runs many ./script
refused 'a value out of range' "'--runs'.*'0'" run --runs 0 ./script
refused 'an unknown report format' "'exe'.*json" run --report exe ./script
refused 'a report where no folder can be' "'/proc/nowhere/at/all.json'" run --report json=/proc/nowhere/at/all.json ./script
refused 'a report onto a folder' "'folder'" run --report json=folder ./script
refused 'a wrapper that is not there' "the wrapper: no program 'no-such-wrapper'" run --wrapper 'no-such-wrapper -q' ./script
refused 'the internal command' "libflicker.so only" attach --ready-fd 99
refused 'an unknown command' "'rnu'.*'run'" rnu ./script
refused 'no program' "names no program" run
refused 'list without a program' "names no program" list
refused 'report without a file' "names no file" report
refused 'both of its usages are told apart' "'report' names no file; usage: flicker report .*, or: flicker report --merge" report
run env FLICKER_RUNS=many "$flicker" run ./script
t 'a variable of no sense: 64' status_is 64
t 'a variable of no sense: one line' says_one_line "'FLICKER_RUNS'.*'many'"
t 'in none of these was anything run' not test -e was-run

finish
