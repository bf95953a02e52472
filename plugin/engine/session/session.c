/* SPDX-License-Identifier: MIT */
/*
 * session.c - the loop of a session: who connects, who waits, who has ended.
 *
 * The host runs its tests by itself; it stops to wait for us only when a group or
 * the program is over.  Then, if a suspect has attempts to be made, its template
 * is called and serves until there is nothing more to do, and the host may go on.
 * A host that dies leaves its template behind, which connects by itself.
 */
#define _GNU_SOURCE
#include "internal.h"

#include "../judge/classify.h"
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum {
	TICK_MS = 100,
	TEMPLATE_MS = 5000,             /* within which a called template connects */
	HOST_MS = 10000,                /* within which the program that called `attach` connects */
	HANG_MS = 60000,                /* of a test in the host, where no time is known */
};

/* ---- interruption ---- */

static volatile sig_atomic_t is_interrupted;
static int wake[2] = { -1, -1 };

void fl_session_interrupt(void)
{
	int saved = errno;

	is_interrupted = 1;
	if (wake[1] >= 0 && write(wake[1], "", 1) < 0)
		errno = saved;
	errno = saved;
}

bool fl_session_is_interrupted(void)
{
	return is_interrupted;
}

int fl_session_wake_fd(void)
{
	return wake[0];
}

void fl_session_warn(struct fl_session *session, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (session->events->warning)
		session->events->warning(session->events->context, text);
}

/* ---- the program we started ---- */

static bool reap_child(struct fl_session *session)
{
	if (session->is_child_reaped || !session->child)
		return session->is_child_reaped;
	if (waitpid(session->child, &session->child_status, WNOHANG) == session->child)
		session->is_child_reaped = true;
	return session->is_child_reaped;
}

static void end_child(struct fl_session *session)
{
	if (session->child && !session->is_child_reaped) {
		kill(session->child, SIGKILL);
		waitpid(session->child, &session->child_status, 0);
		session->is_child_reaped = true;
	}
}

/* ---- connections ---- */

static int take_connection(struct fl_session *session)
{
	pid_t pid = 0;
	int r = fl_link_accept(&session->link, &pid);

	switch (r) {
	case FL_ARRIVAL_HOST:
	case FL_ARRIVAL_TEMPLATE:
		return fl_discover(session);
	case FL_ARRIVAL_STRANGER:
		fl_session_warn(session, "a second test program (process %d) ran beside and was not watched", (int)pid);
		return 0;
	case -EPROTO:
		fl_session_warn(session, "libflicker.so and flicker are of different versions");
		return 0;
	default:
		return 0;               /* a peer that went away is no fault of the session's */
	}
}

/* The template of `group`, called through the host if need be; false: there is none. */
static bool await_template(struct fl_session *session)
{
	uint64_t deadline_ns = fl_clock_ns() + TEMPLATE_MS * 1000000ull;

	while (session->link.template < 0 && fl_clock_ns() < deadline_ns && !is_interrupted) {
		struct pollfd ready[] = {
			{ session->link.listener, POLLIN, 0 },
			{ wake[0], POLLIN, 0 },
		};

		if (poll(ready, 2, TICK_MS) > 0 && ready[0].revents)
			take_connection(session);
	}
	return session->link.template >= 0;
}

/* ---- a group's attempts ---- */

static uint32_t present_group(const struct fl_session *session)
{
	return session->link.shared ? session->link.shared->group : 0;
}

/* Attempts and verdicts of the group that the host is in or has just left. */
static int attempt_group(struct fl_session *session)
{
	uint32_t group = present_group(session);
	struct fl_case_group *place = fl_cases_group(&session->cases, group);
	int r = 0;

	if (!place)
		return 0;
	if (fl_observe_has_work(session)) {
		if (session->link.template < 0 && session->link.host >= 0 && !place->refused)
			fl_link_send(session->link.host, FL_RECORD_SERVE, "", 1);
		if (!place->refused && await_template(session))
			r = fl_observe_group(session, group);
		else if (!is_interrupted)
			fl_session_warn(session, "no attempts in group '%s': %s", place->name,
					place->refused ? place->refused : "its template does not answer");
	}
	if (r >= 0)
		r = fl_settle_group(session, group);
	fl_link_drop_template(&session->link);
	if (session->events->progress)
		session->events->progress(session->events->context, &(struct fl_progress){ 0 });
	return r;
}

/* ---- the host speaks ---- */

static int answer_host(struct fl_session *session, int exit_code)
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
static int hear_host(struct fl_session *session)
{
	static struct fl_packet packet;
	int n = fl_link_receive(session->link.host, &packet);
	int r;

	if (n <= 0) {
		fl_link_drop_host(&session->link);
		return 0;
	}
	r = fl_discover(session);
	if (r < 0)
		return r;
	if (packet.head.kind == FL_RECORD_EXIT) {
		fl_discover_lost_host(session);         /* in mid-test: that one ended early */
		if (present_group(session) < session->cases.group_count &&
		    !session->cases.groups[present_group(session)].is_ended)
			r = attempt_group(session);
		return r < 0 ? r : 1;
	}
	r = attempt_group(session);
	return r < 0 ? r : answer_host(session, 0);
}

