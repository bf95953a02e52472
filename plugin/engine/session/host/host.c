/* SPDX-License-Identifier: MIT */
/*
 * host.c - the test program from outside: it connects, speaks, falls silent, hangs.
 *
 * When it waits for us a group is over, and the group's suspects have their attempts.
 * A host that dies leaves its template, which connects by itself.
 *
 * A program without a framework is a provisional host: nothing of it is read, for it may be a
 * script or a driver, until it has ended and no other has come.  Then it was the test.
 */
#define _GNU_SOURCE
#include "../internal.h"

#include "../../judge/classify.h"
#include "launch.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

enum {
	TICK_MS = 100,
	TEMPLATE_MS = 5000,             /* within which a called template connects */
};

/* ---- connections ---- */

/* A driver has started a program with tests behind, or beside, the first. */
static void tell_stranger(struct fl_session *session, pid_t pid)
{
	autofree char *link = fl_base_format("/proc/%d/exe", (int)pid);
	autofree char *path = realpath(link, NULL);

	if (path)
		fl_caller_warn(session, "another test program, '%s', ran too and was not watched, for a run watches"
			       " one: 'flicker run -- %s' watches that", path, path);
	else
		fl_caller_warn(session, "another test program, process %d, ran too and was not watched, for a run"
			       " watches one: give it a 'flicker run' of its own", (int)pid);
}

int fl_host_accept(struct fl_session *session)
{
	pid_t pid = 0;
	int r = fl_link_accept(&session->link, &pid);

	switch (r) {
	case FL_ARRIVAL_HOST:
		session->is_host_unheard = false;
		session->still_looks = 0;
		session->images += session->link.is_provisional;
		return fl_discover(session);
	case FL_ARRIVAL_TEMPLATE:
		return fl_discover(session);
	case FL_ARRIVAL_STRANGER:
		tell_stranger(session, pid);
		return 0;
	case -EPROTO:
		fl_caller_warn(session, "libflicker.so and flicker are of different versions");
		return 0;
	default:
		return 0;               /* a peer that went away is no fault of the session's */
	}
}

static bool is_someone_there(const struct fl_session *session)
{
	struct pollfd ready = { session->link.listener, POLLIN, 0 };

	return poll(&ready, 1, 0) > 0;
}

int fl_host_await(struct fl_session *session)
{
	struct pollfd ready[] = {
		{ session->link.listener, POLLIN, 0 },
		{ fl_caller_wake_fd(), POLLIN, 0 },
	};

	return poll(ready, 2, TICK_MS) > 0 && ready[0].revents ? fl_host_accept(session) : 0;
}

/* The present group's template, which was called or comes by itself; false: it does not. */
static bool await_template(struct fl_session *session)
{
	uint64_t deadline_ns = fl_clock_ns() + TEMPLATE_MS * 1000000ull;

	while (session->link.template < 0 && fl_clock_ns() < deadline_ns &&
	       !fl_caller_has_interrupted())
		fl_host_await(session);
	return session->link.template >= 0;
}

/* ---- a group's attempts ---- */

static uint32_t present_group(const struct fl_session *session)
{
	return session->link.shared ? session->link.shared->group : 0;
}

/* A host that was dead before we looked is read from its copy, or known by how it was launched. */
static void find_image(struct fl_session *session, const struct fl_case_group *place)
{
	if (session->image.path)
		return;
	if (!place->refused && fl_host_has_ended(session))
		await_template(session);
	fl_image_read(&session->image, session->link.template_pid, session->started_in);
	if (!session->image.path && (session->is_program || session->link.host_pid == session->child))
		fl_image_of_launch(&session->image, session->settings->path, session->settings->argv);
}

/* The template, if forks are wanted and can be had. */
static bool call_template(struct fl_session *session, const struct fl_case_group *place)
{
	if (session->settings->mode == FL_MODE_EXEC || place->refused)
		return false;
	if (session->link.template < 0 && session->link.host >= 0)
		fl_link_send(session->link.host, FL_RECORD_SERVE, "", 1);
	return await_template(session);
}

static int observe(struct fl_session *session, const struct fl_case_group *place, uint32_t group)
{
	const char *why = place->refused ? place->refused : "its template does not answer";
	bool has_template = call_template(session, place);
	bool can_exec;
	/* Where the runner was given all suites at once, the group has no name. */
	autofree char *words = *place->name ? fl_base_format(" in group '%s'", place->name) :
					      fl_base_copy("");

	find_image(session, place);
	can_exec = fl_exec_is_possible(session) && session->settings->mode != FL_MODE_FORK;
	if (fl_caller_has_interrupted())
		return 0;
	if (!has_template && !can_exec) {
		fl_caller_warn(session, "no attempts%s: %s", words, why);
		return 0;
	}
	if (!has_template && session->settings->mode != FL_MODE_EXEC)
		fl_caller_warn(session, "all attempts%s are fresh processes: %s", words, why);
	return fl_observe_group(session, group);
}

