#!/bin/sh
# SPDX-License-Identifier: MIT
#
# 13-transparency.sh - programs of this machine behave under the preload as without it.
#
# The quick rows of tests/transparency/programs.list; `make check-transparency` runs
# the others, and whole suites.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/transparency/lib.sh"

is_untouched() {
	compare "$1" "$2" && return 0
	echo "$why"
	return 1
}

while IFS='|' read -r when name needs command <&3; do
	[ "$when" = quick ] || continue
	# shellcheck disable=SC2086 # words are meant
	if has_all $needs; then
		t "$name: as without flicker" is_untouched "$name" "$command"
	else
		t_skip "$name" "no $lacking"
	fi
done 3<"$FL_SRC/tests/transparency/programs.list"

# It would see a difference.
library=$PWD/none.so
t 'a preload that cannot be loaded is seen' not is_untouched missing 'echo text'
finish
