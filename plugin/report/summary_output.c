/* SPDX-License-Identifier: MIT */
/*
 * summary_output.c - what a failed attempt wrote, as far as it helps: its last lines.
 *
 * Where valgrind or a sanitizer reported something, its finding stands at the head of the
 * report and the last lines are frames of the test framework: then it is shown from there.
 */
#define _GNU_SOURCE                             /* memmem */
#include "summary_words.h"

#include "../base/base.h"
#include "text.h"

#include <ctype.h>

enum { SHOWN_LINES = 5, SHOWN_BYTES = 800, SHOWN_REPORT_LINES = 8, SHOWN_REPORT_BYTES = 1600 };

/* "[  FAILED  ] x", " 1 FAILED TEST(S)", nothing: by these a runner speaks of itself. */
static bool is_runner_line(const char *line, size_t length)
{
	enum { TAG = 12 };
	const char *word = line + strspn(line, " 0123456789");

	return !length || (length >= TAG && line[0] == '[' && line[TAG - 1] == ']') ||
	       (word < line + length && strncmp(word, "FAILED TEST", 11) == 0);
}

/* Said already, as the failure's message. */
static bool is_told(const char *line, size_t length, const char *message)
{
	autofree char *text = fl_base_copy_n(line, length);

	return message && strstr(message, text);
}

static size_t line_size(const char *line)
{
	size_t length = strcspn(line, "\n");

	return length + (line[length] != '\0');
}

/* What the test itself wrote: not the runner's lines, nor its message again.  The caller's. */
static char *own_lines(const char *output, const char *message)
{
	char *kept = fl_base_alloc(strlen(output) + 1, 1), *to = kept;

	while (*output) {
		size_t length = strcspn(output, "\n"), whole = line_size(output);

		if (!is_runner_line(output, length) && !is_told(output, length, message)) {
			memcpy(to, output, whole);
			to += whole;
		}
		output += whole;
	}
	return kept;
}

/* ---- valgrind and sanitizers ---- */

/* What follows "==12==", or NULL: the line has no such mark. */
static const char *after_mark(const char *line)
{
	const char *digits = line + 2, *end;

	if (strncmp(line, "==", 2) != 0)
		return NULL;
	end = digits + strspn(digits, "0123456789");
	return end > digits && strncmp(end, "==", 2) == 0 ? end + 2 : NULL;
}

/* Is it "==12==    at 0x10916D: draw (x.c:3)", or "by"?  Of valgrind only. */
static bool is_marked_frame(const char *line)
{
	const char *rest = after_mark(line);

	return rest && (strncmp(rest, "    at ", 7) == 0 || strncmp(rest, "    by ", 7) == 0);
}

static bool is_blank_mark(const char *line)
{
	const char *rest = after_mark(line);

	return rest && rest[strspn(rest, " ")] == '\n';
}

/*
 * Valgrind's first line of a paragraph that has frames.  Its last word about a crash repeats
 * what the report before it was about.
 */
static bool heads_paragraph(const char *line, bool has_other)
{
	const char *rest = after_mark(line);

	if (!rest || rest[0] != ' ' || isspace((unsigned char)rest[1]) ||
	    (has_other && strncmp(rest, " Process terminating", 20) == 0))
		return false;
	for (; *line && after_mark(line) && !is_blank_mark(line); line += line_size(line))
		if (is_marked_frame(line))
			return true;
	return false;
}

/* "==12==ERROR: AddressSanitizer: ...", "WARNING: ThreadSanitizer: ..." */
static bool is_sanitizer_head(const char *line)
{
	const char *rest = after_mark(line);

	rest = rest ? rest : line;
	return strncmp(rest, "ERROR: ", 7) == 0 || strncmp(rest, "WARNING: ", 9) == 0 ?
		memmem(rest, strcspn(rest, "\n"), "Sanitizer: ", 11) != NULL : false;
}

/* The head of the last report, else the first runtime error; NULL: there is none. */
static const char *find_report(const char *output)
{
	const char *head = NULL, *error = NULL;
	bool starts = true;

	for (; *output; output += line_size(output)) {
		size_t length = strcspn(output, "\n");

		if (is_sanitizer_head(output) || (starts && heads_paragraph(output, head != NULL)))
			head = output;
		else if (!error && memmem(output, length, "runtime error: ", 15))
			error = output;
		starts = !after_mark(output) || is_blank_mark(output);
	}
	return head ? head : error;
}

/* A frame of flicker's or of the framework, which every report has. */
static bool is_foreign_frame(const char *line, size_t length)
{
	static const char *const words[] = {
		"libflicker", "libcmocka", "_cmocka_run_group_tests", "plugin/agent/",
		" fl_attempt_", " fl_ordered_",
	};
	bool is_frame = is_marked_frame(line) || line[strspn(line, " ")] == '#';
	size_t i;

	for (i = 0; is_frame && i < FL_COUNT(words); i++)
		if (memmem(line, length, words[i], strlen(words[i])))
			return true;
	return false;
}

static bool is_rule(const char *line, size_t length)
{
	return length && strspn(line, "=") == length;
}

/* The first lines of the report, up to its end.  The caller's. */
static char *report_lines(const char *report)
{
	char *kept = fl_base_alloc(strlen(report) + 1, 1), *to = kept;
	size_t count = 0;

	for (; *report && count < SHOWN_REPORT_LINES; report += line_size(report)) {
		size_t length = strcspn(report, "\n"), whole = line_size(report);

		if (is_blank_mark(report) || is_rule(report, length))
			break;
		if (is_runner_line(report, length) || is_foreign_frame(report, length))
			continue;
		memcpy(to, report, whole);
		to += whole;
		count++;
	}
	return kept;
}

/* ---- printing ---- */

static bool is_inside_character(const char *at)
{
	return ((unsigned char)*at & 0xc0) == 0x80;
}

static void print_lines(FILE *out, const char *lines, const char *before, const char *after)
{
	fprintf(out, "    | %s", before);
	fl_text_print(out, lines, "\n    | ");
	fprintf(out, "%s\n", after);
}

/* Its end is left out where it is very long. */
static void print_report(FILE *out, const char *report)
{
	autofree char *lines = report_lines(report);
	bool is_cut = strlen(lines) > SHOWN_REPORT_BYTES;
	size_t end = SHOWN_REPORT_BYTES;

	while (is_cut && is_inside_character(lines + end))
		end--;
	if (is_cut)
		lines[end] = '\0';
	print_lines(out, lines, "", is_cut ? "..." : "");
}

/* The start of the last lines is left out where they are very long. */
static void print_tail(FILE *out, const char *output, const char *message)
{
	autofree char *own = own_lines(output, message);
	const char *tail = fl_text_last_lines(own, SHOWN_LINES);
	size_t length = strlen(tail);
	bool is_cut = length > SHOWN_BYTES;

	if (!length)
		return;
	if (is_cut)
		tail += length - SHOWN_BYTES;
	while (is_cut && is_inside_character(tail))
		tail++;
	print_lines(out, tail, is_cut ? "..." : "", "");
}

void fl_summary_output(FILE *out, const char *output, const char *message)
{
	const char *report = output ? find_report(output) : NULL;

	if (report)
		print_report(out, report);
	else if (output)
		print_tail(out, output, message);
}
