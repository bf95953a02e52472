# SPDX-License-Identifier: MIT
# With nothing suspect and nothing failed: no output, no file, no command, the same exit code.
. "$FL_SRC/tests/e2e/lib.sh"

# NAME, command...: runs it with and without the preload; output, status and files must be equal
untouched() {
	name=$1
	shift
	mkdir -p "$name.plain" "$name.loaded"
	(cd "$name.plain" && run "$@" && echo "$status" >status)
	(cd "$name.loaded" && run env LD_PRELOAD="$library" "$@" && echo "$status" >status)
	t "$name: untouched" diff -r "$name.plain" "$name.loaded"
}

untouched stable "$cmocka/stable"
untouched groups "$cmocka/groups"
untouched skip "$cmocka/skip"
untouched forker "$cmocka/forker"
untouched group_leak "$cmocka/group_leak"
untouched filtered "$cmocka/filtered"
untouched nested "$cmocka/nested"
untouched file_limit sh -c "ulimit -f 100; '$cmocka/stable'"
untouched held_lock env MAKEFLAGS= "$cmocka/held_before" lock
untouched held_pipe env MAKEFLAGS= "$cmocka/held_before" pipe
untouched literal_seed "$cmocka/literal_seed"
untouched threads "$cmocka/threads_before"
untouched unseeded "$cmocka/unseeded"
untouched xml env CMOCKA_MESSAGE_OUTPUT=XML "$cmocka/groups"
untouched xml_file env CMOCKA_MESSAGE_OUTPUT=XML CMOCKA_XML_FILE=result-%g.xml "$cmocka/groups"
untouched tap env CMOCKA_MESSAGE_OUTPUT=TAP "$cmocka/groups"
untouched errno "$cmocka/errno"
untouched sh sh -c 'echo in; exit 7'
untouched env sh -c 'echo "preload=$LD_PRELOAD" | sed "s/=.*/=/"'
untouched true /bin/true
untouched false /bin/false
untouched cat sh -c 'echo text | cat'
untouched pattern env FLICKER_SUSPECT='nothing.like.it' "$cmocka/stable"

run_flicker run --all --runs 20 --time none --report json=errno.json "$cmocka/errno"
t 'errno is as it would be, in attempts too' verdict_is errno.json errno.reads stable

# functions of a library of the program's own that are named as a framework's, of other types
cat >names.c <<'END'
#include <stdarg.h>
#include <stdio.h>
#define SAY(name, last) void name(last, ...) { va_list a; va_start(a, format); vprintf(format, a); va_end(a); }
SAY(cr_log, const char *format)
SAY(_fail, const char *format)
SAY(cm_print_error, const char *format)
double print_error(double a, int b) { return a - b; }
SAY(g_test_init, const char *format)
SAY(criterion_skip_test, const char *format)
SAY(criterion_test_die, const char *format)
double criterion_run_all_tests(double a, double b) { return a + b; }
double criterion_internal_test_setup(double a) { return a / 2; }
double criterion_internal_test_main(double a, int b) { return a - b; }
double criterion_internal_test_teardown(double a) { return a / 4; }
double criterion_send_assert(int a, double b) { return a * b; }
double cri_assert_node_send(double a, double b, int c, int d) { return a + b + c + d; }
double criterion_abort_test(double a) { return -a; }
double cr_theory_main(double a, double b, double c, int d) { return a * b * c * d; }
double cr_get_redirected_stdin(double a) { return a * 8; }
int CU_run_test(int a, int b, double c) { return printf("%d %d %g\n", a, b, c); }
double srunner_run(double a, double b) { return a * b; }
END
cat >uses_names.c <<'END'
#include <stdio.h>
void cr_log(const char *format, ...), _fail(const char *format, ...), cm_print_error(const char *format, ...);
void g_test_init(const char *format, ...);
void criterion_skip_test(const char *format, ...), criterion_test_die(const char *format, ...);
double criterion_run_all_tests(double, double), criterion_internal_test_setup(double);
double criterion_internal_test_main(double, int), criterion_internal_test_teardown(double);
double criterion_send_assert(int, double), cri_assert_node_send(double, double, int, int);
double criterion_abort_test(double), cr_theory_main(double, double, double, int), cr_get_redirected_stdin(double);
double print_error(double, int);
int CU_run_test(int a, int b, double c);
double srunner_run(double a, double b);
int main(void)
{
	cr_log("%d %s %g\n", 1, "text", 2.5);
	_fail("%d %d %d %d %d %d %g\n", 1, 2, 3, 4, 5, 6, 7.5);
	cm_print_error("%g %s\n", 1.5, "text");
	g_test_init("%g\n", 1.5);
	criterion_skip_test("%g %d\n", 1.5, 2);
	criterion_test_die("%d %g %s\n", 1, 2.5, "text");
	printf("%g %g %g %g\n", criterion_run_all_tests(1.5, 2), criterion_internal_test_setup(3),
	       criterion_internal_test_main(2.5, 1), criterion_internal_test_teardown(2));
	printf("%g %g\n", criterion_send_assert(2, 1.5), cri_assert_node_send(1.5, 2.5, 3, 4));
	printf("%g %g %g\n", criterion_abort_test(1.5), cr_theory_main(1.5, 2, 3, 4), cr_get_redirected_stdin(1.5));
	printf("%d %g %g\n", CU_run_test(1, 2, 3.5), srunner_run(1.5, 2), print_error(2.5, 1));
	return 3;
}
END
$CC -shared -fPIC -o libnames.so names.c
$CC -o uses_names uses_names.c -L. -lnames -Wl,-rpath,"$PWD"
untouched names "$PWD/uses_names"
t 'it has run' is "$(cat names.plain/status)" 3

