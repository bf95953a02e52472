/* SPDX-License-Identifier: MIT */
/*
 * launch.c - starting the test program under the agent.
 *
 * The agent comes behind preloads that are there already: they keep their place.  Other
 * people's adapters follow it: a function that both interpose is the agent's first.  A
 * program built with gcc's AddressSanitizer wants its shared runtime before all others
 * and is given it there ("ASan runtime does not come first", asan_rtl.cpp).
 * Settings that the agent itself must know travel as FLICKER_* variables, as they
 * would under a plain preload.  FLICKER_PROCESS tells it which process we have started: that
 * one is the test where no framework is met.
 */
#define _GNU_SOURCE
#include "launch.h"

#include "../../../base/process.h"
#include "excuses.h"

#include <flicker/face.h>
#include <flicker/wire.h>

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void set_or_unset(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static char *needed_by(Elf *elf, Elf_Scn *section, const char *start)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Shdr header;
	GElf_Dyn entry;
	int i;

	if (!data || !gelf_getshdr(section, &header) || header.sh_type != SHT_DYNAMIC)
		return NULL;
	for (i = 0; gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
		const char *name = entry.d_tag == DT_NEEDED ?
			elf_strptr(elf, header.sh_link, entry.d_un.d_val) : NULL;

		if (name && strncmp(name, start, strlen(start)) == 0)
			return fl_base_copy(name);
	}
	return NULL;
}

/* The library whose name starts so, if the program is linked to one, or NULL. */
static char *find_needed(const char *program, const char *start)
{
	autoclose int fd = open(program, O_RDONLY | O_CLOEXEC);
	Elf_Scn *section = NULL;
	char *found = NULL;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = fd >= 0 ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
	while (elf && !found && (section = elf_nextscn(elf, section)))
		found = needed_by(elf, section, start);
	elf_end(elf);
	return found;
}

/*
 * The list `there`, or NULL, in which another copy of the agent gives its place to ours: one
 * process, one agent.
 */
static char *with_our_agent(const char *there, const char *agent)
{
	autofree char *words = fl_base_copy(there ? there : "");
	char *list = fl_base_copy(""), *rest = NULL, *word;

	for (word = strtok_r(words, ": ", &rest); word; word = strtok_r(NULL, ": ", &rest)) {
		const char *slash = strrchr(word, '/');
		autofree char *former = list;

		if (strcmp(slash ? slash + 1 : word, "libflicker.so") == 0)
			word = (char *)(uintptr_t)agent;
		list = fl_base_format("%s%s%s", former, *former ? ":" : "", word);
	}
	return list;
}

/* `there`: what is preloaded already, or NULL. */
static char *preload_list(const struct fl_session_settings *settings, const char *program,
			  const char *there)
{
	autofree char *first = find_needed(program, "libasan.so");
	autofree char *others = with_our_agent(there, settings->agent);
	char *list = fl_base_format("%s%s%s%s%s%s%s", first ? first : "", first ? ":" : "",
				    others, *others ? ":" : "", settings->agent,
				    settings->adapter ? ":" : "",
				    settings->adapter ? settings->adapter : "");
	char *line;

	while (settings->adapter && (line = strchr(list, '\n')))
		*line = ':';            /* their paths hold none, see cli/adapters.c */
	return list;
}

bool fl_launch_is_script(const struct fl_session_settings *settings)
{
	autoclose int fd = open(settings->path, O_RDONLY | O_CLOEXEC);
	char start[SELFMAG] = "";

	return fd >= 0 && (read(fd, start, sizeof(start)) != (ssize_t)sizeof(start) ||
			   memcmp(start, ELFMAG, SELFMAG) != 0);
}

const char *fl_launch_name(const struct fl_session_settings *settings)
{
	const char *slash = strrchr(settings->argv[0], '/');

	return slash && slash[1] ? slash + 1 : settings->argv[0];
}

/*
 * A script's name is that of its test, whatever it becomes: libtool's wrappers.  A program is
 * called by its own name, for `env` and `nice` become another.
 */
static void name_process(const struct fl_session_settings *settings)
{
	autofree char *value = fl_base_format("%d:%s", (int)getpid(), fl_launch_is_script(settings) ?
					      fl_launch_name(settings) : "");

	setenv("FLICKER_PROCESS", value, 1);
}

/* By a flag; or it is to be repeated, and has run. */
static bool wants_disabled_tests(const struct fl_session_settings *settings)
{
	size_t length;

	if (settings->replay)
		return fl_face_is_disabled(settings->replay->id);
	return !settings->is_list && fl_face_value(settings->face, FL_FACE_DISABLED, &length);
}

/*
 * What is built on <flicker/xunit.h> skips disabled tests by itself, in fresh processes, too; it
 * knows GoogleTest's variable, but the flag is not for its main to see.
 */
static void ask_for_disabled_tests(const struct fl_session_settings *settings)
{
	if (wants_disabled_tests(settings))
		setenv("GTEST_ALSO_RUN_DISABLED_TESTS", "1", 1);
}

