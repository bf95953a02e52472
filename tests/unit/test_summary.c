/* SPDX-License-Identifier: MIT */
/*
 * test_summary.c - the summary: the golden report as text, and its sentences as tables.
 */
#include "../../plugin/report/json.h"
#include "../../plugin/report/summary.h"
#include "../../plugin/report/summary_words.h"

#include <setjmp.h>
#include <signal.h>

#include <cmocka.h>

static const struct fl_summary_style plain = { .report_path = "net.flicker.json" };

static char *in_golden(const char *name)
{
	const char *golden = getenv("FL_GOLDEN");

	return fl_base_format("%s/%s", golden ? golden : "tests/golden", name);
}

static struct fl_run read_golden_run(void)
{
	autofree char *file = in_golden("report.json");
	struct fl_error error = { "" };
	struct fl_run run = { 0 };

	if (fl_json_read(file, &run, &error) < 0)
		fail_msg("%s", error.text);
	return run;
}

static char *print(const struct fl_run *run, const struct fl_summary_style *style)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fl_summary_print(out, run, style);
	fclose(out);
	return text;
}

static void write_golden(const char *file, const char *text)
{
	const char *update = getenv("FL_GOLDEN_UPDATE");
	autofclose FILE *out = update && strcmp(update, "1") == 0 ? fopen(file, "we") : NULL;

	if (out)
		fputs(text, out);
}

static void prints_golden_summary(void **state)
{
	struct fl_run run = read_golden_run();
	autofree char *text = print(&run, &plain), *file = in_golden("summary.txt"), *want = NULL;

	(void)state;
	write_golden(file, text);
	assert_int_equal(fl_file_read(file, 1 << 20, &want, NULL), 0);
	assert_string_equal(text, want);
	fl_run_clear(&run);
}

/* Removes every ESC [ ... m. */
static void strip_colour(char *text)
{
	char *from = text, *to = text;

	while (*from)
		if (*from == '\033')
			from += strcspn(from, "m") + 1;
		else
			*to++ = *from++;
	*to = '\0';
}

static void colour_adds_nothing(void **state)
{
	struct fl_summary_style coloured = plain;
	struct fl_run run = read_golden_run();
	autofree char *want = print(&run, &plain), *text = NULL;

	(void)state;
	coloured.use_colour = true;
	text = print(&run, &coloured);
	assert_non_null(strstr(text, "\033[1;33mFLAKY\033[0m"));
	assert_null(strchr(want, '\033'));
	strip_colour(text);
	assert_string_equal(text, want);
	fl_run_clear(&run);
}

static void quiet_keeps_findings(void **state)
{
	struct fl_summary_style quiet = { .is_quiet = true };
	struct fl_run run = read_golden_run();
	autofree char *text = print(&run, &quiet);

	(void)state;
	assert_non_null(strstr(text, "FLAKY    net.reconnects"));
	assert_non_null(strstr(text, "7 tests: "));
	assert_null(strstr(text, "net.sends"));
	assert_null(strstr(text, "report:"));
	fl_run_clear(&run);
}

static void says_that_nothing_was_suspect(void **state)
{
	struct fl_test test = { .id = "a.b", .judgement.verdict = FL_VERDICT_NOT_SUSPECT };
	struct fl_test *tests[] = { &test };
	struct fl_run run = { .seed = 7, .is_partial = true, .tests = tests, .test_count = 1 };
	autofree char *text = print(&run, &plain);

	(void)state;
	assert_string_equal(text,
		"cut off: the run has not ended; this is what was seen until then\n"
		"1 test: 1 not suspect; 0 attempts, seed 0x7\n"
		"nothing was suspect: mark tests with FLICKER_SUSPECT, name them with --suspect,"
		" or take --all\n"
		"report: net.flicker.json\n");
}

