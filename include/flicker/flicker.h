/* SPDX-License-Identifier: MIT */
/*
 * flicker.h - for authors of tests: mark a test as suspect, use the attempt's seed.
 *
 * Header only: nothing to link, nothing happens without flicker.  C99 to C23, C++.
 */
#ifndef FLICKER_FLICKER_H
#define FLICKER_FLICKER_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * FLICKER_SUSPECT("suite.name", "reason=...; owner=...; ticket=...; until=YYYY-MM-DD; crash=yes");
 *
 * At file scope.  The test of exactly that id, no pattern, is re-executed under flicker.  Every key is
 * optional.  It becomes one NUL-terminated string in the ELF section
 * `flicker_suspect`, which survives strip and --gc-sections:
 *     readelf -p flicker_suspect ./test_foo
 */
#define FLICKER_SUSPECT(id, ...) FL_SUSPECT_AT(id, __COUNTER__, "" __VA_ARGS__)
#define FL_SUSPECT_AT(id, n, text) FL_SUSPECT_STRING(id, n, text)

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
#define FL_SUSPECT_KEPT __attribute__((section("flicker_suspect"), used, retain))
#elif defined(__has_attribute)
#if __has_attribute(retain)
#define FL_SUSPECT_KEPT __attribute__((section("flicker_suspect"), used, retain))
#endif
#endif
#ifndef FL_SUSPECT_KEPT
#define FL_SUSPECT_KEPT __attribute__((section("flicker_suspect"), used))
#endif

#define FL_SUSPECT_STRING(id, n, text) \
	static const char fl_suspect_##n[] FL_SUSPECT_KEPT __attribute__((aligned(1))) = \
		"v1;test=" id ";" text

/*
 * The 64-bit seed of this attempt, for generators of your own.  The same for the
 * same `flicker run --seed`.  Outside an attempt: the number in TEST_SEED, or 0.
 * FLICKER_ATTEMPT_SEED and FLICKER_ATTEMPT (from 1) hold the same for scripts.
 */
static inline uint64_t flicker_seed(void)
{
	const char *text = getenv("FLICKER_ATTEMPT_SEED");

	if (!text)
		text = getenv("TEST_SEED");
	return text ? (uint64_t)strtoull(text, NULL, 0) : 0;
}

/* Keeps `text` with the output of this attempt; provided by libflicker.so where it is loaded. */
extern void flicker_note_text(const char *text) __attribute__((weak));

/* A note, printf-like, that is shown with the attempt if it fails.  Nothing without flicker. */
__attribute__((format(printf, 1, 2), unused))
static inline void flicker_note(const char *format, ...)
{
	char text[256];
	va_list args;

	if (!flicker_note_text)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	flicker_note_text(text);
}

#ifdef __cplusplus
}
#endif
#endif