static void prepare_environment(const struct fl_session_settings *settings, const char *channel)
{
	autofree char *preload = preload_list(settings, settings->argv[0], getenv("LD_PRELOAD"));
	autofree char *excuses = NULL;
	char today[FL_DATE_SIZE];

	if (settings->agentless)
		return;
	fl_date_today(today);
	excuses = fl_excuses_format(settings, today);
	setenv("LD_PRELOAD", preload, 1);
	setenv("FLICKER_CHANNEL", channel, 1);
	name_process(settings);
	set_or_unset("FLICKER_FILTER", settings->filter);
	set_or_unset("FLICKER_TEST", settings->test);
	set_or_unset("FLICKER_LIST", settings->is_list ? "1" : NULL);
	set_or_unset("FLICKER_REPLAY", settings->replay ? settings->replay->id : NULL);
	set_or_unset("FLICKER_FACE", settings->face);
	ask_for_disabled_tests(settings);
	set_or_unset("FLICKER_DEBUG_DIR", settings->debug_dirs);
	set_or_unset("FLICKER_POLICY",
		     settings->policy == FL_POLICY_QUARANTINE ? "quarantine" : NULL);
	set_or_unset("FLICKER_EXCUSES", excuses);
}

/* Standard output is for the list alone; and none of what is replayed is the program's own run. */
static void silence_stdout(int heard)
{
	int to = heard >= 0 ? heard : open("/dev/null", O_WRONLY);

	if (to >= 0 && dup2(to, STDOUT_FILENO) >= 0)
		close(to);
}

/* In the child; does not return. */
static void become_program(const struct fl_session_settings *settings, const char *channel,
			   int heard, int failure)
{
	int code;

	prctl(PR_SET_PDEATHSIG, SIGKILL);       /* without us nobody would watch over it */
	if (settings->is_list || settings->replay)
		silence_stdout(settings->is_list ? heard : -1);
	prepare_environment(settings, channel);
	fl_process_restore_signals();
	execvp(settings->argv[0], settings->argv);
	code = errno;
	if (write(failure, &code, sizeof(code)) < 0)
		_exit(126);
	_exit(127);
}

pid_t fl_launch(const struct fl_session_settings *settings, const char *channel, int heard,
		struct fl_error *error)
{
	int pair[2], code = 0;
	pid_t pid;

	if (pipe2(pair, O_CLOEXEC) < 0)
		return fl_error_set(error, -errno, "cannot make a pipe: %s", strerror(errno));
	pid = fork();
	if (pid == 0)
		become_program(settings, channel, heard, pair[1]);
	close(pair[1]);
	if (pid < 0 || read(pair[0], &code, sizeof(code)) < 0)
		code = errno;
	close(pair[0]);
	if (code)
		return fl_error_set(error, -code, "cannot run '%s': %s", settings->argv[0], strerror(code));
	return pid;
}

/* ---- an attempt in a process of its own ---- */

static const char *value_of(char *const *environment, const char *name)
{
	size_t length = strlen(name);

	for (; *environment; environment++)
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

/* Takes `entry` over; one of that name is replaced. */
static void set_entry(char **environment, size_t *count, char *entry)
{
	size_t length = strcspn(entry, "=") + 1, i;

	for (i = 0; i < *count && strncmp(environment[i], entry, length) != 0; i++)
		;
	if (i < *count)
		free(environment[i]);
	else
		environment[++*count] = NULL;
	environment[i] = entry;
}

/* What is only for the program's own run. */
static bool is_of_host(const char *entry)
{
	static const char name[] = "FLICKER_FACE=";

	return strncmp(entry, name, sizeof(name) - 1) == 0;
}

char **fl_launch_environment(const struct fl_session_settings *settings,
			     const struct fl_image *image, const struct fl_launch_attempt *attempt)
{
	autofree char *preload = preload_list(settings, image->path,
					      value_of(image->envp, "LD_PRELOAD"));
	bool is_debugged = settings->replay && settings->replay->debugger;
	enum { OURS = 8 };
	size_t there = 0, count = 0, i;
	char **list;

	while (image->envp[there])
		there++;
	list = fl_base_alloc(there + OURS, sizeof(*list));
	for (i = 0; i < there; i++)
		if (!is_of_host(image->envp[i]))
			list[count++] = fl_base_copy(image->envp[i]);
	/* A debugger is not to load it; it hands it on (plugin/cli/debugger.h). */
	if (!settings->agentless) {
		set_entry(list, &count, fl_base_format("%s=%s", is_debugged ? "FLICKER_PRELOAD" :
						       "LD_PRELOAD", preload));
		set_entry(list, &count, fl_base_format("FLICKER_CHANNEL=%s%s", FL_WIRE_ATTEMPT,
						       attempt->channel));
	}
	if (attempt->process)
		set_entry(list, &count, fl_base_format("FLICKER_PROCESS=%s:%s", image->path,
						       attempt->process));
	if (attempt->is_as_fork && !settings->agentless)
		return list;
	set_entry(list, &count, fl_base_format("FLICKER_ATTEMPT=%llu",
					       (unsigned long long)attempt->number));
	set_entry(list, &count, fl_base_format("FLICKER_ATTEMPT_SEED=0x%llx",
					       (unsigned long long)attempt->seed));
	set_entry(list, &count, fl_base_format("TEST_SEED=%llu",
					       (unsigned long long)(attempt->seed & 0x7fffffff)));
	return list;
}