/* Of an exit code 3, but not of the program's own. */
static void says_that_attempts_are_missing(void **state)
{
	static const char words[] = "attempts are missing: give them more --time, or --time none, or"
		" make fewer --runs; a warning says so where it is not for want of time\n";
	static const struct { bool is_missing, is_partial; int code, own; const char *before; } rows[] = {
		{ true, false, 3, 0, "\nexit code 3: " }, { false, false, 3, 0, "\nexit code 3: " },
		{ true, false, 3, 3, "\nexit code 3: " }, { true, false, 2, 0, "\n" },
		{ false, false, 3, 3, NULL }, { false, true, 3, 0, NULL }, { false, false, 0, 0, NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_run run = {
			.has_attempts_missing = rows[i].is_missing, .is_partial = rows[i].is_partial,
			.exit_code = rows[i].code, .program.exit_code = rows[i].own,
		};
		autofree char *text = print(&run, &plain), *want = NULL;

		want = fl_base_format("%s%sreport: ", rows[i].before ? rows[i].before : "", words);
		assert_int_equal(strstr(text, want) != NULL, rows[i].before != NULL);
		assert_int_equal(strstr(text, "missing") != NULL, rows[i].before != NULL);
	}
}

static char *finding_of(const struct fl_test *test);

/* Twelve that nobody attempted: a block, not twelve. */
static void says_mass_failures_together(void **state)
{
	struct fl_test each = {
		.id = "net.down", .has_host = true, .judgement.verdict = FL_VERDICT_UNKNOWN,
		.judgement.notes = 1U << FL_NOTE_MASS_FAILURE,
		.host = { .outcome = FL_OUTCOME_FAIL, .file = (char *)"net.c", .line = 7 },
	};
	struct fl_test *tests[12];
	struct fl_run run = { .seed = 7, .tests = tests, .test_count = FL_COUNT(tests) };
	autofree char *text = NULL, *first = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(tests); i++)
		tests[i] = &each;
	text = print(&run, &plain);
	assert_non_null(strstr(text, "unknown  12 more failed in the program itself\n  mass-failure: "));
	assert_non_null(strstr(text, "; --all attempts them\n    net.down at net.c:7\n"));
	assert_non_null(strstr(text, "\n    ... 4 more in the report\n\n12 tests: 12 unknown"));
	each.judgement.notes = 0;
	first = print(&run, &plain);
	assert_non_null(strstr(first, "unknown  net.down  failed in the program itself; no attempt"));
}

/* The host's message is not known where the program printed it: the place tells. */
static void says_a_failure_once(void **state)
{
	struct fl_failure failure = {
		.count = 20, .first = { .outcome = FL_OUTCOME_FAIL, .message = (char *)"no answer",
					.file = (char *)"net.c", .line = 7 },
	};
	struct fl_test test = {
		.id = "net.down", .has_host = true, .judgement.verdict = FL_VERDICT_FAILING,
		.host = { .outcome = FL_OUTCOME_FAIL, .file = (char *)"net.c", .line = 7 },
		.suspicion.why = FL_WHY_FAILED, .failures = &failure, .failure_count = 1,
	};
	autofree char *same = finding_of(&test), *other = NULL;

	(void)state;
	assert_null(strstr(same, "in the program itself: "));
	test.host.line = 8;
	other = finding_of(&test);
	assert_non_null(strstr(other, "in the program itself: fail at net.c:8\n"));
}

static char *rate_of(const struct fl_test *test)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fl_summary_rate(out, test);
	fclose(out);
	return text;
}

