/* SPDX-License-Identifier: MIT */
/*
 * face.c - what FLICKER_FACE asks of the host: which tests run, in which order, how far.
 *
 * The command has read the command line and knows its grammar; here it is applied, by what
 * <flicker/face.h> shares with it.  One test after the other is counted through all groups
 * of the program, so each is asked about once, in its order.
 */
#define _GNU_SOURCE
#include "face.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

static bool has_failed;                 /* a test, so far */
static unsigned disabled;               /* that would run here if they were not */

static bool is_for_us(void)
{
	const struct fl_adapter *adapter = fl_agent.adapter;

	return adapter && !adapter->has_own_face && !adapter->is_program;
}

bool fl_face_is_on(void)
{
	return is_for_us() && fl_entry_setting("FACE");
}

/* Whoever has read the flags says so, be it that nothing is asked for. */
bool fl_face_takes_flags(void)
{
	return is_for_us() && fl_agent.channel_path[0] && fl_entry_setting_as_is("FACE");
}

const char *fl_face_text(enum fl_face_key key, size_t *ret_length)
{
	return fl_face_is_on() ? fl_face_value(fl_entry_setting("FACE"), key, ret_length) : NULL;
}

unsigned fl_face_number(enum fl_face_key key, unsigned otherwise)
{
	size_t length = 0, i;
	const char *text = fl_face_text(key, &length);
	unsigned number = 0;

	for (i = 0; text && i < length; i++)
		number = number * 10 + (unsigned)(text[i] - '0');
	return text && length ? number : otherwise;
}

static bool is_in_another_shard(uint32_t runnable)
{
	unsigned shards = fl_face_number(FL_FACE_SHARDS, 1);

	return shards > 1 && runnable % shards != fl_face_number(FL_FACE_SHARD, 0);
}

enum fl_face_choice fl_face_choose(const char *id)
{
	static uint32_t runnable;
	char name[3 * FL_WIRE_ID];
	size_t length = 0;
	const char *filter = fl_face_text(FL_FACE_FILTER, &length);
	bool is_named_so, is_disabled, is_elsewhere;

	if (!fl_face_is_on())
		return FL_FACE_RUNS;
	fl_face_show(id, name, sizeof(name));
	if (filter && !fl_face_matches(filter, length, name))
		return FL_FACE_LEFT_OUT;
	is_named_so = fl_face_is_disabled(name);
	is_disabled = is_named_so && !fl_face_number(FL_FACE_DISABLED, 0);
	is_elsewhere = is_in_another_shard(runnable);
	runnable += !is_disabled;
	disabled += is_disabled && !is_elsewhere;
	if (is_disabled || is_elsewhere)
		return is_named_so ? FL_FACE_IS_DISABLED : FL_FACE_LEFT_OUT;
	return FL_FACE_RUNS;
}

unsigned fl_face_disabled(void)
{
	return disabled;
}

/* ---- the order ---- */

static uint32_t *order;                 /* of the present group; NULL: their own */
static uint32_t order_count;
static bool is_followed;                /* the adapter has asked for it */

/* Where the suite of entry `from` ends, in the order in which they stand. */
static uint32_t end_of_suite(uint32_t from)
{
	uint32_t to = from + 1;

	while (to < order_count && fl_ids_is_same_suite(from, to))
		to++;
	return to;
}

/*
 * First the suites, then the tests in each, in the order in which these stand in the program
 * (UnitTestImpl::ShuffleTests).  `room` takes the suites' beginnings, and those shuffled.
 */
static void draw(uint32_t *room)
{
	uint32_t state = fl_face_number(FL_FACE_SHUFFLE, 1), suites = 0, i, k, at, end;
	uint32_t *shuffled = room + order_count, *within = shuffled + order_count;

	for (i = 0; i < order_count; i = end_of_suite(i))
		shuffled[suites] = room[suites] = i, suites++;
	fl_face_shuffle(&state, shuffled, suites);
	for (i = 0; i < order_count; i++)
		within[i] = i;
	for (i = 0; i < suites; i++)
		fl_face_shuffle(&state, within + room[i], end_of_suite(room[i]) - room[i]);
	for (i = 0, at = 0; i < suites; i++)
		for (k = shuffled[i], end = end_of_suite(k); k < end; k++)
			order[at++] = within[k];
}

static void shuffle(const struct fl_group *group)
{
	size_t bytes = 4 * (size_t)group->count * sizeof(*order);
	void *memory;

	is_followed = false;
	if (!fl_face_number(FL_FACE_SHUFFLE, 0))
		return;
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return;
	order = memory;
	order_count = group->count;
	draw(order + order_count);
}

