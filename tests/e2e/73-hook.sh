# SPDX-License-Identifier: MIT
# A framework that is linked into its program: symbols, patches and watches, however it was built.
. "$FL_SRC/tests/e2e/lib.sh"

cc=${CC:-cc}
hook=$FL_SRC/tests/fixtures/hook
sources="$hook/program.c $hook/toy.c $hook/other.c"
$cc -std=gnu11 -O2 -shared -fPIC -I"$FL_SRC/include" -o adapter.so "$hook/adapter.c" || exit 1
$cc -o forbid "$hook/forbid.c" || exit 1

# COMPILER, FLAGS...: the program p
build() {
	compiler=$1
	shift
	# shellcheck disable=SC2086 # words are meant, here and below
	"$compiler" -g -pthread "$@" -o p $sources 2>build.log
}

# [COMMAND...]: the program with the adapter; of the sanitizers' libraries none is preloaded
run_hooked() {
	run env ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 "$@" \
		env LD_PRELOAD="$library:$PWD/adapter.so" ./p $rounds
}
rounds=20

# What the program does without us is what it does with all of it on.
is_untouched() {
	want=0
	./p $rounds >want || want=$?
	status_is "$want" && same want out
}

fail_line='fail: line 7, %d %s %g %c %g %ld %g'
is_hooked() {
	has err '^run 0, fail 0, many 0, make 0, count 0, local 0, tiny -28, twin -2, data -13$' &&
		has err '^run: 3, host$' && has err '^run: 1, child$' && has err '^make$' && has err '^local: 3$' &&
		has err '^many: 1 3 five 6 7 8, on the stack 9, unwinds 1$' &&
		is "$(grep -c "^$fail_line$" err)" 3 && is "$(grep -c '^, unwinds 1$' err)" 3 &&
		has err "^looked at count $rounds times in $((rounds + 2)) runs$"
}

has_symbols() {
	has err '^toy_run here sized$' && has err '^toy_local here sized$' && has err '^toy_twin$' &&
		has err '^toy_variable here sized$' && has err '^the variable is 42$' &&
		has err '^toy_absent$' && has err '^pthread_barrier_init imported$'
}

# NAME, COMPILER, FLAGS...
hooks() {
	name=$1
	shift
	if ! build "$@"; then
		t_skip "$name" "$1 does not build so"
		return
	fi
	run_hooked
	t "$name: symbols" has_symbols
	t "$name: patches and watches" is_hooked
	t "$name: and the program notices nothing" is_untouched
}

hooks 'gcc -O0, PIE' gcc -O0 -fPIE -pie
hooks 'gcc -O3, no PIE' gcc -O3 -fno-pie -no-pie
hooks 'gcc -flto' gcc -O2 -flto=1
hooks 'gcc -fcf-protection=full' gcc -O2 -fcf-protection=full
hooks 'gcc, ASan and UBSan' gcc -O1 -fsanitize=address,undefined
hooks 'clang -O2' clang -O2
hooks 'clang, ASan and UBSan' clang -O1 -fsanitize=address,undefined

# ---- threads: a watched function is called by two at once ----

build "$cc" -O2
rounds=2000
run_hooked
t 'two threads at once: each time one of them is looked at' has err '^looked at count 2000 times in 2002 runs$'
t 'and both have counted' is_untouched
rounds=20

# ---- where symbols are ----

strip -g p && run_hooked
t 'strip -g: all the same' is_hooked
build "$cc" -O2 && cp p whole
strip p && run_hooked
t 'strip: no symbols' has err '^run -2, fail -2, many -2'
t 'strip: the program runs' is_untouched
t 'strip: its imports are known' has err '^pthread_barrier_init imported$'
build "$cc" -O2 -rdynamic && strip p && run_hooked
t 'strip, -rdynamic: what it exports' has err '^run 0, fail 0, many 0, make 0, count 0, local -2,'

# FLAGS...: p, stripped, and p.debug
separate() {
	rm -rf p.debug .debug debug
	build "$cc" -O2 "$@" && objcopy --only-keep-debug p p.debug && strip p
}
build_id() {
	readelf -n "$1" | sed -n 's/.*Build ID: //p'
}

separate && objcopy --add-gnu-debuglink=p.debug p && run_hooked
t 'debug link, beside' is_hooked
mkdir .debug && mv p.debug .debug && run_hooked
t 'debug link, in .debug' is_hooked
mkdir -p "debug$PWD" && mv .debug/p.debug "debug$PWD" && run_hooked
t 'debug link, nowhere near' has err '^run -2,'
run_hooked env FLICKER_DEBUG_DIR="/nowhere:$PWD/debug"
t 'debug link, by its path in FLICKER_DEBUG_DIR' is_hooked

