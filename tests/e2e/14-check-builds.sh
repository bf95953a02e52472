# SPDX-License-Identifier: MIT
# Check as a library of its own, and linked into programs in all the ways that compilers have.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/e2e/check.sh"

cc=${CC:-cc}

# OUTPUT, FIXTURE, further words...: a program, or nothing where that cannot be built
build() {
	output=$1 source=$FL_SRC/tests/fixtures/check/$2.c
	shift 2
	# shellcheck disable=SC2046 # words are meant
	$cc -std=gnu11 -g -w -I"$FL_SRC/include" -I"$FL_SRC/tests/fixtures" $(pkg-config --cflags check) \
		-o "$output" "$source" "$@" 2>/dev/null
}

archive=$(echo /usr/lib/*/libcheck_pic.a)
if [ -e "$archive" ] && $cc -shared -o libcheck.so.0 -Wl,-soname,libcheck.so.0 -Wl,--whole-archive "$archive" \
	-Wl,--no-whole-archive -lsubunit -lm -lrt -pthread 2>/dev/null; then
	for name in kinds nofork; do
		build shared "$name" ./libcheck.so.0 "-Wl,-rpath,$PWD"
		attempt "shared_$name" ./shared --runs 40 --timeout 0.5
		t "shared libcheck, $name: the verdicts" as_expected "$name.list" "shared_$name.json"
	done
	t 'shared libcheck: linkage' holds shared_nofork.json '.program.linkage == "shared"'
	t 'shared libcheck: backtraces to the test' holds_of shared_nofork.json nofork.shared.flaky \
		'.failures[0].backtrace | map(.function) == ["fail_by_chance", "flaky_fn"]'
else
	t_skip 'shared libcheck' 'it cannot be built'
fi

for flags in '-O3 -flto' '-no-pie -fno-pie -O2 -Wl,--gc-sections' '-rdynamic -s' -fsanitize=address; do
	# shellcheck disable=SC2046,SC2086 # words are meant
	if build other twelve $flags $(pkg-config --libs check) && build other_nofork nofork $flags $(pkg-config --libs check); then
		attempt other ./other --runs 40 --timeout 1
		t "$flags: the verdicts" as_expected twelve.list other.json
		attempt other_nofork ./other_nofork --runs 40
		t "$flags, CK_NOFORK: the verdicts" as_expected nofork.list other_nofork.json
	else
		t_skip "$flags" 'it cannot be built'
	fi
done

# In a program without symbols its runner is found by other means: 14-check-stripped.sh.
# shellcheck disable=SC2046 # words are meant
if build stripped nofork $(pkg-config --libs check) && cp stripped whole && strip stripped &&
	objcopy --only-keep-debug whole stripped.debug && objcopy --add-gnu-debuglink=stripped.debug stripped; then
	attempt debug ./stripped --runs 40
	t 'stripped: its debug file will do' holds debug.json '.program | .framework == "check" and .framework_version != ""'
	t 'stripped, with a debug file: backtraces to the test' holds_of debug.json nofork.shared.flaky \
		'.failures[0].backtrace | map(.function) == ["fail_by_chance", "flaky_fn"]'
else
	t_skip stripped 'it cannot be built'
fi
finish
