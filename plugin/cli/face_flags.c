/* SPDX-License-Identifier: MIT */
/*
 * face_flags.c - the table of GoogleTest's flags, and the parser of it.
 *
 * A switch is on without a value and off where that begins with 0, f or F; its variable is off
 * where it is 0.  What looks like a flag and is none asks for help, and so does a number that
 * is none; of a variable such a number is warned of, and the default stays.
 */
#include "face_flags.h"

#include <ctype.h>
#include <errno.h>

#define FIELD(field) .offset = offsetof(struct fl_face_flags, field)
#define VARIABLE     .has_variable = true
#define LOOKS        .has_variable = true, .is_looks = true

const struct fl_face_flag fl_face_flag_table[] = {
	{ .name = "list_tests", .kind = FL_FACE_BOOL,
	  .help = "print the names of the tests that match, and run none", FIELD(is_list) },
	{ .name = "filter", .kind = FL_FACE_TEXT, .metavar = "POSITIVE[-NEGATIVE]", VARIABLE,
	  .help = "run tests that one of the patterns matches, and none behind the '-'; "
		  "':' between, '*' and '?'", FIELD(filter) },
	{ .name = "also_run_disabled_tests", .kind = FL_FACE_BOOL, VARIABLE,
	  .help = "run tests, too, whose name or suite begins with DISABLED_",
	  FIELD(runs_disabled) },
	{ .name = "repeat", .kind = FL_FACE_NUMBER, .metavar = "COUNT", VARIABLE,
	  .help = "run the program so many times; negative: until it is interrupted",
	  FIELD(repeat) },
	{ .name = "shuffle", .kind = FL_FACE_BOOL, VARIABLE,
	  .help = "in another order each time", FIELD(shuffles) },
	{ .name = "random_seed", .kind = FL_FACE_NUMBER, .metavar = "NUMBER", VARIABLE,
	  .help = "of that order, 1 to 99999; 0: by the clock", FIELD(random_seed) },
	{ .name = "fail_fast", .kind = FL_FACE_BOOL, VARIABLE,
	  .help = "skip what stands behind the first failure", FIELD(fails_fast) },
	{ .name = "break_on_failure", .kind = FL_FACE_BOOL, VARIABLE,
	  .help = "a failure stops the program, for a debugger", FIELD(breaks) },
	{ .name = "output", .kind = FL_FACE_TEXT, .metavar = "xml|json[:PATH]", VARIABLE,
	  .help = "write GoogleTest's report to the file, or into the directory if PATH ends "
		  "with '/'; of itself test_detail.xml", FIELD(output) },
	{ .name = "color", .kind = FL_FACE_TEXT, .metavar = "yes|no|auto", LOOKS,
	  .help = "lines in colour", FIELD(colour) },
	{ .name = "brief", .kind = FL_FACE_BOOL, LOOKS,
	  .help = "print failures only", FIELD(is_brief) },
	{ .name = "print_time", .kind = FL_FACE_BOOL, LOOKS,
	  .help = "print milliseconds; =0: do not", FIELD(has_time) },
	{ .name = "stream_result_to", .kind = FL_FACE_TEXT, .metavar = "HOST:PORT", LOOKS,
	  .help = "warned of: nothing is sent", FIELD(stream) },
	{ .name = "recreate_environments_when_repeating", .kind = FL_FACE_BOOL, LOOKS },
	{ .name = "catch_exceptions", .kind = FL_FACE_BOOL, LOOKS },
	{ .name = "throw_on_failure", .kind = FL_FACE_BOOL, LOOKS },
	{ .name = "death_test_style", .kind = FL_FACE_TEXT, .metavar = "fast|threadsafe", LOOKS },
	{ .name = "death_test_use_fork", .kind = FL_FACE_BOOL, LOOKS },
	{ .name = "print_utf8", .kind = FL_FACE_BOOL, LOOKS },
	{ .name = "stack_trace_depth", .kind = FL_FACE_NUMBER, .metavar = "DEPTH", LOOKS },
};

const size_t fl_face_flag_count = FL_COUNT(fl_face_flag_table);

enum { FLAG_FILE_BYTES = 1 << 20, FLAG_WORD = sizeof("gtest_") - 1 };

static const char prefix[] = "--gtest_";

/* ---- values ---- */

static void put_text(struct fl_face_flags *flags, const struct fl_face_flag *flag, const char *text)
{
	char **field = (char **)((char *)flags + flag->offset);

	free(*field);
	*field = fl_base_copy(text);
}

/* As strtol(3), all of the text used up: blanks before it, a sign, or nothing, which is 0. */
static bool parse_number(const char *text, int32_t *ret_number)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (*end || errno || number < INT32_MIN || number > INT32_MAX)
		return false;
	*ret_number = (int32_t)number;
	return true;
}

