/* SPDX-License-Identifier: MIT */
/*
 * test_json.c - the JSON report: golden bytes of a run made by hand, and back again.
 *
 * FL_GOLDEN_UPDATE=1 writes the golden file anew; the other tests of the report read it.
 */
#define _GNU_SOURCE
#include "report_files.h"

#include "../../plugin/engine/session/attempts/token.h"

#include <jansson.h>
#include <signal.h>

IN_DIRECTORY(json)

static struct fl_test *add(struct fl_run *run, const char *suite, const char *name,
			   enum fl_verdict verdict)
{
	struct fl_test *test = fl_base_alloc(1, sizeof(*test));

	test->id = fl_base_format("%s.%s", suite, name);
	test->suite = fl_base_copy(suite);
	test->name = fl_base_copy(name);
	test->index = -1;
	test->judgement.verdict = verdict;
	run->tests = realloc(run->tests, (run->test_count + 1) * sizeof(test));
	run->tests[run->test_count++] = test;
	return test;
}

static void set_host(struct fl_test *test, enum fl_outcome outcome, const char *message,
		     const char *file, int line)
{
	test->has_host = true;
	test->host.outcome = outcome;
	test->host.message = fl_base_copy(message);
	test->host.file = fl_base_copy(file);
	test->host.line = line;
	test->host.duration_ms = 0.25;
}

static struct fl_counts *add_arm(struct fl_test *test, enum fl_mode mode)
{
	struct fl_arm *arm = &test->arms[test->arm_count++];

	arm->perturbations = FL_PERTURB_BIT(RANDOM);
	arm->mode = mode;
	return &arm->counts;
}

static void set_interval(struct fl_test *test, double rate, double low, double high)
{
	test->judgement.has_rate = test->judgement.has_interval = true;
	test->judgement.rate = rate;
	test->judgement.interval = (struct fl_interval){
		.low = low, .high = high, .level = 0.95, .method = FL_METHOD_CLOPPER_PEARSON,
	};
	test->has_quantiles = true;
	test->duration_ms = (struct fl_quantiles){ 0.1, 0.2, 0.4, 3.00004 };
}

static void set_frame(struct fl_frame *f, const char *function, const char *file, int line)
{
	f->pc = 0x55d0c0de1234;
	f->module = fl_base_copy("test_net");
	f->offset = 0x1234;
	f->build_id = fl_base_copy("8f2c0d5e");
	f->function = fl_base_copy(function);
	f->file = fl_base_copy(file);
	f->line = line;
}

static struct fl_failure *set_failures(struct fl_test *test, size_t count)
{
	test->failure_count = count;
	return test->failures = fl_base_alloc(count, sizeof(*test->failures));
}

static void set_token(struct fl_failure *f, char *id, uint64_t attempt, enum fl_mode mode)
{
	struct fl_token token = { id, f->seeds[0], attempt, FL_PERTURB_BIT(RANDOM), mode, false,
				  false, (char *)"8f2c0d5e" };

	f->token = fl_token_format(&token);
	f->replay = fl_base_format("flicker replay %s -- ./test_net", f->token);
}

static void fill_failure(struct fl_failure *f, const char *signature, uint64_t count,
			 uint64_t seed)
{
	f->signature = fl_base_copy(signature);
	f->count = count;
	f->seeds[0] = seed;
	f->attempts[0] = 17;
	f->seed_count = 1;
	f->first.duration_ms = 0.5;
	f->first.file = fl_base_copy("test_net.c");
	f->first.line = 52;
}

