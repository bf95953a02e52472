#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-exports.sh - what libflicker.so shows and needs; TAP.
#
# Its symbols come before those of every program that it is loaded into: one too
# many changes what a program means.  So they are listed in tests/exports.list, and
# beyond these there is only flicker_*, weak.  It needs libc and nothing else (libdl
# before glibc 2.34; the loader, where the linker says so).
set -u
: "${FL_SRC:=.}" "${FL_BUILD:=$FL_SRC/build}"
library=$FL_BUILD/libflicker.so
list=$FL_SRC/tests/exports.list
work=${TMPDIR:-/tmp}
count=0 failed=0

report() {
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		echo "$2" | sed 's/^/# /'
		failed=1
	fi
}

# "TYPE name" of each defined symbol; a version behind @ is not part of the name
symbols() {
	nm -D --defined-only "$library" | awk '{ sub(/@.*/, "", $NF); print $(NF - 1), $NF }'
}

symbols | awk '$2 !~ /^flicker_/ { print $2 }' | sort -u >"$work/have"
sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$list" | sort -u >"$work/want"

report "exports nothing that exports.list does not have" \
	"$(comm -23 "$work/have" "$work/want" | sed 's/$/: not in tests\/exports.list/')"
report "exports all that exports.list has" \
	"$(comm -13 "$work/have" "$work/want" | sed 's/$/: not exported/')"
report "flicker_* are weak" \
	"$(symbols | awk '$2 ~ /^flicker_/ && $1 !~ /^[WV]$/ { print $2 ": not weak (" $1 ")" }')"
report "needs libc only" "$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
	grep -vE '^(libc\.so\.6|libdl\.so\.2|ld-linux[a-z0-9_.-]*)$')"
report "every symbol is bound when it is loaded" \
	"$(readelf -d "$library" | grep -qE 'BIND_NOW|FLAGS.*NOW' || echo 'no BIND_NOW')"
report "no executable stack, no text relocations" "$(
	readelf -lW "$library" | awk '$1 == "GNU_STACK" && /E/ && $7 ~ /E/ { print "executable stack" }'
	readelf -d "$library" | grep -q TEXTREL && echo 'text relocations')"

# libflicker-plugin.so is linked into programs that mostly run without flicker.
flag=$FL_BUILD/libflicker-plugin.so
report "libflicker-plugin.so exports nothing" "$(nm -D --defined-only "$flag")"
report "libflicker-plugin.so needs libc only" "$(readelf -d "$flag" |
	sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vxF libc.so.6)"

# libflicker-exec is linked to test programs: what it has is in exec.h.
author=$FL_BUILD/libflicker-exec.so.0
nm -D --defined-only "$author" | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort >"$work/have"
sed -n -e '/^typedef/d' -e 's/^[a-z].*\b\(flicker_exec_[a-z]*\)(.*/\1/p' "$FL_SRC/include/flicker/exec.h" | sort >"$work/declared"
sed -e 's/#.*//' -e '/^$/d' "$FL_SRC/tests/exports-exec.list" | sort >"$work/want"
report "libflicker-exec exports what exports-exec.list has" "$(diff "$work/have" "$work/want")"
report "and exec.h declares it" "$(diff "$work/declared" "$work/want")"
report "libflicker-exec needs libc only" "$(readelf -d "$author" |
	sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^(libc\.so\.6|ld-linux[a-z0-9_.-]*)$')"
report "its name has a number" "$(readelf -d "$author" | grep -q 'SONAME.*\[libflicker-exec\.so\.0\]' ||
	echo 'it has none')"
report "the archive has no other name in the open" "$(nm -g --defined-only "$FL_BUILD/libflicker-exec.a" |
	awk 'NF == 3 && $3 !~ /^(flicker_exec_|fl_(capture|child|fill|lane|port|runner|tree)_)/ { print $3 }')"
echo "1..$count"
exit "$failed"