static void says_how_often(void **state)
{
	static const enum fl_outcome P = FL_OUTCOME_PASS, F = FL_OUTCOME_FAIL, S = FL_OUTCOME_SKIP;
	const struct {
		enum fl_outcome host;
		unsigned pass, fail, skip;
		double low, high;
		const char *want;
	} rows[] = {
		{ P, 287, 13, 5, 0.02327, 0.07293,
		  "fails 4.3 % of 300 attempts (13) after the tests before it, 95 % sure between 2.3 %"
		  " and 7.3 %; alone it fails 99 of 99" },
		{ F, 300, 0, 0, 0, 0.0122, "failed in the program itself, then none of 300 attempts"
		  " failed after the tests before it, 95 % sure below 1.2 %; alone it fails 99 of 99" },
		{ P, 0, 20, 0, 0.8315, 1,
		  "passed in the program itself, then failed all 20 attempts after the tests before it,"
		  " 95 % sure above 83.2 %; alone it fails 99 of 99" },
		{ F, 0, 20, 0, 0.8315, 1, "failed all 20 attempts after the tests before it,"
		  " 95 % sure above 83.2 %; alone it fails 99 of 99" },
		{ P, 1999, 1, 0, 7.6e-07, 0.0052,
		  "fails 0.05 % of 2000 attempts (1) after the tests before it, 95 % sure between"
		  " <0.0001 % and 0.52 %; alone it fails 99 of 99" },
		{ P, 1, 1999, 0, 0.9948, 0.99999924,
		  "fails 99.95 % of 2000 attempts (1999) after the tests before it, 95 % sure between"
		  " 99.5 % and >99.99 %; alone it fails 99 of 99" },
		{ S, 0, 1, 0, 0, 1, "failed 1 attempt after the tests before it; alone it fails 99 of 99" },
		{ F, 1, 0, 0, 0, 0.975, "failed in the program itself, then the only attempt did not fail"
		  " after the tests before it, 95 % sure below 97.5 %; alone it fails 99 of 99" },
		{ F, 0, 0, 0, 0, 1, "failed in the program itself; no attempt was made" },
		{ F, 0, 0, 9, 0, 1, "failed in the program itself; every attempt was skipped" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		bool has_attempts = rows[i].pass + rows[i].fail + rows[i].skip > 0;
		struct fl_test test = { .has_host = true, .arm_count = has_attempts ? 2 : 0 };
		autofree char *text = NULL;

		test.host.outcome = rows[i].host;
		test.judgement.has_interval = true;
		test.judgement.interval = (struct fl_interval){
			.low = rows[i].low, .high = rows[i].high, .level = 0.95,
		};
		test.arms[0].perturbations = test.arms[1].perturbations = FL_PERTURB_BIT(RANDOM);
		test.arms[0].counts.by[FL_OUTCOME_PASS] = rows[i].pass;
		test.arms[0].counts.by[FL_OUTCOME_FAIL] = rows[i].fail;
		/* the other arm is not what the rate is about */
		test.judgement.notes = 1U << FL_NOTE_ORDER_DEPENDENT;
		test.arms[0].has_prefix = true;
		test.arms[0].counts.by[FL_OUTCOME_SKIP] = rows[i].skip;
		test.arms[1].counts.by[FL_OUTCOME_CRASH] = 99;
		text = rate_of(&test);
		assert_string_equal(text, rows[i].want);
	}
}

static void set_arm(struct fl_arm *arm, enum fl_mode mode, unsigned pass, unsigned fail)
{
	*arm = (struct fl_arm){ .perturbations = FL_PERTURB_BIT(RANDOM), .mode = mode };
	arm->counts.by[FL_OUTCOME_PASS] = pass;
	arm->counts.by[FL_OUTCOME_FAIL] = fail;
}

/* One share of two modes; an interval where it is of one rate; no rate, but where it fails. */
static void says_how_often_by_mode(void **state)
{
	struct fl_test test = { .has_host = true, .arm_count = 2 };
	autofree char *split = NULL, *both = NULL, *under = NULL;

	(void)state;
	set_arm(&test.arms[0], FL_MODE_FORK, 289, 0);
	set_arm(&test.arms[1], FL_MODE_EXEC, 0, 11);
	split = rate_of(&test);
	assert_string_equal(split, "fails 3.7 % of 300 attempts (11);"
				   " as a fork 0 of 289, as a fresh process 11 of 11");
	set_arm(&test.arms[1], FL_MODE_EXEC, 10, 1);
	test.judgement.has_interval = true;
	test.judgement.interval = (struct fl_interval){ .low = 2.7e-6, .high = 0.0307, .level = 0.95 };
	both = rate_of(&test);
	assert_string_equal(both, "fails 0.33 % of 300 attempts (1),"
				  " 95 % sure between 0.00027 % and 3.1 %");
	set_arm(&test.arms[1], FL_MODE_EXEC, 11, 0);
	test.judgement = (struct fl_judgement){ .seen_under = FL_PERTURB_BIT(RANDOM) };
	under = rate_of(&test);
	assert_string_equal(under, "fails only under random; without, none of 300 attempts failed");
}

static void formats_percent(void **state)
{
	static const struct { double share; const char *want; } rows[] = {
		{ 0, "0 %" }, { 1, "100 %" }, { 0.5, "50 %" }, { 0.04333, "4.3 %" },
		{ 0.00433, "0.43 %" }, { 0.0000123, "0.0012 %" }, { 2e-9, "<0.0001 %" },
		{ 0.9995, "99.95 %" }, { 0.99995, ">99.99 %" }, { 0.99, "99 %" },
		{ 0.00999, "1 %" }, { 0.1, "10 %" }, { 0.999, "99.9 %" }, { 7.6e-07, "<0.0001 %" },
	};
	char number[FL_SUMMARY_NUMBER];
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		strcpy(number, "what stood there before");
		assert_ptr_equal(fl_summary_percent(number, rows[i].share), number);
		assert_string_equal(number, rows[i].want);
	}
}

