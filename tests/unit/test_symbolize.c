/* SPDX-License-Identifier: MIT */
/*
 * test_symbolize.c - this program finds its own functions in its own maps.
 *
 * Its files are also copied, stripped and linked to separate debug files; the copy
 * then takes the place of the program in the text of the maps.  Needs -g.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/symbolize.h"

#include <errno.h>
#include <limits.h>

enum { MAPS_LIMIT = 1 << 20, PCS = 3 };

/* The calls in story() -> outer() -> middle() -> inner(); the last two are inlined. */
static struct {
	uint64_t pcs[PCS];
	int inner_line, middle_line, outer_line, story_line;
} seen;

__attribute__((noinline)) static void look_up_from(int i)
{
	seen.pcs[i] = (uintptr_t)__builtin_return_address(0);
	__asm__ volatile("");
}

__attribute__((always_inline)) static inline void inner(void)
{
	seen.inner_line = __LINE__ + 1;
	look_up_from(0);
	__asm__ volatile("");
}

__attribute__((always_inline)) static inline void middle(void)
{
	seen.middle_line = __LINE__ + 1;
	inner();
}

__attribute__((noinline)) static void outer(void)
{
	seen.pcs[1] = (uintptr_t)__builtin_return_address(0);
	seen.outer_line = __LINE__ + 1;
	middle();
	__asm__ volatile("");
}

/* The test function of this tale: called by libcmocka. */
static void story(void **state)
{
	(void)state;
	seen.pcs[2] = (uintptr_t)__builtin_return_address(0);
	seen.story_line = __LINE__ + 1;
	outer();
	__asm__ volatile("");
}

static char *own_maps(void)
{
	char *maps;

	assert_int_equal(fl_file_read("/proc/self/maps", MAPS_LIMIT, &maps, NULL), 0);
	return maps;
}

static char *own_path(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));

	assert_true(n > 0);
	return fl_base_copy_n(path, (size_t)n);
}

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

