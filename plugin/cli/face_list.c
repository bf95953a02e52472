/* SPDX-License-Identifier: MIT */
/*
 * face_list.c - what GoogleTest's flags are, and its list of a program's tests.
 *
 * Of a list standard output gets `Suite.`, and the names of its tests behind two blanks; CMake's
 * gtest_discover_tests and editors read it.  As there disabled tests are in it, and shards are
 * left aside.  What stands behind the last dot of an id is the test, the rest the suite.
 */
#include "face.h"

#include "../report/gtest_list.h"

#include <errno.h>
#include <fcntl.h>

/* ---- help ---- */

static void print_flag(const struct fl_face_flag *flag)
{
	printf("  --gtest_%s%s%s\n      %s\n", flag->name, flag->metavar ? "=" : "",
	       flag->metavar ? flag->metavar : "", flag->help);
}

void fl_face_help(void)
{
	size_t i;

	puts("Under flicker this program understands flags of GoogleTest:\n");
	for (i = 0; i < fl_face_flag_count; i++)
		if (fl_face_flag_table[i].help)
			print_flag(&fl_face_flag_table[i]);
	puts("  --gtest_flagfile=PATH\n      read flags from a file, one a line\n\n"
	     "Without effect, for there is nothing like it in C:");
	for (i = 0; i < fl_face_flag_count; i++)
		if (!fl_face_flag_table[i].help)
			printf("  --gtest_%s\n", fl_face_flag_table[i].name);
	puts("\nA variable GTEST_<NAME> says the same as a flag; the flag goes before it.");
}

/* ---- the list ---- */

static int write_report(const struct fl_face *face, const struct fl_run *run)
{
	int fd = open(face->report, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	autofclose FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out)
		return -errno;
	(strcmp(face->format, "xml") == 0 ? fl_gtest_list_xml
					  : fl_gtest_list_json)(out, run, face->flags.filter);
	errno = 0;
	return fflush(out) == 0 && !ferror(out) ? 0 : errno ? -errno : -EIO;
}

int fl_face_list(const struct fl_face *face, const struct fl_run *run, struct fl_error *error)
{
	int r;

	fl_gtest_list_text(stdout, run, face->flags.filter);
	r = face->report ? write_report(face, run) : 0;
	return r < 0 ? fl_error_set(error, r, "cannot write the list '%s': %s", face->report,
				    strerror(-r))
		     : 0;
}