static void formats_duration(void **state)
{
	static const struct { double ms; const char *want; } rows[] = {
		{ 0, "0.0 ms" }, { 1.26, "1.3 ms" }, { 310.5, "310 ms" }, { 3120, "3.1 s" },
		{ 125000, "2 min 5 s" },
	};
	char number[FL_SUMMARY_NUMBER];
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++)
		assert_string_equal(fl_summary_duration(number, rows[i].ms), rows[i].want);
}

static void every_note_has_words(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < FL_NOTE_COUNT; i++)
		assert_non_null(fl_summary_note((enum fl_note)i));
}

static char *finding_of(const struct fl_test *test)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fl_summary_finding(out, test, &plain);
	fclose(out);
	return text;
}

/* Nothing is known but that it failed; an output without an end; ways to fail without one. */
static void stays_short(void **state)
{
	static char output[5000];
	struct fl_frame frames[20] = { { .pc = 0x10 }, { .function = "f" }, { .module = "m" } };
	struct fl_failure failures[9];
	struct fl_test test = {
		.id = "a\033b\nc", .judgement.verdict = FL_VERDICT_FLAKY,
		.judgement.seen_under = FL_PERTURB_BIT(RANDOM), .failures = failures,
		.failure_count = 9,
	};
	autofree char *text = NULL;
	size_t i;

	(void)state;
	memset(output, 'x', sizeof(output) - 1);
	for (i = 0; i < 9; i++)
		failures[i] = (struct fl_failure){
			.count = 1, .output_tail = output, .replay = "again",
			.first = { .outcome = FL_OUTCOME_CRASH, .signal = SIGSEGV,
				   .backtrace = { frames, 20 } },
		};
	text = finding_of(&test);
	assert_true(strlen(text) < 5000);
	assert_non_null(strstr(text, "FLAKY    a\\x1bb c  fails only under random\n"));
	assert_non_null(strstr(text, "\n  1x crash: Segmentation fault\n    #0 0x10\n    #1 f\n"
				     "    #2 m+0x0\n"));
	assert_non_null(strstr(text, "\n    ... 12 more in the report\n"));
	assert_non_null(strstr(text, "\n  5 more ways to fail in the report\n  replay: again\n\n"));
	assert_string_equal(strstr(text, "replay: "), "replay: again\n\n");     /* once, last */
}

