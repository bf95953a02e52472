# SPDX-License-Identifier: MIT
# libflicker-exec as installed: examples/exec built in every way there is, and run.
. "$FL_SRC/tests/e2e/lib.sh"

prefix=$PWD/installed
t 'it can be installed' make -s -C "$FL_SRC" -o all install O="$FL_BUILD" PREFIX="$prefix"
t 'the library has the name that programs ask for' test -f "$prefix/lib/libflicker-exec.so.0"
rm -r "$prefix/bin" "$prefix/lib/flicker"       # no flicker at run time
cp -R "$FL_SRC/examples/exec" example
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
# shellcheck disable=SC2046 # words are meant
t 'pkg-config has what the compiler needs' ${CC:-cc} -Wall -Wextra -Werror -o shared example/until_fail.c \
	$(pkg-config --cflags --libs flicker-exec)
t 'the program needs the library and libc' is "$(readelf -d shared | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | tr '\n' ' ')" \
	'libflicker-exec.so.0 libc.so.6 '
t 'the archive will do, too' ${CC:-cc} -Wall -Wextra -Werror -I"$prefix/include" -o archive example/until_fail.c \
	"$prefix/lib/libflicker-exec.a"
t 'even all static' ${CC:-cc} -static -I"$prefix/include" -o static example/until_fail.c "$prefix/lib/libflicker-exec.a"

# The program $1 with nothing of flicker's but the library.
works() {
	rm -f log*.txt
	run env -i PATH="$PATH" LD_LIBRARY_PATH="$prefix/lib" "$1" 20 sh -c \
		'echo "$1 $2" >log$1.txt; test $1 != 3 || { until [ -s log1.txt ] && [ -s log2.txt ]; do sleep 0.05; done; sleep 0.7; echo why >&2; exit 7; }; test $1 -lt 3 || sleep 30' sh '#count#' '#port#'
	t "$1: a run fails" status_is 1
	t "$1: it passed before" is "$(grep -c 'pass, 0 bytes' out)" 2
	t "$1: its exit code is told" has out '^run 3: fail, exit code 7, 0 bytes of output$'
	t "$1: and what it wrote" has out '^why$'
	t "$1: the others are cancelled" has out '^2 passed, 1 failed, [0-3] cancelled, the slowest took [0-9.]* ms$'
	t "$1: tokens are filled in" grep -qE '^1 [23][0-9]{4}$' log1.txt
	run env -i PATH="$PATH" LD_LIBRARY_PATH="$prefix/lib" "$1" 5 sh -c 'kill -ABRT $$'
	t "$1: a signal is told" has out '^run [1-4]: crash, signal 6, '
	run env -i PATH="$PATH" LD_LIBRARY_PATH="$prefix/lib" "$1" 0 true
	t "$1: no runs are refused" is "$status $(cat err)" \
		'64 until_fail: Invalid argument; usage: until_fail runs command [argument ...]'
}
works ./shared
works ./archive
works ./static

if command -v cmake >/dev/null 2>&1; then
	make -s -C "$FL_SRC" -o all install O="$FL_BUILD" PREFIX="$prefix" >/dev/null
	t 'CMake finds the targets' cmake -S example -B built -DCMAKE_PREFIX_PATH="$prefix"
	t 'and builds with both' cmake --build built
	works built/until_fail
	works built/until_fail_static
	t 'the static one needs no library of ours' not grep -q libflicker-exec.so built/until_fail_static
	t 'in the source tree, too' cmake -S example -B source -DFlicker_DIR="$FL_SRC/adapters/cmake"
else
	t_skip 'CMake' 'no cmake'
fi
finish
