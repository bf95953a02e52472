/* SPDX-License-Identifier: MIT */
/*
 * check.h - what each EXPECT_* finds out; false: the text says what is wrong, as GoogleTest would.
 *
 * The expressions are shown as they stand in the source: `arguments` is the text of all
 * of the macro's arguments, and the first ones are cut out of it where a check fails.
 */
#ifndef FLICKER_XUNIT_CHECK_H
#define FLICKER_XUNIT_CHECK_H

#include <math.h>
#include <strings.h>

#include "value.h"

/* ---- the text of an argument ---- */

struct fl_xunit_slice { int length; const char *text; };

/* Up to the comma, or the end, that follows an argument: quotes and brackets are one piece. */
static inline const char *fl_xunit_argument_end(const char *at)
{
	int depth = 0;
	char quote = '\0';

	for (; *at && (quote || depth || *at != ','); at++) {
		if (quote && *at == '\\' && at[1])
			at++;
		else if (quote && *at == quote)
			quote = '\0';
		else if (quote)
			continue;
		else if (*at == '"' || *at == '\'')
			quote = *at;
		else if (strchr("([{", *at))
			depth++;
		else if (strchr(")]}", *at))
			depth--;
	}
	return at;
}

static inline struct fl_xunit_slice fl_xunit_argument(const char *arguments, int index)
{
	const char *end = fl_xunit_argument_end(arguments);

	while (index-- > 0 && *end) {
		arguments = end + 1 + strspn(end + 1, " ");
		end = fl_xunit_argument_end(arguments);
	}
	return (struct fl_xunit_slice){ (int)(end - arguments), arguments };
}

/* For "%.*s". */
#define FL_XUNIT_SLICE(arguments, index) \
	fl_xunit_argument(arguments, index).length, fl_xunit_argument(arguments, index).text

/* ---- EQ NE LT LE GT GE ---- */

/* One of both sides: the expression, and its value where that is something else. */
static inline void fl_xunit_put_side(const char *arguments, int index, const char *value)
{
	struct fl_xunit_slice slice = fl_xunit_argument(arguments, index);

	fl_xunit_put("\n  %.*s", slice.length, slice.text);
	if (strlen(value) != (size_t)slice.length || strncmp(value, slice.text, strlen(value)) != 0)
		fl_xunit_put("\n    Which is: %s", value);
}

static inline void fl_xunit_put_sides(const char *arguments, const char *a, const char *b)
{
	fl_xunit_start("Expected equality of these values:");
	fl_xunit_put_side(arguments, 0, a);
	fl_xunit_put_side(arguments, 1, b);
}

static inline const char *fl_xunit_sign_of(enum fl_xunit_comparison comparison)
{
	return comparison == FL_XUNIT_NE ? "!=" :
	       comparison == FL_XUNIT_LT ? "<" :
	       comparison == FL_XUNIT_LE ? "<=" :
	       comparison == FL_XUNIT_GT ? ">" : ">=";
}

static inline bool fl_xunit_compare(enum fl_xunit_comparison comparison, const char *arguments,
				    struct fl_xunit_value a, struct fl_xunit_value b)
{
	char left[64], right[64];

	if ((int)fl_xunit_order_of(&a, &b) & (int)comparison)
		return true;
	fl_xunit_format(left, sizeof(left), &a);
	fl_xunit_format(right, sizeof(right), &b);
	if (comparison == FL_XUNIT_EQ)
		fl_xunit_put_sides(arguments, left, right);
	else
		fl_xunit_start("Expected: (%.*s) %s (%.*s), actual: %s vs %s",
			       FL_XUNIT_SLICE(arguments, 0), fl_xunit_sign_of(comparison),
			       FL_XUNIT_SLICE(arguments, 1), left, right);
	return false;
}

/* ---- TRUE FALSE ---- */

static inline bool fl_xunit_truth(bool wanted, const char *arguments, bool value)
{
	if (value != wanted)
		fl_xunit_start("Value of: %.*s\n  Actual: %s\nExpected: %s",
			       FL_XUNIT_SLICE(arguments, 0), value ? "true" : "false",
			       wanted ? "true" : "false");
	return value == wanted;
}

/* ---- STREQ STRNE STRCASEEQ STRCASENE ---- */

/* A literal of the string; a hexadecimal digit behind \xNN begins a new one.  NULL: NULL. */
static inline void fl_xunit_format_string(char *text, size_t size, const char *string)
{
	bool was_hex = false;
	char byte[8];
	size_t used;

	if (!string) {
		snprintf(text, size, "NULL");
		return;
	}
	text[0] = '"';
	for (used = 1; *string && used + 12 < size; string++) {
		if (was_hex && strchr("0123456789abcdefABCDEF", *string))
			used += (size_t)snprintf(text + used, size - used, "\" \"");
		was_hex = fl_xunit_format_byte(byte, sizeof(byte), (unsigned char)*string, '"');
		used += (size_t)snprintf(text + used, size - used, "%s", byte);
	}
	snprintf(text + used, size - used, *string ? "...\"" : "\"");
}

static inline bool fl_xunit_is_same_string(const char *a, const char *b, bool ignores_case)
{
	if (!a || !b)
		return a == b;
	return (ignores_case ? strcasecmp(a, b) : strcmp(a, b)) == 0;
}

