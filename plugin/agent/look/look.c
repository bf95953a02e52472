/* SPDX-License-Identifier: MIT */
/*
 * look.c - what is there after an attempt and was not there before its fixtures.
 *
 * Both looks are at the process as the kernel has it (/proc, raw system calls), not at what
 * the calls of the test said.  What was there before may be gone or changed back by the
 * group's teardown, which has run by the second look.  Whatever cannot be read is as it was.
 * Descriptors and the environment, which need a memory of their own, are in look_more.c.
 */
#define _GNU_SOURCE
#include "look_more.h"
#include "../proc.h"

#include <fcntl.h>
#include <linux/stat.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	MOST = 64,                      /* children, and threads, that are told apart */
	GRACE_ROUNDS = 25, GRACE_MS = 2,        /* for a thread that was joined to leave /proc */
	ENDED_OR_NOT = WEXITED | WNOHANG | WNOWAIT | __WALL,
};

struct kernel_action {                  /* struct sigaction as rt_sigaction(2) has it */
	uintptr_t handler;
	unsigned long flags;
	unsigned long rest[4];
};

static struct {
	struct fl_facts *facts;         /* NULL: not looking */
	pid_t children[MOST], threads[MOST];
	size_t child_count, thread_count;
	uintptr_t handlers[NSIG];
	char folder[512], umask[16];
} before;

