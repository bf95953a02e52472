# SPDX-License-Identifier: MIT
# The examples of frameworks build by their own Makefile, and flicker finds what their pages say.
. "$FL_SRC/tests/e2e/lib.sh"
PATH=$FL_BUILD:$PATH
# The rarest fails once in 24 times: it would pass all with odds of (23/24)^1000 < 1e-18.
export FLICKER_RUNS=1000 FLICKER_TIME=none

# FOLDER PROGRAM FLAKY STABLE
finds() {
	cp -r "$FL_SRC/examples/$1" "$1"
	t "$1: builds" make -s -C "$1"
	run make -s -C "$1" find
	t "$1: make says that something was found" is "$status" 2
	t "$1: $3 is flaky" verdict_is "$1/$2.flicker.json" "$3" flaky
	t "$1: $4 is stable" verdict_is "$1/$2.flicker.json" "$4" stable
	t "$1: the page names it" has "$1/README.md" "$(printf %s "$3" | sed 's/.*\.//')"
	make -s -C "$1" clean
	t "$1: clean leaves what was there" is "$(ls "$1")" "$(ls "$FL_SRC/examples/$1")"
}

finds check test_ring ring.basics.keeps_what_fits ring.basics.is_empty_at_first
finds criterion test_deck deck.is_shuffled deck.keeps_its_cards
finds gtest test_token Token.HasEightDigits Token.IsHexadecimal
finds glib test_price price.comes_back price.whole

for folder in "$FL_SRC"/examples/*/; do
	case $folder in */demo/ | */adapter/) continue ;; esac
	t "$(basename "$folder") has a page of ten lines or so" \
		is "$([ "$(wc -l <"$folder/README.md")" -le 18 ] && echo short)" short
done
finish
