/* SPDX-License-Identifier: MIT */
/*
 * test_capsule.c - capsules: what goes in, what stays out, never more than 64 KiB, and back.
 */
#include <flicker/xunit.h>

#include "../../plugin/report/capsule.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static char directory[256], path[300];

struct capsule {
	int unused;
};

SetUp(capsule)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(directory, sizeof(directory), "%s/flicker-capsule-XXXXXX", tmp ? tmp : "/tmp");
	ASSERT_NE(mkdtemp(directory), NULL);
	snprintf(path, sizeof(path), "%s/x.capsule.json", directory);
}

/* Nothing else may be left there. */
TearDown(capsule)
{
	unlink(path);
	EXPECT_EQ(rmdir(directory), 0);
}

static bool holds(const struct fl_capsule_names *list, const char *text)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->names[i], text) == 0)
			return true;
	return false;
}

TEST(capsule, variables_are_sorted_out)
{
	static const char *const environment[] = {
		"HOME=/home/x", "EMPTY=", "EQUALS=a=b", "LD_PRELOAD=/lib/libmine.so",
		"FLICKER_SEED=7", "FLICKER_TEST=x", "no-equals", "=nameless",
		"API_TOKEN=t", "my_secret=s", "DB_PASSWORD=p", "MYSQL_PASSWD=p", "AWS_ACCESS_KEY_ID=k",
		"GIT_CREDENTIALS=c", "SSH_KEY_FILE=f",
		"LATIN=\xe4", NULL,
	};
	static const char *const kept[] = {
		"HOME=/home/x", "EMPTY=", "EQUALS=a=b", "LD_PRELOAD=/lib/libmine.so",
	};
	static const char *const secrets[] = {
		"API_TOKEN", "my_secret", "DB_PASSWORD", "MYSQL_PASSWD", "AWS_ACCESS_KEY_ID",
		"GIT_CREDENTIALS", "SSH_KEY_FILE",
	};
	struct fl_capsule capsule = { 0 };
	size_t i;

	fl_capsule_take_environment(&capsule, (char *const *)environment);
	EXPECT_EQ(capsule.environment.count, FL_COUNT(kept));
	for (i = 0; i < FL_COUNT(kept); i++)
		EXPECT_STREQ(capsule.environment.names[i], kept[i]);
	EXPECT_EQ(capsule.secrets.count, FL_COUNT(secrets));
	for (i = 0; i < FL_COUNT(secrets); i++)
		EXPECT_STREQ(capsule.secrets.names[i], secrets[i]);
	EXPECT_EQ(capsule.left_out.count, 1);
	EXPECT_STREQ(capsule.left_out.names[0], "LATIN");
	fl_capsule_clear(&capsule);
}

static char **copy_words(const char *const *words)
{
	size_t count = 0, i;
	char **copy;

	while (words[count])
		count++;
	copy = fl_base_alloc(count + 1, sizeof(*copy));
	for (i = 0; i < count; i++)
		copy[i] = fl_base_copy(words[i]);
	return copy;
}

static struct fl_capsule make_capsule(const char *const *args, const char *const *environment)
{
	struct fl_capsule capsule = {
		.token = fl_base_copy("fl1,t,0x1,1,random,fork,ab,000000"),
		.path = fl_base_copy("/x/test_net"),
		.args = copy_words(args),
		.build_id = fl_base_copy("abcdef"),
		.wrapper = fl_base_copy("valgrind -q"),
		.adapters = fl_base_copy("/x/a.so\n/x/b.so"),
		.directory = fl_base_copy("/srv/here"),
		.os = fl_base_copy("Linux 6.1 x86_64"),
		.times = 10,
		.non_pass = 9,
		.expected = { true, FL_OUTCOME_FAIL, fl_base_copy("0x1 != 0x0\n\x1b[31m\"x\""),
			      fl_base_copy("8f2c000000000001") },
	};

	fl_capsule_take_environment(&capsule, (char *const *)environment);
	return capsule;
}

