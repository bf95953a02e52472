/* SPDX-License-Identifier: MIT */
/*
 * signature.c - one pass over the message, then a hash of what is left.
 *
 * A placeholder is never longer than what it stands for, so the output fits where
 * the input did.  The message is bytes of the test's choosing: no locale, no
 * <ctype.h>, no sign extension.  Rather too coarse than too fine: a failure split
 * in two hides how often it happens, one merged is told apart by its frames.
 */
#include "signature.h"

#include "../../base/base.h"

#include <inttypes.h>

enum { FRAMES = 3, HEX_WORD_MIN = 4, PLACEHOLDER = '#' };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_path(char c)
{
	return is_word(c) || (c != '\0' && strchr("/._-+~@%=,#", c)) || (c & 0x80);
}

/* Each of these yields how many bytes at `text` are such a thing, 0 for none. */

static size_t span(const char *text, bool (*is)(char))
{
	size_t n = 0;

	while (is(text[n]))
		n++;
	return n;
}

static size_t exponent(const char *text)
{
	size_t sign = text[0] && (text[1] == '+' || text[1] == '-');

	if (text[0] != 'e' && text[0] != 'E')
		return 0;
	return is_digit(text[1 + sign]) ? 1 + sign + span(text + 1 + sign, is_digit) : 0;
}

/* Digits, `.digits` as often as they come (versions and addresses too), an exponent. */
static size_t number(const char *text)
{
	size_t n = span(text, is_digit);

	while (n > 0 && text[n] == '.' && is_digit(text[n + 1]))
		n += 1 + span(text + n + 1, is_digit);
	return n > 0 ? n + exponent(text + n) : 0;
}

static size_t hexadecimal(const char *text)
{
	size_t n, digits = 0, i;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X') && is_hex(text[2]))
		return 2 + span(text + 2, is_hex);
	n = span(text, is_hex);
	for (i = 0; i < n; i++)
		digits += is_digit(text[i]);
	return n >= HEX_WORD_MIN && digits > 0 && !is_word(text[n]) ? n : 0;
}

/* The length of a directory for temporary files, with its last slash. */
static size_t temporary(const char *text)
{
	static const char *const places[] = { "/tmp/", "/var/tmp/", "/dev/shm/" };
	size_t i;

	for (i = 0; i < FL_COUNT(places); i++)
		if (strncmp(text, places[i], strlen(places[i])) == 0)
			return strlen(places[i]);
	return 0;
}

struct copier {
	const char *in;
	char *out;
	bool is_after_word;             /* the byte before is a letter or digit */
};

static void put(struct copier *copier, size_t n)
{
	memcpy(copier->out, copier->in, n);
	copier->in += n;
	copier->out += n;
}

static void replace(struct copier *copier, size_t n)
{
	copier->in += n;
	*copier->out++ = PLACEHOLDER;
}

/* How much there is to replace.  After a word a minus is no sign (ranges, UUIDs). */
static size_t changing(const struct copier *copier)
{
	size_t minus = copier->in[0] == '-', n;

	if (copier->is_after_word)
		return span(copier->in, is_digit);
	n = hexadecimal(copier->in + minus);
	if (n == 0)
		n = number(copier->in + minus);
	return n > 0 ? minus + n : 0;
}

static void copy_next(struct copier *copier)
{
	size_t place = copier->is_after_word ? 0 : temporary(copier->in), n;

	put(copier, place);
	n = place > 0 ? span(copier->in, is_path) : changing(copier);
	if (n > 0)
		replace(copier, n);
	else if (copier->in[0] != '\0')
		put(copier, 1);
}

/* Leaves out each line that equals the one before it. */
static void merge_lines(char *text)
{
	char *out = text, *last = NULL, *line = text;
	size_t last_length = 0;

	while (*line) {
		size_t length = strcspn(line, "\n"), whole = length + (line[length] == '\n');

		if (!last || length != last_length || memcmp(line, last, length) != 0) {
			last = memmove(out, line, whole);
			last_length = length;
			out += whole;
		}
		line += whole;
	}
	*out = '\0';
}

char *fl_signature_normalise(const char *message)
{
	struct copier copier = { .in = message ? message : "" };
	char *text = fl_base_alloc(strlen(copier.in) + 1, 1);

	copier.out = text;
	while (*copier.in) {
		copy_next(&copier);
		copier.is_after_word = is_word(copier.in[-1]);
	}
	merge_lines(text);
	return text;
}

/* FNV-1a over the bytes and an end, so that "ab","c" is not "a","bc". */
static uint64_t hash(uint64_t state, const char *text)
{
	const uint64_t prime = 0x100000001b3;

	for (; *text; text++)
		state = (state ^ (unsigned char)*text) * prime;
	return state * prime;
}

static uint64_t hash_number(uint64_t state, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	return hash(state, text);
}

static uint64_t hash_frame(uint64_t state, const struct fl_frame *frame)
{
	if (frame->function)
		return hash(state, frame->function);
	state = hash(state, frame->module ? frame->module : "");
	return hash_number(state, frame->module ? frame->offset : 0);
}

/* Where it happened. */
static uint64_t hash_place(uint64_t state, const struct fl_observation *observation)
{
	const struct fl_backtrace *backtrace = &observation->backtrace;
	size_t i;

	for (i = 0; i < backtrace->count && i < FRAMES; i++)
		state = hash_frame(state, &backtrace->frames[i]);
	if (backtrace->count > 0)
		return state;
	state = hash(state, observation->file ? observation->file : "");
	return hash_number(state, (uint64_t)(int64_t)observation->line);
}

void fl_signature_make(const struct fl_observation *observation,
		       char ret_signature[FL_SIGNATURE_SIZE])
{
	autofree char *message = fl_signature_normalise(observation->message);
	uint64_t state = 0xcbf29ce484222325;

	state = hash(state, fl_outcome_name(observation->outcome));
	state = hash_number(state, (uint64_t)(int64_t)observation->signal);
	state = hash(state, message);
	state = hash_place(state, observation);
	snprintf(ret_signature, FL_SIGNATURE_SIZE, "%016" PRIx64, state);
}