/* What is met beside others only no replay can show: advice instead of a command. */
static void advises_on_collisions(void **state)
{
	static const char advice[] = "  advice: give each attempt a port or file of its own, or use --jobs 1\n";
	static const struct { uint32_t notes; bool first, second; const char *want; } rows[] = {
		{ 1U << FL_NOTE_PARALLEL_ONLY, true, true, "  1x fail\n  1x fail\n\n" },
		{ 1U << FL_NOTE_PARALLEL_UNSAFE, false, true, "  1x fail\n  replay: again\n  1x fail\n\n" },
		{ 1U << FL_NOTE_PARALLEL_UNSAFE, true, false, "  1x fail\n  1x fail\n  replay: again\n\n" },
		{ 1U << FL_NOTE_LEAKS, false, false, "  1x fail\n  1x fail\n  replay: again\n\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_failure failures[] = {
			{ .count = 1, .first.outcome = FL_OUTCOME_FAIL, .replay = (char *)"again",
			  .is_met_in_parallel = rows[i].first },
			{ .count = 1, .first.outcome = FL_OUTCOME_FAIL, .replay = (char *)"again",
			  .is_met_in_parallel = rows[i].second },
		};
		struct fl_test test = {
			.id = (char *)"t", .judgement.verdict = FL_VERDICT_FLAKY, .failures = failures,
			.judgement.notes = rows[i].notes, .failure_count = FL_COUNT(failures),
		};
		autofree char *text = finding_of(&test);

		assert_string_equal(strstr(text, "  1x fail"), rows[i].want);
		assert_int_equal(strstr(text, advice) != NULL, rows[i].notes != 1U << FL_NOTE_LEAKS);
	}
}

static char *output_of(const char *output, const char *message)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fl_summary_output(out, output, message);
	fclose(out);
	return text;
}

/* The finding of valgrind or a sanitizer goes before the last lines, which are frames of ours. */
static void shows_the_head_of_a_report(void **state)
{
	static const struct { const char *output, *want; } rows[] = {
		{ "a\nb\nc\nd\ne\nf\n", "    | b\n    | c\n    | d\n    | e\n    | f\n" },
		{ "[ RUN      ] x\nno\n\n", "" },
		{ "early\n=====\n==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n"
		  "READ of size 1\n    #0 0x1 in draw x.c:7\n    #1 0x2  (/lib/libcmocka.so.0+0x2)\n"
		  "    #2 0x3  (/x/libflicker.so+0x3)\n    #3 0x4 in main x.c:8\n\n"
		  "freed by thread T0 here:\n    #0 0x5 in free\n    #1 0x1 in draw x.c:6\n"
		  "    #2 0x2 in more x.c:5\n    #3 0x2 in more x.c:5\n==12==ABORTING\n",
		  "    | ==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n"
		  "    | READ of size 1\n    |     #0 0x1 in draw x.c:7\n    |     #3 0x4 in main x.c:8\n"
		  "    | freed by thread T0 here:\n    |     #0 0x5 in free\n"
		  "    |     #1 0x1 in draw x.c:6\n    |     #2 0x2 in more x.c:5\n" },
		{ "==12== Memcheck, a memory error detector\n==12== Command: ./x\n==12== \n"
		  "==12== Invalid read of size 1\n==12==    at 0x1: first (x.c:1)\n==12== \n"
		  "==12== Conditional jump or move depends on uninitialised value(s)\n"
		  "==12==    at 0x1: draw (x.c:7)\n==12==    by 0x2: ??? (in /lib/libcmocka.so.0.8.0)\n"
		  "==12==    by 0x3: main (x.c:8)\n==12==  Uninitialised value was created\n"
		  "==12==    at 0x4: malloc\n==12== \n"
		  "==12== Process terminating with default action of signal 11 (SIGSEGV)\n"
		  "==12==    at 0x1: draw (x.c:7)\n==12== \n==12== HEAP SUMMARY:\n"
		  "==12==     in use at exit: 0 bytes in 0 blocks\n==12== ERROR SUMMARY: 2 errors\n",
		  "    | ==12== Conditional jump or move depends on uninitialised value(s)\n"
		  "    | ==12==    at 0x1: draw (x.c:7)\n    | ==12==    by 0x3: main (x.c:8)\n"
		  "    | ==12==  Uninitialised value was created\n    | ==12==    at 0x4: malloc\n" },
		{ "x.c:5:3: runtime error: signed integer overflow\na\nb\nc\nd\ne\n"
		  "y.c:6:1: runtime error: shift\n[  FAILED  ] x\n",
		  "    | x.c:5:3: runtime error: signed integer overflow\n    | a\n    | b\n    | c\n"
		  "    | d\n    | e\n    | y.c:6:1: runtime error: shift\n" },
		{ "WARNING: ThreadSanitizer: data race (pid=12)\n  Write of size 4 at 0x1\n"
		  "==================\nlater\n",
		  "    | WARNING: ThreadSanitizer: data race (pid=12)\n    |   Write of size 4 at 0x1\n" },
		{ "== 12 == no mark\n====\n==x==\n==12==", "    | == 12 == no mark\n    | ====\n"
		  "    | ==x==\n    | ==12==\n" },
	};
	static char endless[4000] = "==1==ERROR: AddressSanitizer: ";
	autofree char *shown = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *text = output_of(rows[i].output, "no");

		assert_string_equal(text, rows[i].want);
	}
	memset(endless + strlen(endless), 'x', sizeof(endless) - 1 - strlen(endless));
	shown = output_of(endless, NULL);
	assert_true(strlen(shown) < 1700);
	assert_string_equal(shown + strlen(shown) - 5, "x...\n");
}