static void write_capsule(struct fl_capsule *capsule)
{
	struct fl_error error = { "" };

	if (fl_capsule_write(path, capsule, &error) < 0)
		FAIL("%s", error.text);
}

static struct fl_capsule read_capsule(void)
{
	struct fl_capsule capsule = { 0 };
	struct fl_error error = { "no capsule" };

	if (fl_capsule_read(path, &capsule, &error) < 0)
		FAIL("%s", error.text);
	return capsule;
}

TEST_F(capsule, there_and_back)
{
	static const char *const args[] = { "--port", "", "a b", "\xc3\xa4\n\t\"", NULL };
	static const char *const environment[] = { "A=1", "B=\x1b[0m\\", "KEY=x", "Z=\xff", NULL };
	struct fl_capsule capsule = make_capsule(args, environment), again;
	struct stat status;
	size_t i;

	write_capsule(&capsule);
	ASSERT_EQ(stat(path, &status), 0);
	EXPECT_EQ(status.st_mode & 07777, 0600);
	again = read_capsule();
	EXPECT_STREQ(again.token, capsule.token);
	EXPECT_STREQ(again.path, "/x/test_net");
	EXPECT_STREQ(again.wrapper, "valgrind -q");
	EXPECT_STREQ(again.adapters, "/x/a.so\n/x/b.so");
	for (i = 0; i < FL_COUNT(args) - 1; i++)
		EXPECT_STREQ(again.args[i], args[i]);
	EXPECT_EQ(again.args[i], NULL);
	EXPECT_STREQ(again.build_id, "abcdef");
	EXPECT_STREQ(again.directory, "/srv/here");
	EXPECT_STREQ(again.os, "Linux 6.1 x86_64");
	EXPECT_EQ(again.times, 10);
	EXPECT_EQ(again.non_pass, 9);
	EXPECT_EQ(again.environment.count, 2);
	EXPECT_STREQ(again.environment.names[1], "B=\x1b[0m\\");
	EXPECT_STREQ(again.secrets.names[0], "KEY");
	EXPECT_STREQ(again.left_out.names[0], "Z");
	ASSERT_TRUE(again.expected.is_known);
	EXPECT_EQ(again.expected.outcome, FL_OUTCOME_FAIL);
	EXPECT_STREQ(again.expected.message, "0x1 != 0x0\n\\x1b[31m\"x\"");
	EXPECT_STREQ(again.expected.signature, "8f2c000000000001");
	fl_capsule_clear(&again);
	fl_capsule_clear(&capsule);
}

static size_t size_of_file(void)
{
	struct stat status;

	ASSERT_EQ(stat(path, &status), 0);
	return (size_t)status.st_size;
}

/* `count` variables V<n> of `size` bytes, the last of one more, and a small one. */
static char **many_variables(size_t count, size_t size, char byte)
{
	char **environment = fl_base_alloc(count + 2, sizeof(*environment));
	size_t i;

	for (i = 0; i < count; i++) {
		size_t length = size + (i == count - 1);
		autofree char *value = fl_base_alloc(length + 1, 1);

		memset(value, byte, length);
		environment[i] = fl_base_format("V%zu=%s", i, value);
	}
	environment[count] = fl_base_copy("SMALL=yes");
	return environment;
}

