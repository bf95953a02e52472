/* SPDX-License-Identifier: MIT */
/*
 * whole.c - a program that the agent cannot be in: its end is all there is to see.
 *
 * Static, setuid, a script for such an interpreter.  The program's own run and every attempt,
 * a fresh process each, are judged by how they ended and by nothing else; their seeds reach
 * them in the environment alone.
 */
#define _GNU_SOURCE
#include "../internal.h"

#include "launch.h"

#include <flicker/id.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>

void fl_whole_expect(struct fl_facts *facts)
{
	facts->flags |= FL_FACT_BY_STATUS | FL_FACT_REACHED;
	facts->phase = FL_PHASE_TEST;
	facts->skip_exit = FL_SESSION_SKIPPED;
	facts->error_exit = 99;
}

int fl_whole_watch(struct fl_session *session)
{
	uint64_t limit_ns = session->settings->timeout_ms * 1000000ull;
	struct pollfd ready[] = {
		{ session->child_pidfd, POLLIN, 0 },
		{ fl_caller_wake_fd(), POLLIN, 0 },
	};

	while (!fl_session_reap(session)) {
		poll(ready, FL_COUNT(ready), 100);
		if (fl_caller_has_interrupted())
			return -EINTR;
		if (limit_ns && !session->has_host_hung &&
		    fl_clock_ns() > session->launched_ns + limit_ns) {
			session->has_host_hung = true;
			kill(session->child, SIGKILL);
		}
	}
	return 0;
}

static void set_host(struct fl_session *session, struct fl_case *item)
{
	struct fl_facts facts = {
		.started_ns = session->launched_ns,
		.duration_ns = fl_clock_ns() - session->launched_ns,
		.status = session->child_status,
		.flags = session->has_host_hung ? FL_FACT_TIMED_OUT : 0,
	};

	fl_whole_expect(&facts);
	fl_discover_set_host(session, item, &facts);
}

static struct fl_case *add_test(struct fl_session *session)
{
	const char *name = fl_launch_name(session->settings);
	char id[FL_WIRE_ID];

	fl_id_format(id, sizeof(id), NULL, name);
	fl_cases_add_group(&session->cases, "")->refused =
		fl_base_format("flicker cannot be loaded into it, for %s", session->settings->agentless);
	return fl_discover_add_test(session, &(struct fl_discovered){
		.id = id, .suite = "", .name = name, .is_selected = true,
	});
}

int fl_whole_observe(struct fl_session *session)
{
	const struct fl_session_settings *settings = session->settings;
	struct fl_program *program = &session->run->program;
	struct fl_case *item;
	int r;

	session->is_program = true;
	program->framework = fl_base_copy("process");
	program->framework_version = fl_base_copy("");
	program->linkage = fl_base_copy("");
	fl_program_describe_host(session, settings->path, NULL);
	fl_image_of_launch(&session->image, settings->path, settings->argv);
	r = fl_discover_start(session);
	item = r < 0 ? NULL : add_test(session);
	if (item && session->is_child_reaped)
		set_host(session, item);
	if (item)
		fl_parts_host(session);
	if (item && !settings->is_list)
		r = fl_host_attempt_group(session);
	if (session->cases.group_count)
		session->cases.groups[0].is_ended = true;
	session->run->program.has_exit = true;
	return r;
}