separate -Wl,--build-id
id=$(build_id p) && folder=debug/.build-id/$(echo "$id" | cut -c1-2) && mkdir -p "$folder"
cp p.debug "$folder/$(echo "$id" | cut -c3-).debug"
run_hooked
t 'build id, nowhere near' has err '^run -2,'
run_hooked env FLICKER_DEBUG_DIR="$PWD/debug"
t 'build id' is_hooked
t 'build id: the program runs' is_untouched

separate -Wl,--build-id=none && objcopy --add-gnu-debuglink=p.debug p && run_hooked
t 'no build id: by the checksum' is_hooked
printf x >>p.debug && run_hooked
t 'another checksum: not this build' has err '^run -2,'
separate -Wl,--build-id && objcopy --add-gnu-debuglink=p.debug p && cp p stripped
separate -Wl,--build-id -DANOTHER -O1 && cp stripped p && run_hooked
t 'another build id: not this build' has err '^run -2,'
t 'and nothing is overwritten' is_untouched

cp whole p
loader=$(readelf -l p | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
run env LD_PRELOAD="$library:$PWD/adapter.so" "$loader" ./p $rounds
t 'started by the loader' is_hooked

# ---- where code must not be written ----

# WHAT: by the rule of forbid.c, 0 where it is known here
forbids() {
	./forbid "$1" true
}
if forbids gain; then
	run_hooked ./forbid gain
	t 'no page may become executable: the kernel writes' is_hooked
	t 'and the program notices nothing' is_untouched
else
	t_skip 'no page may become executable' 'the kernel knows no such rule'
fi
if forbids write; then
	run_hooked ./forbid write
	t 'nor may the kernel write: refused' has err '^run -13, fail -13, many -13, make -13, count -13, local -13,'
	t 'nor may the kernel write: the program runs' is_untouched
else
	t_skip 'no code may be written' 'no seccomp here'
fi

# ---- files that mislead: symbols are looked at, nothing is overwritten ----

# SEED, FILE: 30 bytes of what is behind the code are others
damage() {
	awk -v seed="$1" -v from="$from" -v size="$(wc -c <"$2")" 'BEGIN {
		srand(seed)
		for (i = 0; i < 30; i++)
			printf "%d %d\n", from + int(rand() * (size - from)), int(rand() * 256)
	}' | while read -r at byte; do
		# shellcheck disable=SC2059 # the byte is the format
		printf "\\$(printf %o "$byte")" | dd of="$2" bs=1 seek="$at" conv=notrunc 2>/dev/null
	done
}
headers=$(readelf -hW whole | sed -n 's/.*Start of section headers: *\([0-9]*\).*/\1/p')
survives() {
	./p 1 >want
	run env HOOK_LOOK=1 LD_PRELOAD="$library:$PWD/adapter.so" ./p 1
	status_is 4 && same want out
}
survives_damage() {
	for seed in 1 2 3 4 5 6 7 8; do
		cp whole p && damage $seed p && survives || return 1
	done
}
from=$headers
t 'damaged section headers' survives_damage
symtab=$(readelf -SW whole | sed -n 's/.* \.symtab *SYMTAB *[0-9a-f]* *\([0-9a-f]*\).*/\1/p')
from=$((0x$symtab))
t 'damaged symbols' survives_damage
survives_cuts() {
	for size in $((headers + 1000)) $((headers + 64)) $headers $((from + 10000)) $((from + 1000)) "$from"; do
		head -c "$size" whole >p && survives || return 1
	done
}
t 'cut short' survives_cuts

# ---- calls that the loader would look up when they are first made ----

$cc -Wl,-z,lazy -g -O0 -o lazy "$FL_SRC/tests/fixtures/cmocka/exit_mid.c" -I"$FL_SRC/include" -lcmocka 2>build.log
# Of whom the loader has looked anything up for the program: attempts are none of them
are_bound() {
	rm -f bindings.*
	run env LD_DEBUG=bindings LD_DEBUG_OUTPUT="$PWD/bindings" \
		"$flicker" run --all --mode fork --runs 30 --until runs --time none --report json=lazy.json ./lazy
	who=$(cat bindings.* | grep 'binding file [^ ]*/lazy ' | awk '{ print $1 }' | sort -u | wc -l)
	grep -q . bindings.* && [ "$who" -ge 1 ] && [ "$who" -le 10 ]
}
t 'looked up before the first attempt' are_bound
t 'and the interposed ones are still ours' holds_of lazy.json exit_mid.always \
	'.failures[0] | .outcome == "early-exit" and .backtrace[-1].function == "always"'
finish
