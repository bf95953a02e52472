/* SPDX-License-Identifier: MIT */
/*
 * json_decode.c - JSON trees as the model; the mirror of json_encode.c, key by key.
 *
 * Straight code: after the first fault every getter gives nothing, and whoever
 * called looks at the cursor at the end.
 */
#include "json_tree.h"

#include <errno.h>

/* The elements of an array member, zeroed; *ret_count is 0 after a fault. */
static void *make_array(struct fl_json_cursor *at, const json_t *object, const char *key,
			size_t size, size_t *ret_count)
{
	size_t count = json_array_size(fl_json_need(at, object, key, JSON_ARRAY));

	*ret_count = count;
	return count ? fl_base_alloc(count, size) : NULL;
}

static void decode_frame(struct fl_json_cursor *at, const json_t *json, struct fl_frame *f)
{
	f->pc = fl_json_get_hex(at, json, "pc");
	f->module = fl_json_get_text(at, json, "module");
	f->offset = fl_json_get_hex(at, json, "offset");
	f->build_id = fl_json_get_text(at, json, "build_id");
	f->function = fl_json_get_text(at, json, "function");
	f->file = fl_json_get_text(at, json, "file");
	f->line = fl_json_get_int(at, json, "line", 0);
	f->is_inlined = fl_json_need_bool(at, json, "inlined");
}

static void decode_backtrace(struct fl_json_cursor *at, const json_t *object,
			     struct fl_backtrace *b)
{
	const json_t *frames = json_object_get(object, "backtrace");
	size_t i;

	b->frames = make_array(at, object, "backtrace", sizeof(*b->frames), &b->count);
	fl_json_enter(at, "backtrace", 0);
	for (i = 0; i < b->count; i++) {
		fl_json_enter(at, NULL, i);
		decode_frame(at, json_array_get(frames, i), &b->frames[i]);
		fl_json_leave(at);
	}
	fl_json_leave(at);
}

static void decode_threads(struct fl_json_cursor *at, const json_t *json, struct fl_observation *o)
{
	const json_t *threads = json_object_get(json, "threads");
	size_t i;

	if (!threads)
		return;
	o->threads = make_array(at, json, "threads", sizeof(*o->threads), &o->thread_count);
	fl_json_enter(at, "threads", 0);
	for (i = 0; i < o->thread_count; i++) {
		const json_t *thread = json_array_get(threads, i);

		fl_json_enter(at, NULL, i);
		o->threads[i].id = fl_json_get_int(at, thread, "id", 0);
		o->threads[i].name = fl_json_get_text(at, thread, "name");
		decode_backtrace(at, thread, &o->threads[i].backtrace);
		fl_json_leave(at);
	}
	fl_json_leave(at);
}

/* What the host's observation and the first of a failure have in common. */
static void decode_observation(struct fl_json_cursor *at, const json_t *json,
			       struct fl_observation *o)
{
	o->outcome = (enum fl_outcome)fl_json_need_word(at, json, "outcome", fl_outcome_parse);
	o->message = fl_json_get_text(at, json, "message");
	o->file = fl_json_get_text(at, json, "file");
	o->line = fl_json_get_int(at, json, "line", 0);
	decode_backtrace(at, json, &o->backtrace);
	decode_threads(at, json, o);
}

static void decode_host(struct fl_json_cursor *at, const json_t *json, struct fl_test *test)
{
	json_t *host = fl_json_get(at, json, "host", JSON_OBJECT);

	test->has_host = host;
	if (!host)
		return;
	fl_json_enter(at, "host", 0);
	decode_observation(at, host, &test->host);
	test->host.duration_ms = fl_json_get_real(at, host, "duration_ms");
	test->host.is_quarantined = json_is_true(json_object_get(host, "quarantined"));
	fl_json_leave(at);
}

static void decode_suspicion(struct fl_json_cursor *at, const json_t *json,
			     struct fl_suspicion *s)
{
	json_t *suspect = fl_json_get(at, json, "suspect", JSON_OBJECT);

	if (!suspect)
		return;
	fl_json_enter(at, "suspect", 0);
	s->why = (enum fl_why)fl_json_need_word(at, suspect, "why", fl_why_parse);
	s->reason = fl_json_get_text(at, suspect, "reason");
	s->owner = fl_json_get_text(at, suspect, "owner");
	s->ticket = fl_json_get_text(at, suspect, "ticket");
	s->until = fl_json_get_text(at, suspect, "until");
	if (json_object_get(suspect, "origin"))         /* a key of later files */
		s->origin = fl_json_get_text(at, suspect, "origin");
	s->is_quarantined = json_is_true(json_object_get(suspect, "quarantined"));
	fl_json_leave(at);
}