/* ---- the host falls silent ---- */

/* It died, or we ended it: the group it was in. */
static int finish_lost_host(struct fl_session *session)
{
	uint32_t group;
	int r = fl_discover(session);

	session->is_host_gone = true;
	fl_link_drop_host(&session->link);
	if (r < 0 || !session->link.shared)
		return r;
	reap_child(session);
	fl_discover_lost_host(session);
	group = present_group(session);
	if (group < session->cases.group_count && !session->cases.groups[group].is_ended)
		r = attempt_group(session);
	return r;
}

static uint64_t hang_ns(const struct fl_session *session)
{
	uint32_t ms = session->settings->timeout_ms;

	return (ms ? ms : HANG_MS) * 1000000ull;
}

/* Under `run` a test that does not come back in the host is a timeout, and the host is ended. */
static void watch_host(struct fl_session *session)
{
	const struct fl_shared *shared = session->link.shared;
	uint32_t group;
	struct fl_case *item;
	struct fl_facts facts = { 0 };

	if (!shared || !session->child || session->is_host_gone || session->link.host < 0 ||
	    shared->in_flight != FL_IN_FLIGHT_TEST ||
	    fl_clock_ns() - shared->host.started_ns < hang_ns(session))
		return;
	fl_discover(session);
	fl_classify_copy(&shared->host, FL_FACTS_HOST, &facts);
	group = shared->group;
	item = fl_cases_find(&session->cases, group, facts.test);
	if (shared->in_flight != FL_IN_FLIGHT_TEST || !item)
		return;
	facts.flags = (facts.flags & ~FL_FACT_DONE) | FL_FACT_TIMED_OUT | FL_FACT_EXACT_PC;
	facts.pcs = (uint32_t)fl_stacks_read(session->link.host_pid, facts.pc, FL_WIRE_PCS);
	facts.duration_ns = fl_clock_ns() - facts.started_ns;
	fl_discover_set_host(session, item, &facts);
	kill(session->link.host_pid, SIGKILL);
}

static bool is_host_ended(const struct fl_session *session)
{
	struct pollfd ready = { session->link.host_pidfd, POLLIN, 0 };

	if (session->link.host_pidfd < 0)       /* none, or dead before it could be watched */
		return session->link.host_pid > 0;
	return poll(&ready, 1, 0) > 0 && ready.revents;
}

/* ---- the loop ---- */

/* Until the program has ended (0), the host asks for its exit code (1), or an error. */
static int watch(struct fl_session *session)
{
	for (;;) {
		struct pollfd ready[] = {
			{ session->link.listener, POLLIN, 0 },
			{ session->link.host, POLLIN, 0 },
			{ session->is_host_gone ? -1 : session->link.host_pidfd, POLLIN, 0 },
			{ session->child_pidfd, POLLIN, 0 },
			{ wake[0], POLLIN, 0 },
		};
		int n = poll(ready, FL_COUNT(ready), TICK_MS), r = 0;
		bool is_over;

		if (is_interrupted)
			return -EINTR;
		if (n > 0 && ready[0].revents)
			r = take_connection(session);
		if (r >= 0 && n > 0 && ready[1].revents)
			r = hear_host(session);
		if (r)
			return r;
		watch_host(session);
		is_over = session->child ? reap_child(session) : is_host_ended(session);
		if (!session->is_host_gone && is_host_ended(session))
			r = finish_lost_host(session);
		if (r < 0 || is_over)
			return r;
	}
}

/* What is left once the program is gone: a host that died unseen, tests not judged. */
static int wind_up(struct fl_session *session)
{
	uint32_t group;
	int r = 0;

	if (session->link.template >= 0 && !session->is_host_gone && !is_interrupted)
		r = finish_lost_host(session);
	if (r >= 0)
		r = fl_discover(session);
	for (group = 0; r >= 0 && group < session->cases.group_count; group++)
		r = fl_settle_group(session, group);
	fl_discover_unused(session);
	return r;
}

static void complete_run(struct fl_session *session)
{
	struct fl_run *run = session->run;

	run->duration_ms = (double)(fl_clock_ns() - session->started_ns) / 1e6;
	if (session->is_child_reaped) {
		run->program.has_exit = true;
		run->program.exit_signal = WIFSIGNALED(session->child_status) ?
			WTERMSIG(session->child_status) : 0;
		run->program.exit_code = WIFEXITED(session->child_status) ?
			WEXITSTATUS(session->child_status) : -1;
	}
	run->has_attempts_missing = session->has_attempts_missing;
	run->attempts_ms = (double)session->attempted_ns / 1e6;
}