# a framework that comes late, goes, and comes again elsewhere
cat >plugin.c <<'END'
#include <CUnit/CUnit.h>
#include <CUnit/TestRun.h>
static void passes(void) { CU_ASSERT(1); }
int run(void)
{
	int count;
	CU_initialize_registry();
	CU_add_test(CU_add_suite("suite", 0, 0), "passes", passes);
	CU_run_all_tests();
	count = CU_get_number_of_asserts();
	CU_cleanup_registry();
	return count;
}
END
cat >loads.c <<'END'
#include <dlfcn.h>
#include <stdio.h>
#include <sys/mman.h>
int main(int argc, char **argv)
{
	int i;
	for (i = 0; i < 3; i++) {
		void *plugin = dlopen(argv[argc - 1], RTLD_NOW);
		int (*run)(void) = (int (*)(void))dlsym(plugin, "run");
		printf("%d\n", run());
		dlclose(plugin);        /* where it was is taken by now */
		mmap(NULL, 1 << 22, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	}
	return 0;
}
END
if $CC -shared -fPIC -o plugin.so plugin.c -lcunit 2>/dev/null; then
	$CC -o loads loads.c -ldl
	untouched late "$PWD/loads" "$PWD/plugin.so"
	t 'it has run' is "$(cat late.plain/status)" 0
else
	t_skip 'late: untouched' 'no CUnit'
fi

run_preloaded sh -c 'echo "$LD_PRELOAD"'
t 'a process that runs no tests keeps its preload' has out 'libflicker.so'

FLICKER_COMMAND=/nonexistent run_preloaded "$cmocka/failing"
t 'no command: the tests run on' status_is 1
t 'no command: one line says so' is "$(grep -c '^flicker:' err)" 1
t 'no command: which line' has err "^flicker: cannot find the command '/nonexistent'; set FLICKER_COMMAND to its path; the tests go on"
t 'no command: no report' not ls ./*.flicker.json

mkdir -p lone/lib && cp "$library" lone/lib/
run env -u FLICKER_COMMAND LD_PRELOAD="$PWD/lone/lib/libflicker.so" "$cmocka/failing"
t 'a lone library: the tests run on' status_is 1
t 'a lone library: where it has looked' has err "^flicker: cannot find the command 'flicker' beside '$PWD/lone/lib/libflicker.so', or in a bin folder above it; set FLICKER_COMMAND to its path; the tests go on without it$"

FLICKER_COMMAND=/bin/true run_preloaded "$cmocka/failing"
t 'a command that does not answer: the tests run on' status_is 1
t 'a command that does not answer: one line' is "$(grep -c '^flicker:' err)" 1

# Found by an explicit report path even with nothing suspect.
FLICKER_REPORT=json=asked.json run_preloaded "$cmocka/stable"
t 'asked for: a report' holds asked.json '.totals.not_suspect == 3 and .totals.attempts == 0'
t 'asked for: the own exit code' status_is 0
finish
