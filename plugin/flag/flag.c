/* SPDX-License-Identifier: MIT */
/*
 * flag.c - libflicker-plugin: `--plugin=PATH` for a program that knows no such flag.
 *
 * A constructor, which glibc hands the arguments of main.  With the flag the program is
 * started anew: same file, same name, PATH first in LD_PRELOAD, the flag gone.  Only a
 * new start can do that: the loader reads LD_PRELOAD before any code of the program
 * runs, and argc is on its way to main already.
 *
 * It never loops: the new start has no flag, and where one comes back all the same,
 * FLICKER_PLUGIN tells that it was followed before.
 */
#define _GNU_SOURCE
#include "flag.h"

#include <flicker/plugin.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

const char flicker_plugin_linked __attribute__((visibility("hidden"), used)) = 1;

static const char self[] = "/proc/self/exe";
static const char left[] = "the tests run without it, the flag is left to the program";

/* stdio may not be ready yet, or be the program's to set up. */
static void say(const char *path, const char *why, const char *then)
{
	char line[PATH_MAX + 256];
	int n = snprintf(line, sizeof(line), "flicker: cannot load the plugin '%.*s': %s; %s\n",
			 PATH_MAX, path, why, then);
	char *p;

	if (n <= 0)
		return;
	for (p = line; *p && p[1]; p++)         /* a path is anybody's bytes; this is one line */
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	if (write(STDERR_FILENO, line, strlen(line)) < 0)
		return;
}

static size_t count(char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

/* The value of LD_PRELOAD, or NULL. */
static const char *present_preload(char *const *environment)
{
	const char *value = NULL;

	for (; !value && environment && *environment; environment++)
		value = fl_plugin_after(*environment, FL_PLUGIN_PRELOAD);
	return value && *value ? value : NULL;
}

/*
 * The file to start: as it was named, so that its name in /proc stays the same; by the
 * kernel's link to it where that is another file by now, or was never a path.
 */
static const char *own_file(void)
{
	const char *named = (const char *)getauxval(AT_EXECFN);
	struct stat a, b;

	if (named && stat(named, &a) == 0 && stat(self, &b) == 0 && a.st_dev == b.st_dev &&
	    a.st_ino == b.st_ino)
		return named;
	return self;
}

/*
 * What a new start would not come back from as the same program.  By hand, ld.so(8) is
 * the file that runs; under valgrind it is valgrind's.  And one with rights of its own
 * starts nothing that an argument asks for.
 */
static const char *obstacle(char *const *environment)
{
	const char *preload = present_preload(environment);

	if (getauxval(AT_SECURE))
		return "the program is setuid, setgid or has capabilities";
	if (!getauxval(AT_BASE) && !fl_flag_library_is_static())
		return "the program was started through the loader";
	if (preload && strstr(preload, "/vgpreload_"))
		return "under valgrind the program cannot be started anew; set LD_PRELOAD instead";
	return NULL;
}

/* The two entries of the new environment; NULL where there is nothing to preload. */
struct entries {
	char *preload, *variable;
};

/*
 * PATH goes before all others but the shared runtime of gcc's AddressSanitizer, which
 * ends a program in which it is not the first ("ASan runtime does not come first",
 * asan_rtl.cpp).  What the program itself is to see is the list without that.
 */
static bool make_entries(const char *path, const char *others, struct entries *ret_entries)
{
	const char *first = fl_flag_library_loaded("libasan.so");
	struct entries entries = { NULL, NULL };

	if (asprintf(&entries.preload, FL_PLUGIN_PRELOAD "%s%s%s%s%s", first ? first : "",
		     first ? ":" : "", path, others ? ":" : "", others ? others : "") < 0 ||
	    asprintf(&entries.variable, FL_PLUGIN_VARIABLE FL_PLUGIN_PRELOAD "%s%s%s", path,
		     others ? ":" : "", others ? others : "") < 0)
		return false;
	*ret_entries = entries;
	return true;
}

static char **make_environment(char **environment, const struct entries *entries)
{
	char **made = malloc((count(environment) + 3) * sizeof(*made)), **to = made;

	if (!made)
		return NULL;
	*to++ = entries->variable ? entries->variable : (char *)(uintptr_t)FL_PLUGIN_VARIABLE;
	if (entries->preload)
		*to++ = entries->preload;
	for (; environment && *environment; environment++)
		if (!entries->preload || !fl_plugin_after(*environment, FL_PLUGIN_PRELOAD))
			*to++ = *environment;
	*to = NULL;
	return made;
}

/* All flags out of a copy; the last one's path. */
static char **make_arguments(char **argv, const char **ret_path)
{
	size_t bytes = (count(argv) + 1) * sizeof(*argv);
	char **made = malloc(bytes);
	struct fl_plugin_flag flag;

	if (!made)
		return NULL;
	memcpy(made, argv, bytes);
	while (fl_plugin_find(made, 1, &flag)) {
		*ret_path = flag.path;
		fl_plugin_cut(made, &flag);
	}
	return made;
}

static void start_anew(char **argv, char **environment)
{
	static struct fl_flag_library library;
	const char *others = present_preload(environment), *loaded;
	struct entries entries = { NULL, NULL };
	char **arguments = make_arguments(argv, &library.path), **made;

	if (!arguments)
		return;
	loaded = fl_flag_library_loaded(fl_plugin_name(library.path));
	if (loaded && !(others && strstr(others, fl_plugin_name(library.path))))
		return;                 /* at work, and hidden: it takes the flag out by itself */
	if (!loaded)
		fl_flag_library_check(&library);
	if (library.refusal[0])
		say(library.path, library.refusal, "the tests run without it");
	else if (!loaded && !make_entries(library.resolved, others, &entries))
		return;
	made = make_environment(environment, &entries);
	if (made)
		execve(own_file(), arguments, made);
	say(library.path, strerror(errno), left);
}

#ifdef __GLIBC__                        /* others hand constructors no arguments */
__attribute__((constructor)) static void look_for_flag(int argc, char **argv, char **environment)
{
	bool is_anew = fl_plugin_settle(environment);
	struct fl_plugin_flag flag;
	const char *why;
	int saved = errno;

	if (argc > 0 && fl_plugin_find(argv, 1, &flag)) {
		why = is_anew ? "it comes back after the program was started anew for it" :
				obstacle(environment);
		if (why)
			say(flag.path, why, left);
		else
			start_anew(argv, environment);
	}
	errno = saved;
}
#endif