static int open_session(struct fl_session *session, struct fl_error *error)
{
	fl_link_init(&session->link);
	session->child_pidfd = -1;
	session->started_ns = fl_clock_ns();
	is_interrupted = 0;
	if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) < 0)
		return fl_error_set(error, -errno, "cannot make a pipe: %s", strerror(errno));
	fl_program_describe(session);
	return fl_link_open(&session->link, error);
}

static void close_session(struct fl_session *session)
{
	size_t i;

	if (session->link.template_pid > 0)
		kill(session->link.template_pid, SIGKILL);
	end_child(session);
	fl_link_close(&session->link);
	fl_cases_clear(&session->cases);
	for (i = 0; i < session->annotation_count; i++)
		fl_annotation_clear(&session->annotations[i]);
	free(session->annotations);
	for (i = 0; i < session->other_count; i++)
		free(session->others[i]);
	free(session->others);
	fl_symbols_free(session->symbols);
	fl_base_close(&session->child_pidfd);
	fl_base_close(&wake[0]);
	fl_base_close(&wake[1]);
	wake[0] = wake[1] = -1;
}

/* Also when interrupted: what was seen is judged, told and handed back. */
static int conclude(struct fl_session *session, int r)
{
	int last = r == -EINTR || r >= 0 ? wind_up(session) : 0;

	if (r == -EINTR)
		end_child(session);
	complete_run(session);
	return r < 0 ? r : last;
}

int fl_session_run(const struct fl_session_settings *settings, const struct fl_events *events,
		   struct fl_run *ret_run, struct fl_error *error)
{
	struct fl_session session = {
		.settings = settings,
		.events = events,
		.error = error,
		.run = ret_run,
	};
	int r;

	*ret_run = (struct fl_run){ 0 };
	r = open_session(&session, error);
	if (r >= 0) {
		session.child = fl_launch(settings, session.link.path, error);
		r = session.child < 0 ? session.child : 0;
		if (session.child < 0)
			session.child = 0;
		else
			session.child_pidfd = (int)syscall(SYS_pidfd_open, session.child, 0u);
	}
	while (r >= 0) {
		r = watch(&session);
		if (r <= 0)
			break;
		r = answer_host(&session, ret_run->program.exit_code);
	}
	r = conclude(&session, r);
	if (r >= 0 && session.is_started && !ret_run->test_count && session.other_count)
		r = fl_error_set(error, -ENOENT, "no test of '%s' is selected", settings->argv[0]);
	if (r >= 0 && !session.is_started)
		r = fl_error_set(error, -ENOEXEC, "'%s' ran no tests that flicker knows to watch; it knows programs that use a shared libcmocka",
				 settings->argv[0]);
	close_session(&session);
	return r;
}

/* The host that called us; it connects as soon as it knows the path. */
static int await_host(struct fl_session *session, int ready_fd)
{
	uint64_t deadline_ns = fl_clock_ns() + HOST_MS * 1000000ull;
	int r = fl_file_write_all(ready_fd, session->link.path, strlen(session->link.path));

	close(ready_fd);
	while (r >= 0 && !session->link.shared && fl_clock_ns() < deadline_ns && !is_interrupted) {
		struct pollfd ready[] = {
			{ session->link.listener, POLLIN, 0 },
			{ wake[0], POLLIN, 0 },
		};

		if (poll(ready, 2, TICK_MS) > 0 && ready[0].revents)
			r = take_connection(session);
	}
	if (r >= 0 && !session->link.shared)
		return fl_error_set(session->error, -ETIMEDOUT, "the program that called does not connect");
	return r;
}

int fl_session_attach(const struct fl_session_settings *settings, const struct fl_events *events,
		      int ready_fd, int (*decide)(void *context, const struct fl_run *run),
		      struct fl_run *ret_run, struct fl_error *error)
{
	struct fl_session session = {
		.settings = settings,
		.events = events,
		.error = error,
		.run = ret_run,
	};
	int r, code;

	*ret_run = (struct fl_run){ 0 };
	r = open_session(&session, error);
	if (r >= 0)
		r = await_host(&session, ready_fd);
	/* A template alone: the host died before anyone was called. */
	if (r >= 0)
		r = session.link.host < 0 ? 0 : watch(&session);
	code = r;
	r = conclude(&session, r);
	if (decide) {
		int exit_code = decide(events->context, ret_run);

		if (code == 1 && session.link.host >= 0)
			answer_host(&session, exit_code);
	}
	close_session(&session);
	return r < 0 ? r : 0;
}

int fl_session_exit_code(const struct fl_run *run, bool is_under_preload)
{
	struct fl_totals totals = fl_run_totals(run);
	const struct fl_program *program = &run->program;
	int own = program->exit_signal ? 128 + program->exit_signal : program->exit_code;

	if (totals.by_verdict[FL_VERDICT_FAILING])
		return is_under_preload && own ? own : 1;
	if (totals.by_verdict[FL_VERDICT_FLAKY])
		return 2;
	return run->has_attempts_missing ? 3 : own;
}
