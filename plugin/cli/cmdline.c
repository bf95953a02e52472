/* SPDX-License-Identifier: MIT */
/*
 * cmdline.c - does it take a shell?  Where in doubt, it does.
 *
 * Tokens are numbers by the time a shell would see them, so they are taken out before the
 * line is read: `#` would begin a comment, and a token of the user's may hold anything.
 */
#include "cmdline.h"

#include <errno.h>

/* No line holds these by itself. */
static const char count_mark[] = "\001count\001", port_mark[] = "\001port\001";
static const char port_token[] = "#port#";

/*
 * What sh(1) does itself, or as nobody else would.  Not true and false: they are the same
 * everywhere.
 */
static const char *const shell_words[] = {
	".", ":", "[", "alias", "bg", "break", "case", "cd", "command", "continue", "do", "done",
	"echo", "elif", "else", "esac", "eval", "exec", "exit", "export", "fc", "fg", "fi", "for",
	"getopts", "hash", "if", "in", "jobs", "kill", "local", "printf", "pwd", "read",
	"readonly", "return", "set", "shift", "test", "then", "time", "times", "trap", "type",
	"ulimit", "umask", "unalias", "unset", "until", "wait", "while",
};

/* Behind the closing quote; NULL: a shell is needed.  What does not close ends with the text. */
static const char *skip_double(const char *at)
{
	for (at++; *at && *at != '"'; at++) {
		if (*at == '$' || *at == '`')
			return NULL;
		if (*at == '\\' && at[1] && strchr("$`\n", at[1]))
			return NULL;
		if (*at == '\\' && (at[1] == '"' || at[1] == '\\'))
			at++;
	}
	return *at ? at + 1 : at;
}

static const char *skip_single(const char *at)
{
	at++;
	at += strcspn(at, "'");
	return *at ? at + 1 : at;
}

/* Behind what begins here; NULL: a shell is needed. */
static const char *skip_one(const char *at, bool is_word_start, bool is_first_word)
{
	if (*at == '\'')
		return skip_single(at);
	if (*at == '"')
		return skip_double(at);
	if (*at == '\\')
		return at[1] == '\n' ? NULL : at + 1 + (at[1] != '\0');
	if (strchr("|&;<>()$`*?[{\n", *at))
		return NULL;
	if (is_word_start && strchr("#~!", *at))
		return NULL;
	return is_first_word && *at == '=' ? NULL : at + 1;
}

static bool has_special(const char *line)
{
	bool is_word_start = true, is_first_word = true, is_begun = false;

	while (line && *line) {
		if (*line == ' ' || *line == '\t') {
			is_first_word &= !is_begun;
			is_word_start = true;
			line++;
			continue;
		}
		line = skip_one(line, is_word_start, is_first_word);
		is_word_start = false;
		is_begun = true;
	}
	return !line;
}

static bool is_shell_word(const char *word)
{
	size_t i;

	for (i = 0; i < FL_COUNT(shell_words); i++)
		if (strcmp(word, shell_words[i]) == 0)
			return true;
	return false;
}

bool fl_cmdline_needs_shell(const char *line)
{
	char **words;
	bool is_known;

	if (has_special(line))
		return true;
	if (fl_base_split_words(line, &words, NULL) < 0)
		return false;
	is_known = words[0] && is_shell_word(words[0]);
	fl_base_free_words(words);
	return is_known;
}

/* Every `token` of the text becomes `mark`; the caller's. */
static char *replace(const char *text, const char *token, const char *mark)
{
	size_t length = strlen(text), room = strlen(mark) + 1, at = 0;
	char *copy = fl_base_alloc((length + 1) * room, 1);

	while (*text) {
		bool is_token = strncmp(text, token, strlen(token)) == 0;
		size_t some = is_token ? strlen(mark) : 1;

		memcpy(copy + at, is_token ? mark : text, some);
		at += some;
		text += is_token ? strlen(token) : 1;
	}
	copy[at] = '\0';
	return copy;
}

char *fl_cmdline_first_program(const char *line)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-";
	const char *word = line + strspn(line, " \t\n"), *end = word + strspn(word, plain);
	autofree char *name = fl_base_copy_n(word, (size_t)(end - word));

	if (!*name || !strchr(" \t\n|;&<>", *end) || end[strspn(end, " \t\n")] == '(' ||
	    is_shell_word(name))
		return NULL;
	return take(name);
}

static int parse_line(const char *text, const char *count_token, struct fl_cmdline *cmdline,
		      struct fl_error *error)
{
	autofree char *counted = replace(text, count_token, count_mark);
	autofree char *line = replace(counted, port_token, port_mark);

	cmdline->count_token = count_mark;
	cmdline->port_token = port_mark;
	if (!line[strspn(line, " \t\n")])
		return fl_error_set(error, -EINVAL, "names no command, but blanks");
	cmdline->is_shell = fl_cmdline_needs_shell(line);
	if (cmdline->is_shell) {
		char *words[] = { "/bin/sh", "-c", line, NULL };

		cmdline->words = fl_base_copy_words(words);
	} else if (fl_base_split_words(line, &cmdline->words, NULL) < 0) {
		return fl_error_set(error, -EINVAL, "got a command whose quotes do not close");
	}
	return 0;
}

int fl_cmdline_parse(char *const *operands, const char *count_token,
		     struct fl_cmdline *ret_cmdline, struct fl_error *error)
{
	struct fl_cmdline cmdline = { .count_token = count_token, .port_token = port_token };
	int r = 0;

	if (!operands[0])
		return fl_error_set(error, -EINVAL, "names no command");
	if (operands[1])
		cmdline.words = fl_base_copy_words(operands);
	else
		r = parse_line(operands[0], count_token, &cmdline, error);
	if (r >= 0)
		*ret_cmdline = cmdline;
	return r;
}

void fl_cmdline_clear(struct fl_cmdline *cmdline)
{
	fl_base_free_words(cmdline->words);
	*cmdline = (struct fl_cmdline){ 0 };
}
