/* SPDX-License-Identifier: MIT */
/*
 * exec.c - one attempt in a process of its own, from its start to its facts.
 *
 * The program is started as the host was (image.c), under a supervisor that ends what it
 * leaves (base/process).  The agent in it connects before main and gets the order; its
 * facts lie in shared memory that it brings, so they outlive it.  The clock of the
 * timeout runs from the order on; to start it has STARTUP_MS.  Under a debugger that
 * nobody sits at it gets SIGINT at its deadline: that stops it, and the debugger tells where.
 */
#define _GNU_SOURCE
#include "../internal.h"

#include "../../../base/process.h"
#include "../../judge/classify.h"
#include "../../judge/frameworks.h"
#include "../host/launch.h"

#include <flicker/face.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

enum {
	STARTUP_MS = 20000,
	HANG_GRACE_MS = 200,            /* for a hung attempt to say where it is */
	DEBUGGER_STARTUP_MS = 120000,   /* all symbols are read before the program is started */
	DEBUGGER_GRACE_MS = 10000,      /* and those of the stack are read before it is printed */
};

struct attempt {
	struct fl_session *session;
	const struct fl_record_order *order;
	struct fl_process process;
	uint64_t started_ns, welcomed_ns;
	uint64_t deadline_ns;           /* 0: none, a debugger's user takes their time */
	bool has_connected, is_asked, is_killed, has_timed_out;
	char *all;                      /* of its output, where it may tell of tests; or NULL */
	size_t all_bytes, all_capacity;
	bool is_all_cut;                /* there was more */
	uint64_t written;
	char tail[FL_WIRE_OUTPUT];
};

static bool is_debugged(const struct fl_session *session)
{
	return session->settings->replay && session->settings->replay->debugger;
}

/* When an attempt is ended that has not connected; 0: never. */
static uint64_t startup_deadline(const struct fl_session *session, const struct fl_record_order *order)
{
	uint64_t ms = is_debugged(session) ? DEBUGGER_STARTUP_MS : STARTUP_MS;

	if (is_debugged(session) && session->settings->replay->is_interactive)
		return 0;
	if (session->settings->agentless)       /* nobody will connect: its test is on */
		ms = order->timeout_ms;
	return fl_clock_ns() + ms * 1000000;
}

bool fl_exec_is_possible(const struct fl_session *session)
{
	return session->image.path && session->settings->agent;
}

/* ---- starting ---- */

static char **words_of(const struct fl_session *session, char *const *wrapper)
{
	const struct fl_replay *replay = session->settings->replay;
	char *const *before = replay && replay->debugger ? replay->debugger : wrapper;
	bool has_face = session->settings->face && fl_frameworks_has_face(session->run->program.framework);
	size_t count = 0, capacity = 0, i;
	char **words = NULL;

	for (i = 0; before && before[i]; i++) {
		words = fl_base_grow(words, &capacity, count + 1, sizeof(*words));
		words[count++] = before[i];
	}
	for (i = 0; session->image.argv[i]; i++) {
		if (has_face && i && fl_face_is_flag(session->image.argv[i]))
			continue;       /* the host's main did not see it either */
		words = fl_base_grow(words, &capacity, count + 2, sizeof(*words));
		/* Behind other words its path names the program; else the name it had. */
		words[count] = i == 0 && count ? session->image.path : session->image.argv[i];
		count++;
	}
	words = fl_base_grow(words, &capacity, count + 1, sizeof(*words));
	words[count] = NULL;
	return words;
}

static void free_words(char ***words)
{
	fl_base_free_words(*words);
}

static int start(struct attempt *attempt, struct fl_error *error)
{
	struct fl_session *session = attempt->session;
	__attribute__((cleanup(free_words))) char **wrapper = NULL;
	struct fl_launch_attempt launch = {
		.channel = session->link.path,
		.seed = attempt->order->seed,
		.number = attempt->order->first,
		.is_as_fork = attempt->order->flags & FL_ORDER_AS_FORK,
		.process = session->is_program && !session->settings->agentless ?
			session->run->tests[0]->name : NULL,
	};
	char **environment = fl_launch_environment(session->settings, &session->image, &launch);
	autofree char **words = NULL;
	struct fl_process_spec spec = {
		.envp = environment,
		.cwd = session->image.cwd,
		.is_foreground = is_debugged(session),
	};
	int r;

	if (session->settings->wrapper)         /* it was found to be well-formed long ago */
		fl_base_split_words(session->settings->wrapper, &wrapper, NULL);
	spec.argv = words = words_of(session, wrapper);
	spec.path = words[0] == session->image.argv[0] ? session->image.path : words[0];
	attempt->started_ns = fl_clock_ns();
	r = fl_process_start(&spec, &attempt->process, error);
	fl_base_free_words(environment);
	attempt->deadline_ns = startup_deadline(session, attempt->order);
	return r;
}