/* False: the value is of no use. */
static bool store(struct fl_face_flags *flags, const struct fl_face_flag *flag, const char *value,
		  bool is_off)
{
	int32_t number = 0;

	if (flag->kind == FL_FACE_NUMBER && !parse_number(value, &number))
		return false;
	if (!flag->help)
		return true;
	if (flag->kind == FL_FACE_BOOL)
		*(bool *)((char *)flags + flag->offset) = !is_off;
	else if (flag->kind == FL_FACE_NUMBER)
		*(int32_t *)((char *)flags + flag->offset) = number;
	else
		put_text(flags, flag, value);
	return true;
}

static void warn(struct fl_face_flags *flags, const char *variable, const char *value)
{
	char *before = flags->warnings;

	flags->warnings = fl_base_format("%s%s%s is expected to be a 32-bit integer, not '%s': "
					 "the default stays", before ? before : "",
					 before ? "\n" : "", variable, value);
	free(before);
}

/* ---- variables ---- */

static const char *value_of(char *const *environment, const char *name)
{
	size_t length = strlen(name);

	for (; environment && *environment; environment++)
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

static char *variable_of(const struct fl_face_flag *flag)
{
	char *name = fl_base_format("GTEST_%s", flag->name), *p;

	for (p = name; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return name;
}

static void read_bazel(struct fl_face_flags *flags, char *const *environment)
{
	const char *only = value_of(environment, "TESTBRIDGE_TEST_ONLY");
	const char *fast = value_of(environment, "TESTBRIDGE_TEST_RUNNER_FAIL_FAST");
	const char *file = value_of(environment, "XML_OUTPUT_FILE");

	flags->filter = fl_base_copy(only ? only : "*");
	flags->fails_fast = fast && strcmp(fast, "1") == 0;
	flags->output = file ? fl_base_format("xml:%s", file) : fl_base_copy("");
	flags->is_on = only || flags->fails_fast || file;
}

static void read_variables(struct fl_face_flags *flags, char *const *environment)
{
	size_t i;

	for (i = 0; i < FL_COUNT(fl_face_flag_table); i++) {
		const struct fl_face_flag *flag = &fl_face_flag_table[i];
		autofree char *name = variable_of(flag);
		const char *value = flag->has_variable ? value_of(environment, name) : NULL;

		if (!value)
			continue;
		flags->is_on |= !flag->is_looks;
		if (!store(flags, flag, value, strcmp(value, "0") == 0))
			warn(flags, name, value);
	}
}

/* ---- the sharding protocol ---- */

struct shard_variable {
	const char *name, *value;       /* NULL: not set */
	int32_t number;                 /* -1 then, and whoever says -1 says nothing */
};

static int read_shard_variable(char *const *environment, const char *name, const char *other,
			       struct shard_variable *ret_variable, struct fl_error *error)
{
	const char *value = value_of(environment, name);
	struct shard_variable found = { name, value, -1 };

	if (!value && value_of(environment, other))
		found = (struct shard_variable){ other, value_of(environment, other), -1 };
	if (found.value && !parse_number(found.value, &found.number))
		return fl_error_set(error, -EINVAL, "%s is expected to be a 32-bit integer, "
				    "not '%s'", found.name, found.value);
	*ret_variable = found;
	return 0;
}

static int read_shards(struct fl_face_flags *flags, char *const *environment,
		       struct fl_error *error)
{
	struct shard_variable total = { 0 }, index = { 0 };

	if (read_shard_variable(environment, "GTEST_TOTAL_SHARDS", "TEST_TOTAL_SHARDS", &total,
				error) < 0 ||
	    read_shard_variable(environment, "GTEST_SHARD_INDEX", "TEST_SHARD_INDEX", &index,
				error) < 0)
		return -EINVAL;
	if (total.number == -1 && index.number == -1)
		return 0;
	if (total.number == -1)
		return fl_error_set(error, -EINVAL, "%s is %d, but %s is not set", index.name,
				    index.number, total.name);
	if (index.number == -1)
		return fl_error_set(error, -EINVAL, "%s is %d, but %s is not set", total.name,
				    total.number, index.name);
	if (index.number < 0 || index.number >= total.number)
		return fl_error_set(error, -EINVAL,
				    "%s is %d and must be from 0 on, below %s, which is %d",
				    index.name, index.number, total.name, total.number);
	flags->is_on = true;
	flags->shards = total.number > 1 ? total.number : 0;
	flags->shard = index.number;
	return 0;
}

static void read_protocol_files(struct fl_face_flags *flags, char *const *environment)
{
	const char *status = value_of(environment, "GTEST_SHARD_STATUS_FILE");
	const char *premature = value_of(environment, "TEST_PREMATURE_EXIT_FILE");

	status = status ? status : value_of(environment, "TEST_SHARD_STATUS_FILE");
	flags->shard_status = fl_base_copy(status);
	flags->premature_exit = fl_base_copy(premature && *premature ? premature : NULL);
	flags->is_on |= flags->shard_status || flags->premature_exit;
}

/* ---- the command line ---- */

/* What follows `--gtest_NAME` and an equals sign; "" of a switch alone; NULL: it is another. */
static const char *value_in(const char *argument, const char *name, bool is_switch)
{
	size_t length = strlen(name);

	if (strncmp(argument, prefix, sizeof(prefix) - 1) != 0 ||
	    strncmp(argument + sizeof(prefix) - 1, name, length) != 0)
		return NULL;
	argument += sizeof(prefix) - 1 + length;
	if (!*argument)
		return is_switch ? argument : NULL;
	return *argument == '=' ? argument + 1 : NULL;
}

static bool read_flag(struct fl_face_flags *flags, const char *argument)
{
	size_t i;

	for (i = 0; i < FL_COUNT(fl_face_flag_table); i++) {
		const struct fl_face_flag *flag = &fl_face_flag_table[i];
		const char *value = value_in(argument, flag->name, flag->kind == FL_FACE_BOOL);

		if (value)
			return store(flags, flag, value, *value && strchr("0fF", *value));
	}
	return false;
}

/* In words: the first that is none, or has no value that it can have. */
static void tell_unknown(struct fl_face_flags *flags, const char *argument)
{
	const char *names[FL_COUNT(fl_face_flag_table)], *near;
	autofree char *name = fl_base_copy_n(argument, strcspn(argument, "="));
	size_t length = strlen(name), start = strspn(name, "-/"), i;

	flags->wants_help = true;
	start = length > start + FLAG_WORD ? start + FLAG_WORD : length;
	if (flags->unknown || strcmp(name + start, "help") == 0)
		return;
	for (i = 0; i < FL_COUNT(fl_face_flag_table); i++)
		names[i] = fl_face_flag_table[i].name;
	near = fl_nearest(name + start, names, FL_COUNT(names));
	if (near && value_in(argument, near, true))
		flags->unknown =
			fl_base_format("the flag '%s' has no value that it can have", argument);
	else if (near)
		flags->unknown = fl_base_format("unknown flag '%s'; did you mean '--gtest_%s'?",
						argument, near);
	else
		flags->unknown = fl_base_format("unknown flag '%s'", argument);
}

/* Every line is a flag, as an argument would be. */
static void read_flag_file(struct fl_face_flags *flags, const char *path)
{
	autofree char *text = NULL;
	char *line, *rest;
	size_t size;
	int r = fl_file_read(path, FLAG_FILE_BYTES, &text, &size);

	if (r < 0 && !flags->fault)
		flags->fault = fl_base_format("cannot read the flag file '%s': %s", path,
					      strerror(-r));
	for (rest = text; (line = strsep(&rest, "\n")) != NULL;)
		if (*line && !read_flag(flags, line))
			tell_unknown(flags, line);
}

/* With one dash, or a slash, or a dash in its name: meant as one, and none. */
static bool looks_like_flag(const char *argument)
{
	static const char *const starts[] = { "--gtest", "-gtest", "/gtest" };
	static const char own[] = "_internal_";
	size_t i;

	for (i = 0; i < FL_COUNT(starts); i++) {
		size_t length = strlen(starts[i]);

		if (strncmp(argument, starts[i], length) == 0 && argument[length] &&
		    strchr("_-", argument[length]))
			return strncmp(argument + length, own, sizeof(own) - 1) != 0;
	}
	return false;
}

static void read_arguments(struct fl_face_flags *flags, char *const *arguments)
{
	for (; *arguments; arguments++) {
		const char *file = value_in(*arguments, "flagfile", false);
		bool is_flag = looks_like_flag(*arguments);

		flags->is_on |= is_flag;
		flags->has_flags |= is_flag;
		if (file)
			read_flag_file(flags, file);
		else if (is_flag && !read_flag(flags, *arguments))
			tell_unknown(flags, *arguments);
	}
}

void fl_face_flags_read(char *const *arguments, char *const *environment,
			struct fl_face_flags *ret_flags)
{
	struct fl_face_flags flags = {
		.repeat = 1,
		.has_time = true,
		.colour = fl_base_copy("auto"),
		.stream = fl_base_copy(""),
	};
	struct fl_error error = { "" };

	read_bazel(&flags, environment);
	read_variables(&flags, environment);
	read_protocol_files(&flags, environment);
	read_arguments(&flags, arguments);
	if (read_shards(&flags, environment, &error) < 0 && !flags.fault)
		flags.fault = fl_base_copy(error.text);
	flags.is_on |= flags.fault != NULL;
	*ret_flags = flags;
}

void fl_face_flags_clear(struct fl_face_flags *flags)
{
	free(flags->filter);
	free(flags->output);
	free(flags->colour);
	free(flags->stream);
	free(flags->shard_status);
	free(flags->premature_exit);
	free(flags->warnings);
	free(flags->fault);
	free(flags->unknown);
	*flags = (struct fl_face_flags){ 0 };
}
