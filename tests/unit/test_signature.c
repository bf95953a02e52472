/* SPDX-License-Identifier: MIT */
/*
 * test_signature.c - what differs from attempt to attempt is out, the rest is in.
 *
 * The vectors were computed by a program of their own: reports and histories keep
 * signatures, so a change here makes every known failure look new.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/signature.h"

static const struct { const char *message, *want; } messages_are_normalised_rows[] = {
	{ NULL, "" },
	{ "", "" },
	{ "no number", "no number" },
	{ "0x1 != 0x0", "# != #" },
	{ "0X1F", "#" },
	{ "0x", "#x" },
	{ "0xyz", "#xyz" },
	{ "12 of 300", "# of #" },
	{ "-5 < +7", "# < +#" },
	{ "1.5e-07, 2E9, 3e", "#, #, #e" },
	{ "127.0.0.1:8080", "#:#" },
	{ "1.2.3-4", "#-#" },
	{ "took 3.", "took #." },
	{ "worker12 in test_3a", "worker# in test_#a" },
	{ "x86_64", "x#_#" },
	{ "deadbeef face", "deadbeef face" },   /* words, as far as one can tell */
	{ "9f86d081 e29b", "# #" },
	{ "550e8400-e29b-41d4-a716-446655440000", "#-#-#-#-#" },
	{ "e29bz 1ab", "e#bz #ab" },
	{ "at 0x7ffe12ab, pid 4711", "at #, pid #" },
	{ "/tmp/xyzAbC1", "/tmp/#" },
	{ "cannot open '/tmp/a.Qx1/b c'", "cannot open '/tmp/# c'" },
	{ "\"/var/tmp/q\": gone", "\"/var/tmp/#\": gone" },
	{ "/dev/shm/q-1 /tmp/ /tmp", "/dev/shm/# /tmp/ /tmp" },
	{ "/home/tmp/file", "/home/tmp/file" },
	{ "/proc/4711/maps", "/proc/#/maps" },
	{ "\xc3\xa9\xff 7\x01", "\xc3\xa9\xff #\x01" },
	{ "at 0 0x01 0x02\nat 1 0x07 0x08\n2 differ", "at # # #\n# differ" },
	{ "a\na\nb\na", "a\nb\na" },
	{ "\n\na\n", "\na\n" },
	{ "-", "-" },
	{ "--1", "-#" },
	{ "a-1", "a-#" },
};

TEST_P(signature, messages_are_normalised, messages_are_normalised_rows)
{
	autofree char *text = fl_signature_normalise(row->message);

	EXPECT_STREQ(text, row->want);
}

/* Any bytes: it ends, and never grows. */
TEST(signature, noise_is_survived)
{
	static const char letters[] = "0x9afZ/tmp.-\n e\x80\xff";
	char noise[200];
	uint32_t x = 1;
	int round;
	size_t i;

	for (round = 0; round < 2000; round++) {
		autofree char *text = NULL;

		for (i = 0; i < sizeof(noise) - 1; i++) {
			x = x * 1664525 + 1013904223;
			noise[i] = letters[(x >> 16) % (sizeof(letters) - 1)];
		}
		noise[i] = '\0';
		text = fl_signature_normalise(noise);
		ASSERT_LE(strlen(text), strlen(noise));
	}
}

static struct fl_frame net = { .function = (char[]){ "reconnects" }, .offset = 1, .line = 2 };
static struct fl_frame abc[] = { { .function = (char[]){ "a" } }, { .function = (char[]){ "b" } },
				 { .function = (char[]){ "c" } }, { .function = (char[]){ "d" } } };
static struct fl_frame bare = { .module = (char[]){ "t" }, .offset = 0x1234, .pc = 0x99 };

TEST(signature, signatures_are_these)
{
	const struct { struct fl_observation observation; const char *want; } rows[] = {
		{ { .outcome = FL_OUTCOME_FAIL, .message = (char[]){ "0x1 != 0x0" },
		    .backtrace = { &net, 1 } }, "ed5d5c88640fae81" },
		{ { .outcome = FL_OUTCOME_CRASH, .signal = 11, .backtrace = { abc, 4 } },
		  "ddc92601cd245abe" },
		{ { .outcome = FL_OUTCOME_CRASH, .signal = 11, .backtrace = { &bare, 1 } },
		  "c2c7a9dff491ec36" },
		{ { .outcome = FL_OUTCOME_FAIL, .message = (char[]){ "0x1 != 0x0" },
		    .file = (char[]){ "test_net.c" }, .line = 52 }, "dbac0c9757dedf9f" },
	};
	char signature[FL_SIGNATURE_SIZE];
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++) {
		fl_signature_make(&rows[i].observation, signature);
		EXPECT_STREQ(signature, rows[i].want);
	}
}

static bool is_same(const struct fl_observation *a, const struct fl_observation *b)
{
	char x[FL_SIGNATURE_SIZE], y[FL_SIGNATURE_SIZE];

	fl_signature_make(a, x);
	fl_signature_make(b, y);
	return strcmp(x, y) == 0;
}

TEST(signature, only_what_matters_differs)
{
	struct fl_observation base = { .outcome = FL_OUTCOME_FAIL, .message = (char[]){ "got 3" },
				       .line = 7, .backtrace = { abc, 4 } };
	struct fl_observation other = base;

	other.message = (char[]){ "got 4" };
	other.duration_ms = 9;
	other.line = 8;                         /* the frames say where */
	other.backtrace.count = 3;
	ASSERT_TRUE(is_same(&base, &other));
	other.message = (char[]){ "had 4" };
	EXPECT_FALSE(is_same(&base, &other));
	other = base;
	other.outcome = FL_OUTCOME_ERROR;
	EXPECT_FALSE(is_same(&base, &other));
	other = base;
	other.signal = 6;
	EXPECT_FALSE(is_same(&base, &other));
	other = base;
	other.backtrace.count = 2;
	EXPECT_FALSE(is_same(&base, &other));
}

FLICKER_XUNIT_MAIN();