static uint64_t own_load_address(void)
{
	autofree char *own = own_path(), *maps = own_maps();
	char *line, *save = NULL;

	for (line = strtok_r(maps, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (strstr(line, own))
			return strtoull(line, NULL, 16);
	fail();
	return 0;
}

static struct fl_backtrace backtrace_of(const char *maps)
{
	struct fl_symbols *symbols = NULL;
	struct fl_backtrace backtrace;

	assert_int_equal(fl_symbols_open(maps, &symbols), 0);
	fl_symbols_backtrace(symbols, seen.pcs, PCS, false, "cmocka", &backtrace);
	fl_symbols_free(symbols);
	return backtrace;
}

static const char *base_of(const char *path)
{
	return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

static void is_frame(const struct fl_frame *frame, const char *function, int line, bool is_inlined)
{
	assert_non_null(frame->function);
	assert_string_equal(frame->function, function);
	assert_non_null(frame->file);
	assert_string_equal(base_of(frame->file), "test_symbolize.c");
	assert_int_equal(frame->line, line);
	assert_int_equal(frame->is_inlined, is_inlined);
	assert_non_null(frame->module);
}

/* The tale as it should be told, without the frame of libcmocka. */
static void is_whole_tale(const struct fl_backtrace *backtrace)
{
	assert_int_equal(backtrace->count, 4);
	is_frame(&backtrace->frames[0], "inner", seen.inner_line, true);
	is_frame(&backtrace->frames[1], "middle", seen.middle_line, true);
	is_frame(&backtrace->frames[2], "outer", seen.outer_line, false);
	is_frame(&backtrace->frames[3], "story", seen.story_line, false);
	assert_int_equal(backtrace->frames[0].pc, seen.pcs[0]);
	assert_int_equal(backtrace->frames[2].pc, seen.pcs[0]);
	assert_int_equal(backtrace->frames[3].pc, seen.pcs[1]);
}

static void functions_lines_and_inlined_ones(void **state)
{
	autofree char *maps = own_maps(), *path = own_path();
	struct fl_backtrace backtrace = backtrace_of(maps);

	(void)state;
	is_whole_tale(&backtrace);
	assert_string_equal(backtrace.frames[0].module, base_of(path));
	assert_int_equal(backtrace.frames[0].offset, seen.pcs[0] - own_load_address());
	fl_backtrace_clear(&backtrace);
}

static void the_same_from_the_cache(void **state)
{
	autofree char *maps = own_maps();
	struct fl_backtrace backtrace;
	struct fl_symbols *symbols;
	uint64_t pc;
	int i;

	(void)state;
	assert_int_equal(fl_symbols_open(maps, &symbols), 0);
	for (i = 0; i < 3; i++) {
		fl_symbols_backtrace(symbols, seen.pcs, PCS, false, "cmocka", &backtrace);
		is_whole_tale(&backtrace);
		fl_backtrace_clear(&backtrace);
	}
	for (pc = 1; pc < 6000; pc++) {         /* more than it keeps */
		fl_symbols_backtrace(symbols, &pc, 1, true, NULL, &backtrace);
		assert_int_equal(backtrace.frames[0].pc, pc);
		fl_backtrace_clear(&backtrace);
	}
	fl_symbols_backtrace(symbols, seen.pcs, PCS, false, "cmocka", &backtrace);
	is_whole_tale(&backtrace);
	fl_backtrace_clear(&backtrace);
	fl_symbols_free(symbols);
}

static bool is_named(struct fl_symbols *symbols, uint64_t pc, bool is_exact, const char *name)
{
	struct fl_backtrace backtrace;
	bool is_it;

	fl_symbols_backtrace(symbols, &pc, 1, is_exact, NULL, &backtrace);
	assert_int_equal(backtrace.count, 1);
	is_it = backtrace.frames[0].function && strcmp(backtrace.frames[0].function, name) == 0;
	fl_backtrace_clear(&backtrace);
	return is_it;
}

/* The first byte of a function belongs to it; as a return address it belongs to what is before. */
static void exact_or_one_before(void **state)
{
	const uint64_t twice[] = { (uintptr_t)outer, (uintptr_t)outer };
	autofree char *maps = own_maps();
	struct fl_backtrace backtrace;
	struct fl_symbols *symbols;

	(void)state;
	assert_int_equal(fl_symbols_open(maps, &symbols), 0);
	assert_true(is_named(symbols, (uintptr_t)outer, true, "outer"));
	assert_false(is_named(symbols, (uintptr_t)outer, false, "outer"));
	assert_true(is_named(symbols, (uintptr_t)outer + 1, false, "outer"));
	fl_symbols_backtrace(symbols, twice, 2, true, NULL, &backtrace);
	assert_string_equal(backtrace.frames[0].function, "outer");
	assert_true(!backtrace.frames[1].function ||
		    strcmp(backtrace.frames[1].function, "outer") != 0);
	fl_backtrace_clear(&backtrace);
	fl_symbols_free(symbols);
}

static void unknown_addresses_stay(void **state)
{
	static const uint64_t pcs[] = { 0, 0x10, UINT64_MAX };
	autofree char *maps = own_maps();
	struct fl_backtrace backtrace;
	struct fl_symbols *symbols;
	size_t i;

	(void)state;
	assert_int_equal(fl_symbols_open(maps, &symbols), 0);
	fl_symbols_backtrace(symbols, pcs, 3, true, "cmocka", &backtrace);
	assert_int_equal(backtrace.count, 3);
	for (i = 0; i < 3; i++) {
		assert_int_equal(backtrace.frames[i].pc, pcs[i]);
		assert_null(backtrace.frames[i].module);
		assert_null(backtrace.frames[i].function);
	}
	fl_backtrace_clear(&backtrace);
	fl_symbols_backtrace(symbols, pcs, 0, true, "cmocka", &backtrace);
	assert_int_equal(backtrace.count, 0);
	fl_backtrace_clear(&backtrace);
	fl_symbols_free(symbols);
}

static void other_text_is_refused(void **state)
{
	struct fl_symbols *symbols = NULL;

	(void)state;
	assert_int_equal(fl_symbols_open("", &symbols), -EINVAL);
	assert_int_equal(fl_symbols_open("no maps at all\n", &symbols), -EINVAL);
	assert_null(symbols);
	fl_symbols_free(symbols);
}

/* Runs `script` with $1 this program and $2 a new directory; NULL: a tool is missing. */
static char *directory_from(const char *script)
{
	autofree char *own = own_path(), *command = NULL;
	char *directory;

	if (system("command -v strip objcopy >/dev/null") != 0)
		return NULL;
	directory = fl_base_copy("/tmp/flicker-test-XXXXXX");
	assert_non_null(mkdtemp(directory));
	command = fl_base_format("set -e; set -- '%s' '%s'; %s", own, directory, script);
	assert_int_equal(system(command), 0);
	return directory;
}

static void remove_directory(const char *directory)
{
	autofree char *command = fl_base_format("rm -r '%s'", directory);

	assert_int_equal(system(command), 0);
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
	*ret = backtrace_of(maps);
	remove_directory(directory);
	return true;
}

static void stripped_ones_keep_module_offset_and_build(void **state)
{
	autofree char *maps = own_maps();
	struct fl_backtrace full = backtrace_of(maps), backtrace;
	size_t i;

	(void)state;
	if (!backtrace_of_copy("strip -o \"$2/copy\" \"$1\"", &backtrace))
		skip();
	assert_int_equal(backtrace.count, 2);
	for (i = 0; i < 2; i++) {
		assert_string_equal(backtrace.frames[i].module, "copy");
		assert_int_equal(backtrace.frames[i].offset, seen.pcs[i] - own_load_address());
		assert_null(backtrace.frames[i].function);
		assert_null(backtrace.frames[i].file);
		assert_int_equal(backtrace.frames[i].line, 0);
		if (full.frames[0].build_id)
			assert_string_equal(backtrace.frames[i].build_id, full.frames[0].build_id);
	}
	fl_backtrace_clear(&full);
	fl_backtrace_clear(&backtrace);
}

static void debug_files_beside_are_used(void **state)
{
	static const char beside[] =
		"cd \"$2\"; objcopy --only-keep-debug \"$1\" copy.debug;"
		"strip -o copy \"$1\"; objcopy --add-gnu-debuglink=copy.debug copy;";
	autofree char *below = fl_base_format("%s mkdir .debug; mv copy.debug .debug", beside);
	struct fl_backtrace backtrace;

	(void)state;
	if (!backtrace_of_copy(beside, &backtrace))
		skip();
	is_whole_tale(&backtrace);
	fl_backtrace_clear(&backtrace);
	assert_true(backtrace_of_copy(below, &backtrace));
	is_whole_tale(&backtrace);
	fl_backtrace_clear(&backtrace);
}

/* The same program and its debug file, but for one byte of the build id. */
static void debug_files_of_another_build_id_are_not(void **state)
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

	(void)state;
	fl_backtrace_clear(&full);
	if (!has_id || !backtrace_of_copy(script, &backtrace))
		skip();
	assert_int_equal(backtrace.count, 2);
	assert_null(backtrace.frames[0].function);
	fl_backtrace_clear(&backtrace);
}

/* Without a build id the checksum in the link decides. */
static void debug_files_of_another_checksum_are_not(void **state)
{
	static const struct { const char *script; size_t frames; } rows[] = {
		{ "objcopy --add-gnu-debuglink=copy.debug copy", 4 },
		{ "objcopy --add-gnu-debuglink=copy.debug copy; printf x >>copy.debug", 2 },
		{ "objcopy --add-gnu-debuglink=copy.debug copy; mkfifo p; mv p copy.debug", 2 },
	};
	struct fl_backtrace backtrace;
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *script = fl_base_format(
			"cd \"$2\"; objcopy -R .note.gnu.build-id \"$1\" whole;"
			"objcopy --only-keep-debug whole copy.debug 2>/dev/null;"
			"strip -o copy whole; %s",
			rows[i].script);

		if (!backtrace_of_copy(script, &backtrace))
			skip();
		assert_int_equal(backtrace.count, rows[i].frames);
		assert_null(backtrace.frames[0].build_id);
		fl_backtrace_clear(&backtrace);
	}
}

/* Modules of a stack, innermost first; what is left of it. */
static void the_own_part_is_cut_out(void **state)
{
	static const struct { const char *framework, *modules[6]; size_t first, count; } rows[] = {
		{ "cmocka", { "libflicker.so", "libcmocka.so.0", "t", "libx.so",
			      "libcmocka.so.0", "t" }, 2, 2 },
		{ "cmocka", { "libflicker.so", "libc.so.6", "t", "libcmocka.so.0", "t",
			      "libc.so.6" }, 2, 1 },
		{ "cmocka", { "libc.so.6", "libc.so.6", "t", "t", "libflicker.so", "t" }, 2, 2 },
		{ "cmocka", { "t", "libc.so.6", "t", "libcmocka.so.0.7.0", "t" }, 0, 3 },
		{ "cmocka", { "t", "libc.so.6" }, 0, 2 },
		{ "cmocka", { "libflicker.so", "libc.so.6", "libc.so.6", "libcmocka.so.0" }, 1, 2 },
		{ "cmocka", { "libc.so.6", "libc.so.6" }, 0, 2 },
		{ "cmocka", { "libflicker.so", "libcmocka.so.0" }, 0, 0 },
		{ "cmocka", { NULL }, 0, 0 },
		{ "check", { "libchecksum.so.1", "t", "libcheck.so.0", "t" }, 0, 2 },
		{ "check", { "libcheck-custom", "t", "libcheck.so.0" }, 0, 2 },
		{ NULL, { "libcmocka.so.0", "t" }, 0, 2 },
		{ "", { "libcmocka.so.0", "t" }, 0, 2 },
		{ "cmocka", { "libc_test", "ld", "libc-client.so.2" }, 0, 3 },
		{ "cmocka", { "ld-linux-x86-64.so.2", "libasan.so.8", "t" }, 2, 1 },
		{ "cmocka", { "?", "t", "libcmocka.so.0" }, 0, 2 },     /* ?: of no module */
	};
	size_t i, n;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_frame frames[6] = { { 0 } };
		struct fl_backtrace part;

		for (n = 0; n < 6 && rows[i].modules[n]; n++)
			if (rows[i].modules[n][0] != '?')
				frames[n].module = (char *)(uintptr_t)rows[i].modules[n];
		part = fl_symbols_own_part(&(struct fl_backtrace){ frames, n }, rows[i].framework);
		if (part.count != rows[i].count ||
		    (part.count > 0 && part.frames != frames + rows[i].first))
			fail_msg("row %zu: %zu frames", i, part.count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(story),                /* the first: the others tell it */
		cmocka_unit_test(functions_lines_and_inlined_ones),
		cmocka_unit_test(the_same_from_the_cache),
		cmocka_unit_test(exact_or_one_before),
		cmocka_unit_test(unknown_addresses_stay),
		cmocka_unit_test(other_text_is_refused),
		cmocka_unit_test(stripped_ones_keep_module_offset_and_build),
		cmocka_unit_test(debug_files_beside_are_used),
		cmocka_unit_test(debug_files_of_another_build_id_are_not),
		cmocka_unit_test(debug_files_of_another_checksum_are_not),
		cmocka_unit_test(the_own_part_is_cut_out),
	};

	return cmocka_run_group_tests_name("symbolize", tests, NULL, NULL);
}