/* ---- while it runs ---- */

static void keep_all(struct attempt *attempt, const char *bytes, size_t size)
{
	enum { MOST = 16 << 20 };

	if (!attempt->session->is_program)
		return;
	attempt->is_all_cut |= attempt->all_bytes + size > MOST;
	if (attempt->is_all_cut)
		return;
	attempt->all = fl_base_grow(attempt->all, &attempt->all_capacity, attempt->all_bytes + size, 1);
	memcpy(attempt->all + attempt->all_bytes, bytes, size);
	attempt->all_bytes += size;
}

static void keep_output(struct attempt *attempt)
{
	char bytes[65536];
	ssize_t n = read(attempt->process.output, bytes, sizeof(bytes));
	size_t room = sizeof(attempt->tail), used, fresh;

	if (n <= 0) {
		fl_base_close(&attempt->process.output);
		attempt->process.output = -1;
		return;
	}
	keep_all(attempt, bytes, (size_t)n);
	used = attempt->written < room ? (size_t)attempt->written : room;
	fresh = (size_t)n < room ? (size_t)n : room;
	if (used + fresh > room) {
		memmove(attempt->tail, attempt->tail + used + fresh - room, room - fresh);
		used = room - fresh;
	}
	memcpy(attempt->tail + used, bytes + (size_t)n - fresh, fresh);
	attempt->written += (uint64_t)n;
}

/* The agent in it is there: it gets its order. */
static void welcome(struct attempt *attempt)
{
	struct fl_session *session = attempt->session;
	pid_t pid;

	if (fl_link_accept(&session->link, &pid) != FL_ARRIVAL_ATTEMPT)
		return;
	if (fl_link_send(session->link.attempt, FL_RECORD_ORDER, attempt->order,
			 sizeof(*attempt->order)) < 0)
		return;
	attempt->has_connected = true;
	attempt->welcomed_ns = fl_clock_ns();
	if (attempt->deadline_ns)
		attempt->deadline_ns = fl_clock_ns() + attempt->order->timeout_ms * 1000000ull;
}

/* Where is it?  True: it has a moment to answer. */
static bool ask(struct attempt *attempt)
{
	const struct fl_link *link = &attempt->session->link;
	bool has_debugger = is_debugged(attempt->session);
	uint64_t grace_ms = has_debugger ? DEBUGGER_GRACE_MS : HANG_GRACE_MS;

	if (!attempt->has_connected || attempt->is_asked)
		return false;
	if (!has_debugger)
		fl_stacks_read(link->attempt_pid, attempt->order->first, &attempt->session->stacks);
	if (kill(link->attempt_pid, has_debugger ? SIGINT : FL_WIRE_HANG_SIGNAL) < 0)
		return false;
	attempt->is_asked = true;
	attempt->deadline_ns = fl_clock_ns() + grace_ms * 1000000;
	return true;
}

/*
 * At its deadline: the time before its test begins is not the test's.  Until then there is
 * what a program may take to start, for each test before it as well where these have
 * processes of their own.
 */
static bool extend(struct attempt *attempt)
{
	const struct fl_shared *shared = attempt->session->link.attempt_shared;
	const struct fl_facts *facts = shared ? &shared->slots[0] : NULL;
	uint64_t now = fl_clock_ns(), timeout_ns = attempt->order->timeout_ms * 1000000ull, end;
	bool has_prefix = attempt->order->flags & FL_ORDER_PREFIX;

	if (!attempt->has_connected || attempt->is_asked || !facts)
		return false;
	if (facts->flags & FL_FACT_REACHED || facts->phase != FL_PHASE_NONE)
		end = facts->worker && facts->started_ns <= now ? facts->started_ns + timeout_ns : 0;
	else
		end = has_prefix && !facts->worker ? 0 : attempt->welcomed_ns + STARTUP_MS * 1000000ull;
	if (end <= now)
		return false;
	attempt->deadline_ns = end < now + timeout_ns ? end : now + timeout_ns;
	return true;
}

/* At its deadline it is asked where it is; then it is ended. */
static void press(struct attempt *attempt)
{
	if (extend(attempt))
		return;
	attempt->has_timed_out = true;
	if (ask(attempt))
		return;
	attempt->is_killed = true;
	attempt->deadline_ns = 0;
	fl_process_kill(&attempt->process);
}

