/* SPDX-License-Identifier: MIT */
/*
 * value.h - both sides of an EXPECT_EQ: what they are, how they compare, how they are shown.
 *
 * A value is compared as the number that it is: -1 is less than every unsigned number and
 * equal to none, where C's == would convert it.  It is shown as GoogleTest shows it.
 */
#ifndef FLICKER_XUNIT_VALUE_H
#define FLICKER_XUNIT_VALUE_H

#include <float.h>

#include "state.h"

enum fl_xunit_kind {
	FL_XUNIT_BOOL, FL_XUNIT_CHAR, FL_XUNIT_BYTE, FL_XUNIT_SIGNED, FL_XUNIT_UNSIGNED,
	FL_XUNIT_FLOAT, FL_XUNIT_DOUBLE, FL_XUNIT_LONG_DOUBLE, FL_XUNIT_POINTER,
};

struct fl_xunit_value {
	enum fl_xunit_kind kind;
	bool is_negative;
	intmax_t number;                /* BOOL, CHAR, BYTE, SIGNED */
	uintmax_t natural;              /* all that is no fraction; of a negative one its bits */
	long double real;               /* the others, and a copy of these */
};

static inline struct fl_xunit_value fl_xunit_signed_as(enum fl_xunit_kind kind, intmax_t number)
{
	return (struct fl_xunit_value){ kind, number < 0, number, (uintmax_t)number,
					(long double)number };
}

static inline struct fl_xunit_value fl_xunit_of_bool(bool value)
{
	return fl_xunit_signed_as(FL_XUNIT_BOOL, value);
}

static inline struct fl_xunit_value fl_xunit_of_char(char value)
{
	return fl_xunit_signed_as(FL_XUNIT_CHAR, value);
}

static inline struct fl_xunit_value fl_xunit_of_schar(signed char value)
{
	return fl_xunit_signed_as(FL_XUNIT_BYTE, value);
}

static inline struct fl_xunit_value fl_xunit_of_uchar(unsigned char value)
{
	return fl_xunit_signed_as(FL_XUNIT_BYTE, value);
}

static inline struct fl_xunit_value fl_xunit_of_signed(intmax_t value)
{
	return fl_xunit_signed_as(FL_XUNIT_SIGNED, value);
}

static inline struct fl_xunit_value fl_xunit_of_unsigned(uintmax_t value)
{
	return (struct fl_xunit_value){ FL_XUNIT_UNSIGNED, false, 0, value, (long double)value };
}

static inline struct fl_xunit_value fl_xunit_real_as(enum fl_xunit_kind kind, long double value)
{
	return (struct fl_xunit_value){ kind, value < 0, 0, 0, value };
}

static inline struct fl_xunit_value fl_xunit_of_float(float value)
{
	return fl_xunit_real_as(FL_XUNIT_FLOAT, (long double)value);
}

static inline struct fl_xunit_value fl_xunit_of_double(double value)
{
	return fl_xunit_real_as(FL_XUNIT_DOUBLE, (long double)value);
}

static inline struct fl_xunit_value fl_xunit_of_long_double(long double value)
{
	return fl_xunit_real_as(FL_XUNIT_LONG_DOUBLE, value);
}

static inline struct fl_xunit_value fl_xunit_of_pointer(const volatile void *value)
{
	uintptr_t natural = (uintptr_t)value;

	return (struct fl_xunit_value){ FL_XUNIT_POINTER, false, 0, natural, (long double)natural };
}

#define FL_XUNIT_VALUE(x) _Generic((x), \
	bool: fl_xunit_of_bool, char: fl_xunit_of_char, \
	signed char: fl_xunit_of_schar, unsigned char: fl_xunit_of_uchar, \
	short: fl_xunit_of_signed, unsigned short: fl_xunit_of_unsigned, \
	int: fl_xunit_of_signed, unsigned: fl_xunit_of_unsigned, \
	long: fl_xunit_of_signed, unsigned long: fl_xunit_of_unsigned, \
	long long: fl_xunit_of_signed, unsigned long long: fl_xunit_of_unsigned, \
	float: fl_xunit_of_float, double: fl_xunit_of_double, \
	long double: fl_xunit_of_long_double, default: fl_xunit_of_pointer)(x)

/* ---- how they compare ---- */

static inline bool fl_xunit_is_real(const struct fl_xunit_value *value)
{
	return value->kind >= FL_XUNIT_FLOAT && value->kind <= FL_XUNIT_LONG_DOUBLE;
}

enum fl_xunit_order { FL_XUNIT_LESS = 1, FL_XUNIT_SAME = 2, FL_XUNIT_MORE = 4, FL_XUNIT_NONE = 8 };