static struct fl_counts decode_attempts(struct fl_json_cursor *at, const json_t *json)
{
	json_t *attempts = fl_json_need(at, json, "attempts", JSON_OBJECT);
	struct fl_counts counts = { 0 };
	int i;

	fl_json_enter(at, "attempts", 0);
	for (i = 0; attempts && i < FL_OUTCOME_COUNT; i++)
		counts.by[i] = fl_json_need_count(at, attempts, fl_outcome_key(i));
	fl_json_leave(at);
	return counts;
}

/* Moves `n` attempts that are non-pass or not to an arm; returns how many there were too few. */
static uint64_t deal(struct fl_counts *from, struct fl_counts *to, bool is_non_pass, uint64_t n)
{
	int i;

	for (i = 0; i < FL_OUTCOME_COUNT; i++) {
		uint64_t some = from->by[i] < n ? from->by[i] : n;

		if (i == FL_OUTCOME_INFRA || fl_outcome_is_non_pass(i) != is_non_pass)
			continue;
		to->by[i] += some;
		from->by[i] -= some;
		n -= some;
	}
	return n;
}

/* Takes the arm's share of `pool`, the outcomes of the test's arms that are still to be dealt. */
static void decode_arm(struct fl_json_cursor *at, const json_t *json, struct fl_counts *pool,
		       struct fl_arm *arm)
{
	uint64_t total = fl_json_need_count(at, json, "total");
	uint64_t non_pass = fl_json_need_count(at, json, "non_pass");

	arm->perturbations = fl_json_need_mask(at, json, "perturbations", fl_perturbation_parse);
	arm->mode = (enum fl_mode)fl_json_need_word(at, json, "mode", fl_mode_parse);
	arm->has_prefix = fl_json_need_bool(at, json, "prefix");
	if (non_pass > total || deal(pool, &arm->counts, true, non_pass) ||
	    deal(pool, &arm->counts, false, total - non_pass))
		fl_json_fault(at, NULL, "does not agree with the test's \"attempts\"");
}

/* A report has outcomes by test, arms have only non-pass or not: they are dealt out in order. */
static void decode_arms(struct fl_json_cursor *at, const json_t *json, struct fl_test *test)
{
	struct fl_counts pool = decode_attempts(at, json);
	json_t *arms = fl_json_need(at, json, "arms", JSON_ARRAY);
	size_t i, count = json_array_size(arms);

	if (count > FL_TEST_ARMS)
		fl_json_fault(at, "arms", "are too many");
	fl_json_enter(at, "arms", 0);
	for (i = 0; at->code >= 0 && i < count; i++) {
		fl_json_enter(at, NULL, i);
		decode_arm(at, json_array_get(arms, i), &pool, &test->arms[i]);
		test->arm_count++;
		fl_json_leave(at);
	}
	fl_json_leave(at);
	if (test->arm_count) {
		test->arms[0].counts.by[FL_OUTCOME_INFRA] = pool.by[FL_OUTCOME_INFRA];
		pool.by[FL_OUTCOME_INFRA] = 0;
	}
	if (fl_counts_total(&pool) || pool.by[FL_OUTCOME_INFRA])
		fl_json_fault(at, "attempts", "are more than the arms have");
}

static void decode_interval(struct fl_json_cursor *at, const json_t *json,
			    struct fl_judgement *j)
{
	json_t *interval = fl_json_get(at, json, "interval", JSON_OBJECT);

	j->has_interval = interval;
	if (!interval)
		return;
	fl_json_enter(at, "interval", 0);
	j->interval.low = fl_json_get_real(at, interval, "low");
	j->interval.high = fl_json_get_real(at, interval, "high");
	j->interval.level = fl_json_get_real(at, interval, "level");
	j->interval.method =
		(enum fl_method)fl_json_need_word(at, interval, "method", fl_method_parse);
	fl_json_leave(at);
}

/* Older reports say nothing of it. */
static void decode_gate(struct fl_json_cursor *at, const json_t *json, struct fl_judgement *j)
{
	j->gates = json_is_true(json_object_get(json, "gates"));
	if (json_is_string(json_object_get(json, "excuse")))
		j->excuse = (enum fl_excuse)fl_json_need_word(at, json, "excuse", fl_excuse_parse);
}

static void decode_judgement(struct fl_json_cursor *at, const json_t *json,
			     struct fl_judgement *j)
{
	json_t *miss = fl_json_get(at, json, "miss", JSON_OBJECT);

	j->verdict = (enum fl_verdict)fl_json_need_word(at, json, "verdict", fl_verdict_parse);
	j->notes = fl_json_need_mask(at, json, "notes", fl_note_parse);
	decode_gate(at, json, j);
	j->seen_under = fl_json_need_mask(at, json, "seen_under", fl_perturbation_parse);
	j->has_rate = fl_json_get(at, json, "rate", JSON_REAL);
	j->rate = fl_json_get_real(at, json, "rate");
	decode_interval(at, json, j);
	j->has_miss = miss;
	if (!miss)
		return;
	fl_json_enter(at, "miss", 0);
	j->miss.rate = fl_json_get_real(at, miss, "rate");
	j->miss.probability = fl_json_get_real(at, miss, "probability");
	fl_json_leave(at);
}

