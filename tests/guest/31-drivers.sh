# SPDX-License-Identifier: MIT
# What starts test programs, and what is loaded into them beside us.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/guest/guest.sh"

# ---- a libtool wrapper: a script that executes the program in .libs ----

if command -v libtool >/dev/null; then
	libtool --tag=CC --mode=compile cc -I"$FL_SRC/include" -c -o stable.lo "$FL_SRC/tests/fixtures/cmocka/stable.c" >lt.log 2>&1
	cat >helper.c <<-'END'
		int helper(void) { return 0; }
	END
	libtool --tag=CC --mode=compile cc -c -o helper.lo helper.c >>lt.log 2>&1
	libtool --tag=CC --mode=link cc -o libhelper.la helper.lo -rpath /usr/local/lib >>lt.log 2>&1
	libtool --tag=CC --mode=link cc -no-install -o stable stable.lo libhelper.la -lcmocka >>lt.log 2>&1
	libtool --tag=CC --mode=link cc -o stable stable.lo libhelper.la -Wl,--no-as-needed -lcmocka >>lt.log 2>&1
	t 'libtool: the program is a script' grep -q libtool stable
	./stable >/dev/null 2>&1            # the first run links anew
	untouched libtool "$PWD/stable"
	stable_in_attempts libtool ./stable

	# Without a framework: the wrapper's name, the program behind it.
	libtool --tag=CC --mode=compile cc -I"$FL_SRC/tests/fixtures" -g -c -o chance.lo \
		"$FL_SRC/tests/fixtures/process/chance.c" >>lt.log 2>&1
	libtool --tag=CC --mode=link cc -o chance chance.lo libhelper.la -Wl,--no-as-needed >>lt.log 2>&1
	./chance >/dev/null 2>&1
	untouched libtool_process "$PWD/chance"
	run_flicker run --all --runs 60 --time none --report json=chance.json ./chance exits
	t 'libtool, no framework: the program is the test' holds_of chance.json chance \
		'.verdict == "flaky" and .failures[0].backtrace[0].function == "give_up"'
	sh -c "$(json chance.json '.tests[0].failures[0].replay' | sed "s|^flicker|$flicker|")" >replay.log 2>&1
	t 'libtool, no framework: reproduced' grep -qx 'chance: reproduced' replay.log
	run_flicker list ./stable
	t 'libtool: list' is "$(head -n 1 out)" stable.adds
else
	t_skip libtool 'not installed'
fi

# ---- python's subprocess: closes descriptors, has its own way to fork ----

cat >driver.py <<'END'
import subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, close_fds=True, start_new_session=True)
sys.stdout.buffer.write(done.stdout)
sys.stderr.buffer.write(done.stderr)
sys.exit(done.returncode)
END
untouched python python3 "$PWD/driver.py" "$cmocka/stable"
untouched python_forker python3 "$PWD/driver.py" "$cmocka/forker"
stable_in_attempts python python3 "$PWD/driver.py" "$cmocka/stable"
run env LD_PRELOAD="$library" FLICKER_RUNS=8 python3 "$PWD/driver.py" "$cmocka/failing"
t 'python, a failure under a preload: a report' holds failing.flicker.json '.totals.attempts > 0'

# ---- ctest ----

if command -v ctest >/dev/null; then
	cat >CTestTestfile.cmake <<-END
		add_test(stable "$cmocka/stable")
		add_test(forker "$cmocka/forker")
		add_test(failing "$cmocka/failing")
		set_tests_properties(failing PROPERTIES ENVIRONMENT "FLICKER_RUNS=8")
	END
	run ctest
	ctest_plain=$(sed -n 's/.*#[0-9]*: *\([a-z]*\) .*\(Passed\|Failed\).*/\1 \2/p' out)
	run env LD_PRELOAD="$library" ctest
	t 'ctest: the same tests pass' is \
		"$(sed -n 's/.*#[0-9]*: *\([a-z]*\) .*\(Passed\|Failed\).*/\1 \2/p' out)" "$ctest_plain"
	t 'ctest: what failed has a report' holds failing.flicker.json '.totals.attempts > 0'
else
	t_skip ctest 'not installed'
fi

# ---- other preloads, before and behind ours: their order is kept ----

