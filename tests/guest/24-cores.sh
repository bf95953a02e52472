# SPDX-License-Identifier: MIT
# Attempts leave no core; with --core one of each kind of crash is kept beside the report.
. "$FL_SRC/tests/e2e/lib.sh"

hostile=$FL_FIXTURES/hostile/hostile

if [ "$(ulimit -Hc)" = 0 ] || [ "$(cat /proc/sys/kernel/core_pattern)" != core ]; then
	t_skip cores 'no core would be left in the working directory here'
	finish
fi
ulimit -Sc unlimited
HOSTILE_HOST=meek run_flicker run --until runs --runs 12 --suspect 'hostile.*' --report json=none.json "$hostile" abort_at_once
t 'attempts: all crash' holds_of none.json hostile.abort_at_once '.attempts | .crash == .total and .total >= 8'
t 'attempts: no core, though the limit lets them' not ls ./core*
t 'no key in the report' holds_of none.json hostile.abort_at_once '.failures[0] | has("core") | not'

# KIND, --mode
kept() {
	HOSTILE_HOST=meek run_flicker run --core --mode "$2" --until runs --runs 6 --suspect 'hostile.*' \
		--report json="$1-$2.json" "$hostile" "$1"
	core=$(of_test "$1-$2.json" "hostile.$1" '.failures[0].core')
	t "--core, $1, $2: one core" is "$(ls -- *.core.*)" "$core"
	t "--core, $1, $2: beside the report, by its signature" is "$core" \
		"$1-$2.json.core.$(of_test "$1-$2.json" "hostile.$1" '.failures[0].signature')"
	t "--core, $1, $2: it is one" sh -c "od -An -tx1 -j16 -N1 '$core' | grep -q 04"
	t "--core, $1, $2: told" has err "core: $core"
	t "--core, $1, $2: that attempt counts nowhere" holds_of "$1-$2.json" "hostile.$1" '.attempts.total == 6'
	t "--core, $1, $2: valid" is_valid "$1-$2.json"
	rm -f ./*.core.*
}
kept abort_at_once fork
kept abort_at_once exec
kept read_null fork
HOSTILE_HOST=meek run sh -c "ulimit -c 0; '$flicker' run --core --runs 6 --suspect 'hostile.*' --report json=zero.json '$hostile' abort_at_once"
t '--core where the limit is 0: it is said' has err 'no cores: their size is limited to 0 here'
finish
