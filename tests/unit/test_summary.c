/* SPDX-License-Identifier: MIT */
/*
 * test_summary.c - the summary: the golden report as text, what a finding shows of much.
 */
#include "../../plugin/report/json.h"
#include "../../plugin/report/summary.h"
#include "../../plugin/report/summary_words.h"

#include <signal.h>

#include <flicker/xunit.h>

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
		FAIL("%s", error.text);
	return run;
}

/* noinline: gcc 12 would see a dangling pointer in whoever calls it */
__attribute__((noinline))
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

TEST(summary, prints_golden_summary)
{
	struct fl_run run = read_golden_run();
	autofree char *text = print(&run, &plain), *file = in_golden("summary.txt"), *want = NULL;

	write_golden(file, text);
	ASSERT_EQ(fl_file_read(file, 1 << 20, &want, NULL), 0);
	EXPECT_STREQ(text, want);
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

TEST(summary, colour_adds_nothing)
{
	struct fl_summary_style coloured = plain;
	struct fl_run run = read_golden_run();
	autofree char *want = print(&run, &plain), *text = NULL;

	coloured.use_colour = true;
	text = print(&run, &coloured);
	EXPECT_NE(strstr(text, "\033[1;33mFLAKY\033[0m"), NULL);
	EXPECT_EQ(strchr(want, '\033'), NULL);
	strip_colour(text);
	EXPECT_STREQ(text, want);
	fl_run_clear(&run);
}

TEST(summary, quiet_keeps_findings)
{
	struct fl_summary_style quiet = { .is_quiet = true };
	struct fl_run run = read_golden_run();
	autofree char *text = print(&run, &quiet);

	EXPECT_NE(strstr(text, "FLAKY    net.reconnects"), NULL);
	EXPECT_NE(strstr(text, "7 tests: "), NULL);
	EXPECT_EQ(strstr(text, "net.sends"), NULL);
	EXPECT_EQ(strstr(text, "report:"), NULL);
	fl_run_clear(&run);
}

TEST(summary, says_that_nothing_was_suspect)
{
	struct fl_test test = { .id = "a.b", .judgement.verdict = FL_VERDICT_NOT_SUSPECT };
	struct fl_test *tests[] = { &test };
	struct fl_run run = { .seed = 7, .is_partial = true, .tests = tests, .test_count = 1 };
	autofree char *text = print(&run, &plain);

	EXPECT_STREQ(text,
		"cut off: the run has not ended; this is what was seen until then\n"
		"1 test: 1 not suspect; 0 attempts, seed 0x7\n"
		"nothing was suspect: mark tests with FLICKER_SUSPECT, name them with --suspect,"
		" or take --all\n"
		"report: net.flicker.json\n");
}

/* Of an exit code 3, but not of the program's own. */
static const struct { bool is_missing, is_partial; int code, own; const char *before; }
says_that_attempts_are_missing_rows[] = {
	{ true, false, 3, 0, "\nexit code 3: " }, { false, false, 3, 0, "\nexit code 3: " },
	{ true, false, 3, 3, "\nexit code 3: " }, { true, false, 2, 0, "\n" },
	{ false, false, 3, 3, NULL }, { false, true, 3, 0, NULL }, { false, false, 0, 0, NULL },
};

TEST_P(summary, says_that_attempts_are_missing, says_that_attempts_are_missing_rows)
{
	static const char words[] = "attempts are missing: give them more --time, or --time none, or"
		" make fewer --runs; a warning says so where it is not for want of time\n";
	struct fl_run run = {
		.has_attempts_missing = row->is_missing, .is_partial = row->is_partial,
		.settings.has_time = true,
		.exit_code = row->code, .program.exit_code = row->own,
	};
	autofree char *text = print(&run, &plain), *want = NULL;

	want = fl_base_format("%s%sreport: ", row->before ? row->before : "", words);
	EXPECT_EQ(strstr(text, want) != NULL, row->before != NULL);
	EXPECT_EQ(strstr(text, "missing") != NULL, row->before != NULL);
}

/* noinline: as above */
__attribute__((noinline)) static char *finding_of(const struct fl_test *test);

/* Twelve that nobody attempted: a block, not twelve. */
TEST(summary, says_mass_failures_together)
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

	for (i = 0; i < FL_COUNT(tests); i++)
		tests[i] = &each;
	text = print(&run, &plain);
	EXPECT_NE(strstr(text, "unknown  12 more failed in the program itself\n  mass-failure: "),
		  NULL);
	EXPECT_NE(strstr(text, "; --all attempts them\n    net.down at net.c:7\n"), NULL);
	EXPECT_NE(strstr(text, "\n    ... 4 more in the report\n\n12 tests: 12 unknown"), NULL);
	each.judgement.notes = 0;
	first = print(&run, &plain);
	EXPECT_NE(strstr(first, "unknown  net.down  failed in the program itself; no attempt"),
		  NULL);
}