static bool is_among(pid_t id, const pid_t *ids, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* "1234 (sleep)" */
static void tell_process(enum fl_leaving kind, pid_t id, const char *folder, const char *more)
{
	struct fl_line path = { "", 0 }, what = { "", 0 };
	char name[32];

	fl_line_add(&path, folder);
	fl_line_add_number(&path, (uint64_t)id, 10);
	fl_line_add(&path, "/comm");
	fl_line_read(path.text, name, sizeof(name));
	name[strcspn(name, "\n")] = '\0';
	fl_line_add_number(&what, (uint64_t)id, 10);
	fl_line_add(&what, " (");
	fl_line_add(&what, name);
	fl_line_add(&what, more);
	fl_line_add(&what, ")");
	fl_traces_left(kind, what.text);
}

/* ---- children ---- */

static bool has_children(void)
{
	siginfo_t info = { 0 };

	/* Past a waitid() of the program's own. */
	return syscall(SYS_waitid, P_ALL, 0, &info, ENDED_OR_NOT, NULL) == 0;
}

static size_t list_children(pid_t *pids)
{
	return has_children() ? fl_proc_children(getpid(), pids, MOST) : 0;
}

static bool has_ended(pid_t child)
{
	siginfo_t info = { 0 };

	return syscall(SYS_waitid, P_PID, child, &info, ENDED_OR_NOT, NULL) == 0 &&
	       info.si_pid == child;
}

static void compare_children(void)
{
	pid_t pids[MOST];
	size_t i, count = list_children(pids);

	for (i = 0; i < count; i++)
		if (!is_among(pids[i], before.children, before.child_count))
			tell_process(FL_LEAVING_CHILDREN, pids[i], "/proc/",
				     has_ended(pids[i]) ? ", never waited for" : "");
}

/* ---- threads ---- */

static size_t new_threads(pid_t *ids)
{
	size_t i, kept = 0, count = fl_proc_threads(ids, MOST);

	for (i = 0; i < count; i++)
		if (!is_among(ids[i], before.threads, before.thread_count))
			ids[kept++] = ids[i];
	return kept;
}

/* pthread_join() returns when the kernel lets go of the thread's memory, a moment too soon. */
static void compare_threads(void)
{
	struct timespec moment = { 0, GRACE_MS * 1000000L };
	pid_t ids[MOST];
	size_t i, count = new_threads(ids);
	int round;

	for (round = 0; count && round < GRACE_ROUNDS; round++) {
		syscall(SYS_nanosleep, &moment, NULL);
		count = new_threads(ids);
	}
	for (i = 0; i < count; i++)
		tell_process(FL_LEAVING_THREADS, ids[i], "/proc/self/task/", "");
}

/* ---- signal handlers ---- */

extern const char own_start[] __asm__("__ehdr_start") __attribute__((visibility("hidden")));
extern const char own_end[] __asm__("_end") __attribute__((visibility("hidden")));

/* Ours stand where the test has set none. */
static uintptr_t handler_of(int number)
{
	struct kernel_action action = { 0 };

	if (syscall(SYS_rt_sigaction, number, NULL, &action, sizeof(uint64_t)) < 0)
		return 0;
	if (action.handler >= (uintptr_t)own_start && action.handler < (uintptr_t)own_end)
		return (uintptr_t)SIG_DFL;
	return action.handler;
}

/* Those between the last named and SIGRTMIN are libc's own. */
static bool is_the_programs(int number)
{
	return number < 32 || number >= SIGRTMIN;
}

static void tell_handler(int number, uintptr_t handler)
{
	static const char *const names[] = {
		[SIGHUP] = "HUP", [SIGINT] = "INT", [SIGQUIT] = "QUIT", [SIGILL] = "ILL",
		[SIGTRAP] = "TRAP", [SIGABRT] = "ABRT", [SIGBUS] = "BUS", [SIGFPE] = "FPE",
		[SIGUSR1] = "USR1", [SIGSEGV] = "SEGV", [SIGUSR2] = "USR2", [SIGPIPE] = "PIPE",
		[SIGALRM] = "ALRM", [SIGTERM] = "TERM", [SIGSTKFLT] = "STKFLT", [SIGCHLD] = "CHLD",
		[SIGCONT] = "CONT", [SIGTSTP] = "TSTP", [SIGTTIN] = "TTIN", [SIGTTOU] = "TTOU",
		[SIGURG] = "URG", [SIGXCPU] = "XCPU", [SIGXFSZ] = "XFSZ", [SIGVTALRM] = "VTALRM",
		[SIGPROF] = "PROF", [SIGWINCH] = "WINCH", [SIGIO] = "IO", [SIGPWR] = "PWR",
		[SIGSYS] = "SYS",
	};
	struct fl_line what = { "", 0 };

	fl_line_add(&what, number < 32 ? "SIG" : "SIGRTMIN+");
	if (number < 32 && names[number])
		fl_line_add(&what, names[number]);
	else
		fl_line_add_number(&what, (uint64_t)(number < 32 ? number : number - SIGRTMIN), 10);
	if (handler == (uintptr_t)SIG_DFL || handler == (uintptr_t)SIG_IGN)
		fl_line_add(&what, handler == (uintptr_t)SIG_IGN ? " (ignored)" : " (default)");
	fl_traces_left(FL_LEAVING_HANDLERS, what.text);
}

static void compare_handlers(void)
{
	int number;

	for (number = 1; number < NSIG; number++) {
		uintptr_t handler = handler_of(number);

		if (is_the_programs(number) && handler != before.handlers[number])
			tell_handler(number, handler);
	}
}

/* ---- working directory and umask ---- */

static void get_folder(char *folder, size_t size)
{
	if (syscall(SYS_getcwd, folder, size) < 0)
		folder[0] = '\0';
}

static void compare_folder(void)
{
	char folder[sizeof(before.folder)];

	get_folder(folder, sizeof(folder));
	if (strcmp(folder, before.folder) != 0)
		fl_traces_left(FL_LEAVING_DIRECTORY, folder[0] ? folder : "(gone)");
}

/* umask(2) cannot ask without changing it. */
static void get_umask(char *mask, size_t size)
{
	char text[512];
	const char *at;
	size_t n = 0;

	fl_line_read("/proc/self/status", text, sizeof(text));
	at = strstr(text, "\nUmask:\t");
	for (at = at ? at + 8 : ""; *at >= '0' && *at <= '7' && n < size - 1; at++)
		mask[n++] = *at;
	mask[n] = '\0';
}

static void compare_umask(void)
{
	char mask[sizeof(before.umask)];

	get_umask(mask, sizeof(mask));
	if (mask[0] && strcmp(mask, before.umask) != 0)
		fl_traces_left(FL_LEAVING_UMASK, mask);
}

/* ---- what is younger than the group ---- */

FL_HOT static struct timespec entered;

void fl_look_enter(void)
{
	clock_gettime(CLOCK_REALTIME_COARSE, &entered);         /* the clock of file systems */
}

/* Where neither kernel nor file system knows when a file was made it is an old one. */
bool fl_look_is_young(const char *path)
{
	int flags = AT_SYMLINK_NOFOLLOW;
	struct statx st;

	if (!entered.tv_sec || syscall(SYS_statx, AT_FDCWD, path, flags, STATX_BTIME, &st) < 0 ||
	    !(st.stx_mask & STATX_BTIME))
		return false;
	return st.stx_btime.tv_sec > entered.tv_sec ||
	       (st.stx_btime.tv_sec == entered.tv_sec && st.stx_btime.tv_nsec >= entered.tv_nsec);
}

/* ---- both looks ---- */

static void keep_all(void)
{
	int number;

	before.child_count = list_children(before.children);
	before.thread_count = fl_proc_threads(before.threads, MOST);
	for (number = 1; number < NSIG; number++)
		before.handlers[number] = handler_of(number);
	get_folder(before.folder, sizeof(before.folder));
	get_umask(before.umask, sizeof(before.umask));
	fl_look_keep_environment();
	fl_look_keep_descriptors();
}

void fl_look_begin(struct fl_facts *facts, bool is_looking)
{
	if (is_looking) {
		before.facts = facts;
		keep_all();
	}
	fl_traces_begin(facts, is_looking);
}

/* Its test runs elsewhere, and is looked at there. */
void fl_look_leave(void)
{
	fl_traces_end();
	before.facts = NULL;
}

void fl_look_follow(bool is_child)
{
	if (is_child)
		before.facts = NULL;
	if (before.facts)
		keep_all();
}

static void compare_process(void)
{
	compare_threads();
	fl_look_compare_descriptors();
	compare_handlers();
	fl_look_compare_environment();
	compare_folder();
	compare_umask();
}

void fl_look_end(void)
{
	if (!before.facts)
		return;
	fl_traces_end();                /* what is called from here on is ours, what happens as well */
	before.facts->flags |= FL_FACT_LOOKING;
	compare_children();
	if (!fl_agent.adapter->is_program)      /* which takes all else with it when it ends */
		compare_process();
	fl_traces_tell_created();
	before.facts->flags |= FL_FACT_LOOKED;
}
