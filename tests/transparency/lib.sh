# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# lib.sh - runs a command twice as it is and once under the preload, and compares.
#
#     compare NAME COMMAND          in a new directory; COMMAND is for sh
#     compare_in DIR NAME COMMAND   in DIR, which stays
#
# Compared are standard output, standard error, exit code and all files that were left
# (in DIR: that were made or changed): names, types, modes and contents.  What differs between the two plain runs cannot be:
# in texts numbers and the width of blanks are masked then, of files the contents are.
# Sets `why` and returns 1 where there is a difference, 2 where the plain runs differ
# even so and nothing can be said.  `masked` says what was.
: "${FL_BUILD:?}"

work=${TMPDIR:-/tmp}/transparency.$$
library=$FL_BUILD/libflicker.so

# DIR, WHERE the results go, COMMAND
run_once() {
	mkdir -p "$2"
	(
		cd "$1" || exit 125
		exec 3<&-                       # the list's; some tests count on 3 to be the next one
		[ "$1" != "$work/run" ] || export HOME="$1" TMPDIR="$1"
		status=0
		if [ "$2" = "$work/loaded" ]; then
			LD_PRELOAD=$library${LD_PRELOAD:+:$LD_PRELOAD} timeout -k 5 900 sh -c "$3" \
				</dev/null >"$2/out" 2>"$2/err" || status=$?
		else
			timeout -k 5 900 sh -c "$3" </dev/null >"$2/out" 2>"$2/err" || status=$?
		fi
		echo "$status" >"$2/status"
	)
}

# What is left in the directory, or what of it is not older than a file: first names, then sums.
list_files() {
	(
		cd "$1" || exit
		find . -mindepth 1 ${2:+-newer "$2"} -printf '%y %m %p -> %l\n' | sort
		find . -type f ${2:+-newer "$2"} -exec cksum {} + | sort -k3
	)
}

# Files whose contents differ between the plain runs count by name alone.
forget_unsteady() {
	awk '/^[0-9]/ { path = substr($0, index($0, "./")) }
		/^[0-9]/ && NR == FNR { sum[path] = $0 }
		/^[0-9]/ && NR != FNR && sum[path] != $0 { print path }' \
		"$work/plain/files" "$work/again/files" >"$work/unsteady"
	[ -s "$work/unsteady" ] || return 0
	masked="$masked $(wc -l <"$work/unsteady") files"
	for of in plain again loaded; do
		awk 'NR == FNR { unsteady[$0]; next }
			!/^[0-9]/ || !(substr($0, index($0, "./")) in unsteady)' \
			"$work/unsteady" "$work/$of/files" >"$work/$of/steady"
		mv "$work/$of/steady" "$work/$of/files"
	done
}

mask() {
	sed -E 's/0x[0-9a-f]+/N/g; s/[0-9]+([.:][0-9]+)*/N/g; s/[ \t]+/ /g' "$1"
}

# FILE of each of the three results
compare_text() {
	if cmp -s "$work/plain/$1" "$work/again/$1"; then
		cmp -s "$work/plain/$1" "$work/loaded/$1" && return 0
		why="$1: $(diff "$work/plain/$1" "$work/loaded/$1" | head -n 5)"
		return 1
	fi
	masked="$masked $1"
	for of in plain again loaded; do
		mask "$work/$of/$1" >"$work/$of/$1.masked"
	done
	if ! cmp -s "$work/plain/$1.masked" "$work/again/$1.masked"; then
		why="$1 differs between plain runs: $(diff "$work/plain/$1.masked" "$work/again/$1.masked" | head -n 5)"
		return 2
	fi
	cmp -s "$work/plain/$1.masked" "$work/loaded/$1.masked" && return 0
	why="$1: $(diff "$work/plain/$1.masked" "$work/loaded/$1.masked" | head -n 5)"
	return 1
}

compare_texts() {
	for text; do
		compare_text "$text" || return
	done
}

compare_in() {
	masked='' why=''
	rm -rf "$work"
	mkdir -p "$work"
	for of in plain again loaded; do
		touch "$work/stamp"
		run_once "$1" "$work/$of" "$3"
		list_files "$1" "$work/stamp" >"$work/$of/files"
	done
	forget_unsteady
	compare_texts status out err files
}

compare() {
	masked='' why=''
	rm -rf "$work"
	for of in plain again loaded; do
		mkdir -p "$work/run"
		run_once "$work/run" "$work/$of" "$2"
		list_files "$work/run" >"$work/$of/files"
		rm -rf "$work/run"
	done
	forget_unsteady
	compare_texts status out err files
}

# Are all these commands here?  Sets `lacking`.
has_all() {
	for lacking; do
		command -v "$lacking" >/dev/null 2>&1 || return 1
	done
	return 0
}