uint32_t fl_face_nth(const struct fl_group *group, uint32_t n)
{
	(void)group;
	is_followed = true;
	return order && n < order_count && fl_agent_is_here(FL_AGENT_HOST) ? order[n] : n;
}

uint32_t fl_face_entry_at(uint32_t n)
{
	return order && is_followed && n < order_count ? order[n] : n;
}

static void forget_order(void)
{
	if (!order)
		return;
	munmap(order, 4 * (size_t)order_count * sizeof(*order));
	order = NULL;
	if (!is_followed)
		fl_shared_warn("shuffle: this framework says itself in which order its tests run");
}

/* ---- the first failure ---- */

static bool was_asked;                  /* whether to pass over the present test */
static bool has_switch;                 /* the framework itself goes no further */

bool fl_face_fails_fast(void)
{
	has_switch = fl_agent_is_here(FL_AGENT_HOST) && fl_face_number(FL_FACE_FAIL_FAST, 0);
	return has_switch;
}

bool fl_face_is_cut_short(void)
{
	return has_failed && fl_face_number(FL_FACE_FAIL_FAST, 0);
}

bool fl_face_is_passed_over(void)
{
	was_asked = true;
	if (!fl_face_is_cut_short() || fl_agent.role != FL_AGENT_HOST || !fl_record_is_recording())
		return false;
	fl_record_skipped();
	return true;
}

static void note_end(bool is_failed)
{
	if (fl_face_is_cut_short() && !was_asked && !has_switch)
		fl_shared_warn("fail_fast: this framework goes on behind the first failure");
	has_failed |= is_failed;
	was_asked = false;
}

/* ---- what happens in the host ---- */

static bool has_lines_here(void)
{
	return fl_agent.group && !fl_agent.group->has_workers && fl_lines_are_on();
}

void fl_face_enter(const struct fl_group *group)
{
	if (!fl_face_is_on())
		return;
	shuffle(group);
	if (fl_lines_are_on())
		fl_lines_group(group);
	if (has_lines_here())
		fl_mute_on();
}

void fl_face_leave(void)
{
	if (fl_lines_are_on())
		fl_lines_leave();       /* in that order, too */
	forget_order();
	fl_mute_off();
}

void fl_face_begin(uint32_t index)
{
	if (fl_lines_are_on())
		fl_lines_begin(index);
}

/* A test's own process ends behind it: what its exit handlers print is the test's. */
void fl_face_returned(void)
{
	if (fl_agent_is_here(FL_AGENT_HOST) && has_lines_here())
		fl_mute_on();
}

void fl_face_phase(enum fl_phase phase)
{
	if (phase == FL_PHASE_AFTER)
		fl_face_returned();
	else
		fl_mute_off();
}

/* Where the failing function is on the stack; a debugger, or the core, shows it. */
void fl_face_failed(const struct fl_facts *facts)
{
	if (!fl_face_is_on())
		return;
	if (fl_lines_are_on() && !fl_agent.is_follower)
		fl_words_failure(facts);
	if (fl_face_number(FL_FACE_BREAK, 0))
		raise(SIGTRAP);
}

bool fl_face_shows(const char *text, const char *file, int line)
{
	if (!fl_face_is_on() || !has_lines_here() || fl_agent.shared->in_flight != FL_IN_FLIGHT_TEST)
		return false;
	if (text)
		fl_words_own_failure(text, file, line);
	return true;
}

/* Policy quarantine: the framework shows it as a skip, so do we. */
static bool is_excused(const struct fl_facts *facts)
{
	return (facts->flags & FL_FACT_SKIPPED) &&
	       fl_suspects_excuses(fl_ids_get(facts->test), facts->signal != 0);
}

void fl_face_end(const struct fl_facts *facts, bool is_failed)
{
	if (!fl_face_is_on())
		return;
	is_failed = is_failed && !is_excused(facts);
	note_end(is_failed);
	if (has_lines_here())
		fl_mute_on();
	if (fl_lines_are_on())
		fl_lines_end(facts, is_failed);
}

void fl_face_finish(void)
{
	static bool is_finished;                /* its exit may have been held before */

	if (!fl_lines_are_on() || is_finished)
		return;
	fl_mute_off();
	if (!fl_agent.group)            /* in the middle of a test GoogleTest says nothing, either */
		fl_lines_finish();
	is_finished = true;
}