/* Of one test in a run under this policy. */
static char *excuses_of(struct fl_test *test, enum fl_policy policy)
{
	struct fl_run run = {
		.settings.policy = policy, .tests = &test, .test_count = 1,
		.program.exit_code = test->host.is_quarantined ? 0 : 5,
		.exit_code = test->judgement.excuse ? 0 : 2,
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fl_summary_excuses(out, &run);
	fclose(out);
	return text;
}

static void says_what_is_excused(void **state)
{
	static const enum fl_policy F = FL_POLICY_FAIL, T = FL_POLICY_TOLERATE, Q = FL_POLICY_QUARANTINE;
	const struct {
		enum fl_policy policy;
		enum fl_verdict verdict;
		enum fl_excuse excuse;
		bool gates, is_quarantined;
		uint32_t notes;
		const char *want;
	} rows[] = {
		{ F, FL_VERDICT_FLAKY, 0, true, false, 0, "" },
		{ F, FL_VERDICT_UNKNOWN, 0, false, false, 0, "" },
		{ T, FL_VERDICT_STABLE, 0, false, false, 0, "" },
		{ T, FL_VERDICT_FAILING, 0, true, false, 0, "" },
		{ T, FL_VERDICT_FLAKY, FL_EXCUSE_POLICY, false, false, 0,
		  "excused: a\\x1bb, by --policy tolerate (ticket T-1)\n"
		  "exit code 0: that of the program, 5, is excused with them\n\n" },
		{ Q, FL_VERDICT_FLAKY, FL_EXCUSE_POLICY, false, true, 0,
		  "excused: a\\x1bb, by --policy quarantine (ticket T-1)\n\n" },
		{ F, FL_VERDICT_FLAKY, FL_EXCUSE_KNOWN, false, true, 0,
		  "excused: a\\x1bb, by --new-only: it was flaky before (ticket T-1)\n\n" },
		{ F, FL_VERDICT_FLAKY, FL_EXCUSE_STRESS, false, true, 0,
		  "excused: a\\x1bb, by --gate natural: it failed under stress only (ticket T-1)\n\n" },
		{ T, FL_VERDICT_FLAKY, 0, true, false, 1U << FL_NOTE_EXPIRED,
		  "not excused: a\\x1bb: its annotation's date is past (ticket T-1)\n\n" },
		{ T, FL_VERDICT_FLAKY, 0, true, false, 0,
		  "not excused: a\\x1bb: it crashed or a sanitizer complained, which crash=yes in its"
		  " annotation would excuse (ticket T-1)\n\n" },
		{ Q, FL_VERDICT_UNKNOWN, 0, false, true, 0,
		  "not excused: a\\x1bb: it failed, and whether it is flaky is not known (ticket T-1)\n\n" },
		{ Q, FL_VERDICT_FAILING, 0, true, true, 0,
		  "not excused: a\\x1bb: it is failing, though the program shows a skip (ticket T-1)\n\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_test test = {
			.id = "a\033b", .suspicion.ticket = "T-1", .has_host = true,
			.host = { .outcome = FL_OUTCOME_FAIL, .is_quarantined = rows[i].is_quarantined },
			.judgement = { .verdict = rows[i].verdict, .excuse = rows[i].excuse,
				       .gates = rows[i].gates, .notes = rows[i].notes },
		};
		autofree char *text = excuses_of(&test, rows[i].policy);

		assert_string_equal(text, rows[i].want);
	}
}

#define ADVICE "  what no seed decides (clock, addresses, scheduling) may need more tries: --times 100\n"

/* How often, in the words and figures of the first line; and what to try where it never was. */
static void replays_tell_how_often(void **state)
{
	static const struct { uint64_t pass, fail, skip, infra; const char *want; } rows[] = {
		{ 0, 1, 0, 0, "t: reproduced\n" },
		{ 1, 0, 0, 0, "t: not reproduced: it passed\n" ADVICE },
		{ 0, 0, 1, 0, "t: not reproduced: it was skipped\n" ADVICE },
		{ 3, 97, 0, 0, "t: reproduced 97 of 100 times (97 %, 95 % sure: 91.5 to 99.4 %)\n" },
		{ 0, 20, 0, 0, "t: reproduced 20 of 20 times (100 %, 95 % sure: 83.2 to 100 %)\n" },
		{ 20, 0, 0, 0, "t: not reproduced in 20 attempts (95 % sure: below 16.8 %)\n"
		  ADVICE },
		{ 100, 0, 0, 0, "t: not reproduced in 100 attempts (95 % sure: below 3.6 %)\n" },
		{ 0, 0, 0, 1, "t: the attempt could not be made\n" },
		{ 0, 1, 0, 2, "t: reproduced; 2 more failed for no fault of the test\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_test test = { .id = (char *)"t", .arm_count = 1 };
		uint64_t *by = test.arms[0].counts.by;
		autofree char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		by[FL_OUTCOME_PASS] = rows[i].pass;
		by[FL_OUTCOME_FAIL] = rows[i].fail;
		by[FL_OUTCOME_SKIP] = rows[i].skip;
		by[FL_OUTCOME_INFRA] = rows[i].infra;
		fl_summary_replay(out, &test, "0123456789abcdef", &plain);
		fclose(out);
		assert_string_equal(text, rows[i].want);
	}
}

/* Is it the failure that was asked for?  No word of it where that is not known. */
static void replays_tell_which_failure(void **state)
{
	static const struct { const char *known, *want; } rows[] = {
		{ NULL, "  1x fail: no\n" },
		{ "0123456789abcdef", "  1x fail: no\n  this is the failure on record: signature "
				      "0123456789abcdef\n" },
		{ "fedcba9876543210", "  1x fail: no\n  this is another failure than the one on record: "
				      "signature 0123456789abcdef, not fedcba9876543210\n" },
	};
	static const struct fl_summary_style style = { .hides_replay = true };
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_failure failure = {
			.signature = (char *)"0123456789abcdef", .count = 1,
			.first = { .outcome = FL_OUTCOME_FAIL, .message = (char *)"no" },
			.replay = (char *)"flicker replay fl1", .output_tail = (char *)"",
		};
		struct fl_test test = { .id = (char *)"t", .arm_count = 1, .failure_count = 1,
					.failures = &failure };
		autofree char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		test.arms[0].counts.by[FL_OUTCOME_FAIL] = 1;
		fl_summary_replay(out, &test, rows[i].known, &style);
		fclose(out);
		assert_string_equal(strchr(text, '\n') + 1, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_golden_summary),
		cmocka_unit_test(says_that_attempts_are_missing),
		cmocka_unit_test(says_mass_failures_together),
		cmocka_unit_test(says_a_failure_once),
		cmocka_unit_test(colour_adds_nothing),
		cmocka_unit_test(quiet_keeps_findings),
		cmocka_unit_test(says_that_nothing_was_suspect),
		cmocka_unit_test(says_how_often),
		cmocka_unit_test(says_how_often_by_mode),
		cmocka_unit_test(formats_percent),
		cmocka_unit_test(formats_duration),
		cmocka_unit_test(every_note_has_words),
		cmocka_unit_test(stays_short),
		cmocka_unit_test(advises_on_collisions),
		cmocka_unit_test(shows_the_head_of_a_report),
		cmocka_unit_test(says_what_is_excused),
		cmocka_unit_test(replays_tell_how_often),
		cmocka_unit_test(replays_tell_which_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
