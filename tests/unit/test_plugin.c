/* SPDX-License-Identifier: MIT */
/*
 * test_plugin.c - `--plugin` found and taken out; the environment after the new start.
 */
#include <flicker/xunit.h>

#include <flicker/plugin.h>

#include <stdio.h>

enum { MOST = 8 };

/* Words are separated by one space. */
static void split(char *text, char **words)
{
	size_t n = 0;
	char *word;

	while ((word = strsep(&text, " ")) && n < MOST)
		words[n++] = word;
	words[n] = NULL;
}

static void join(char *const *words, char *text, size_t size)
{
	text[0] = '\0';
	for (; *words; words++) {
		strncat(text, *words, size - strlen(text) - 1);
		if (words[1])
			strncat(text, " ", size - strlen(text) - 1);
	}
}

static const struct { const char *given, *left, *path; } flags[] = {
	{ "test", "test", NULL },
	{ "test a b", "test a b", NULL },
	{ "test --plugin=x.so", "test", "x.so" },
	{ "test a --plugin=x b", "test a b", "x" },
	{ "test --plugin=", "test", "" },
	{ "test --plugin x.so a", "test a", "x.so" },
	{ "test --plugin x a", "test --plugin x a", NULL },
	{ "test --plugin .so", "test --plugin .so", NULL },
	{ "test --plugin", "test --plugin", NULL },
	{ "test --plugins=x.so", "test --plugins=x.so", NULL },
	{ "test -plugin=x.so", "test -plugin=x.so", NULL },
	{ "test -- --plugin=x.so", "test -- --plugin=x.so", NULL },
	{ "test --plugin=x.so -- --plugin=y.so", "test -- --plugin=y.so", "x.so" },
	{ "test --plugin=x --plugin=y", "test", "y" },
	{ "--plugin=x", "--plugin=x", NULL },   /* the program's name */
};

TEST_P(plugin, flags_are_found_and_cut, flags)
{
	char text[256], left[256], *words[MOST + 1];
	struct fl_plugin_flag flag;
	const char *path = NULL;

	snprintf(text, sizeof(text), "%s", row->given);
	split(text, words);
	while (fl_plugin_find(words, 1, &flag)) {
		path = flag.path;
		fl_plugin_cut(words, &flag);
	}
	join(words, left, sizeof(left));
	EXPECT_STREQ(left, row->left);
	EXPECT_EQ(path != NULL, row->path != NULL);
	if (path)
		EXPECT_STREQ(path, row->path);
}

static const struct { const char *given, *left; bool is_anew; } environments[] = {
	{ "A=1 B=2", "A=1 B=2", false },
	{ "A=1 LD_PRELOAD=x", "A=1 LD_PRELOAD=x", false },
	{ "FLICKER_PLUGIN= A=1 LD_PRELOAD=x", "A=1 LD_PRELOAD=x", true },
	{ "A=1 FLICKER_PLUGIN=LD_PRELOAD=y:z LD_PRELOAD=x:y:z", "A=1 LD_PRELOAD=y:z", true },
	{ "FLICKER_PLUGIN=LD_PRELOAD=y", "", true },
	{ "FLICKER_PLUGIN=1 LD_PRELOAD=x", "LD_PRELOAD=x", true },
};

TEST(plugin, the_environment_is_settled)
{
	char text[256], left[256], *words[MOST + 1];
	size_t i;

	for (i = 0; i < sizeof(environments) / sizeof(environments[0]); i++) {
		snprintf(text, sizeof(text), "%s", environments[i].given);
		split(text, words);
		EXPECT_EQ(fl_plugin_settle(words), environments[i].is_anew);
		join(words, left, sizeof(left));
		EXPECT_STREQ(left, environments[i].left);
	}
	EXPECT_FALSE(fl_plugin_settle(NULL));
}

FLICKER_XUNIT_MAIN();
