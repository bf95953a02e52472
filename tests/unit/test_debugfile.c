/* SPDX-License-Identifier: MIT */
/*
 * test_debugfile.c - the lines of a stripped program, from separate debug files.
 *
 * The files of this program are copied, stripped and linked to debug files; the copy
 * then takes the place of the program in the text of the maps.
 */
#include "tale.h"

#include "../../plugin/engine/judge/debugfile.h"

/* The maps with `path` in place of this program; the caller's. */
static char *maps_with(const char *path)
{
	autofree char *own = own_path(), *rest = own_maps();
	char *made = fl_base_copy(""), *line, *save = NULL;

	for (line = strtok_r(rest, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		autofree char *before = take(made);
		char *at = strstr(line, own);

		if (at)
			*at = '\0';
		made = fl_base_format("%s%s%s\n", before, line, at ? path : "");
	}
	return made;
}

/* Runs `script` with $1 this program and $2 a new directory; NULL: a tool is missing. */
static char *directory_from(const char *script)
{
	autofree char *own = own_path(), *command = NULL;
	char *directory;

	if (system("command -v strip objcopy >/dev/null") != 0)
		return NULL;
	directory = fl_base_copy("/tmp/flicker-test-XXXXXX");
	ASSERT_NE(mkdtemp(directory), NULL);
	command = fl_base_format("set -e; set -- '%s' '%s'; %s", own, directory, script);
	EXPECT_EQ(system(command), 0);
	return directory;
}

static void remove_directory(const char *directory)
{
	autofree char *command = fl_base_format("rm -r '%s'", directory);

	EXPECT_EQ(system(command), 0);
}

/* All places but those beside the program, where debug files are looked for. */
static void use_places_below(const char *directory)
{
	autofree char *list = fl_base_format("%s/nowhere:%s/debug", directory, directory);
	autofree char *fetched = fl_base_format("%s/fetched", directory);

	fl_debugfile_directories(list);
	EXPECT_EQ(setenv("DEBUGINFOD_CACHE_PATH", fetched, 1), 0);
}

/* The tale as told by $2/copy, which `script` makes. */
static bool backtrace_of_copy(const char *script, struct fl_backtrace *ret)
{
	autofree char *directory = directory_from(script);
	autofree char *path = NULL, *maps = NULL;

	if (!directory)
		return false;
	path = fl_base_format("%s/copy", directory);
	maps = maps_with(path);
	use_places_below(directory);
	*ret = backtrace_of(maps);
	remove_directory(directory);
	return true;
}

TEST(debugfile, stripped_ones_keep_module_offset_and_build)
{
	autofree char *maps = own_maps();
	struct fl_backtrace full = backtrace_of(maps), backtrace;
	size_t i;

	if (!backtrace_of_copy("strip -o \"$2/copy\" \"$1\"", &backtrace))
		GTEST_SKIP("no tool to make the copy");
	EXPECT_EQ(backtrace.count, 2);
	for (i = 0; i < 2; i++) {
		EXPECT_STREQ(backtrace.frames[i].module, "copy");
		EXPECT_EQ(backtrace.frames[i].offset, seen.pcs[i] - own_load_address());
		EXPECT_EQ(backtrace.frames[i].function, NULL);
		EXPECT_EQ(backtrace.frames[i].file, NULL);
		EXPECT_EQ(backtrace.frames[i].line, 0);
		if (full.frames[0].build_id)
			EXPECT_STREQ(backtrace.frames[i].build_id, full.frames[0].build_id);
	}
	fl_backtrace_clear(&full);
	fl_backtrace_clear(&backtrace);
}

TEST(debugfile, debug_files_beside_are_used)
{
	static const char beside[] =
		"cd \"$2\"; objcopy --only-keep-debug \"$1\" copy.debug;"
		"strip -o copy \"$1\"; objcopy --add-gnu-debuglink=copy.debug copy;";
	autofree char *below = fl_base_format("%s mkdir .debug; mv copy.debug .debug", beside);
	struct fl_backtrace backtrace;

	if (!backtrace_of_copy(beside, &backtrace))
		GTEST_SKIP("no tool to make the copy");
	is_whole_tale(&backtrace);
	fl_backtrace_clear(&backtrace);
	ASSERT_TRUE(backtrace_of_copy(below, &backtrace));
	is_whole_tale(&backtrace);
	fl_backtrace_clear(&backtrace);
}

/* The same program and its debug file, but for one byte of the build id. */
TEST(debugfile, debug_files_of_another_build_id_are_not)
{
	static const char script[] =
		"cd \"$2\"; objcopy --dump-section .note.gnu.build-id=id \"$1\" copy;"
		"printf '~' | dd of=id bs=1 seek=20 conv=notrunc 2>/dev/null;"
		"objcopy --update-section .note.gnu.build-id=id copy other;"
		"objcopy --only-keep-debug other copy.debug; strip copy;"
		"objcopy --add-gnu-debuglink=copy.debug copy";
	autofree char *maps = own_maps();
	struct fl_backtrace full = backtrace_of(maps), backtrace;
	bool has_id = full.frames[0].build_id;

	fl_backtrace_clear(&full);
	if (!has_id || !backtrace_of_copy(script, &backtrace))
		GTEST_SKIP("no tool to make the copy");
	EXPECT_EQ(backtrace.count, 2);
	EXPECT_EQ(backtrace.frames[0].function, NULL);
	fl_backtrace_clear(&backtrace);
}

/* Without a build id the checksum in the link decides. */
static const struct { const char *script; size_t frames; }
of_another_checksum[] = {
	{ "objcopy --add-gnu-debuglink=copy.debug copy", 4 },
	{ "objcopy --add-gnu-debuglink=copy.debug copy; printf x >>copy.debug", 2 },
	{ "objcopy --add-gnu-debuglink=copy.debug copy; mkfifo p; mv p copy.debug", 2 },
};

TEST_P(debugfile, debug_files_of_another_checksum_are_not, of_another_checksum)
{
	struct fl_backtrace backtrace;
	autofree char *script = fl_base_format(
		"cd \"$2\"; objcopy -R .note.gnu.build-id \"$1\" whole;"
		"objcopy --only-keep-debug whole copy.debug 2>/dev/null;"
		"strip -o copy whole; %s",
		row->script);

	if (!backtrace_of_copy(script, &backtrace))
		GTEST_SKIP("no tool to make the copy");
	EXPECT_EQ(backtrace.count, row->frames);
	EXPECT_EQ(backtrace.frames[0].build_id, NULL);
	fl_backtrace_clear(&backtrace);
}

/* In $2: copy (stripped) and whole.debug; $id, $rest: the build id in its two parts. */
static const char stripped[] =
	"cd \"$2\"; objcopy --only-keep-debug \"$1\" whole.debug; strip -o copy \"$1\";"
	"id=$(readelf -n copy | sed -n 's/.*Build ID: //p'); rest=${id#??}; id=${id%\"$rest\"};"
	"mkdir -p debug/.build-id/$id fetched/$id$rest;";

static const struct { const char *script; size_t frames; } debug_files_elsewhere_are_used_rows[] = {
	{ "", 2 },
	{ "mv whole.debug debug/.build-id/$id/$rest.debug", 4 },
	{ "mv whole.debug fetched/$id$rest/debuginfo", 4 },
	{ "objcopy --add-gnu-debuglink=whole.debug copy; mkdir -p \"debug$PWD\";"
	  "mv whole.debug \"debug$PWD\"", 4 },
	{ "cp copy debug/.build-id/$id/$rest.debug; : >fetched/$id$rest/debuginfo", 2 },
	{ "cp /bin/sh debug/.build-id/$id/$rest.debug;"         /* another build */
	  "mv whole.debug fetched/$id$rest/debuginfo", 4 },
	{ "mkdir debug/.build-id/$id/$rest.debug", 2 },
};

TEST_P(debugfile, debug_files_elsewhere_are_used, debug_files_elsewhere_are_used_rows)
{
	struct fl_backtrace backtrace;
	autofree char *script = fl_base_format("%s[ -n \"$rest\" ] || exit 0; %s",
					       stripped, row->script);

	if (system("readelf -n /proc/self/exe | grep -q 'Build ID'") != 0 ||
	    !backtrace_of_copy(script, &backtrace))
		GTEST_SKIP("no tool to make the copy");
	EXPECT_EQ(backtrace.count, row->frames, "%zu frames", backtrace.count);
	if (row->frames == 4)
		is_whole_tale(&backtrace);
	fl_backtrace_clear(&backtrace);
}

/* dwz moves what two programs share into a third file; without it there are no names. */
static const struct { const char *script; bool is_whole; } shared[] = {
	{ "", true },
	{ "mv shared .debug", false },
	{ "cp /bin/sh shared", false },
	{ "alt=$(readelf -n shared | sed -n 's/.*Build ID: //p'); rest=${alt#??};"
	  "alt=${alt%\"$rest\"}; mkdir -p debug/.build-id/$alt;"
	  "mv shared debug/.build-id/$alt/$rest.debug", true },
};

TEST_P(debugfile, what_debug_files_share_is_used, shared)
{
	struct fl_backtrace backtrace;

	if (system("command -v dwz >/dev/null") != 0)
		GTEST_SKIP("no dwz");
	autofree char *script = fl_base_format(
		"cd \"$2\"; cp \"$1\" copy; cp \"$1\" twin; dwz -m shared copy twin; %s",
		row->script);
	bool is_named;

	if (!backtrace_of_copy(script, &backtrace))
		GTEST_SKIP("no tool to make the copy");
	is_named = backtrace.count == 4 && backtrace.frames[0].function &&
		   strcmp(backtrace.frames[0].function, "inner") == 0;
	EXPECT_EQ(is_named, row->is_whole, "%zu frames", backtrace.count);
	if (row->is_whole)
		is_whole_tale(&backtrace);
	fl_backtrace_clear(&backtrace);
}

/* The client of debuginfod would leave settings in its cache before it asks a server. */
TEST(debugfile, servers_are_not_asked)
{
	autofree char *directory = directory_from("cd \"$2\"; mkdir fetched; strip -o copy \"$1\"");
	autofree char *path = NULL, *maps = NULL, *fetched = NULL;
	struct fl_backtrace backtrace;

	if (!directory)
		GTEST_SKIP("no tool to make the copy");
	path = fl_base_format("%s/copy", directory);
	fetched = fl_base_format("%s/fetched", directory);
	maps = maps_with(path);
	use_places_below(directory);
	setenv("DEBUGINFOD_URLS", "file:///nowhere", 1);
	backtrace = backtrace_of(maps);
	fl_backtrace_clear(&backtrace);
	EXPECT_EQ(rmdir(fetched), 0);            /* empty, as it was */
	remove_directory(directory);
}

int main(void)
{
	const struct CMUnitTest tale[] = { cmocka_unit_test(story) };

	return cmocka_run_group_tests(tale, NULL, NULL) || RUN_ALL_TESTS();
}
