/* SPDX-License-Identifier: MIT */
/*
 * services.c - what the agent offers to adapters (adapter.h), and which file it is from.
 */
#define _GNU_SOURCE
#include "face/face.h"

static bool is_selected(const struct fl_group *group, uint32_t index)
{
	(void)group;
	return fl_ids_is_selected(index);
}

static bool is_excused(void)
{
	const struct fl_facts *facts = fl_agent.facts;

	return fl_agent_is_here(FL_AGENT_HOST) && facts && facts->failures &&
	       fl_agent.shared->in_flight == FL_IN_FLIGHT_TEST && fl_ids_get(facts->test) &&
	       fl_suspects_excuses(fl_ids_get(facts->test), facts->signal != 0);
}

/* The end of an attempt that is not group->run's, and of a rehearsal. */
static void finish(void)
{
	if (fl_agent_is_here(FL_AGENT_REHEARSAL))
		fl_agent_end(0);
	if (fl_agent_is_here(FL_AGENT_ATTEMPT))
		fl_attempt_end();
}

const struct fl_services fl_services = {
	.abi = FL_ADAPTER_ABI,
	.enter = fl_group_enter,
	.leave = fl_group_leave,
	.is_selected = is_selected,
	.is_recording = fl_record_is_recording,
	.begin = fl_record_begin,
	.phase = fl_record_phase,
	.phase_now = fl_record_phase_now,
	.failed = fl_record_failed,
	.skipped = fl_record_skipped,
	.message = fl_record_message,
	.place = fl_record_place,
	.caught = fl_record_caught,
	.setup_done = fl_record_setup_done,
	.environment = fl_attempt_environment,
	.own = fl_own_module,
	.own_range = fl_own_range,
	.is_own = fl_own_has,
	.is_excused = is_excused,
	.follow = fl_record_follow,
	.passed = fl_record_passed,
	.timed_out = fl_record_timed_out,
	.exited = fl_record_exited,
	.has_failure = fl_record_has_failure,
	.followed = fl_crash_pass_on,
	.expects = fl_record_expects,
	.gives_up = fl_record_gives_up,
	.seed = fl_random_seed,
	.patch_on = fl_patch_on,
	.patch_off = fl_patch_off,
	.watch = fl_patch_watch,
	.warn = fl_adapters_warn,
	.program = fl_entry_program,
	.own_jumps = fl_own_jumps,
	.hint = fl_record_hint,
	.finish = finish,
	.rehearse = fl_rehearse,
	.lasted = fl_record_lasted,
	.hand_over = fl_worker_announce,
	.worker = fl_worker_kind,
	.take_over = fl_worker_take_over,
	.serve = fl_worker_serve,
	.refuse = fl_worker_refuse,
	.postpone = fl_postpone,
	.nth = fl_face_nth,
	.is_passed_over = fl_face_is_passed_over,
	.returned = fl_face_returned,
	.fails_fast = fl_face_fails_fast,
	.hides_lines = fl_lines_are_on,
};
