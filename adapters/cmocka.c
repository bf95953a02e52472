/* SPDX-License-Identifier: MIT */
/*
 * cmocka.c - shared libcmocka, 1.1.x and 2.0, taken over by interposition.
 *
 * Every way to run tests ends in _cmocka_run_group_tests(); the real one is given
 * a copy of the array whose functions are trampolines that tell where we are.  In
 * an attempt the copy holds one entry, so fixtures, initial state, mock queues and
 * leak checks are cmocka's own code.
 *
 * Which entry a trampoline stands for: cmocka hands it `&state` of a struct whose
 * member before `state` points to the entry (struct CMUnitTestState, the same in
 * 1.1.0 to 2.0); the pointer is believed only where it points into our copy, else
 * the order of the entries tells.
 *
 * Every failure - assertion, leak, leftover, missing mock value, signal, skip -
 * leaves by longjmp to one place; expect_assert_failure() uses another, known by
 * name.  Versions are told apart by symbols: 2.0 kept the SONAME of 1.1.
 * The prototypes of _assert_*() differ between versions: they are left alone.
 */
#define _GNU_SOURCE
#include <flicker/adapter.h>

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define EXPORT __attribute__((visibility("default")))

typedef int (*fixture_function)(void **state);
typedef void (*test_function)(void **state);

struct unit_test {                      /* struct CMUnitTest, 1.1.0 to 2.0 */
	const char *name;
	test_function test;
	fixture_function setup, teardown;
	void *initial_state;
};

typedef long (*any_function)(long, long, long, long, long, long);
typedef void (*print_function)(const char *format, ...);
typedef int (*run_function)(const char *name, const struct unit_test *tests, size_t count,
			    fixture_function setup, fixture_function teardown);

static const struct fl_services *flicker;
static const void *expect_assert_env;
static int nested;                      /* runs of tests that a test has made itself */
static bool is_skipping;                /* _skip() was called, its jump is to come */
static bool is_in_test_code;            /* a function of the program's is on the stack */

/* What the real runner is working on. */
static struct {
	struct fl_group *group;
	const struct unit_test *tests;  /* the program's */
	struct unit_test *copy;         /* what the runner gets */
	uint32_t *entries;              /* copy[i] is tests[entries[i]] */
	uint32_t count;
	uint32_t at;                    /* the one that runs; count: none yet */
	fixture_function setup, teardown;
	size_t mapped_bytes;
} run;

struct search {
	const char *symbol;
	void *found;
};

static void *find_in(const char *module, const char *symbol)
{
	void *library = *module ? dlopen(module, RTLD_LAZY | RTLD_NOLOAD) : NULL;

	return library ? dlsym(library, symbol) : NULL;
}

static int search_module(struct dl_phdr_info *module, size_t size, void *context)
{
	struct search *search = context;
	Dl_info own;

	(void)size;
	if (dladdr((const void *)search_module, &own) && strcmp(module->dlpi_name, own.dli_fname) != 0)
		search->found = find_in(module->dlpi_name, search->symbol);
	return search->found != NULL;
}

/* The next definition; found also in what was loaded by dlopen, out of RTLD_NEXT's sight. */
static void *next(const char *symbol)
{
	struct search search = { symbol, dlsym(RTLD_NEXT, symbol) };

	if (!search.found)
		dl_iterate_phdr(search_module, &search);
	return search.found;
}

/* cmocka's own functions behind our interposers. */
static struct {
	run_function run;
	any_function fail, skip;
	print_function cm_print_error, cmocka_print_error;
} real;

static void find_real(void)
{
	real.run = (run_function)next("_cmocka_run_group_tests");
	real.fail = (any_function)next("_fail");
	real.skip = (any_function)next("_skip");
	real.cm_print_error = (print_function)next("cm_print_error");
	real.cmocka_print_error = (print_function)next("cmocka_print_error");
}

/* Found when the process starts, or, where cmocka came later, at the first use. */
#define REAL(function) (real.function ? real.function : (find_real(), real.function))

