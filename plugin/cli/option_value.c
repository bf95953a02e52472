/* SPDX-License-Identifier: MIT */
/*
 * option_value.c - from the text of a value to the field of its option.
 *
 * Strict: what is not wholly a value is a message that names the place, the value
 * and what is wanted.  strtoull alone would take "-1", " 7" and octal numbers.
 */
#include "options.h"

#include <errno.h>
#include <inttypes.h>

static int parse_number(const char *text, uint64_t *ret_number)
{
	bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = is_hex ? text + 2 : text;
	size_t length = strlen(digits);

	if (!length || strspn(digits, is_hex ? "0123456789abcdefABCDEF" : "0123456789") != length)
		return -EINVAL;
	errno = 0;
	*ret_number = strtoull(digits, NULL, is_hex ? 16 : 10);
	return -errno;
}

/* "1.5" to 1500; finer than a millisecond is rounded up.  At most UINT32_MAX. */
static int parse_seconds(const char *text, uint32_t *ret_ms)
{
	size_t whole = strspn(text, "0123456789"), i;
	const char *fraction = text[whole] == '.' ? text + whole + 1 : text + whole;
	size_t places = strspn(fraction, "0123456789");
	uint64_t ms = 0;

	if (whole + places == 0 || fraction[places])
		return -EINVAL;
	for (i = 0; i < whole && ms <= UINT32_MAX; i++)
		ms = ms * 10 + (uint64_t)(text[i] - '0');
	for (i = 0; i < 3 && ms <= UINT32_MAX; i++)
		ms = ms * 10 + (uint64_t)(i < places ? fraction[i] - '0' : 0);
	if (places > 3 && strspn(fraction + 3, "0") < places - 3)
		ms++;
	if (ms > UINT32_MAX || i < 3)
		return -ERANGE;
	*ret_ms = (uint32_t)ms;
	return 0;
}

static int store_flag(const struct fl_option_value *value, bool *field, struct fl_error *error)
{
	const char *text = value->text ? value->text : "1";

	if (strcmp(text, "1") != 0 && strcmp(text, "0") != 0)
		return fl_error_set(error, -EINVAL, "%s wants 1 or 0, not '%s'", value->origin,
				    text);
	*field = *text == '1';
	return 0;
}

static int store_number(const struct fl_option_value *value, uint64_t *field,
			struct fl_error *error)
{
	uint64_t min = value->option->min, max = value->option->max, number;

	if (parse_number(value->text, &number) < 0 || number < min || number > max)
		return fl_error_set(error, -EINVAL,
				    "%s wants a whole number from %" PRIu64 " to %" PRIu64
				    ", not '%s'", value->origin, min, max, value->text);
	*field = number;
	return 0;
}

static int store_seconds(const struct fl_option_value *value, uint32_t *field,
			 struct fl_error *error)
{
	bool is_limit = value->option->kind == FL_OPTION_LIMIT;
	uint32_t ms;

	if (parse_seconds(value->text, &ms) < 0 || ms == 0)
		return fl_error_set(error, -EINVAL,
				    "%s wants seconds, such as 2.5, above 0 and up to %" PRIu32
				    "%s, not '%s'", value->origin, UINT32_MAX / 1000,
				    is_limit ? ", or none" : "", value->text);
	*field = ms;
	return 0;
}

static int store_limit(const struct fl_option_value *value, uint32_t *field,
		       struct fl_error *error)
{
	if (strcmp(value->text, "none") != 0)
		return store_seconds(value, field, error);
	*field = FL_OPTION_UNLIMITED;
	return 0;
}

static int store_word(const struct fl_option_value *value, int *field, struct fl_error *error)
{
	int word = value->option->parse(value->text);

	if (word < 0)
		return fl_error_set(error, -EINVAL, "%s wants one of %s, not '%s'", value->origin,
				    value->option->words, value->text);
	*field = word;
	return 0;
}

static int store_mask(const struct fl_option_value *value, uint32_t *field,
		      struct fl_error *error)
{
	struct fl_error why = { "" };

	if (fl_mask_parse(value->option->mask, value->text, field, &why) < 0)
		return fl_error_set(error, -EINVAL, "%s %s", value->origin, why.text);
	return 0;
}

static int check(const struct fl_option_value *value, struct fl_error *error)
{
	return value->option->check ? value->option->check(value, error) : 0;
}

static int store_text(const struct fl_option_value *value, char **field, struct fl_error *error)
{
	int r = check(value, error);

	if (r < 0)
		return r;
	free(*field);
	*field = fl_base_copy(value->text);
	return 0;
}

/* Checks each line of the value; empty ones say nothing. */
static int check_lines(const struct fl_option_value *value, struct fl_error *error)
{
	const char *at = value->text;
	int r = 0;

	while (r >= 0 && *at) {
		autofree char *line = fl_base_copy_n(at, strcspn(at, "\n"));
		struct fl_option_value one = *value;

		one.text = line;
		if (*line)
			r = check(&one, error);
		at += strlen(line);
		at += *at == '\n';
	}
	return r;
}

static int store_lines(const struct fl_option_value *value, char **field, struct fl_error *error)
{
	int r = check_lines(value, error);
	char *lines;

	if (r < 0)
		return r;
	lines = *field ? fl_base_format("%s\n%s", *field, value->text)
		       : fl_base_copy(value->text);
	free(*field);
	*field = lines;
	return 0;
}

int fl_option_store(const struct fl_option_value *value, struct fl_options *options,
		    struct fl_error *error)
{
	void *field = (char *)options + value->option->offset;

	if (!value->text && value->option->kind != FL_OPTION_FLAG)
		return fl_error_set(error, -EINVAL, "%s wants a value", value->origin);
	if (value->option->kind == FL_OPTION_LIST && !*value->text)
		return fl_error_set(error, -EINVAL, "%s wants a value, not ''", value->origin);

	switch (value->option->kind) {
	case FL_OPTION_FLAG:
		return store_flag(value, field, error);
	case FL_OPTION_NUMBER:
		return store_number(value, field, error);
	case FL_OPTION_SECONDS:
		return store_seconds(value, field, error);
	case FL_OPTION_TEXT:
		return store_text(value, field, error);
	case FL_OPTION_LIST:
		return store_lines(value, field, error);
	case FL_OPTION_LIMIT:
		return store_limit(value, field, error);
	case FL_OPTION_WORD:
		return store_word(value, field, error);
	case FL_OPTION_MASK:
		return store_mask(value, field, error);
	}
	return -EINVAL;
}
