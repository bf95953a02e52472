# SPDX-License-Identifier: MIT
# The same programs built by others: compilers, sanitizers; what runs them: valgrind.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/guest/guest.sh"

fixtures=$FL_SRC/tests/fixtures

# NAME, source below fixtures, compiler and flags...: builds NAME, or skips what follows
built() {
	name=$1 source=$2
	shift 2
	if command -v "$1" >/dev/null && "$@" -std=gnu11 -g -I"$FL_SRC/include" -pthread -w \
		-o "$name" "$fixtures/$source" -lcmocka >build.log 2>&1; then
		"./$name" >/dev/null 2>&1
		case $? in
		0 | 1) return 0 ;;
		esac
	fi
	t_skip "$name" 'cannot be built or run here'
	return 1
}

# A crash of any kind is the same to them; what gcc's AddressSanitizer wants is told in docs/guest.md.
export ASAN_OPTIONS=detect_leaks=0
asan=$(gcc -print-file-name=libasan.so)

# NAME: all that is asked of a build
judged() {
	case $1 in
	*gcc*asan*) LD_PRELOAD=$asan; export LD_PRELOAD ;;
	esac
	case $1 in
	*gcc*asan*) t_skip "$1: untouched" 'gcc wants its own library first: see below' ;;
	*) untouched "$1" "$PWD/$1" ;;
	esac
	unset LD_PRELOAD
	stable_in_attempts "$1" "./$1"
}

for compiler in gcc clang; do
	for kind in plain O2 asan ubsan; do
		case $kind in
		plain) flags=-O0 ;;
		O2) flags='-O2 -D_FORTIFY_SOURCE=2' ;;
		asan) flags='-O1 -fsanitize=address' ;;
		ubsan) flags='-O1 -fsanitize=undefined' ;;
		esac
		# shellcheck disable=SC2086
		built stable-$compiler-$kind cmocka/stable.c $compiler $flags && judged stable-$compiler-$kind
		# shellcheck disable=SC2086
		built forker-$compiler-$kind cmocka/forker.c $compiler $flags && judged forker-$compiler-$kind
		# shellcheck disable=SC2086
		built failing-$compiler-$kind cmocka/failing.c $compiler $flags || continue
		run_flicker run --until runs --runs 20 --report json=failing.json "./failing-$compiler-$kind"
		t "failing-$compiler-$kind: failing" status_is 1
		t "failing-$compiler-$kind: where" holds failing.json 'any(.tests[].failures[]; .file != null and .line != null)'
	done
done

# What a sanitizer has found is in the attempt's output, and the attempt is no pass.
cat >overrun.c <<'END'
#include "cmocka/fixture.h"
static void overruns(void **state)
{
	char *volatile block = malloc(8);

	(void)state;
	block[8 + (getpid() == 1)] = 1;
	free(block);
}
int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(overruns) };

	return cmocka_run_group_tests_name("overrun", tests, NULL, NULL);
}
END
for compiler in gcc clang; do
	command -v $compiler >/dev/null && $compiler -g -w -fsanitize=address -I"$fixtures" -o overrun-$compiler overrun.c \
		-lcmocka 2>/dev/null || { t_skip "$compiler, an overrun" 'cannot be built here'; continue; }
	run_flicker run --all --until runs --runs 8 --report json=overrun.json ./overrun-$compiler
	t "$compiler, an overrun: no attempt passes" holds overrun.json \
		'.tests[0].attempts | .total >= 2 and .pass == 0 and .infra == 0'
	t "$compiler, an overrun: in the sanitizer's words" holds overrun.json \
		'any(.tests[0].failures[]; .output_tail | test("heap-buffer-overflow"))'
done

if command -v valgrind >/dev/null; then
	untouched valgrind valgrind -q --error-exitcode=9 "$cmocka/stable"
	untouched valgrind_forker valgrind -q --error-exitcode=9 "$cmocka/forker"
	run env LD_PRELOAD="$library" FLICKER_RUNS=4 FLICKER_MODE=fork valgrind -q --error-exitcode=9 "$cmocka/failing"
	t 'valgrind, a failure: the program goes its way' test "$status" != 9
	t 'valgrind, a failure: nothing of ours is found fault with' not grep -q 'Invalid\|uninitialised' err
else
	t_skip valgrind 'not installed'
fi
finish
