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

#include "../../base/process.h"
#include "../judge/debugfile.h"
#include "../judge/gate.h"
#include "host/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum {
	TICK_MS = 100,
	DAEMON_MS = 500,                /* for a daemon whose starter has ended to come to its tests */
	HOST_MS = 10000,                /* within which the program that called `attach` connects */
};

/* ---- the program we started ---- */

bool fl_session_reap(struct fl_session *session)
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

/* ---- the loop ---- */

/* Until the program has ended (0), the host asks for its exit code (1), or an error. */
static int watch(struct fl_session *session)
{
	uint64_t over_ns = 0;

	for (;;) {
		struct pollfd ready[] = {
			{ session->link.listener, POLLIN, 0 },
			{ session->link.host, POLLIN, 0 },
			{ session->is_host_gone ? -1 : session->link.host_pidfd, POLLIN, 0 },
			{ session->is_child_reaped ? -1 : session->child_pidfd, POLLIN, 0 },
			{ fl_caller_wake_fd(), POLLIN, 0 },
		};
		int n = poll(ready, FL_COUNT(ready), TICK_MS), r = 0;
		bool is_over;

		if (fl_caller_has_interrupted())
			return -EINTR;
		if (n > 0 && ready[0].revents)
			r = fl_host_accept(session);
		if (r >= 0 && n > 0 && ready[1].revents && ready[1].fd == session->link.host)
			r = fl_host_hear(session);
		if (r)
			return r;
		fl_host_watch(session);
		is_over = session->child ? fl_session_reap(session) : fl_host_has_ended(session);
		if (is_over && session->link.host_pidfd >= 0 && !fl_host_has_ended(session))
			is_over = false;                /* it has left its starter behind */
		if (is_over && !over_ns)
			over_ns = fl_clock_ns();
		if (is_over && !session->link.shared && fl_clock_ns() < over_ns + DAEMON_MS * 1000000ull)
			is_over = false;
		if (!session->is_host_gone && fl_host_has_ended(session))
			r = fl_host_lose(session);
		if (r < 0 || is_over)
			return r;
	}
}

/* What is left once the program is gone: a host that died unseen, tests not judged. */
static int wind_up(struct fl_session *session)
{
	uint32_t group;
	int r = 0;

	if (session->link.template >= 0 && !session->is_host_gone && !fl_caller_has_interrupted())
		r = fl_host_lose(session);
	if (r >= 0)
		r = fl_discover(session);
	/* One that died fell silent, too, a moment before it was gone. */
	if (session->is_host_unheard && (session->run->program.has_exit || !fl_host_has_ended(session)))
		fl_caller_warn(session, "a test closed descriptors that are not its own: the program went on unwatched");
	for (group = 0; r >= 0 && group < session->cases.group_count; group++)
		r = fl_settle_group(session, group);
	fl_discover_unused(session);
	if (session->left_out)
		fl_caller_warn(session, "%zu suspects were not re-executed, for --max-suspects is %llu",
			       session->left_out,
			       (unsigned long long)session->settings->max_suspects);
	return r;
}

/* With a quarter more, for attempts are not all alike. */
static double enough_time_s(const struct fl_session *session)
{
	double made = (double)session->attempts, more = (double)session->attempts_short;

	return made > 0 && more > 0 ? (double)session->attempted_ns / 1e9 * (made + more) / made * 1.25 : 0;
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
	run->enough_time_s = enough_time_s(session);
}

static int open_session(struct fl_session *session, const struct fl_session_settings *settings,
			const struct fl_events *events, struct fl_run *run, struct fl_error *error)
{
	int r;

	*run = (struct fl_run){ 0 };
	*session = (struct fl_session){
		.settings = settings,
		.events = events,
		.error = error,
		.run = run,
	};
	fl_link_init(&session->link);
	session->child_pidfd = session->heard = -1;
	session->started_ns = fl_clock_ns();
	fl_memory_look(session);
	fl_process_keep_descriptors();
	fl_process_hear_children();
	r = fl_caller_open();
	if (r < 0)
		return fl_error_set(error, r, "cannot make a pipe: %s", strerror(-r));
	fl_debugfile_directories(session->settings->debug_dirs);
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
	fl_image_clear(&session->image);
	for (i = 0; i < session->annotation_count; i++)
		fl_annotation_clear(&session->annotations[i]);
	free(session->annotations);
	for (i = 0; i < session->other_count; i++)
		free(session->others[i]);
	free(session->others);
	fl_symbols_forget(session);
	free(session->core_pattern);
	free(session->exec_maps);
	free(session->started_in);
	free(session->exec_output);
	fl_base_close(&session->heard);
	fl_symbolcache_free(session->symbolcache);
	fl_base_close(&session->child_pidfd);
	fl_caller_close();
}

