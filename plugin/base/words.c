/* SPDX-License-Identifier: MIT */
/*
 * words.c - a command line cut into words as a shell would, without a shell.
 *
 * Blanks separate.  In '...' all is literal; in "..." a backslash quotes " and \
 * alone; elsewhere it quotes any byte.  Nothing is expanded: $, `, * and ~ stand for
 * themselves, so that a setting never runs more than it says.
 */
#include "base.h"

#include <errno.h>

/* Where the reader is, and the word that it builds. */
struct reader {
	const char *at;
	char *word;                     /* room for all that is left of the text */
	size_t length;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static void keep(struct reader *reader)
{
	reader->word[reader->length++] = *reader->at++;
}

/* From the opening quote to behind the closing one. */
static int read_quoted(struct reader *reader)
{
	char quote = *reader->at++;

	while (*reader->at && *reader->at != quote) {
		if (quote == '"' && *reader->at == '\\' && reader->at[1] &&
		    strchr("\"\\", reader->at[1]))
			reader->at++;
		keep(reader);
	}
	if (!*reader->at)
		return -EINVAL;
	reader->at++;
	return 0;
}

static int read_word(struct reader *reader)
{
	int r = 0;

	while (r >= 0 && *reader->at && !is_blank(*reader->at)) {
		if (*reader->at == '\'' || *reader->at == '"') {
			r = read_quoted(reader);
		} else if (*reader->at == '\\') {
			reader->at++;
			if (!*reader->at)
				return -EINVAL;
			keep(reader);
		} else {
			keep(reader);
		}
	}
	return r;
}

int fl_base_split_words(const char *text, char ***ret_words, size_t *ret_count)
{
	autofree char *room = fl_base_alloc(strlen(text) + 1, 1);
	struct reader reader = { .at = text, .word = room };
	size_t count = 0, capacity = 0;
	char **words = fl_base_grow(NULL, &capacity, 1, sizeof(*words));
	int r = 0;

	for (;;) {
		while (is_blank(*reader.at))
			reader.at++;
		if (!*reader.at)
			break;
		reader.length = 0;
		r = read_word(&reader);
		if (r < 0)
			break;
		words = fl_base_grow(words, &capacity, count + 2, sizeof(*words));
		words[count++] = fl_base_copy_n(room, reader.length);
	}
	words[count] = NULL;
	if (r < 0) {
		fl_base_free_words(words);
		return r;
	}
	*ret_words = words;
	if (ret_count)
		*ret_count = count;
	return 0;
}

char **fl_base_copy_words(char *const *words)
{
	size_t count = 0, i;
	char **copy;

	while (words && words[count])
		count++;
	copy = fl_base_alloc(count + 1, sizeof(*copy));
	for (i = 0; i < count; i++)
		copy[i] = fl_base_copy(words[i]);
	return copy;
}

void fl_base_free_words(char **words)
{
	size_t i;

	for (i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}