static void add_flaky(struct fl_run *run)
{
	struct fl_test *test = add(run, "net", "reconnects", FL_VERDICT_FLAKY);
	struct fl_failure *f = set_failures(test, 2);

	test->file = fl_base_copy("test_net.c");
	test->line = 41;
	test->suspicion = (struct fl_suspicion){
		.why = FL_WHY_ANNOTATED, .reason = fl_base_copy("the server is slow to come up"),
		.owner = fl_base_copy("net-team"), .ticket = fl_base_copy("NET-12"),
		.until = fl_base_copy("2026-12-31"), .may_crash = true,
		.origin = fl_base_copy("ci/quarantine.ini:3"), .is_quarantined = true,
	};
	test->judgement.excuse = FL_EXCUSE_QUARANTINE;
	set_host(test, FL_OUTCOME_PASS, NULL, NULL, 0);
	*add_arm(test, FL_MODE_FORK) = (struct fl_counts){ { [FL_OUTCOME_PASS] = 278,
		[FL_OUTCOME_FAIL] = 11, [FL_OUTCOME_CRASH] = 1, [FL_OUTCOME_INFRA] = 2 } };
	*add_arm(test, FL_MODE_EXEC) = (struct fl_counts){ { [FL_OUTCOME_PASS] = 9,
		[FL_OUTCOME_FAIL] = 1 } };
	set_interval(test, 13.0 / 300, 0.02327, 0.07293);
	fill_failure(&f[0], "8f2c000000000001", 12, 0x1d);
	f[0].first.outcome = FL_OUTCOME_FAIL;
	f[0].first.message = fl_base_copy("0x1 != 0x0");
	f[0].first.backtrace.count = 4;
	f[0].first.backtrace.frames = fl_base_alloc(4, sizeof(struct fl_frame));
	set_frame(&f[0].first.backtrace.frames[0], "retry", "src/net.c", 12);
	f[0].first.backtrace.frames[0].is_inlined = true;
	set_frame(&f[0].first.backtrace.frames[1], "reconnects", "test_net.c", 52);
	set_frame(&f[0].first.backtrace.frames[2], NULL, NULL, 0);
	f[0].first.backtrace.frames[3].pc = 0xdead;
	f[0].output_tail = fl_base_copy("one\ntwo\nthree\nfour\nconnecting to 127.0.0.1\n"
					"\xff\xfe \033[31mred\033[0m \x7f \xc2\x9b"
					"1m \xe2\x80\xae\"evil\" "
					"\xed\xa0\x80 \xc3\xa9\xe2\x82\xac\n");
	f[0].seeds[1] = UINT64_MAX;
	f[0].seed_count = 2;
	set_token(&f[0], test->id, 17, FL_MODE_FORK);
	fill_failure(&f[1], "8f2c000000000002", 1, 0xabc);
	f[1].first.outcome = FL_OUTCOME_CRASH;
	f[1].first.signal = SIGSEGV;
	f[1].output_tail = fl_base_copy("");
	set_token(&f[1], test->id, 32, FL_MODE_EXEC);
}

static void add_failing(struct fl_run *run)
{
	struct fl_test *test = add(run, "net", "resolves", FL_VERDICT_FAILING);
	struct fl_failure *f = set_failures(test, 1);

	test->index = 2;
	test->suspicion.why = FL_WHY_FAILED;
	test->judgement.notes = 1U << FL_NOTE_UNSEEDED;
	test->judgement.gates = true;
	set_host(test, FL_OUTCOME_ERROR, "no resolver", "setup.c", 7);
	add_arm(test, FL_MODE_FORK)->by[FL_OUTCOME_TIMEOUT] = 20;
	set_interval(test, 1, 0.8315, 1);
	fill_failure(f, "8f2c000000000003", 20, 0);
	f->first.outcome = FL_OUTCOME_TIMEOUT;
	f->first.message = fl_base_copy("no end after 10 s\nexpected: \"a\"\n     got: \"b\"\n");
	f->output_tail = fl_base_copy("no newline at the end");
	set_token(f, test->id, 1, FL_MODE_FORK);
}

