/* SPDX-License-Identifier: MIT */
/*
 * json_encode.c - the model as JSON trees: here are the report's keys and their order.
 *
 * What is not known is null, never left out.  Nothing here can fail: memory is the
 * base's, all text has been made valid UTF-8, and json_pack's formats are constant.
 */
#include "json_tree.h"
#include "text.h"

#include <math.h>

static void *alloc(size_t size)
{
	return fl_base_alloc(1, size);
}

void fl_json_use_base_memory(void)
{
	json_set_alloc_funcs(alloc, free);
}

static json_t *text(const char *bytes)
{
	autofree char *harmless = fl_text_escape(bytes);

	return harmless ? json_string(harmless) : json_null();
}

static json_t *positive(int value)
{
	return value > 0 ? json_integer(value) : json_null();
}

static json_t *count(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *hex(uint64_t value)
{
	char word[sizeof("0xffffffffffffffff")];

	snprintf(word, sizeof(word), "0x%llx", (unsigned long long)value);
	return json_string(word);
}

/* As many digits as mean something, so that reading and writing again changes none. */
static json_t *rounded(double value, const char *format)
{
	char digits[512];

	if (!isfinite(value))
		return json_null();
	snprintf(digits, sizeof(digits), format, value);
	return json_real(strtod(digits, NULL));
}

static json_t *milliseconds(double value)
{
	return rounded(value, "%.4f");
}

static json_t *share(double value)
{
	return rounded(value, "%.6g");
}

static json_t *perturbations(uint32_t mask)
{
	json_t *words = json_array();
	int i;

	for (i = 0; i < FL_PERTURB_COUNT; i++)
		if (mask & (UINT32_C(1) << i))
			json_array_append_new(words, json_string(fl_perturbation_name(i)));
	return words;
}

static json_t *notes(uint32_t mask)
{
	json_t *words = json_array();
	int i;

	for (i = 0; i < FL_NOTE_COUNT; i++)
		if (mask & (UINT32_C(1) << i))
			json_array_append_new(words, json_string(fl_note_name(i)));
	return words;
}

static json_t *frame(const struct fl_frame *f)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}",
			 "pc", f->pc ? hex(f->pc) : json_null(),
			 "module", text(f->module),
			 "offset", f->module ? hex(f->offset) : json_null(),
			 "build_id", text(f->build_id),
			 "function", text(f->function),
			 "file", text(f->file),
			 "line", positive(f->line),
			 "inlined", f->is_inlined);
}

static json_t *backtrace(const struct fl_backtrace *b)
{
	json_t *frames = json_array();
	size_t i;

	for (i = 0; i < b->count; i++)
		json_array_append_new(frames, frame(&b->frames[i]));
	return frames;
}

/* Only where there are several: a key that most reports do not have. */
static json_t *with_threads(json_t *object, const struct fl_observation *o)
{
	json_t *array;
	size_t i;

	if (!o->thread_count)
		return object;
	array = json_array();
	for (i = 0; i < o->thread_count; i++)
		json_array_append_new(array, json_pack("{s:I, s:o, s:o}",
			"id", (json_int_t)o->threads[i].id,
			"name", text(o->threads[i].name),
			"backtrace", backtrace(&o->threads[i].backtrace)));
	json_object_set_new(object, "threads", array);
	return object;
}

static json_t *host(const struct fl_test *test)
{
	const struct fl_observation *o = &test->host;

	if (!test->has_host)
		return json_null();
	return with_threads(json_pack("{s:s, s:b, s:o, s:o, s:o, s:o, s:o}",
			 "outcome", fl_outcome_name(o->outcome),
			 "quarantined", o->is_quarantined,
			 "message", text(o->message),
			 "file", text(o->file),
			 "line", positive(o->line),
			 "backtrace", backtrace(&o->backtrace),
			 "duration_ms", milliseconds(o->duration_ms)), o);
}

static json_t *suspect(const struct fl_suspicion *s)
{
	if (s->why == FL_WHY_NONE)
		return json_null();
	return json_pack("{s:s, s:o, s:b, s:o, s:o, s:o, s:o}",
			 "why", fl_why_name(s->why),
			 "origin", text(s->origin),
			 "quarantined", s->is_quarantined,
			 "reason", text(s->reason),
			 "owner", text(s->owner),
			 "ticket", text(s->ticket),
			 "until", text(s->until));
}

static json_t *attempts(const struct fl_test *test)
{
	struct fl_counts counts = fl_test_counts(test);
	json_t *object = json_pack("{s:o}", "total", count(fl_counts_total(&counts)));
	int i;

	for (i = 0; i < FL_OUTCOME_COUNT; i++)
		json_object_set_new(object, fl_outcome_key(i), count(counts.by[i]));
	return object;
}

static json_t *arms(const struct fl_test *test)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < test->arm_count; i++) {
		const struct fl_arm *arm = &test->arms[i];

		json_array_append_new(array, json_pack("{s:o, s:s, s:b, s:o, s:o}",
			"perturbations", perturbations(arm->perturbations),
			"mode", fl_mode_name(arm->mode),
			"prefix", arm->has_prefix,
			"total", count(fl_counts_total(&arm->counts)),
			"non_pass", count(fl_counts_non_pass(&arm->counts))));
	}
	return array;
}

static json_t *interval(const struct fl_judgement *j)
{
	if (!j->has_interval)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:s}",
			 "low", share(j->interval.low),
			 "high", share(j->interval.high),
			 "level", share(j->interval.level),
			 "method", fl_method_name(j->interval.method));
}

