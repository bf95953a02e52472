/* SPDX-License-Identifier: MIT */
/*
 * test_summary_output.c - what the summary shows of an output that holds a report.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/report/summary.h"
#include "../../plugin/report/summary_words.h"

#include <signal.h>

#include <flicker/xunit.h>

static char *output_of(const char *output, const char *message)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fl_summary_output(out, output, message);
	fclose(out);
	return text;
}

/* The finding of valgrind or a sanitizer goes before the last lines, which are frames of ours. */
TEST(summary_output, shows_the_head_of_a_report)
{
	static const struct { const char *output, *want; } rows[] = {
		{ "a\nb\nc\nd\ne\nf\n", "    | b\n    | c\n    | d\n    | e\n    | f\n" },
		{ "[ RUN      ] x\nno\n\n", "" },
		{ "early\n=====\n==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n"
		  "READ of size 1\n    #0 0x1 in draw x.c:7\n    #1 0x2  (/lib/libcmocka.so.0+0x2)\n"
		  "    #2 0x3  (/x/libflicker.so+0x3)\n    #3 0x4 in main x.c:8\n\n"
		  "freed by thread T0 here:\n    #0 0x5 in free\n    #1 0x1 in draw x.c:6\n"
		  "    #2 0x2 in more x.c:5\n    #3 0x2 in more x.c:5\n==12==ABORTING\n",
		  "    | ==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n"
		  "    | READ of size 1\n    |     #0 0x1 in draw x.c:7\n    |     #3 0x4 in main x.c:8\n"
		  "    | freed by thread T0 here:\n    |     #0 0x5 in free\n"
		  "    |     #1 0x1 in draw x.c:6\n    |     #2 0x2 in more x.c:5\n" },
		{ "==12== Memcheck, a memory error detector\n==12== Command: ./x\n==12== \n"
		  "==12== Invalid read of size 1\n==12==    at 0x1: first (x.c:1)\n==12== \n"
		  "==12== Conditional jump or move depends on uninitialised value(s)\n"
		  "==12==    at 0x1: draw (x.c:7)\n==12==    by 0x2: ??? (in /lib/libcmocka.so.0.8.0)\n"
		  "==12==    by 0x3: main (x.c:8)\n==12==  Uninitialised value was created\n"
		  "==12==    at 0x4: malloc\n==12== \n"
		  "==12== Process terminating with default action of signal 11 (SIGSEGV)\n"
		  "==12==    at 0x1: draw (x.c:7)\n==12== \n==12== HEAP SUMMARY:\n"
		  "==12==     in use at exit: 0 bytes in 0 blocks\n==12== ERROR SUMMARY: 2 errors\n",
		  "    | ==12== Conditional jump or move depends on uninitialised value(s)\n"
		  "    | ==12==    at 0x1: draw (x.c:7)\n    | ==12==    by 0x3: main (x.c:8)\n"
		  "    | ==12==  Uninitialised value was created\n    | ==12==    at 0x4: malloc\n" },
		{ "x.c:5:3: runtime error: signed integer overflow\na\nb\nc\nd\ne\n"
		  "y.c:6:1: runtime error: shift\n[  FAILED  ] x\n",
		  "    | x.c:5:3: runtime error: signed integer overflow\n    | a\n    | b\n    | c\n"
		  "    | d\n    | e\n    | y.c:6:1: runtime error: shift\n" },
		{ "WARNING: ThreadSanitizer: data race (pid=12)\n  Write of size 4 at 0x1\n"
		  "==================\nlater\n",
		  "    | WARNING: ThreadSanitizer: data race (pid=12)\n    |   Write of size 4 at 0x1\n" },
		{ "== 12 == no mark\n====\n==x==\n==12==", "    | == 12 == no mark\n    | ====\n"
		  "    | ==x==\n    | ==12==\n" },
	};
	static char endless[4000] = "==1==ERROR: AddressSanitizer: ";
	autofree char *shown = NULL;
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *text = output_of(rows[i].output, "no");

		EXPECT_STREQ(text, rows[i].want);
	}
	memset(endless + strlen(endless), 'x', sizeof(endless) - 1 - strlen(endless));
	shown = output_of(endless, NULL);
	ASSERT_LT(strlen(shown), 1700);
	EXPECT_STREQ(shown + strlen(shown) - 5, "x...\n");
}

/* Of one test in a run under this policy. */

FLICKER_XUNIT_MAIN();