/* ---- trampolines ---- */

static uint32_t position_of(void **state, bool is_start)
{
	const struct unit_test *told = ((const struct unit_test *const *)state)[-1];

	if (told >= run.copy && told < run.copy + run.count)
		return (uint32_t)(told - run.copy);
	if (run.at == run.count)
		return 0;
	return is_start && run.at + 1 < run.count ? run.at + 1 : run.at;
}

/* The entry behind a trampoline; tells of its beginning where it is a new one. */
static const struct unit_test *enter_entry(void **state, bool is_start, enum fl_phase phase)
{
	uint32_t at = position_of(state, is_start);

	nested = 0;                     /* whatever a test before it left in the middle */
	if (at != run.at) {
		run.at = at;
		flicker->begin(run.group, run.entries[at]);
	}
	flicker->phase(phase);
	is_in_test_code = true;
	return &run.tests[run.entries[at]];
}

static int told(int result)
{
	is_in_test_code = false;
	if (result)
		flicker->failed(false);
	return result;
}

static int run_setup(void **state)
{
	return told(enter_entry(state, true, FL_PHASE_SETUP)->setup(state));
}

static void run_test(void **state)
{
	bool is_start = run.at == run.count || !run.copy[run.at].setup ||
			flicker->phase_now() != FL_PHASE_SETUP;

	enter_entry(state, is_start, FL_PHASE_TEST)->test(state);
	is_in_test_code = false;
	flicker->phase(FL_PHASE_AFTER);
}

static int run_teardown(void **state)
{
	return told(enter_entry(state, false, FL_PHASE_TEARDOWN)->teardown(state));
}

static void set_entry(uint32_t at, uint32_t index)
{
	struct unit_test *entry = &run.copy[at];

	*entry = run.tests[index];
	entry->test = entry->test ? run_test : NULL;
	entry->setup = entry->setup ? run_setup : NULL;
	entry->teardown = entry->teardown ? run_teardown : NULL;
	run.entries[at] = index;
}

static int run_group_setup(void **state)
{
	uint32_t index;
	int result;

	flicker->phase(FL_PHASE_GROUP_SETUP);
	is_in_test_code = true;
	result = told(run.setup(state));
	if (result == 0 && flicker->setup_done(&index))
		set_entry(0, index);    /* the runner reads name and functions when it gets to them */
	return result;
}

static int run_group_teardown(void **state)
{
	flicker->phase(FL_PHASE_GROUP_TEARDOWN);
	is_in_test_code = true;
	return told(run.teardown(state));
}

/* ---- running a group ---- */

static bool map_copy(const struct fl_group *group)
{
	size_t size = group->count * (sizeof(*run.copy) + sizeof(*run.entries));
	void *memory;

	if (run.copy)
		return true;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	run.copy = memory;
	run.entries = (uint32_t *)(run.copy + group->count);
	run.mapped_bytes = size;
	return true;
}

static void unmap_copy(void)
{
	if (run.copy)
		munmap(run.copy, run.mapped_bytes);
	run.copy = NULL;
}

/* By the real runner: what set_entry() has put into the copy. */
static int run_copy(const struct fl_group *group)
{
	run.at = run.count;
	return REAL(run)(group->name, run.copy, run.count, run.setup ? run_group_setup : NULL,
			 run.teardown ? run_group_teardown : NULL);
}

static void run_entries(struct fl_group *group, const uint32_t *indices, uint32_t count)
{
	for (run.count = 0; run.count < count; run.count++)
		set_entry(run.count, indices[run.count]);
	run_copy(group);
}

static int run_in_host(struct fl_group *group)
{
	uint32_t i;

	for (run.count = 0, i = 0; i < group->count; i++)
		if (flicker->is_selected(group, i))
			set_entry(run.count++, i);
	return run_copy(group);
}

