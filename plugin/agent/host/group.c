/* SPDX-License-Identifier: MIT */
/*
 * group.c - a group of tests in the host, from entry to leave.
 *
 * enter: name the tests, tell the journal, park a template, and, where a test is
 * suspect and nobody listens yet, start the command.  leave: what the host saw is
 * complete, the outside makes its attempts, then the template goes.
 */
#define _GNU_SOURCE
#include "../face/face.h"
#include "../look/look.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Up to `room` bytes of a file; for what /proc says of us. */
static size_t read_all(const char *path, char *bytes, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t n = 1;

	while (fd >= 0 && used < room && (n = read(fd, bytes + used, room - used)) > 0)
		used += (size_t)n;
	if (fd >= 0)
		close(fd);
	return used;
}

static uint32_t count_strings(const char *bytes, size_t size)
{
	uint32_t count = 0;

	for (; size; bytes++, size--)
		count += *bytes == '\0';
	return count;
}

/* While we are alive to say it: the outside may come when the host is gone. */
static void tell_program(void)
{
	static char path[PATH_MAX], arguments[8192];
	struct fl_record_program body = { .pid = (uint32_t)getpid() };
	size_t arguments_bytes = read_all("/proc/self/cmdline", arguments, sizeof(arguments));
	const char *version = fl_agent.framework_version, *linkage = fl_agent.linkage;
	struct fl_piece pieces[] = {
		{ &body, sizeof(body) },
		{ fl_agent.adapter->name, strlen(fl_agent.adapter->name) + 1 },
		{ version, strlen(version) + 1 },
		{ linkage, strlen(linkage) + 1 },
		{ path, 0 },
		{ fl_entry_directory(), strlen(fl_entry_directory()) + 1 },
		{ arguments, arguments_bytes },
	};
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	body.arguments = count_strings(arguments, arguments_bytes);
	pieces[4].size = (size_t)(n > 0 ? n : 0) + 1;
	fl_shared_append(FL_RECORD_PROGRAM, pieces, FL_PIECES(pieces));
	fl_suspects_journal();
	fl_adapters_journal();
}

enum fl_role fl_group_role(void)
{
	return fl_agent.adapter->is_program ? FL_ROLE_PROGRAM : FL_ROLE_HOST;
}

/* The first group of a process that runs tests. */
bool fl_group_become_host(void)
{
	if (!fl_agent.adapter || !fl_shared_reserve())
		return false;
	fl_agent.pid = getpid();
	fl_agent.role = FL_AGENT_HOST;
	fl_suspects_find();
	tell_program();
	fl_next_find_all();
	if (!fl_agent.channel_path[0])
		return true;
	if (fl_channel_open(fl_agent.channel_path, fl_group_role(), 0) < 0)
		fl_agent_step_aside("cannot reach the command");
	else
		memcpy(fl_agent.shared->channel_path, fl_agent.channel_path,
		       sizeof(fl_agent.shared->channel_path));
	return fl_agent.role == FL_AGENT_HOST;
}

static struct fl_piece text_piece(const char *text)
{
	return (struct fl_piece){ text ? text : "", text ? strlen(text) + 1 : 1 };
}

static void tell_test(const struct fl_group *group, uint32_t index)
{
	struct fl_entry entry;
	bool is_there = fl_ids_describe(group, index, &entry);
	struct fl_record_test body = {
		.pc = (uintptr_t)entry.code,
		.group = group->number,
		.index = index,
		.is_selected = fl_ids_is_selected(index),
		.number = entry.number,
		.line = entry.line,
		.timeout_ms = entry.timeout_ms,
	};
	struct fl_piece pieces[] = {
		{ &body, sizeof(body) },
		text_piece(fl_ids_get(index)),
		text_piece(entry.suite),
		text_piece(entry.name),
		text_piece(entry.file),
	};

	if (is_there)
		fl_shared_append(FL_RECORD_TEST, pieces, FL_PIECES(pieces));
}

void fl_group_tell(const struct fl_group *group)
{
	uint32_t i;

	fl_shared_append_group(FL_RECORD_GROUP, group->number, group->count,
			       group->name ? group->name : "");
	for (i = 0; i < group->count; i++)
		if (fl_ids_get(i))
			tell_test(group, i);
}

/* Is there a reason to have the command before anything has failed? */
static bool has_suspects(const struct fl_group *group)
{
	uint32_t i;

	if (fl_entry_setting("REPORT"))
		return true;
	for (i = 0; i < group->count; i++)
		if (fl_ids_is_selected(i) && fl_suspects_has(fl_ids_get(i)))
			return true;
	return false;
}

