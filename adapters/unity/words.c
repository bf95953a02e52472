/* SPDX-License-Identifier: MIT */
/*
 * words.c - what Unity has printed of the test that runs, while it is in stdout's buffer.
 *
 * When it jumps out of a test its words are still there: `file:line:test:FAIL: words`.  Where
 * the program has no such buffer, or prints elsewhere, they are in the output alone.
 */
#define _GNU_SOURCE
#include "unity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is written to stdout and still in its buffer. */
static const char *pending(size_t *ret_length)
{
#ifdef __GLIBC__
	*ret_length = stdout->_IO_write_ptr > stdout->_IO_write_base ?
		(size_t)(stdout->_IO_write_ptr - stdout->_IO_write_base) : 0;
	return stdout->_IO_write_base;
#else
	*ret_length = 0;
	return "";
#endif
}

/* Its last line that holds something. */
static const char *last_line(size_t *ret_length)
{
	size_t length, start;
	const char *text = pending(&length);

	while (length && text[length - 1] == '\n')
		length--;
	for (start = length; start && text[start - 1] != '\n'; start--)
		;
	*ret_length = length - start;
	return text + start;
}

static size_t copy_last_line(char *line, size_t room)
{
	size_t length;
	const char *text = last_line(&length);

	if (length > room - 1)
		length = room - 1;
	memcpy(line, text, length);
	line[length] = '\0';
	return length;
}

/* Colours are no words. */
static const char *skip_marks(const char *at)
{
	for (;;) {
		if (*at == '\033' && strchr(at, 'm'))
			at = strchr(at, 'm') + 1;
		else if (*at == ':' || *at == ' ')
			at++;
		else
			return at;
	}
}

/* Where the result is in `file:line:test:RESULT: words`, coloured or not. */
static const char *find_result(const char *line, const char *result)
{
	const char *at = line;

	while ((at = strstr(at, result)) && (at == line || !strchr(":m", at[-1])))
		at++;
	return at;
}

bool fl_unity_words_printed(const char *result)
{
	char line[FL_WIRE_MESSAGE];

	return copy_last_line(line, sizeof(line)) && find_result(line, result);
}

/* From the file's name on: in front of it the test may have printed. */
void fl_unity_words_drop(const char *result)
{
#ifdef __GLIBC__
	char line[FL_WIRE_MESSAGE];
	size_t length = copy_last_line(line, sizeof(line));
	const char *file = fl_unity_file(), *start = file ? strstr(line, file) : NULL;

	if (fl_unity_flicker->hides_lines() && start && find_result(start, result))
		stdout->_IO_write_ptr -= length - (size_t)(start - line);
#else
	(void)result;
#endif
}

/* Of a test that has just failed, or was ignored. */
void fl_unity_words_tell(const char *result)
{
	char line[FL_WIRE_MESSAGE];
	const char *file = fl_unity_file(), *number, *words;

	if (!file || !copy_last_line(line, sizeof(line)))
		return;
	number = strstr(line, file);
	words = number ? find_result(number, result) : NULL;
	if (!words || number[strlen(file)] != ':')
		return;
	fl_unity_flicker->place(file, atoi(number + strlen(file) + 1));
	words = skip_marks(words + strlen(result));
	fl_unity_flicker->message(words, strlen(words));
	fl_unity_words_drop(result);
}

/* The line that says so is written anew, where all of it is still in the buffer. */
void fl_unity_words_show_as_ignored(void)
{
#ifdef __GLIBC__
	static const char result[] = "FAIL";
	char line[FL_WIRE_MESSAGE];
	size_t length = copy_last_line(line, sizeof(line));
	const char *found = length ? find_result(line, result) : NULL;

	if (!found || fl_unity_flicker->hides_lines() || length == sizeof(line) - 1 ||
	    stdout->_IO_write_ptr[-1] == '\n')
		return;
	stdout->_IO_write_ptr -= strlen(found);
	fputs("IGNORE", stdout);
	fputs(found + strlen(result), stdout);
#endif
}