#define FL_XUNIT_ORDER_OF(a, b) \
	((a) < (b) ? FL_XUNIT_LESS : (a) > (b) ? FL_XUNIT_MORE : FL_XUNIT_SAME)

/* NONE: one of them is no number. */
static inline enum fl_xunit_order fl_xunit_order_of(const struct fl_xunit_value *a,
						    const struct fl_xunit_value *b)
{
	if (fl_xunit_is_real(a) || fl_xunit_is_real(b))
		return a->real != a->real || b->real != b->real ?
			       FL_XUNIT_NONE : FL_XUNIT_ORDER_OF(a->real, b->real);
	if (a->is_negative != b->is_negative)
		return a->is_negative ? FL_XUNIT_LESS : FL_XUNIT_MORE;
	return FL_XUNIT_ORDER_OF(a->natural, b->natural);
}

/* The orders in which a comparison holds. */
enum fl_xunit_comparison {
	FL_XUNIT_EQ = FL_XUNIT_SAME,
	FL_XUNIT_NE = FL_XUNIT_LESS | FL_XUNIT_MORE | FL_XUNIT_NONE,
	FL_XUNIT_LT = FL_XUNIT_LESS,
	FL_XUNIT_LE = FL_XUNIT_LESS | FL_XUNIT_SAME,
	FL_XUNIT_GT = FL_XUNIT_MORE,
	FL_XUNIT_GE = FL_XUNIT_MORE | FL_XUNIT_SAME,
};

/* ---- how they are shown ---- */

/* Appends a byte as it stands in a literal; true: as \xNN. */
static inline bool fl_xunit_format_byte(char *text, size_t size, unsigned char byte, char quote)
{
	static const char plain[] = "abtnvfr";          /* \a is 7, \r is 13 */
	static const char order[] = "\a\b\t\n\v\f\r";
	const char *at = byte ? strchr(order, byte) : NULL;

	if (byte == (unsigned char)quote || byte == '\\')
		snprintf(text, size, "\\%c", byte);
	else if (at)
		snprintf(text, size, "\\%c", plain[at - order]);
	else if (byte >= 0x20 && byte < 0x7f)
		snprintf(text, size, "%c", byte);
	else
		snprintf(text, size, "\\x%X", byte);
	return text[0] == '\\' && text[1] == 'x';
}

/* As a literal, and its code: 'a' (97, 0x61). */
static inline void fl_xunit_format_char(char *text, size_t size, intmax_t code)
{
	char byte[8];
	bool is_hex = fl_xunit_format_byte(byte, sizeof(byte), (unsigned char)code, '\'');

	if (code == 0)
		snprintf(text, size, "'\\0'");
	else if (is_hex || (code >= 1 && code <= 9))
		snprintf(text, size, "'%s' (%jd)", byte, code);
	else
		snprintf(text, size, "'%s' (%jd, 0x%jX)", byte, code, (uintmax_t)code);
}

/* Six digits where these are all of it, else as many as it takes to read it back. */
static inline void fl_xunit_format_real(char *text, size_t size, const struct fl_xunit_value *value)
{
	static const int digits[] = { FLT_DECIMAL_DIG, DBL_DECIMAL_DIG, LDBL_DECIMAL_DIG };
	long double back;

	snprintf(text, size, "%Lg", value->real);
	back = value->kind == FL_XUNIT_FLOAT  ? (long double)strtof(text, NULL) :
	       value->kind == FL_XUNIT_DOUBLE ? (long double)strtod(text, NULL) :
						strtold(text, NULL);
	if (back != value->real && value->real == value->real)
		snprintf(text, size, "%.*Lg", digits[value->kind - FL_XUNIT_FLOAT], value->real);
}

static inline void fl_xunit_format_pointer(char *text, size_t size, uintmax_t address)
{
	if (address)
		snprintf(text, size, "0x%jx", address);
	else
		snprintf(text, size, "NULL");
}

static inline void fl_xunit_format(char *text, size_t size, const struct fl_xunit_value *value)
{
	switch (value->kind) {
	case FL_XUNIT_BOOL:
		snprintf(text, size, "%s", value->number ? "true" : "false");
		break;
	case FL_XUNIT_CHAR:
		fl_xunit_format_char(text, size, (unsigned char)value->number);
		break;
	case FL_XUNIT_BYTE:
		fl_xunit_format_char(text, size, value->number);
		break;
	case FL_XUNIT_SIGNED:
		snprintf(text, size, "%jd", value->number);
		break;
	case FL_XUNIT_UNSIGNED:
		snprintf(text, size, "%ju", value->natural);
		break;
	case FL_XUNIT_POINTER:
		fl_xunit_format_pointer(text, size, value->natural);
		break;
	default:
		fl_xunit_format_real(text, size, value);
	}
}

#endif