/* The host's message is not known where the program printed it: the place tells. */
TEST(summary, says_a_failure_once)
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

	EXPECT_EQ(strstr(same, "in the program itself: "), NULL);
	test.host.line = 8;
	other = finding_of(&test);
	EXPECT_NE(strstr(other, "in the program itself: fail at net.c:8\n"), NULL);
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
TEST(summary, stays_short)
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

	memset(output, 'x', sizeof(output) - 1);
	for (i = 0; i < 9; i++)
		failures[i] = (struct fl_failure){
			.count = 1, .output_tail = output, .replay = "again",
			.first = { .outcome = FL_OUTCOME_CRASH, .signal = SIGSEGV,
				   .backtrace = { frames, 20 } },
		};
	text = finding_of(&test);
	ASSERT_LT(strlen(text), 5000);
	EXPECT_NE(strstr(text, "FLAKY    a\\x1bb c  fails only under random\n"), NULL);
	EXPECT_NE(strstr(text, "\n  1x crash: Segmentation fault\n    #0 0x10\n    #1 f\n"
			       "    #2 m+0x0\n"), NULL);
	EXPECT_NE(strstr(text, "\n    ... 12 more in the report\n"), NULL);
	EXPECT_NE(strstr(text, "\n  5 more ways to fail in the report\n  replay: again\n\n"), NULL);
	EXPECT_STREQ(strstr(text, "replay: "), "replay: again\n\n");     /* once, last */
	free(take(text));
	test.failure_count = 5;
	text = finding_of(&test);
	EXPECT_NE(strstr(text, "\n  1 more way to fail in the report\n  replay: again\n\n"), NULL);
}

/* What is met beside others only no replay can show: advice instead of a command. */
static const struct { uint32_t notes; bool first, second; const char *want; }
advises_on_collisions_rows[] = {
	{ 1U << FL_NOTE_PARALLEL_ONLY, true, true, "  1x fail\n  1x fail\n\n" },
	{ 1U << FL_NOTE_PARALLEL_UNSAFE, false, true, "  1x fail\n  replay: again\n  1x fail\n\n" },
	{ 1U << FL_NOTE_PARALLEL_UNSAFE, true, false, "  1x fail\n  1x fail\n  replay: again\n\n" },
	{ 1U << FL_NOTE_LEAKS, false, false, "  1x fail\n  1x fail\n  replay: again\n\n" },
};

TEST_P(summary, advises_on_collisions, advises_on_collisions_rows)
{
	static const char advice[] = "  advice: give each attempt a port or file of its own, or use --jobs 1\n";
	struct fl_failure failures[] = {
		{ .count = 1, .first.outcome = FL_OUTCOME_FAIL, .replay = (char *)"again",
		  .is_met_in_parallel = row->first },
		{ .count = 1, .first.outcome = FL_OUTCOME_FAIL, .replay = (char *)"again",
		  .is_met_in_parallel = row->second },
	};
	struct fl_test test = {
		.id = (char *)"t", .judgement.verdict = FL_VERDICT_FLAKY, .failures = failures,
		.judgement.notes = row->notes, .failure_count = FL_COUNT(failures),
	};
	autofree char *text = finding_of(&test);

	EXPECT_STREQ(strstr(text, "  1x fail"), row->want);
	EXPECT_EQ(strstr(text, advice) != NULL, row->notes != 1U << FL_NOTE_LEAKS);
}

__attribute__((noinline))
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

TEST(summary, says_what_is_excused)
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

	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_test test = {
			.id = "a\033b", .suspicion.ticket = "T-1", .has_host = true,
			.host = { .outcome = FL_OUTCOME_FAIL, .is_quarantined = rows[i].is_quarantined },
			.judgement = { .verdict = rows[i].verdict, .excuse = rows[i].excuse,
				       .gates = rows[i].gates, .notes = rows[i].notes },
		};
		autofree char *text = excuses_of(&test, rows[i].policy);

		EXPECT_STREQ(text, rows[i].want);
	}
}

FLICKER_XUNIT_MAIN();