cat >answer.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
unsigned sleep(unsigned seconds) { return seconds ? WHO : 0; }
END
cat >asker.c <<'END'
#include "cmocka/fixture.h"
static void answers(void **state)
{
	const char *list = getenv("LD_PRELOAD");

	(void)state;
	assert_int_equal(sleep(1), 1);
	assert_non_null(list);
	assert_null(strstr(list, "libflicker"));
	assert_true(strstr(list, "first.so") < strstr(list, "second.so"));
}
int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(answers) };

	return cmocka_run_group_tests_name("asker", tests, NULL, NULL);
}
END
cc -shared -fPIC -DWHO=1 -o first.so answer.c && cc -shared -fPIC -DWHO=2 -o second.so answer.c &&
	cc -g -I"$FL_SRC/tests/fixtures" -o asker asker.c -lcmocka
for list in "$library:$PWD/first.so:$PWD/second.so" "$PWD/first.so:$library:$PWD/second.so" \
	"$PWD/first.so $PWD/second.so $library"; do
	run env LD_PRELOAD="$list" ./asker
	t 'preloads: the others in their order, ours hidden' status_is 0
done
LD_PRELOAD="$PWD/first.so:$PWD/second.so" run_flicker run --all --until runs --runs 9 --report json=asker.json ./asker
t 'preloads: under run, in all attempts' all_stable asker.json

# ---- a libc older than glibc 2.36: ours are the only arc4random there are ----

cat >older.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>

/* Behind flicker's library, so that what is next to its caller is next to us, too. */
void *dlsym(void *handle, const char *name)
{
	static void *(*real)(void *, const char *);
	const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5" };
	int i;

	for (i = 0; !real && i < 3; i++)
		*(void **)&real = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
	return strncmp(name, "arc4random", 10) == 0 ? NULL : real(handle, name);
}
END
cat >draws.c <<'END'
#include <stdint.h>
#include <stdio.h>
#include <stddef.h>
#include <string.h>
uint32_t arc4random(void);
uint32_t arc4random_uniform(uint32_t bound);
void arc4random_buf(void *bytes, size_t size);

/* Chance of 2^-64 and less to be wrong. */
int main(void)
{
	char bytes[1000] = "", none[64] = "";
	int is_high = 0, i;

	arc4random_buf(bytes, sizeof(bytes));
	for (i = 0; i < 64; i++) {
		is_high |= arc4random_uniform(2) == 1;
		if (arc4random_uniform(2) > 1)
			return 1;
	}
	if (arc4random() == arc4random() && arc4random() == arc4random())
		return 2;
	return is_high && memcmp(bytes, none, 64) && memcmp(bytes + 936, none, 64) ? 0 : 3;
}
END
if cc -shared -fPIC -o older.so older.c && cc -o draws draws.c "$library"; then
	run env LD_PRELOAD="$library:$PWD/older.so" ./draws
	t 'a libc without arc4random: drawn all the same' status_is 0
else
	t_skip 'a libc without arc4random' 'cannot be made here'
fi

# ---- cwrap: sockets, names, users ----

# LIBRARY, variables...: the program sees what it would, in itself and in attempts
wrapped() {
	found=$(ls /usr/lib/*/"$1" /usr/lib/"$1" 2>/dev/null | head -n 1)
	if [ -z "$found" ]; then
		t_skip "$1" 'not installed'
		return
	fi
	wrapper=$1
	shift
	mkdir -p sockets
	LD_PRELOAD=$found untouched "$wrapper" env "$@" "$FL_FIXTURES/guest/wrapped" "$wrapper"
	run env "$@" LD_PRELOAD="$found" "$flicker" run --all --until runs --runs 9 --report json=wrapped.json \
		"$FL_FIXTURES/guest/wrapped" "$wrapper"
	t "$wrapper: the same in attempts" all_stable wrapped.json
}
echo 'nobody-else:x:4242:4242::/:/bin/sh' >passwd
echo 'nobody-else:x:4242:' >group
wrapped libsocket_wrapper.so SOCKET_WRAPPER_DIR="$PWD/sockets" SOCKET_WRAPPER_DEFAULT_IFACE=7
wrapped libnss_wrapper.so NSS_WRAPPER_PASSWD="$PWD/passwd" NSS_WRAPPER_GROUP="$PWD/group"
wrapped libuid_wrapper.so UID_WRAPPER=1 UID_WRAPPER_ROOT=1
finish