static json_t *miss(const struct fl_judgement *j)
{
	if (!j->has_miss)
		return json_null();
	return json_pack("{s:o, s:o}",
			 "rate", share(j->miss.rate),
			 "probability", share(j->miss.probability));
}

static json_t *quantiles(const struct fl_test *test)
{
	const struct fl_quantiles *q = &test->duration_ms;

	if (!test->has_quantiles)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o}",
			 "min", milliseconds(q->min),
			 "median", milliseconds(q->median),
			 "p95", milliseconds(q->p95),
			 "max", milliseconds(q->max));
}

static json_t *seeds(const struct fl_failure *f)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < f->seed_count; i++)
		json_array_append_new(array, hex(f->seeds[i]));
	return array;
}

static json_t *failure(const struct fl_failure *f)
{
	json_t *object = with_threads(json_pack("{s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			 "signature", text(f->signature),
			 "outcome", fl_outcome_name(f->first.outcome),
			 "count", count(f->count),
			 "met", f->is_met_in_parallel ? "parallel" : "alone",
			 "message", text(f->first.message),
			 "file", text(f->first.file),
			 "line", positive(f->first.line),
			 "signal", positive(f->first.signal),
			 "backtrace", backtrace(&f->first.backtrace),
			 "output_tail", text(f->output_tail ? f->output_tail : ""),
			 "seeds", seeds(f),
			 "token", text(f->token),
			 "replay", text(f->replay)), &f->first);

	if (f->core)
		json_object_set_new(object, "core", text(f->core));
	return object;
}

static json_t *failures(const struct fl_test *test)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < test->failure_count; i++)
		json_array_append_new(array, failure(&test->failures[i]));
	return array;
}

static json_t *names(char *const *list, size_t length)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < length; i++)
		json_array_append_new(array, text(list[i]));
	return array;
}

static json_t *arguments(char *const *args)
{
	json_t *array = json_array();

	for (; args && *args; args++)
		json_array_append_new(array, text(*args));
	return array;
}

static json_t *ending(const struct fl_program *p)
{
	if (!p->has_exit)
		return json_null();
	return json_pack("{s:o, s:o}",
			 "code", p->exit_code >= 0 ? json_integer(p->exit_code) : json_null(),
			 "signal", positive(p->exit_signal));
}

static json_t *program(const struct fl_program *p)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			 "path", text(p->path),
			 "args", arguments(p->args),
			 "build_id", text(p->build_id),
			 "framework", text(p->framework),
			 "framework_version", text(p->framework_version),
			 "linkage", text(p->linkage),
			 "exit", ending(p));
}

json_t *fl_json_encode_test(const struct fl_test *test)
{
	const struct fl_judgement *j = &test->judgement;
	json_t *object = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:b, s:s?, s:o,"
			 " s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:n}",
			 "id", text(test->id),
			 "suite", text(test->suite),
			 "name", text(test->name),
			 "index", test->index >= 0 ? json_integer(test->index) : json_null(),
			 "file", text(test->file),
			 "line", positive(test->line),
			 "suspect", suspect(&test->suspicion),
			 "verdict", fl_verdict_name(j->verdict),
			 "notes", notes(j->notes),
			 "gates", j->gates,
			 "excuse", j->excuse ? fl_excuse_name(j->excuse) : NULL,
			 "seen_under", perturbations(j->seen_under),
			 "host", host(test),
			 "attempts", attempts(test),
			 "arms", arms(test),
			 "rate", j->has_rate ? share(j->rate) : json_null(),
			 "interval", interval(j),
			 "miss", miss(j),
			 "duration_ms", quantiles(test),
			 "failures", failures(test),
			 "leaks", names(test->leaks, test->leak_count),
			 "collisions", names(test->collisions, test->collision_count),
			 "cause");

	if (test->program)
		json_object_set_new(object, "program", program(test->program));
	return object;
}

static json_t *settings(const struct fl_settings *s)
{
	return json_pack("{s:o, s:s, s:o, s:o, s:i, s:o, s:s, s:s, s:s, s:o, s:o}",
			 "runs", count(s->runs),
			 "until", fl_until_name(s->until),
			 "time_s", s->has_time ? rounded(s->time_s, "%.3f") : json_null(),
			 "timeout_s", s->has_timeout ? rounded(s->timeout_s, "%.3f") : json_null(),
			 "jobs", s->jobs,
			 "perturb", perturbations(s->perturb),
			 "policy", fl_policy_name(s->policy),
			 "gate", fl_gate_name(s->gate),
			 "mode", fl_mode_name(s->mode),
			 "wrapper", text(s->wrapper),
			 "adapters", fl_json_encode_lines(s->adapters));
}

/* How a run that is still on, or was cut off, will end is not known. */
static json_t *run_itself(const struct fl_run *run)
{
	bool has_ended = !run->is_partial;

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}",
			 "id", text(run->id),
			 "seed", hex(run->seed),
			 "started", text(run->started),
			 "duration_ms", has_ended ? milliseconds(run->duration_ms) : json_null(),
			 "exit_code", has_ended ? json_integer(run->exit_code) : json_null(),
			 "settings", settings(&run->settings));
}

json_t *fl_json_encode_head(const struct fl_run *run)
{
	return json_pack("{s:i, s:{s:s, s:s}, s:o, s:{s:o, s:i}, s:o}",
			 "schema_version", 1,
			 "tool", "name", "flicker", "version", FL_VERSION,
			 "program", program(&run->program),
			 "host", "os", text(run->os), "cpus", run->cpus,
			 "run", run_itself(run));
}