static bool has_selected(const struct fl_group *group)
{
	uint32_t i;

	for (i = 0; i < group->count; i++)
		if (fl_ids_is_selected(i))
			return true;
	return false;
}

/* Under plain preload: the command, started at the first need of it. */
void fl_group_summon(void)
{
	if (fl_agent.channel >= 0)
		return;
	if (!fl_shared_is_there() && !fl_shared_restore()) {
		fl_attach_complain("a test closed descriptors that are not its own, those of");
		fl_agent_step_aside("its descriptors are closed");
		return;
	}
	__atomic_store_n(&fl_agent.summoner, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
	if (fl_attach_start() && fl_channel_open(fl_agent.channel_path, FL_ROLE_HOST, 0) == 0)
		memcpy(fl_agent.shared->channel_path, fl_agent.channel_path,
		       sizeof(fl_agent.shared->channel_path));
	else
		fl_agent_step_aside("cannot start the command");
	__atomic_store_n(&fl_agent.summoner, 0, __ATOMIC_RELEASE);
}

static const char *refusal;             /* why there is no template; NULL: there may be one */

void fl_group_park(struct fl_group *group, unsigned maps_of_adapter)
{
	fl_agent.group = group;
	fl_agent.has_failures = false;
	fl_agent.shared->group = group->number;
	fl_agent.shared->group_setup_ns = 0;
	fl_record_clear(&fl_agent.shared->host, 0, 0, 0);
	fl_look_enter();
	refusal = fl_guard_refusal(maps_of_adapter);
	if (!refusal)
		fl_template_park(group);
}

/* Behind the record of the group. */
void fl_group_tell_refusal(const struct fl_group *group)
{
	if (refusal)
		fl_shared_append_group(FL_RECORD_REFUSED, group->number, group->count, refusal);
}

static void open_group(struct fl_group *group)
{
	fl_group_park(group, 0);
	fl_group_tell_refusal(group);
	if (has_suspects(group))
		fl_group_summon();
	if (fl_agent.role == FL_AGENT_HOST)
		fl_agent.facts = &fl_agent.shared->host;
	if (fl_agent.role == FL_AGENT_HOST && !fl_entry_setting("REPLAY"))
		fl_face_enter(group);
}

/* The group is over: the outside has its attempts made, then the template goes. */
static void close_group(const struct fl_group *group, int *ret_code)
{
	struct fl_record_group body = { .group = group->number, .tests = group->count };

	fl_agent.facts = NULL;
	fl_face_leave();
	fl_shared_append_group(FL_RECORD_GROUP_END, group->number, group->count, "");
	if (fl_agent.has_failures)
		fl_group_summon();
	if (fl_agent.channel >= 0)
		fl_group_ask(FL_RECORD_GROUP_DONE, &body, sizeof(body), ret_code);
	if (!fl_shared_is_there())
		fl_shared_restore();            /* while there is a template to have it from */
	fl_template_release();
	fl_ids_release();
	fl_agent.group = NULL;
}

/*
 * Attempts only: none of the host's tests is run.  But for the interpreter of a script, where
 * the outside says that what the script becomes is meant.
 */
static enum fl_enter serve_replay(const struct fl_group *group)
{
	int code = 0;

	if (fl_agent.role == FL_AGENT_HOST)
		close_group(group, &code);
	else
		fl_template_release();
	return code ? FL_ENTER_PASS : FL_ENTER_NOTHING;
}

/* A program may tell of tests in its output: PROGRAM.NAME. */
static bool is_part(const char *id, const char *program)
{
	size_t length = strlen(program);

	return fl_agent.adapter->is_program && strncmp(id, program, length) == 0 && id[length] == '.';
}

/* Under REPLAY only the group of that test is of interest. */
static bool has_replay(const struct fl_group *group)
{
	const char *id = fl_entry_setting("REPLAY");
	uint32_t i;

	for (i = 0; id && i < group->count; i++)
		if (fl_ids_get(i) && (strcmp(fl_ids_get(i), id) == 0 || is_part(id, fl_ids_get(i))))
			return true;
	return false;
}

static bool is_passed_over(const struct fl_group *group, bool is_limited)
{
	if (fl_entry_setting("LIST") && fl_agent.channel >= 0)
		return true;
	if (fl_entry_setting("REPLAY"))
		return !has_replay(group);
	return is_limited && !has_selected(group);
}

/* A program may be what starts the tests: it runs, whatever is asked for. */
static enum fl_enter pass_over(const struct fl_group *group)
{
	fl_shared_append_group(FL_RECORD_GROUP_END, group->number, group->count, "");
	fl_ids_release();
	if (!fl_agent.adapter->is_program)
		return FL_ENTER_NOTHING;
	fl_channel_close();
	return FL_ENTER_PASS;
}

static enum fl_enter enter(struct fl_group *group)
{
	bool is_limited = fl_entry_setting("FILTER") || fl_entry_setting("TEST") || fl_face_is_on();

	if (fl_agent.is_ordered)
		return fl_ordered_enter(group);
	if (fl_postpone_is_on() && fl_agent_is_here(FL_AGENT_HOST) && fl_agent.group == group)
		return fl_postpone_enter(group);
	if (fl_agent.role == FL_AGENT_IDLE && !fl_group_become_host())
		return FL_ENTER_PASS;
	if (!fl_agent_is_here(FL_AGENT_HOST) || fl_agent.group || !group->count)
		return FL_ENTER_PASS;
	group->number = fl_agent.groups++;
	if (!fl_ids_assign(group)) {
		fl_agent_step_aside("no memory for the names of the tests");
		return FL_ENTER_PASS;
	}
	fl_group_tell(group);
	if (is_passed_over(group, is_limited))
		return pass_over(group);
	fl_agent.has_selected = true;
	open_group(group);
	if (fl_entry_setting("REPLAY"))
		return serve_replay(group);
	if (fl_agent.adapter->is_program)
		fl_channel_close();             /* it asks for nothing */
	if (fl_agent.role == FL_AGENT_HOST)
		return FL_ENTER_OBSERVE;
	fl_template_release();
	return is_limited ? FL_ENTER_OBSERVE : FL_ENTER_PASS;
}

/* Whoever tests errno without having cleared it finds what it would without us. */
enum fl_enter fl_group_enter(struct fl_group *group)
{
	int saved = errno;
	enum fl_enter answer;

	fl_agent.entered_errno = saved;
	answer = enter(group);
	errno = saved;
	return answer;
}

/* A group's setup that failed is the outcome of every test behind it. */
static void spread_group_setup(const struct fl_group *group)
{
	struct fl_shared *shared = fl_agent.shared;
	uint32_t i;

	if (shared->in_flight != FL_IN_FLIGHT_FIXTURE ||
	    shared->host.failed_phase != FL_PHASE_GROUP_SETUP)
		return;
	for (i = 0; i < group->count; i++) {
		if (!fl_ids_is_selected(i))
			continue;
		shared->host.test = i;
		shared->in_flight = FL_IN_FLIGHT_TEST;
		fl_record_finish_host();
	}
}

/* Asks the outside, and does what it says until it says GO. */
void fl_group_ask(enum fl_record_kind kind, const void *body, size_t size, int *ret_code)
{
	struct {
		struct fl_record head;
		struct fl_record_exit body;
		char rest[32];
	} answer;

	if (fl_channel_restore() < 0 || fl_channel_send(fl_agent.channel, kind, body, size) < 0) {
		fl_agent_step_aside("the command is gone");
		return;
	}
	for (;;) {
		int n = fl_channel_receive(fl_agent.channel, &answer, sizeof(answer));

		if (n <= 0) {
			fl_agent_step_aside("the command is gone");
			return;
		}
		if (answer.head.kind == FL_RECORD_SERVE && !fl_template_wake()) {
			fl_shared_append_group(FL_RECORD_REFUSED, fl_agent.shared->group, 0,
					       "the template is gone");
			fl_channel_send(fl_agent.channel, kind, body, size);
		}
		if (answer.head.kind == FL_RECORD_GO) {
			if (ret_code)
				*ret_code = answer.body.code;
			return;
		}
	}
}

void fl_group_leave(struct fl_group *group)
{
	int saved = errno;

	if (!fl_agent_is_here(FL_AGENT_HOST)) {
		if (fl_agent.role == FL_AGENT_ASIDE)
			fl_agent.group = NULL;
		return;
	}
	if (fl_postpone_is_on()) {
		fl_postpone_leave();
	} else {
		spread_group_setup(group);
		fl_record_finish_host();
		fl_agent.shared->in_flight = FL_IN_FLIGHT_NOTHING;
		close_group(group, NULL);
	}
	errno = saved;
}