/* However much there is, the file is no larger; what goes is the largest, and it is told. */
TEST_F(capsule, never_larger_than_it_may_be)
{
	static const struct { size_t count, size; char byte; bool are_dropped; } rows[] = {
		{ 1, 60000, 'x', false }, { 1, 70000, 'x', true }, { 1, 20000, '\x01', true },
		{ 10, 10000, 'x', true }, { 5000, 30, 'x', true }, { 20000, 20, '\\', true },
		{ 1, 1 << 22, 'x', true },
	};
	static const char *const args[] = { "one", NULL };
	size_t i, j;

	for (i = 0; i < FL_COUNT(rows); i++) {
		char **environment = many_variables(rows[i].count, rows[i].size, rows[i].byte);
		struct fl_capsule capsule = make_capsule(args, (const char *const *)environment), again;

		write_capsule(&capsule);
		ASSERT_LE(size_of_file(), FL_CAPSULE_LIMIT);
		ASSERT_EQ((capsule.left_out.count > 0), rows[i].are_dropped);
		EXPECT_EQ(capsule.environment.count + capsule.left_out.count,
			  rows[i].count + 1);
		ASSERT_TRUE(holds(&capsule.environment, "SMALL=yes"));
		again = read_capsule();
		EXPECT_EQ(again.environment.count, capsule.environment.count);
		if (rows[i].are_dropped) {
			autofree char *largest = fl_base_format("V%zu", rows[i].count - 1);

			ASSERT_TRUE(holds(&capsule.left_out, largest));
			ASSERT_GT(again.left_out.count, 0);
		}
		fl_capsule_clear(&again);
		fl_capsule_clear(&capsule);
		for (j = 0; environment[j]; j++)
			free(environment[j]);
		free(environment);
	}
}

static void refuses_to_write(const char *const *args, int code, const char *words)
{
	static const char *const environment[] = { "A=1", NULL };
	struct fl_capsule capsule = make_capsule(args, environment);
	struct fl_error error = { "" };

	ASSERT_EQ(fl_capsule_write(path, &capsule, &error), code);
	EXPECT_NE(strstr(error.text, words), NULL);
	EXPECT_NE(strstr(error.text, path), NULL);
	EXPECT_EQ(access(path, F_OK), -1);
	fl_capsule_clear(&capsule);
}

TEST_F(capsule, what_cannot_be_written)
{
	autofree char *large = fl_base_alloc(70001, 1);
	const char *const too_large[] = { large, NULL }, *const binary[] = { "\xff", NULL };

	memset(large, 'x', 70000);
	refuses_to_write(too_large, -EFBIG, "64 KiB");
	refuses_to_write(binary, -EILSEQ, "UTF-8");
	strcpy(path, "/nowhere/at/all.json");
	refuses_to_write((const char *const[]){ NULL }, -ENOENT, "No such file");
}

static void spill(const char *text)
{
	autoclose int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ASSERT_GE(fd, 0);
	EXPECT_EQ(fl_file_write_all(fd, text, strlen(text)), 0);
}

TEST_F(capsule, what_is_no_capsule)
{
	static const struct { const char *text; int code; const char *words; } rows[] = {
		{ "", -ENOMSG, "" },
		{ "hello", -ENOMSG, "" },
		{ "[]", -ENOMSG, "" },
		{ "{\"schema_version\": 1}", -ENOMSG, "" },
		{ "{\"capsule_version\": 2}", -EINVAL, "'capsule_version'" },
		{ "{\"capsule_version\": 1}", -EINVAL, "'token' is missing" },
		{ "{\"capsule_version\": 1, \"token\": 7}", -EINVAL, "'token' is not a string" },
		{ "{\"capsule_version\": 1, \"token\": \"t\", \"directory\": null, \"os\": null,"
		  " \"program\": {\"path\": \"p\", \"args\": [1], \"build_id\": null}}",
		  -EINVAL, "'program.args'" },
		{ "{\"capsule_version\": 1, \"token\": \"t\", \"directory\": null, \"os\": null,"
		  " \"program\": {\"path\": \"p\", \"args\": [], \"build_id\": null},"
		  " \"replayed\": {\"times\": 1, \"non_pass\": 1}, \"expected\": null,"
		  " \"left_out\": {\"secrets\": {}, \"others\": {}},"
		  " \"environment\": {\"A=B\": \"x\"}}",
		  -EINVAL, "'environment'" },
	};
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_capsule capsule = { .times = 77 };
		struct fl_error error = { "" };

		spill(rows[i].text);
		ASSERT_EQ(fl_capsule_read(path, &capsule, &error), rows[i].code);
		EXPECT_EQ(capsule.times, 77);
		EXPECT_NE(strstr(error.text, rows[i].words), NULL);
	}
}

FLICKER_XUNIT_MAIN();