static void add_others(struct fl_run *run)
{
	struct fl_test *test = add(run, "net", "sends", FL_VERDICT_STABLE);

	test->suspicion.why = FL_WHY_NAMED;
	set_host(test, FL_OUTCOME_PASS, NULL, NULL, 0);
	add_arm(test, FL_MODE_FORK)->by[FL_OUTCOME_PASS] = 300;
	set_interval(test, 0, 0, 0.01222);
	test->judgement.has_miss = true;
	test->judgement.miss = (struct fl_miss){ .rate = 0.01, .probability = 0.0490408 };
	test->judgement.notes = 1U << FL_NOTE_LEAKS;
	test->leak_count = 2;
	test->leaks = fl_base_alloc(2, sizeof(*test->leaks));
	test->collision_count = 1;
	test->collisions = fl_base_alloc(1, sizeof(*test->collisions));
	test->collisions[0] = fl_base_copy("port 8080");
	test->leaks[0] = fl_base_copy("descriptor 7 (/tmp/\xff)");
	test->leaks[1] = fl_base_copy("environment NET_DEBUG");
	test = add(run, "io", "reads", FL_VERDICT_UNKNOWN);
	test->suspicion.why = FL_WHY_FAILED;
	test->judgement.notes = 1U << FL_NOTE_MASS_FAILURE;
	set_host(test, FL_OUTCOME_FAIL, "bad byte \x80", "test_io.c", 3);
	test->host.is_quarantined = true;
	test = add(run, "io", "writes", FL_VERDICT_NOT_SUSPECT);
	set_host(test, FL_OUTCOME_PASS, NULL, NULL, 0);
	add(run, "io", "never_reached", FL_VERDICT_UNKNOWN);
	test = add(run, "io", "needs_root", FL_VERDICT_SKIPPED);
	set_host(test, FL_OUTCOME_SKIP, NULL, NULL, 0);
}

static struct fl_run make_run(void)
{
	struct fl_run run = {
		.program = {
			.path = fl_base_copy("./test_net"),
			.args = fl_base_alloc(3, sizeof(char *)),
			.build_id = fl_base_copy("8f2c0d5e"), .framework = fl_base_copy("cmocka"),
			.framework_version = fl_base_copy("1.1.5"),
			.linkage = fl_base_copy("shared"), .has_exit = true, .exit_code = -1,
			.exit_signal = SIGABRT,
		},
		.os = fl_base_copy("Debian GNU/Linux 12"), .cpus = 2,
		.id = fl_base_copy("20261121-101112-4242"), .seed = 0x2a,
		.started = fl_base_copy("2026-11-21T10:11:12Z"), .duration_ms = 310.5,
		.exit_code = 1,
		.settings = { .runs = 300, .until = FL_UNTIL_RUNS, .has_time = true, .time_s = 10,
			      .jobs = 1, .perturb = FL_PERTURB_BIT(RANDOM),
			      .policy = FL_POLICY_TOLERATE, .mode = FL_MODE_MIX,
			      .wrapper = fl_base_copy("valgrind -q"),
			      .adapters = fl_base_copy("/x/libflicker-a.so\n/x/libflicker-b.so") },
	};

	run.program.args[0] = fl_base_copy("--verbose");
	run.program.args[1] = fl_base_copy("\xc3(");
	add_flaky(&run);
	add_failing(&run);
	add_others(&run);
	return run;
}

TEST_F(json, writes_golden_report)
{
	struct fl_run run = make_run();
	struct fl_json_writer *writer = open_writer(&run);
	struct fl_error error;
	autofree char *text = NULL;

	EXPECT_FALSE(exists(path));
	EXPECT_EQ(mode_of(part), 0600);
	append_all(writer, &run);
	ASSERT_EQ(fl_json_finish(writer, fl_write_json, &run, &error), 0);
	EXPECT_FALSE(exists(part));
	EXPECT_EQ(mode_of(path), 0600);
	text = slurp(path, NULL);
	is_golden("report.json", text);
	fl_run_clear(&run);
}

TEST_F(json, reads_what_it_wrote)
{
	autofree char *golden = in_golden("report.json"), *want = slurp(golden, NULL), *got = NULL;
	struct fl_error error = { "" };
	struct fl_run run;

	if (fl_json_read(golden, &run, &error) < 0)
		FAIL("%s", error.text);
	got = write_run(&run);
	EXPECT_STREQ(got, want);
	EXPECT_FALSE(run.is_partial);
	EXPECT_EQ(run.tests[0]->suspicion.why, FL_WHY_ANNOTATED);
	ASSERT_TRUE(run.tests[0]->suspicion.is_quarantined);
	EXPECT_EQ(run.tests[0]->arms[0].counts.by[FL_OUTCOME_INFRA], 2);
	ASSERT_EQ(fl_counts_non_pass(&run.tests[0]->arms[1].counts), 1);
	ASSERT_EQ(run.tests[0]->failures[0].seeds[1], UINT64_MAX);
	ASSERT_TRUE(run.tests[0]->failures[0].first.backtrace.frames[0].is_inlined);
	EXPECT_EQ(run.program.exit_signal, SIGABRT);
	fl_run_clear(&run);
}

