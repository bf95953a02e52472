/* SPDX-License-Identifier: MIT */
/*
 * test_annotation.c - FLICKER_SUSPECT strings: what they say, what is refused.
 */
#include <flicker/xunit.h>

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
	{ "v1;test=a.b;until=soon", -EINVAL, "annotation of 'a.b' ignored: 'until' wants YYYY-MM-DD, not 'soon'" },
	{ "v1;test=a.b;until=soon;raeson=x", -EINVAL, "annotation of 'a.b' ignored: 'until'" },
	{ "v1;until=soon; test = a.b", -EINVAL, "annotation of 'a.b' ignored: 'until'" },
	{ "v1;until=soon; test=a.b", -EINVAL, "annotation of 'a.b' ignored: 'until'" },
	{ "v1;test=a.b;raeson=x;until=soon", -EINVAL, "annotation of 'a.b' ignored: " },
	{ "v1;test=a.b;raeson=x", 1, "annotation of 'a.b': unknown key 'raeson' is ignored; " },
	{ "v1;test=a.b;flaky", 1, "'flaky' has no value and is ignored" },
	{ "v1;reason=x", -EINVAL, "annotation ignored: it names no test ('reason=x')" },
	{ "v1;test=a.b;test=", -EINVAL, "names no test" },
	{ "v1;test=", -EINVAL, "names no test" },
	{ "v2;test=a.b", -EINVAL, "form" },
	{ "", -EINVAL, "annotation ignored: '' is of a form" },
};

TEST_P(annotation, keys, rows)
{
	struct fl_annotation annotation = { 0 };
	struct fl_error error = { "" };
	int r = fl_annotation_parse(row->text, &annotation, &error);

	if (r != row->want || !strstr(error.text, row->said))
		FAIL("'%s': %d '%s', wanted %d '%s'", row->text, r, error.text,
		     row->want, row->said);
	if (r >= 0)
		EXPECT_STREQ(annotation.test, "a.b");
	fl_annotation_clear(&annotation);
}

TEST(annotation, values)
{
	struct fl_annotation annotation;
	struct fl_error error = { "" };

	ASSERT_EQ(fl_annotation_parse(rows[1].text, &annotation, &error), 0);
	EXPECT_STREQ(annotation.suspicion.reason, "x");
	EXPECT_STREQ(annotation.suspicion.owner, "y");
	EXPECT_STREQ(annotation.suspicion.ticket, "T-1");
	EXPECT_STREQ(annotation.suspicion.until, "2026-12-31");
	ASSERT_TRUE(annotation.has_crash && annotation.suspicion.may_crash);
	fl_annotation_clear(&annotation);
	ASSERT_EQ(fl_annotation_parse(rows[0].text, &annotation, &error), 0);
	EXPECT_FALSE(annotation.has_crash);
	fl_annotation_clear(&annotation);
}

TEST(annotation, in_a_file)
{
	struct fl_error error = { "" };
	char **strings;
	size_t count, i;

	ASSERT_EQ(fl_annotations_read("/proc/self/exe", &strings, &count, &error), 0);
	EXPECT_EQ(count, 1);
	EXPECT_STREQ(strings[0],
		     "v1;test=annotation.keys;reason=the section of this very program is read");
	for (i = 0; i < count; i++)
		free(strings[i]);
	free(strings);
	ASSERT_EQ(fl_annotations_read("/etc/passwd", &strings, &count, &error), -EINVAL);
	ASSERT_EQ(fl_annotations_read("/nonexistent", &strings, &count, &error), -ENOENT);
}

FLICKER_XUNIT_MAIN();
