/* SPDX-License-Identifier: MIT */
/*
 * parts_host.c - what the program's own run says of its parts.
 *
 * Its output goes where it always went.  Where that is a regular file, what it wrote is read
 * from there when it is over; a pipe or a terminal is left alone, and the lines are known from
 * the attempts only.
 */
#define _GNU_SOURCE
#include "parts.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_BYTES = 16 << 20 };

/* ---- what it writes ---- */

void fl_parts_listen(struct fl_session *session)
{
	struct stat st;
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	session->heard = -1;
	if (session->settings->is_list) {
		session->heard = memfd_create("flicker-list", MFD_CLOEXEC);
		return;
	}
	if (session->settings->replay || flags < 0 || fstat(STDOUT_FILENO, &st) < 0 ||
	    !S_ISREG(st.st_mode))
		return;
	session->heard = open("/proc/self/fd/1", O_RDONLY | O_CLOEXEC);
	session->heard_from = (flags & O_APPEND) ? st.st_size : lseek(STDOUT_FILENO, 0, SEEK_CUR);
}

static char *read_heard(const struct fl_session *session, size_t *ret_size)
{
	struct stat st;
	size_t used = 0, size;
	ssize_t n = 1;
	char *text;

	if (session->heard < 0 || fstat(session->heard, &st) < 0 || st.st_size <= session->heard_from)
		return NULL;
	size = (size_t)(st.st_size - session->heard_from);
	if (size > TEXT_BYTES)
		return NULL;            /* lines would be missing */
	text = fl_base_alloc(size + 1, 1);
	while (used < size && n > 0) {
		n = pread(session->heard, text + used, size - used, session->heard_from + (off_t)used);
		used += n > 0 ? (size_t)n : 0;
	}
	*ret_size = used;
	return text;
}

/* ---- what that says ---- */

static void read_host(struct fl_session *session, struct fl_case *program, const char *text, size_t size)
{
	struct fl_test *test = program->test;
	struct fl_tap tap;

	if (test->has_host)
		size = fl_parts_whole_lines(text, size, test->host.outcome);
	fl_tap_parse(text, size, &tap);
	session->has_heard = tap.is_tap;
	if (tap.is_tap && test->has_host) {
		fl_parts_fold(&tap, &test->host);
		if (!fl_outcome_is_non_pass(test->host.outcome) && test->suspicion.why == FL_WHY_FAILED)
			test->suspicion.why = FL_WHY_NONE;
	}
	fl_parts_add(session, program, &tap, test->has_host);
	fl_tap_clear(&tap);
}

/* Does anybody ask for tests by name, so that they must be known before any is attempted? */
static bool is_asked_by_name(const struct fl_session *session)
{
	const struct fl_session_settings *settings = session->settings;

	return !settings->replay && !settings->is_list &&
	       (settings->suspect || settings->reported || settings->filter || settings->test ||
		settings->rule_count || session->annotation_count);
}

/* A run for nothing but its lines. */
static void probe(struct fl_session *session, struct fl_case *program)
{
	struct fl_ask ask = {
		.first = 1, .count = 1, .mode = FL_MODE_EXEC, .jobs = 1,
		.perturb = session->settings->perturb,
	};
	struct fl_tap tap;

	if (!fl_exec_is_possible(session) || fl_order_make(session, program, &ask) < 0 ||
	    !session->exec_output)
		return;
	fl_tap_parse(session->exec_output, session->exec_output_bytes, &tap);
	fl_parts_add(session, program, &tap, false);
	fl_tap_clear(&tap);
}

void fl_parts_host(struct fl_session *session)
{
	struct fl_case *program = session->cases.count ? session->cases.items[0] : NULL;
	autofree char *text = NULL;
	size_t size = 0;

	if (!program)
		return;
	text = read_heard(session, &size);
	if (text)
		read_host(session, program, text, size);
	if (!session->has_heard && is_asked_by_name(session))
		probe(session, program);
}

/* What was not asked for has only lent its attempts. */
void fl_parts_drop_program(struct fl_session *session)
{
	struct fl_case *program = session->cases.count ? session->cases.items[0] : NULL;
	struct fl_run *run = session->run;

	if (!session->is_program || !program || session->settings->replay ||
	    fl_selection_has(session->settings, program->test->id))
		return;
	fl_test_free(program->test);
	run->test_count--;
	memmove(run->tests, run->tests + 1, run->test_count * sizeof(*run->tests));
	program->test = NULL;
}