/* Attempts print to where their output is kept, and never into the program's XML file. */
static void prepare(struct fl_group *group)
{
	void (*set_output)(int) = (void (*)(int))next("cmocka_set_message_output");

	map_copy(group);
	if (set_output)
		set_output(0);          /* CM_OUTPUT_STDOUT; 2.0 asks the environment only once */
	flicker->environment("CMOCKA_MESSAGE_OUTPUT=STDOUT");
	flicker->environment("CMOCKA_XML_FILE");
	flicker->environment("CMOCKA_TEST_ABORT");
}

/* NULL for entries that cmocka's runner leaves out. */
static const char *test_name(const struct fl_group *group, uint32_t index)
{
	const struct unit_test *test = &((const struct unit_test *)group->tests)[index];

	return test->test || test->setup || test->teardown ? test->name : NULL;
}

static const void *test_code(const struct fl_group *group, uint32_t index)
{
	return (const void *)((const struct unit_test *)group->tests)[index].test;
}

static int run_nested(run_function run_really, const char *name, const struct unit_test *tests,
		      size_t count, fixture_function setup, fixture_function teardown)
{
	int result;

	if (!run_really)
		return -1;
	nested++;
	result = run_really(name, tests, count, setup, teardown);
	nested--;
	return result;
}

EXPORT int _cmocka_run_group_tests(const char *name, const struct unit_test *tests, size_t count,
				   fixture_function setup, fixture_function teardown);

EXPORT int _cmocka_run_group_tests(const char *name, const struct unit_test *tests, size_t count,
				   fixture_function setup, fixture_function teardown)
{
	run_function run_really = REAL(run);
	struct fl_group group = {
		.name = name,
		.tests = tests,
		.count = (uint32_t)count,
		.test_name = test_name,
		.test_code = test_code,
		.prepare = prepare,
		.run = run_entries,
	};
	int result;

	if (!flicker || run.group)      /* not our process; or a test that runs tests */
		return run_nested(run_really, name, tests, count, setup, teardown);
	run.group = &group;
	run.tests = tests;
	run.setup = setup;
	run.teardown = teardown;
	switch (flicker->enter(&group)) {
	case FL_ENTER_NOTHING:
		result = 0;
		break;
	case FL_ENTER_OBSERVE:
		result = map_copy(&group) ? run_in_host(&group) :
					    run_really(name, tests, count, setup, teardown);
		flicker->leave(&group);
		break;
	default:
		result = run_really(name, tests, count, setup, teardown);
	}
	unmap_copy();
	run.group = NULL;
	return result;
}

/* ---- failures ---- */

/* The runner leaves a test: a skip, or a failure.  Not where the program expects an assertion to fail. */
static void jumps(const void *env, const void *caller)
{
	bool is_skip = is_skipping;

	(void)caller;
	if (env == expect_assert_env || nested)
		return;
	is_skipping = false;
	if (is_skip && flicker->phase_now() == FL_PHASE_TEST)
		flicker->skipped();     /* out of a fixture it is an error, to cmocka too */
	else
		flicker->failed(is_in_test_code);
}

/* Is what happens now the test's that is being recorded, not that of a runner within it? */
static bool is_ours(void)
{
	return flicker && !nested && flicker->is_recording();
}

/*
 * The names are not cmocka's alone: where it is not in the process, they belong to the
 * caller's own library, and all that registers can hold is handed through.
 */
static any_function theirs(const char *symbol, const void *caller)
{
	void *found = NULL;
	Dl_info module;

	if (dladdr(caller, &module) && module.dli_fname)
		found = find_in(module.dli_fname, symbol);
	return (any_function)(found ? found : next(symbol));
}