/* Attempts and verdicts of the group that the host is in or has just left. */
int fl_host_attempt_group(struct fl_session *session)
{
	uint32_t group = present_group(session);
	struct fl_case_group *place = fl_cases_group(&session->cases, group);
	int r;

	if (!place)
		return 0;
	fl_choose_suspects(session, group);
	r = fl_settle_idle(session, group);
	if (r >= 0 && fl_choose_has_work(session))
		r = observe(session, place, group);
	if (r >= 0)
		r = fl_settle_group(session, group);
	fl_memory_look(session);
	fl_link_drop_template(&session->link);
	if (session->events->progress)
		session->events->progress(session->events->context, &(struct fl_progress){ 0 });
	return r;
}

/* ---- a program without a framework ---- */

/* It is the host: no other has come. */
void fl_host_claim(struct fl_session *session)
{
	if (session->link.is_provisional && session->settings->adapter)
		fl_caller_warn(session, "'--adapter' knows no framework there: the program itself is the one test");
	session->is_program |= session->link.is_provisional;
	session->link.is_provisional = false;
}

/* Under replay: the interpreter of a script, and it is what the script becomes that is meant. */
static bool is_another(const struct fl_session *session)
{
	const struct fl_replay *replay = session->settings->replay;

	return replay && replay->binary && session->images == 1 &&
	       fl_launch_is_script(session->settings) &&
	       !fl_program_is_binary(session->link.host_pid, replay->binary);
}

/* Who is on the way is still let in; then it was the test, and its copy serves. */
static int claim_dead(struct fl_session *session)
{
	struct fl_case_group *place;
	int r = 0;

	while (session->link.is_provisional && r >= 0 && is_someone_there(session))
		r = fl_host_accept(session);
	if (r < 0 || !session->link.is_provisional)
		return r;
	fl_host_claim(session);
	r = fl_discover(session);
	place = fl_cases_group(&session->cases, 0);
	if (r < 0 || !place || place->is_ended)
		return r;
	find_image(session, place);
	return r;
}

/* ---- the host speaks ---- */

int fl_host_answer(struct fl_session *session, int exit_code)
{
	struct fl_record_exit go = { .code = exit_code };

	if (fl_link_send(session->link.host, FL_RECORD_GO, &go, sizeof(go)) < 0)
		fl_link_drop_host(&session->link);
	return 0;
}

/*
 * 0: go on; 1: the host asks for its exit code, all its attempts are made; or an
 * error of an event.
 */
int fl_host_hear(struct fl_session *session)
{
	static struct fl_packet packet;
	int n = fl_link_receive(session->link.host, &packet);
	int r;

	if (n <= 0) {
		session->is_host_unheard = !session->link.is_provisional && !session->is_program &&
					   !fl_host_has_ended(session) && !session->run->program.has_exit;
		fl_link_drop_host(&session->link);
		return 0;
	}
	if (session->link.is_provisional && is_another(session))
		return fl_host_answer(session, 1);
	fl_host_claim(session);
	r = fl_discover(session);
	if (r < 0)
		return r;
	if (packet.head.kind == FL_RECORD_EXIT) {
		fl_discover_lost_host(session);         /* in mid-test: that one ended early */
		if (present_group(session) < session->cases.group_count &&
		    !session->cases.groups[present_group(session)].is_ended)
			r = fl_host_attempt_group(session);
		return r < 0 ? r : 1;
	}
	r = fl_host_attempt_group(session);
	return r < 0 ? r : fl_host_answer(session, 0);
}

/* ---- the host falls silent ---- */

/* It died, or we ended it: the group it was in. */
int fl_host_lose(struct fl_session *session)
{
	uint32_t group;
	int r = fl_discover(session);

	if (r >= 0 && session->link.is_provisional) {
		r = claim_dead(session);
		if (!session->is_program)
			return r;       /* another has come, and lives */
	}
	session->is_host_gone = true;
	fl_link_drop_host(&session->link);
	if (r < 0 || !session->link.shared)
		return r;
	fl_session_reap(session);
	fl_discover_lost_host(session);
	if (session->is_program)
		fl_parts_host(session);
	group = present_group(session);
	if (group < session->cases.group_count && !session->cases.groups[group].is_ended)
		r = fl_host_attempt_group(session);
	if (session->is_program && group < session->cases.group_count)
		session->cases.groups[group].is_ended = true;
	return r;
}

bool fl_host_has_ended(const struct fl_session *session)
{
	struct pollfd ready = { session->link.host_pidfd, POLLIN, 0 };

	if (session->link.host_pidfd < 0)       /* none, or dead before it could be watched */
		return session->link.host_pid > 0;
	return poll(&ready, 1, 0) > 0 && ready.revents;
}