static inline bool fl_xunit_strings(bool is_equal_wanted, bool ignores_case, const char *arguments,
				    const char *a, const char *b)
{
	static char left[FL_XUNIT_TEXT / 4], right[FL_XUNIT_TEXT / 4];

	if (fl_xunit_is_same_string(a, b, ignores_case) == is_equal_wanted)
		return true;
	fl_xunit_format_string(left, sizeof(left), a);
	fl_xunit_format_string(right, sizeof(right), b);
	if (is_equal_wanted) {
		fl_xunit_put_sides(arguments, left, right);
		fl_xunit_put("%s", ignores_case ? "\nIgnoring case" : "");
	} else {
		fl_xunit_start("Expected: (%.*s) != (%.*s)%s, actual: %s vs %s",
			       FL_XUNIT_SLICE(arguments, 0), FL_XUNIT_SLICE(arguments, 1),
			       ignores_case ? " (ignoring case)" : "", left, right);
	}
	return false;
}

/* ---- MEMEQ MEMNE: ours, GoogleTest has none ---- */

/* 16 bytes, from a few before the first that differs. */
static inline void fl_xunit_put_bytes(const char *arguments, int index, const unsigned char *bytes,
				      size_t at, size_t size)
{
	size_t from = at < 8 ? 0 : at - 8;
	size_t to = size - from > 16 ? from + 16 : size;

	fl_xunit_put("\n  %.*s\n    Which is:%s", FL_XUNIT_SLICE(arguments, index),
		     from ? " ..." : "");
	for (; from < to; from++)
		fl_xunit_put(" %02x", bytes[from]);
}

static inline bool fl_xunit_memory(bool is_equal_wanted, const char *arguments, const void *a,
				   const void *b, size_t size)
{
	const unsigned char *left = a, *right = b;
	size_t at = 0;

	while (at < size && left[at] == right[at])
		at++;
	if ((at == size) == is_equal_wanted)
		return true;
	if (!is_equal_wanted) {
		fl_xunit_start("Expected: (%.*s) != (%.*s), actual: %zu bytes, all the same",
			       FL_XUNIT_SLICE(arguments, 0), FL_XUNIT_SLICE(arguments, 1), size);
		return false;
	}
	fl_xunit_start("Expected equality of %zu bytes, the first that differs is at %zu:",
		       size, at);
	fl_xunit_put_bytes(arguments, 0, left, at, size);
	fl_xunit_put_bytes(arguments, 1, right, at, size);
	return false;
}

/* ---- NEAR FLOAT_EQ DOUBLE_EQ ---- */

static inline bool fl_xunit_near(const char *arguments, double a, double b, double most)
{
	double difference = fabs(a - b);

	if (difference <= most || a == b)               /* equal infinities differ by NaN */
		return true;
	fl_xunit_start("The difference between %.*s and %.*s is %.17g, which exceeds %.*s, where\n"
		       "%.*s evaluates to %.17g,\n%.*s evaluates to %.17g, and\n"
		       "%.*s evaluates to %.17g.",
		       FL_XUNIT_SLICE(arguments, 0), FL_XUNIT_SLICE(arguments, 1), difference,
		       FL_XUNIT_SLICE(arguments, 2), FL_XUNIT_SLICE(arguments, 0), a,
		       FL_XUNIT_SLICE(arguments, 1), b, FL_XUNIT_SLICE(arguments, 2), most);
	return false;
}

/* The bits of an IEEE 754 number as a whole number that grows with it; -0 and 0 are one. */
static inline uint64_t fl_xunit_rank(uint64_t bits, uint64_t sign)
{
	return (bits & sign) ? sign - (bits & ~sign) : sign + bits;
}

/* At most 4 units in the last place apart, AlmostEquals() of googletest's gtest-internal.h. */
static inline bool fl_xunit_is_almost(uint64_t left, uint64_t right, uint64_t sign)
{
	uint64_t a = fl_xunit_rank(left, sign), b = fl_xunit_rank(right, sign);

	return (a > b ? a - b : b - a) <= 4;
}

static inline bool fl_xunit_reals(const char *arguments, bool is_almost, double a, double b,
				  int digits)
{
	char left[64], right[64];

	if (is_almost && a == a && b == b)              /* no NaN equals anything */
		return true;
	snprintf(left, sizeof(left), "%.*g", digits, a);
	snprintf(right, sizeof(right), "%.*g", digits, b);
	fl_xunit_put_sides(arguments, left, right);
	return false;
}

static inline bool fl_xunit_doubles(const char *arguments, double a, double b)
{
	const uint64_t sign = UINT64_C(1) << 63;
	uint64_t left, right;

	memcpy(&left, &a, sizeof(left));
	memcpy(&right, &b, sizeof(right));
	return fl_xunit_reals(arguments, fl_xunit_is_almost(left, right, sign), a, b, 17);
}

static inline bool fl_xunit_floats(const char *arguments, float a, float b)
{
	const uint64_t sign = UINT64_C(1) << 31;
	uint32_t left, right;

	memcpy(&left, &a, sizeof(left));
	memcpy(&right, &b, sizeof(right));
	return fl_xunit_reals(arguments, fl_xunit_is_almost(left, right, sign), (double)a,
			      (double)b, 8);
}

#endif
