#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-layers.sh - who may include whom; TAP, one test a folder.
#
#     outside:  cli -> report -> engine -> base             all but base know <flicker/*>
#     inside:   perturb -> agent, adapters; flag            <flicker/*> and libc only
#               (an adapter of several files: its own folder, too; all of them: adapters/next.h)
#     author:   plugin/author                               <flicker/*> and libc only
#     include/flicker                                       <flicker/*> and libc only
#               (xunit.h and its folder: and cmocka.h; nothing of flicker includes it)
#
# A quoted include is followed to the file it names; the folder of that must be in the
# row of the includer.  A folder without a row is a violation by itself, and so is a
# library's header outside of its row.  The end of the script proves that the rules bite.
set -u
cd "${FL_SRC:-.}" || exit 1

# folder | may include from | libraries besides libc
rules='
include/flicker | include/flicker                                                    |
include/flicker/xunit | include/flicker/xunit include/flicker                        | cmocka
adapters        | include/flicker                                                    |
plugin/agent    | plugin/agent include/flicker                                       |
plugin/perturb  | plugin/perturb plugin/agent include/flicker                        |
plugin/flag     | plugin/flag include/flicker                                        |
plugin/author   | plugin/author include/flicker                                      |
plugin/base     | plugin/base                                                        |
plugin/engine   | plugin/engine plugin/base include/flicker                          | elf
plugin/report   | plugin/report plugin/engine plugin/base include/flicker            | json
plugin/cli      | plugin/cli plugin/report plugin/engine plugin/base include/flicker | elf ini
'

# Prints "includer's folder<TAB>file:line: what is wrong" of the files in the tree $1.
violations() (
	cd "$1" || exit 1
	find include plugin adapters -name '*.[ch]' 2>/dev/null | sort | xargs -r awk -v rules="$rules" '
	function trim(s) { gsub(/^ +| +$/, "", s); return s }
	function tidy(path,    part, kept, i, k, n) {
		n = split(path, part, "/")
		for (i = 1; i <= n; i++) {
			if (part[i] == "..") k--
			else if (part[i] != ".") kept[++k] = part[i]
		}
		path = kept[1]
		for (i = 2; i <= k; i++) path = path "/" kept[i]
		return path
	}
	function folder(path,    part) {
		split(path, part, "/")
		if (path ~ /^include\/flicker\/xunit[.\/]/) return "include/flicker/xunit"
		return path ~ /^adapters\// ? "adapters" : part[1] "/" part[2]
	}
	function library(name) {
		if (name ~ /^(elfutils\/.*|libelf|gelf|dwarf)\.h$|^elfutils\//) return "elf"
		if (name ~ /^jansson/) return "json"
		if (name == "ini.h") return "ini"
		if (name == "cmocka.h") return "cmocka"
		if (name ~ /^(libunwind.*|sqlite3|microhttpd|pcre2|zstd|check|glib)\.h$/ ||
		    name ~ /^(Zydis|curl|criterion|CUnit|gtest)\//) return "another"
		return ""
	}
	function say(what) { printf "%s\t%s:%d: %s\n", from, FILENAME, FNR, what }
	BEGIN {
		n = split(rules, row, "\n")
		for (i = 1; i <= n; i++)
			if (split(row[i], cell, "|") == 3) {
				may[trim(cell[1])] = " " trim(cell[2]) " "
				lib[trim(cell[1])] = trim(cell[3])
			}
	}
	FNR == 1 {
		from = folder(FILENAME)
		if (!(from in may)) say("no rule for its folder")
	}
	/^[ \t]*#[ \t]*include[ \t]*["<]/ {
		name = $0
		sub(/^[^"<]*/, "", name)
		kind = substr(name, 1, 1)
		name = substr(name, 2)
		sub(/[">].*/, "", name)
		if (kind == "<" && name !~ /^flicker\//) {
			if ((l = library(name)) != "" && !index(" " lib[from] " ", " " l " ")) say(from " may not include <" name ">")
			next
		}
		dir = FILENAME
		sub(/[^\/]*$/, "", dir)
		target = kind == "<" ? "include/" name : tidy(dir name)
		# an adapter of several files has a folder, and that is its own affair
		if (from == "adapters" && dir != "adapters/" && index(target, dir) == 1) next
		# what built-in adapters share
		if (from == "adapters" && target == "adapters/next.h") next
		if (!index(may[from], " " folder(target) " ")) say(from " may not include " target)
	}'
)

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

found=$(violations .)
for folder in $(find include plugin adapters -name '*.[ch]' |
	sed -e 's|^adapters/.*|adapters|' -e 's|^include/flicker/xunit[./].*|include/flicker/xunit|;t' \
		-e 's|^\([^/]*/[^/]*\)/.*|\1|' | sort -u); do
	report "$folder" "$(echo "$found" | awk -F'\t' -v folder="$folder" '$1 == folder { print $2 }')"
done

# A tree of one line that must be seen (or, with `allowed`, must not).
tree=$(mktemp -d) || exit 1
try() {
	mkdir -p "$tree/$(dirname "$2")"
	printf '#include <stdio.h>\n#include %s\n' "$3" >"$tree/$2"
	seen=$(violations "$tree" | cut -f2 | grep -c "^$2:2: ")
	rm -rf "${tree:?}"/*
	[ "$1" = refused ] && want=1 || want=0
	report "$1: $3 in $2" "$([ "$seen" -eq "$want" ] || echo 'it is not')"
}
try refused plugin/base/x.c           '"../engine/model.h"'
try refused plugin/base/x.c           '<flicker/wire.h>'
try refused plugin/engine/judge/x.c   '"../../report/json.h"'
try refused plugin/engine/judge/x.c   '"../../agent/agent.h"'
try refused plugin/engine/judge/x.c   '<jansson.h>'
try refused plugin/report/x.h         '"../cli/command.h"'
try refused plugin/agent/x.c          '"../base/base.h"'
try refused plugin/agent/x.c          '<jansson.h>'
try refused plugin/agent/x.c          '<libunwind.h>'
try refused adapters/x.c              '"../plugin/agent/agent.h"'
try refused adapters/x.c              '<cmocka.h>'
try refused adapters/x/x.c            '"../y/y.h"'
try allowed adapters/x/x.c            '"x.h"'
try refused plugin/engine/session/x.c '<ini.h>'
try allowed plugin/cli/x.c            '<ini.h>'
try refused include/flicker/x.h       '"../../plugin/base/base.h"'
try refused include/flicker/x.h       '<cmocka.h>'
try refused include/flicker/x.h       '<flicker/xunit.h>'
try allowed include/flicker/xunit/x.h '<cmocka.h>'
try allowed include/flicker/xunit.h   '"xunit/x.h"'
try refused plugin/elsewhere/x.c      '<flicker/wire.h>'
try allowed plugin/engine/session/x.c '"../judge/classify.h"'
try allowed plugin/cli/x.c            '"../base/base.h"'
try refused plugin/flag/x.c           '"../agent/agent.h"'
try refused plugin/agent/x.c          '"../flag/flag.h"'
try refused plugin/author/x/x.c       '"../../base/base.h"'
try refused plugin/cli/x.c            '"../author/exec/internal.h"'
try allowed plugin/author/x/x.c       '<flicker/exec.h>'
try allowed plugin/perturb/x.c        '"../agent/agent.h"'
rm -rf "$tree"
echo "1..$count"
exit "$failed"
