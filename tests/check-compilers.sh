#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-compilers.sh - no warnings from the compilers that `make` did not use; TAP.
#
# All files with gcc and clang, the inside also with $CROSS (aarch64-linux-gnu-gcc),
# each where it is there.  Only looked at, not linked: what runs is built by CC.
set -u
cd "${FL_SRC:-.}" || exit 1

flags='-std=gnu11 -Iinclude -O2 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror'
packages=$(pkg-config --cflags jansson libdw libelf 2>/dev/null)
work=${TMPDIR:-/tmp}
count=0 failed=0

# what, compiler, files...: one test, as many messages as there are
clean() {
	what=$1 compiler=$2
	shift 2
	count=$((count + 1))
	if ! command -v "$compiler" >/dev/null 2>&1; then
		echo "ok $count - $what, $compiler # SKIP not here"
		return
	fi
	# shellcheck disable=SC2086 # words are meant
	printf '%s\n' "$@" | xargs -P "$(nproc)" -I FILE \
		sh -c 'o=$(mktemp) && "$@" -o "$o" 2>&1; rm -f "$o"' sh "$compiler" $flags -c FILE >"$work/errors"
	if [ -s "$work/errors" ]; then
		echo "not ok $count - $what, $compiler"
		sed 's/^/# /' "$work/errors"
		failed=1
	else
		echo "ok $count - $what, $compiler"
	fi
}

inside="plugin/agent/*.c plugin/agent/*/*.c plugin/flag/*.c plugin/author/*/*.c adapters/*.c adapters/*/*.c plugin/perturb/*.c"
outside="plugin/base/*.c plugin/engine/*.c plugin/engine/*/*.c plugin/engine/*/*/*.c plugin/report/*.c plugin/cli/*.c"

common=$flags
for compiler in gcc clang "${CROSS:-aarch64-linux-gnu-gcc}"; do
	flags="$common -fPIC -fvisibility=hidden"
	# shellcheck disable=SC2086
	clean "the inside" "$compiler" $inside
done
for compiler in gcc clang; do
	flags="$common $packages"
	# shellcheck disable=SC2086
	clean "the outside" "$compiler" $outside
done
echo "1..$count"
exit "$failed"