/* Whatever is on lines with this key goes. */
static void drop_key(char *text, const char *key)
{
	char *at, *line, *end;

	while ((at = strstr(text, key))) {
		for (line = at; line > text && line[-1] != '\n'; line--)
			;
		end = at + strcspn(at, "\n") + 1;
		memmove(line, end, strlen(end) + 1);
	}
}

/* A report of before there were policies. */
TEST_F(json, reads_without_later_keys)
{
	autofree char *golden = in_golden("report.json"), *text = slurp(golden, NULL);
	struct fl_error error = { "" };
	struct fl_run run;

	drop_key(text, "\"gates\": ");
	drop_key(text, "\"excuse\": ");
	drop_key(text, "\"quarantined\": ");
	drop_key(text, "\"origin\": ");
	spill(path, text, strlen(text));
	if (fl_json_read(path, &run, &error) < 0)
		FAIL("%s", error.text);
	EXPECT_EQ(run.test_count, 7);
	EXPECT_EQ(run.tests[0]->judgement.excuse, FL_EXCUSE_NONE);
	fl_run_clear(&run);
}

/* The report of no test, and of numbers that JSON cannot say. */
TEST_F(json, writes_the_least)
{
	struct fl_run run = make_run(), again;
	autofree char *first = NULL, *second = NULL;
	struct fl_error error;

	run.tests[0]->judgement.rate = 0.0 / 0.0;
	run.tests[0]->duration_ms.max = 1.0 / 0.0;
	free(write_run(&run));
	while (run.test_count > 0)
		fl_test_free(run.tests[--run.test_count]);
	run.settings.has_time = false;
	first = write_run(&run);
	ASSERT_EQ(fl_json_read(path, &again, &error), 0);
	EXPECT_EQ(again.test_count, 0);
	second = write_run(&again);
	EXPECT_STREQ(first, second);
	fl_run_clear(&run);
	fl_run_clear(&again);
}

/* The schema names exactly the words of the model. */
TEST(json, schema_has_the_words)
{
#define FL_X(id, word, ...) word,
	static const char *const outcomes[] = { FL_OUTCOME_LIST(FL_X) NULL };
	static const char *const verdicts[] = { FL_VERDICT_LIST(FL_X) NULL };
	static const char *const notes[] = { FL_NOTE_LIST(FL_X) NULL };
	static const char *const whys[] = { FL_WHY_LIST(FL_X) NULL };
	static const char *const excuses[] = { FL_EXCUSE_LIST(FL_X) NULL };
	static const char *const modes[] = { "fork", "exec", NULL };     /* `mix` is a setting's */
	static const char *const methods[] = { FL_METHOD_LIST(FL_X) NULL };
	static const char *const perturbations[] = { FL_PERTURBATIONS(FL_X) NULL };
#undef FL_X
	const struct { const char *name; const char *const *words; } lists[] = {
		{ "outcome", outcomes }, { "verdict", verdicts }, { "note", notes },
		{ "why", whys + 1 },     /* `none` is a null */
		{ "excuse", excuses + 1 },
		{ "mode", modes }, { "method", methods }, { "perturbation", perturbations },
	};
	autofree char *file = in_golden("../../docs/report.schema.json");
	json_t *schema = json_load_file(file, 0, NULL), *defs = json_object_get(schema, "$defs");
	size_t i, k;

	for (i = 0; i < FL_COUNT(lists); i++) {
		json_t *words = json_object_get(json_object_get(defs, lists[i].name), "enum");

		for (k = 0; lists[i].words[k]; k++)
			EXPECT_STREQ(json_string_value(json_array_get(words, k)),
				     lists[i].words[k]);
		EXPECT_EQ(json_array_size(words), k);
	}
	json_decref(schema);
}

FLICKER_XUNIT_MAIN();