static int remaining_ms(const struct attempt *attempt)
{
	uint64_t now = fl_clock_ns();

	if (!attempt->deadline_ns)
		return -1;
	return now >= attempt->deadline_ns ? 0 :
		(int)((attempt->deadline_ns - now) / 1000000 + 1);
}

/* Until it has ended; -EINTR where we are to end. */
static int watch(struct attempt *attempt)
{
	struct fl_session *session = attempt->session;

	for (;;) {
		struct pollfd ready[] = {
			{ session->link.listener, POLLIN, 0 },
			{ attempt->process.output, POLLIN, 0 },
			{ attempt->process.report, POLLIN, 0 },
			{ fl_caller_wake_fd(), POLLIN, 0 },
		};
		int n = poll(ready, FL_COUNT(ready), remaining_ms(attempt));

		if (fl_caller_has_interrupted())
			return -EINTR;
		if (n >= 0 && !attempt->is_killed && remaining_ms(attempt) == 0)
			press(attempt);         /* also one that writes without end */
		if (n > 0 && ready[0].revents)
			welcome(attempt);
		if (n > 0 && ready[1].revents)
			keep_output(attempt);
		if (n > 0 && ready[2].revents && !ready[1].revents)
			return 0;
	}
}

/* ---- what came of it ---- */

/* What such an attempt has for a journal is the text of its maps. */
static char *copy_maps(const struct fl_session *session)
{
	const struct fl_shared *shared = session->link.attempt_shared;
	uint64_t room = session->link.attempt_bytes - sizeof(*shared), used = shared->journal_used;

	return fl_base_copy_n(shared->journal, (size_t)(used < room ? used : room));
}

static void collect(struct attempt *attempt, const struct fl_process_end *end,
		    struct fl_facts *facts)
{
	const struct fl_shared *shared = attempt->session->link.attempt_shared;

	if (attempt->has_connected && shared && !end->is_lost)
		fl_classify_copy(&shared->slots[0], sizeof(*facts), facts);
	else
		*facts = (struct fl_facts){ .flags = FL_FACT_EXEC, .started_ns = attempt->started_ns };
	if (attempt->session->settings->agentless && !end->is_lost)
		fl_whole_expect(facts);
	free(take(attempt->session->exec_maps));
	if (attempt->has_connected && shared && shared->journal_used)
		attempt->session->exec_maps = copy_maps(attempt->session);
	facts->attempt = attempt->order->first;
	facts->seed = attempt->order->seed;
	facts->flags |= FL_FACT_EXEC | FL_FACT_MADE;
	facts->status = end->status;
	facts->stragglers = end->stragglers;
	if (attempt->has_timed_out)
		facts->flags |= FL_FACT_TIMED_OUT;
	if (end->is_stopped) {
		facts->flags |= FL_FACT_STOPPED;
		facts->signal = WSTOPSIG(end->status);
	}
	if (WIFSIGNALED(end->status) && WTERMSIG(end->status) == SIGKILL && !attempt->has_timed_out &&
	    fl_memory_has_run_out(attempt->session, facts))
		facts->flags |= FL_FACT_OOM;
	if (!(facts->flags & FL_FACT_DONE))
		facts->duration_ns = fl_clock_ns() - facts->started_ns;
	facts->output_kept = (uint32_t)(attempt->written < FL_WIRE_OUTPUT ? attempt->written :
									    FL_WIRE_OUTPUT);
	facts->output_total = attempt->written > UINT32_MAX ? UINT32_MAX : (uint32_t)attempt->written;
	memcpy(facts->output, attempt->tail, facts->output_kept);
}

int fl_exec_make(struct fl_session *session, const struct fl_record_order *order,
		 struct fl_facts *ret_facts)
{
	struct attempt attempt = { .session = session, .order = order };
	struct fl_error error = { "" };
	struct fl_process_end end;
	int r;

	fl_memory_look(session);
	r = start(&attempt, &error);
	if (r < 0) {
		fl_caller_warn(session, "%s", error.text);
		*ret_facts = (struct fl_facts){ .flags = FL_FACT_EXEC | FL_FACT_MADE };
		return 0;
	}
	r = watch(&attempt);
	if (r < 0)
		fl_process_kill(&attempt.process);
	fl_process_finish(&attempt.process, &end);
	if (r == 0)
		collect(&attempt, &end, ret_facts);
	free(session->exec_output);
	session->exec_output = attempt.all;
	session->exec_output_bytes = attempt.all_bytes;
	session->is_exec_output_cut = attempt.is_all_cut;
	fl_link_drop_attempt(&session->link);
	return r;
}