#define INTERPOSE_END(name, function) \
	EXPORT long name(long a, long b, long c, long d, long e, long f); \
	EXPORT long name(long a, long b, long c, long d, long e, long f) \
	{ \
		any_function go_on = flicker ? REAL(function) : \
					       theirs(#name, __builtin_return_address(0)); \
		if (is_ours()) \
			tell_##function((const char *)a, (int)b); \
		return go_on ? go_on(a, b, c, d, e, f) : 0; \
	}

static void tell_fail(const char *file, int line)
{
	flicker->place(file, line);
}

static void tell_skip(const char *file, int line)
{
	flicker->place(file, line);
	is_skipping = true;
}

INTERPOSE_END(_fail, fail)
INTERPOSE_END(_skip, skip)

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* What cmocka's own error texts tell beyond their words: a place, a signal. */
static void read_arguments(const char *format, va_list arguments)
{
	if (starts_with(format, "%s:%u: ")) {
		const char *file = va_arg(arguments, const char *);

		flicker->place(file, (int)va_arg(arguments, unsigned));
	} else if (starts_with(format, "Test failed with exception: %s(%d)")) {
		(void)va_arg(arguments, const char *);
		flicker->caught(va_arg(arguments, int));
	}
}

/* `file:line: error: Failure!` and `Skipped!` say nothing that place() does not. */
static bool is_message(const char *format)
{
	return !strstr(format, "error: Failure!") && !strstr(format, ": Skipped!");
}

static void keep_error(const char *format, va_list arguments, const char *text, size_t length)
{
	va_list copy;
	int saved = errno;

	if (!is_ours() || !is_message(format))
		return;
	va_copy(copy, arguments);
	read_arguments(format, copy);
	va_end(copy);
	flicker->message(text, length);
	errno = saved;
}

/*
 * cm_print_error() (1.1) and cmocka_print_error() (2.0) take a format; a variadic
 * call cannot be handed on, so the finished text is, whole, however long it is.
 */
static void print_error_as(const char *format, va_list arguments, print_function print)
{
	char small[4096], *text = small;
	va_list copy;
	int length;

	va_copy(copy, arguments);
	length = vsnprintf(small, sizeof(small), format, copy);
	va_end(copy);
	if (length >= (int)sizeof(small)) {
		text = mmap(NULL, (size_t)length + 1, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (text == MAP_FAILED) {
			text = small;
			length = sizeof(small) - 1;
		} else {
			va_copy(copy, arguments);
			vsnprintf(text, (size_t)length + 1, format, copy);
			va_end(copy);
		}
	}
	keep_error(format, arguments, text, length > 0 ? (size_t)length : 0);
	print("%s", text);
	if (text != small)
		munmap(text, (size_t)length + 1);
}

#define INTERPOSE_PRINT(name) \
	EXPORT void name(const char *format, ...) __attribute__((format(printf, 1, 2))); \
	EXPORT void name(const char *format, ...) \
	{ \
		va_list arguments; \
		va_start(arguments, format); \
		print_error_as(format, arguments, REAL(name)); \
		va_end(arguments); \
	}

INTERPOSE_PRINT(cm_print_error)
INTERPOSE_PRINT(cmocka_print_error)

/* ---- the adapter ---- */

/*
 * By what a version brought (cmocka's ChangeLog): the last row that is there names the
 * version that it is at least.
 */
static const struct { const char *symbol, *version; } marks[] = {
	{ "_cmocka_run_group_tests", "1.0" },
	{ "cmocka_set_test_filter", "1.1.2" },
	{ "_assert_float_equal", "1.1.4" },
	{ "cmocka_set_skip_filter", "1.1.5" },
	{ "_assert_double_equal", "1.1.6" },
	{ "cmocka_print_error", "2.0" },
};

static bool attach(const struct fl_services *services, const char **ret_version,
		   const char **ret_linkage)
{
	size_t i;

	if (services->abi != FL_ADAPTER_ABI || !next(marks[0].symbol))
		return false;
	find_real();
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (next(marks[i].symbol))
			*ret_version = marks[i].version;
	*ret_linkage = "shared";
	expect_assert_env = dlsym(RTLD_DEFAULT, "global_expect_assert_env");    /* a program has its own copy of it */
	services->own((const void *)real.run);
	flicker = services;
	return true;
}

const struct fl_adapter fl_adapter_cmocka = {
	.abi = FL_ADAPTER_ABI,
	.name = "cmocka",
	.attach = attach,
	.jumps = jumps,
};
