/* SPDX-License-Identifier: MIT */
/*
 * author.c - what a test of <flicker/xunit.h> says of a failure or of a skip, as it happens.
 *
 * The framework is told the first failure when the test ends; here all of them are known, and
 * GoogleTest's lines can be written where they belong.
 */
#define _GNU_SOURCE
#include "face/face.h"

#include <errno.h>

int flicker_xunit_says(int is_skip, const char *file, int line, const char *text)
	FL_EXPORT __attribute__((weak));

int flicker_xunit_says(int is_skip, const char *file, int line, const char *text)
{
	int saved = errno;
	bool is_shown;

	if (!fl_record_is_recording())
		return 0;
	fl_record_own_words(file, line, text);
	is_shown = fl_agent.role == FL_AGENT_HOST && fl_face_shows(is_skip ? NULL : text, file, line);
	errno = saved;
	return is_shown;
}