/* Also when interrupted: what was seen is judged, told and handed back. */
static int conclude(struct fl_session *session, int r)
{
	int last;

	session->run->is_interrupted = r == -EINTR;
	if (r == -EINTR)
		fl_host_tell_running(session);
	last = r == -EINTR || r >= 0 ? wind_up(session) : 0;
	if (r == -EINTR) {
		end_child(session);
		if (session->link.host_pidfd >= 0)      /* behind a wrapper it is not our child */
			syscall(SYS_pidfd_send_signal, session->link.host_pidfd, SIGKILL, NULL, 0u);
	}
	complete_run(session);
	if (last >= 0)
		fl_parts_drop_program(session);
	return r < 0 ? r : last;
}

/* Nobody said hello.  A program that uses no framework would be a test itself, and does. */
static int tell_no_tests(const struct fl_session *session)
{
	const char *name = session->settings->argv[0];
	int status = session->child_status;

	if (session->is_child_reaped && WIFSIGNALED(status))
		return fl_error_set(session->error, -ENOEXEC, "'%s' was ended by signal %d (%s) before it ran a test",
				    name, WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (session->is_child_reaped && WEXITSTATUS(status) == FL_SESSION_SKIPPED)
		return fl_error_set(session->error, -ENOEXEC, "'%s' ran no tests: it was skipped (exit code %d)",
				    name, FL_SESSION_SKIPPED);
	return fl_error_set(session->error, -ENOEXEC,
			    "'%s' ran no tests that flicker knows (exit code %d): it calls no runner of its framework, "
			    "ends before its main, or the framework is too old; does it start without flicker?",
			    name, session->is_child_reaped ? WEXITSTATUS(status) : -1);
}

static int launch(struct fl_session *session)
{
	session->launched_ns = fl_clock_ns();
	fl_parts_listen(session);
	session->child = fl_launch(session->settings, session->link.path, session->heard, session->error);
	if (session->child < 0) {
		int r = session->child;

		session->child = 0;
		return r;
	}
	session->child_pidfd = (int)syscall(SYS_pidfd_open, session->child, 0u);
	return 0;
}

static int run_watched(struct fl_session *session)
{
	int r = launch(session);

	while (r >= 0) {
		r = watch(session);
		if (r <= 0)
			break;
		r = fl_host_answer(session, session->run->program.exit_code);
	}
	return r;
}

/* Its name is known without running it. */
static int run_whole(struct fl_session *session)
{
	bool is_run = !session->settings->is_list && !session->settings->replay;
	int r = is_run ? launch(session) : 0;

	if (r >= 0 && is_run)
		r = fl_whole_watch(session);
	return r < 0 ? r : fl_whole_observe(session);
}

int fl_session_run(const struct fl_session_settings *settings, const struct fl_events *events,
		   struct fl_run *ret_run, struct fl_error *error)
{
	struct fl_session session;
	int r = open_session(&session, settings, events, ret_run, error);

	if (r >= 0)
		r = settings->agentless ? run_whole(&session) : run_watched(&session);
	r = conclude(&session, r);
	if (r >= 0 && settings->replay && session.is_started && !ret_run->test_count)
		r = fl_error_set(error, -ENOENT, "'%s' has no test '%s'", settings->argv[0],
				 settings->replay->id);
	if (r >= 0 && session.is_started && !ret_run->test_count &&
	    (session.other_count || session.is_program))
		r = fl_error_set(error, -ENOENT, "no test of '%s' is selected", settings->argv[0]);
	if (r >= 0 && !session.is_started)
		r = tell_no_tests(&session);
	close_session(&session);
	return r;
}

/* The host that called us; it connects as soon as it knows the path. */
static int await_host(struct fl_session *session, int ready_fd)
{
	uint64_t deadline_ns = fl_clock_ns() + HOST_MS * 1000000ull;
	int r = fl_file_write_all(ready_fd, session->link.path, strlen(session->link.path));

	close(ready_fd);
	while (r >= 0 && !session->link.shared && fl_clock_ns() < deadline_ns &&
	       !fl_caller_has_interrupted())
		r = fl_host_await(session);
	if (r >= 0 && !session->link.shared)
		return fl_error_set(session->error, -ETIMEDOUT, "the program that called does not connect");
	return r;
}

int fl_session_attach(const struct fl_session_settings *settings, const struct fl_events *events,
		      int ready_fd, int (*decide)(void *context, const struct fl_run *run),
		      struct fl_run *ret_run, struct fl_error *error)
{
	struct fl_session session;
	int r = open_session(&session, settings, events, ret_run, error), code;

	if (r >= 0)
		r = await_host(&session, ready_fd);
	/* A template alone: the host died before anyone was called. */
	if (r >= 0)
		r = session.link.host < 0 ? 0 : watch(&session);
	code = r;
	r = conclude(&session, r);
	if (decide && session.link.shared) {
		int exit_code = decide(events->context, ret_run);

		if (code == 1 && session.link.host >= 0)
			fl_host_answer(&session, exit_code);
	}
	close_session(&session);
	return r < 0 ? r : 0;
}

int fl_session_exit_code(const struct fl_run *run, bool is_under_preload)
{
	return fl_gate_exit_code(run, is_under_preload);
}

bool fl_session_is_skipped(const struct fl_run *run)
{
	return fl_gate_is_skipped(run);
}
