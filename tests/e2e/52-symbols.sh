#!/bin/sh
# SPDX-License-Identifier: MIT
#
# 52-symbols.sh - names and lines from separate debug files, and from what was kept of them.
. "$FL_SRC/tests/e2e/lib.sh"
unset FLICKER_CACHE
export XDG_CACHE_HOME="$PWD/cache"

# The failing program without its DWARF, which is in another folder, by its build id.
id=$(readelf -n "$cmocka/failing" | sed -n 's/.*Build ID: //p')
rest=${id#??}
if [ -z "$id" ] || ! command -v objcopy >/dev/null 2>&1; then
	t_skip 'separate debug files' 'no build id, or no objcopy'
	finish
fi
separate=debug/.build-id/${id%"$rest"}/$rest.debug
mkdir -p "${separate%/*}"
objcopy --only-keep-debug "$cmocka/failing" "$separate"
strip -o failing "$cmocka/failing"

# NAME, more options: the backtrace's places into NAME
places() {
	name=$1
	shift
	run_flicker run --quiet --no-progress --runs 20 --report "json=$name.json" "$@" ./failing
	of_test "$name.json" failing.fails \
		'.failures[0].backtrace[] | "\(.function) \(.file):\(.line)"' >"$name"
}

places without
t 'without debug information there are no lines' not grep -q 'failing\.c:[1-9]' without
places with --debug-dir "$PWD/nowhere:$PWD/debug"
t '--debug-dir: the function that failed' has with '^check .*failing\.c:11$'
t '--debug-dir: its caller' has with '^fails .*failing\.c:23$'
t 'what was found is kept' test -s "cache/flicker/symbols/$id"
t 'for us alone' is "$(stat -c %a "cache/flicker/symbols/$id")" 600

rm -r debug
places kept
t 'kept: the same lines without the debug file' same with kept
places none --cache none
t '--cache none: as if nothing were kept' same without none
FLICKER_CACHE=$PWD/another places other
t 'FLICKER_CACHE: another cache, which knows nothing' same without other

# Names that were not written by us, in a folder that is.
printf 'flicker symbols 2\n%x\t-\t99\twrong\twrong.c\t12345678\n' 0 >"cache/flicker/symbols/$id"
places damaged
t 'a damaged cache is no cache' same without damaged
t 'and says nothing' not grep -qi 'cache\|symbols' err

places unwritable --cache /dev/null/x
t 'a cache that cannot be made is none' same without unwritable
t 'and changes no exit code' status_is 1

# With nothing to name, nothing is kept.
rm -rf cache
run_preloaded "$cmocka/stable"
t 'nothing failed: no cache is made' not test -e cache
finish
