/* SPDX-License-Identifier: MIT */
/*
 * test_annotation.c - FLICKER_SUSPECT strings: what they say, what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <flicker/flicker.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/session/cases/annotation.h"

FLICKER_SUSPECT("annotation.keys", "reason=the section of this very program is read");

static const struct { const char *text; int want; const char *said; } rows[] = {
	{ "v1;test=a.b;", 0, "" },
	{ "v1;test=a.b;reason=x; owner=y; ticket=T-1; until=2026-12-31; crash=yes", 0, "" },
	{ "v1;test=a.b;;; ;", 0, "" },
	{ "v1;test=a.b;raeson=x", 1, "unknown key 'raeson'" },
	{ "v1;test=a.b;flaky", 1, "'flaky' has no value" },
	{ "v1;test=a.b;until=soon", -EINVAL, "YYYY-MM-DD" },
	{ "v1;test=a.b;until=2026-12-311", -EINVAL, "YYYY-MM-DD" },
	{ "v1;test=a.b;until=2026-13-01", -EINVAL, "YYYY-MM-DD" },
	{ "v1;test=a.b;until=2026-00-01", -EINVAL, "YYYY-MM-DD" },
	{ "v1;test=a.b;until=2026-06-00", -EINVAL, "YYYY-MM-DD" },
	{ "v1;test=a.b;until=2026-06-31", -EINVAL, "YYYY-MM-DD" },
	{ "v1;test=a.b;until=2026-02-29", -EINVAL, "YYYY-MM-DD" },
	{ "v1;test=a.b;until=2028-02-29", 0, "" },
	{ "v1;test=a.b;until=soon", -EINVAL, "annotation ignored: " },
	{ "v1;test=a.b;until=soon;raeson=x", -EINVAL, "annotation ignored: in 'v1;test=a.b;until=soon;raeson=x' until" },
	{ "v1;test=a.b;raeson=x;until=soon", -EINVAL, "annotation ignored: " },
	{ "v1;test=a.b;raeson=x", 1, "annotation 'v1;test=a.b;raeson=x': unknown key 'raeson' is ignored; " },
	{ "v1;test=a.b;flaky", 1, "'flaky' has no value and is ignored" },
	{ "v1;reason=x", -EINVAL, "annotation ignored: 'v1;reason=x' names no test" },
	{ "v1;test=", -EINVAL, "names no test" },
	{ "v2;test=a.b", -EINVAL, "form" },
	{ "", -EINVAL, "annotation ignored: '' is of a form" },
};

static void keys(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_annotation annotation = { 0 };
		struct fl_error error = { "" };
		int r = fl_annotation_parse(rows[i].text, &annotation, &error);

		if (r != rows[i].want || !strstr(error.text, rows[i].said))
			fail_msg("'%s': %d '%s', wanted %d '%s'", rows[i].text, r, error.text,
				 rows[i].want, rows[i].said);
		if (r >= 0)
			assert_string_equal(annotation.test, "a.b");
		fl_annotation_clear(&annotation);
	}
}

static void values(void **state)
{
	struct fl_annotation annotation;
	struct fl_error error = { "" };

	(void)state;
	assert_int_equal(fl_annotation_parse(rows[1].text, &annotation, &error), 0);
	assert_string_equal(annotation.suspicion.reason, "x");
	assert_string_equal(annotation.suspicion.owner, "y");
	assert_string_equal(annotation.suspicion.ticket, "T-1");
	assert_string_equal(annotation.suspicion.until, "2026-12-31");
	assert_true(annotation.has_crash && annotation.suspicion.may_crash);
	fl_annotation_clear(&annotation);
	assert_int_equal(fl_annotation_parse(rows[0].text, &annotation, &error), 0);
	assert_false(annotation.has_crash);
	fl_annotation_clear(&annotation);
}

static void in_a_file(void **state)
{
	struct fl_error error = { "" };
	char **strings;
	size_t count, i;

	(void)state;
	assert_int_equal(fl_annotations_read("/proc/self/exe", &strings, &count, &error), 0);
	assert_int_equal(count, 1);
	assert_string_equal(strings[0], "v1;test=annotation.keys;reason=the section of this very program is read");
	for (i = 0; i < count; i++)
		free(strings[i]);
	free(strings);
	assert_int_equal(fl_annotations_read("/etc/passwd", &strings, &count, &error), -EINVAL);
	assert_int_equal(fl_annotations_read("/nonexistent", &strings, &count, &error), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),
		cmocka_unit_test(values),
		cmocka_unit_test(in_a_file),
	};

	return cmocka_run_group_tests_name("annotation", tests, NULL, NULL);
}