static void decode_quantiles(struct fl_json_cursor *at, const json_t *json, struct fl_test *test)
{
	json_t *duration = fl_json_get(at, json, "duration_ms", JSON_OBJECT);

	test->has_quantiles = duration;
	if (!duration)
		return;
	fl_json_enter(at, "duration_ms", 0);
	test->duration_ms.min = fl_json_get_real(at, duration, "min");
	test->duration_ms.median = fl_json_get_real(at, duration, "median");
	test->duration_ms.p95 = fl_json_get_real(at, duration, "p95");
	test->duration_ms.max = fl_json_get_real(at, duration, "max");
	fl_json_leave(at);
}

static void decode_seeds(struct fl_json_cursor *at, const json_t *json, struct fl_failure *f)
{
	json_t *seeds = fl_json_need(at, json, "seeds", JSON_ARRAY), *seed;
	size_t i;

	json_array_foreach(seeds, i, seed) {
		const char *digits = json_string_value(seed);

		if (i == FL_FAILURE_SEEDS)
			break;
		if (!digits || !fl_json_parse_hex(digits, &f->seeds[i]))
			fl_json_fault(at, "seeds", "are not all hexadecimal numbers like 0x1d");
		f->seed_count++;
	}
}

static int parse_met(const char *word)
{
	return strcmp(word, "alone") == 0 ? 0 : strcmp(word, "parallel") == 0 ? 1 : -EINVAL;
}

static void decode_failure(struct fl_json_cursor *at, const json_t *json, struct fl_failure *f)
{
	f->signature = fl_json_need_text(at, json, "signature");
	f->count = fl_json_need_count(at, json, "count");
	f->is_met_in_parallel = fl_json_need_word(at, json, "met", parse_met);
	decode_observation(at, json, &f->first);
	f->first.signal = fl_json_get_int(at, json, "signal", 0);
	f->output_tail = fl_json_need_text(at, json, "output_tail");
	decode_seeds(at, json, f);
	f->core = json_object_get(json, "core") ? fl_json_get_text(at, json, "core") : NULL;
	f->token = fl_json_get_text(at, json, "token");
	f->replay = fl_json_get_text(at, json, "replay");
}

static void decode_failures(struct fl_json_cursor *at, const json_t *json, struct fl_test *test)
{
	const json_t *failures = json_object_get(json, "failures");
	size_t i;

	test->failures = make_array(at, json, "failures", sizeof(*test->failures),
				    &test->failure_count);
	fl_json_enter(at, "failures", 0);
	for (i = 0; i < test->failure_count; i++) {
		fl_json_enter(at, NULL, i);
		decode_failure(at, json_array_get(failures, i), &test->failures[i]);
		fl_json_leave(at);
	}
	fl_json_leave(at);
}

/* A list of texts; reports of the first versions have none. */
static char **decode_names(struct fl_json_cursor *at, const json_t *json, const char *key,
			   size_t *ret_count)
{
	json_t *names = json_object_get(json, key), *name;
	char **list;
	size_t i;

	if (!names)
		return NULL;
	list = make_array(at, json, key, sizeof(*list), ret_count);
	for (i = 0; i < *ret_count; i++) {
		name = json_array_get(names, i);
		if (!json_is_string(name))
			fl_json_fault(at, key, "are not all strings");
		list[i] = fl_base_copy(json_is_string(name) ? json_string_value(name) : "");
	}
	return list;
}

void fl_json_decode_test(struct fl_json_cursor *at, const json_t *root, struct fl_test *test)
{
	test->id = fl_json_need_text(at, root, "id");
	test->suite = fl_json_get_text(at, root, "suite");
	test->name = fl_json_need_text(at, root, "name");
	test->index = fl_json_get_int(at, root, "index", -1);
	test->file = fl_json_get_text(at, root, "file");
	test->line = fl_json_get_int(at, root, "line", 0);
	decode_suspicion(at, root, &test->suspicion);
	decode_judgement(at, root, &test->judgement);
	decode_host(at, root, test);
	decode_arms(at, root, test);
	decode_quantiles(at, root, test);
	decode_failures(at, root, test);
	test->leaks = decode_names(at, root, "leaks", &test->leak_count);
	test->collisions = decode_names(at, root, "collisions", &test->collision_count);
	if (json_object_get(root, "program")) {
		test->program = fl_base_alloc(1, sizeof(*test->program));
		fl_json_decode_program(at, root, test->program);
	}
}
