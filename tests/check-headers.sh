#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-headers.sh - every header compiles alone, with gcc and clang; TAP.
#
# Alone: as the only line of a file.  flicker.h, exec.h and xunit.h, which go into the programs
# of others, also as C99 to C23 (xunit.h from C11) and C++ (but that one), with the warnings
# that these may have turned on.  xunit.h alone needs cmocka: where there is none it is left out.
set -u
cd "${FL_SRC:-.}" || exit 1

packages=$(pkg-config --cflags jansson libdw libelf 2>/dev/null)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0 failed=0

report() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/# /' "$work/errors"
		failed=1
	fi
}

# what, text, compiler, flags...: one test
compiles() {
	what=$1 text=$2
	shift 2
	echo "$text" >"$work/use"
	"$@" -Wall -Wextra -Wshadow -Werror -Iinclude -fsyntax-only "$work/use" 2>"$work/errors"
	report $? "$what"
}

compilers=
for compiler in gcc clang; do
	command -v $compiler >/dev/null 2>&1 && compilers="$compilers $compiler"
done
[ -n "$compilers" ] || compilers=cc

cmocka=$(pkg-config --cflags cmocka 2>/dev/null) && has_cmocka=yes || has_cmocka=
xunit='include/flicker/xunit*'

# Headers, xunit's or all others
headers() {
	find include plugin adapters -name '*.h' "$@" | sort
}
for compiler in $compilers; do
	for header in $(headers ! -path "$xunit"); do
		# shellcheck disable=SC2086 # words are meant
		compiles "$header alone, $compiler" "#include \"$PWD/$header\"" \
			"$compiler" -std=gnu11 -Wstrict-prototypes $packages -x c
	done
done

for compiler in $compilers; do
	[ -n "$has_cmocka" ] || break
	for header in $(headers -path "$xunit"); do
		# shellcheck disable=SC2086 # words are meant
		compiles "$header alone, $compiler" "#include \"$PWD/$header\"" \
			"$compiler" -std=c11 -Wstrict-prototypes $cmocka -x c
	done
	for standard in c11 c17 c2x gnu11 gnu17; do
		for file in tests/fixtures/cmocka/xunit_*.c; do
			# shellcheck disable=SC2086 # words are meant
			compiles "${file##*/} as $standard, $compiler" "#include \"$PWD/$file\"" \
				"$compiler" -std=$standard -pedantic -Wstrict-prototypes -Wmissing-prototypes \
				-Wconversion -Wunused -O2 $cmocka -x c
		done
	done
done

bare='#include <flicker/flicker.h>
FLICKER_SUSPECT("net.no-keys");'
use='#include <flicker/flicker.h>
FLICKER_SUSPECT("net.reconnects", "reason=slow; owner=x; until=2026-12-31");
FLICKER_SUSPECT("net.sends", "crash=yes");
uint64_t use(void);
uint64_t use(void) { flicker_note("%d", 1); return flicker_seed(); }'

for compiler in $compilers; do
	compiles "flicker.h, no keys, $compiler" "$bare" "$compiler" -std=gnu11 -x c
	for standard in c99 c11 c17 c2x gnu99 gnu11; do
		compiles "flicker.h as $standard, $compiler" "$use" \
			"$compiler" -std=$standard -pedantic -Wstrict-prototypes -x c
	done
done
run='#include <flicker/exec.h>
int use(const struct flicker_exec_settings *settings);
int use(const struct flicker_exec_settings *settings)
{
	struct flicker_exec *exec;
	return flicker_exec_new(settings, &exec);
}'
for compiler in $compilers; do
	for standard in c99 c11 c17 c2x; do
		compiles "exec.h as $standard, $compiler" "$run" \
			"$compiler" -std=$standard -pedantic -Wstrict-prototypes -x c
	done
done
for compiler in g++ clang++; do
	command -v $compiler >/dev/null 2>&1 || continue
	for standard in c++11 c++17 c++20; do
		compiles "flicker.h as $standard, $compiler" "$use" \
			$compiler -std=$standard -pedantic -x c++
		compiles "exec.h as $standard, $compiler" "$run" \
			$compiler -std=$standard -pedantic -x c++
	done
done

# Does it see a header that leans on what was included before it?
echo 'static inline size_t leans(void) { return 0; }' >"$work/leans.h"
for compiler in $compilers; do
	echo "#include \"$work/leans.h\"" | "$compiler" -fsyntax-only -x c - 2>"$work/errors"
	[ $? -ne 0 ]
	report $? "sees a header that leans on others, $compiler"
done
echo "1..$count"
exit "$failed"
