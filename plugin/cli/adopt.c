/* SPDX-License-Identifier: MIT */
/*
 * adopt.c - `flicker adopt`: has a finished program need libflicker-plugin.so.
 *
 * patchelf(1) writes the file, on a draft beside its place that is read again before it
 * is moved there: what goes wrong leaves everything as it was.  The library is named by
 * its absolute path, for the program's own search path knows nothing of it.
 */
#define _GNU_SOURCE
#include "command.h"
#include "dynamic.h"
#include "message.h"
#include "preload.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>

struct adoption {
	const char *named;              /* the program, as it was typed */
	char *program, *target, *draft; /* paths; the draft is removed where it is left */
	char *plugin;
	struct fl_dynamic before;
	struct stat status;
	bool may_replace;               /* what has the target's name */
};

static void clear(struct adoption *adoption)
{
	if (adoption->draft)
		unlink(adoption->draft);
	free(adoption->program);
	free(adoption->target);
	free(adoption->draft);
	free(adoption->plugin);
	fl_dynamic_clear(&adoption->before);
}

/* ---- can it be? ---- */

/* libtool's wrapper stands where the program is expected. */
static int refuse_script(const char *path, struct fl_error *error)
{
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash - path + 1) : 0;
	autofree char *real = fl_base_format("%.*s.libs/%s", length, path, path + length);

	if (access(real, X_OK) == 0)
		return fl_error_set(error, -ENOEXEC, "'%s' is a script; adopt what it starts: "
				    "'flicker adopt %s'", path, real);
	return fl_error_set(error, -ENOEXEC, "'%s' is no ELF executable; adopt the program that it "
			    "starts", path);
}

static int check_program(struct adoption *adoption, struct fl_error *error)
{
	const char *name = adoption->named;

	if (!adoption->before.is_elf)
		return refuse_script(name, error);
	if (!adoption->before.has_loader)
		return fl_error_set(error, -ENOEXEC, "'%s' is a %s", name,
				    adoption->before.is_library ? "library, not a program" :
				    "static executable: no library can be added to it");
	if (adoption->status.st_mode & (S_ISUID | S_ISGID) ||
	    getxattr(adoption->program, "security.capability", NULL, 0) > 0)
		return fl_error_set(error, -EPERM, "'%s' is setuid, setgid or has capabilities: a "
				    "preload cannot work there; adopt a copy without them", name);
	return fl_preload_check(name, error);
}

static int open_program(struct adoption *adoption, struct fl_error *error)
{
	adoption->program = realpath(adoption->named, NULL);
	if (!adoption->program || stat(adoption->program, &adoption->status) < 0)
		return fl_error_set(error, -errno, "cannot open '%s': %s", adoption->named,
				    strerror(errno));
	if (!S_ISREG(adoption->status.st_mode))
		return fl_error_set(error, -EINVAL, "'%s' is no regular file", adoption->named);
	return fl_dynamic_read(adoption->program, &adoption->before, error);
}

static int choose_target(struct adoption *adoption, const struct fl_options *options,
			 struct fl_error *error)
{
	struct stat there;

	adoption->may_replace = options->is_in_place || options->output;
	if (options->is_in_place)
		adoption->target = fl_base_copy(adoption->program);
	else if (options->output)
		adoption->target = fl_base_copy(options->output);
	else
		adoption->target = fl_base_format("%s.adopted", adoption->named);
	if (options->output && fl_file_check_target(adoption->target) < 0)
		return fl_error_set(error, -EINVAL, "cannot write '%s': it is no regular file",
				    adoption->target);
	if (!adoption->may_replace && lstat(adoption->target, &there) == 0)
		return fl_error_set(error, -EEXIST, "'%s' is there already; have it replaced with "
				    "'--output %s'", adoption->target, adoption->target);
	return 0;
}

/* ---- the draft ---- */

static int copy_to(int to, const char *path, const struct stat *status)
{
	autoclose int from = open(path, O_RDONLY | O_CLOEXEC);
	off_t at = 0;

	if (from < 0)
		return -errno;
	while (at < status->st_size)
		if (sendfile(to, from, &at, (size_t)(status->st_size - at)) <= 0)
			return errno ? -errno : -EIO;
	if (fchown(to, status->st_uid, status->st_gid) < 0)
		errno = 0;              /* not ours to give away: a copy of ours, then */
	return fchmod(to, status->st_mode & 0777) < 0 ? -errno : 0;
}

static int make_draft(struct adoption *adoption, struct fl_error *error)
{
	char *draft = fl_base_format("%s.XXXXXX", adoption->target);
	autoclose int fd = mkostemp(draft, O_CLOEXEC);
	int r;

	if (fd < 0) {
		free(draft);
		return fl_error_set(error, -errno, "cannot write beside '%s': %s", adoption->target,
				    strerror(errno));
	}
	adoption->draft = draft;
	r = copy_to(fd, adoption->program, &adoption->status);
	if (r < 0)
		return fl_error_set(error, r, "cannot copy '%s': %s", adoption->named,
				    strerror(-r));
	return 0;
}

/* patchelf ACTION A [B] FILE */
static int run_patchelf(const char *action, const char *a, const char *b, const char *file)
{
	const char *words[] = { "patchelf", action, a, b ? b : file, b ? file : NULL, NULL };
	int status = 0, r;
	pid_t pid;

	r = posix_spawnp(&pid, words[0], NULL, NULL, (char *const *)(uintptr_t)words, environ);
	if (r)
		return -r;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return status == 0 ? 0 : -ENOEXEC;
}

/*
 * The shared runtime of gcc's AddressSanitizer wants to be the first library, and
 * patchelf adds in front.
 */
static int restore_first(const char *first, const char *draft)
{
	int r = run_patchelf("--remove-needed", first, NULL, draft);

	return r < 0 ? r : run_patchelf("--add-needed", first, NULL, draft);
}

static int patch(struct adoption *adoption, const char *lost, struct fl_error *error)
{
	const char *first = fl_dynamic_find(&adoption->before, "libasan.so");
	int r = lost ? run_patchelf("--replace-needed", lost, adoption->plugin, adoption->draft) :
		       run_patchelf("--add-needed", adoption->plugin, NULL, adoption->draft);

	if (r >= 0 && first)
		r = restore_first(first, adoption->draft);
	if (r == -ENOENT)
		return fl_error_set(error, r, "cannot find 'patchelf', which adopts programs; "
				    "install the package patchelf");
	if (r < 0)
		return fl_error_set(error, r, "patchelf cannot change '%s'", adoption->named);
	return 0;
}

static bool needs(const struct fl_dynamic *dynamic, const char *library)
{
	size_t i;

	for (i = 0; i < dynamic->count; i++)
		if (strcmp(dynamic->needed[i], library) == 0)
			return true;
	return false;
}

/* Does it need us, and all that it needed? */
static bool is_complete(const struct adoption *adoption, const struct fl_dynamic *after,
			const char *lost)
{
	const char *first = fl_dynamic_find(&adoption->before, "libasan.so");
	size_t i;

	for (i = 0; i < adoption->before.count; i++)
		if (adoption->before.needed[i] != lost && !needs(after, adoption->before.needed[i]))
			return false;
	return after->has_loader && needs(after, adoption->plugin) &&
	       after->count == adoption->before.count + (lost == NULL) &&
	       (!first || strcmp(first, after->needed[0]) == 0);
}

static int verify(const struct adoption *adoption, const char *lost, struct fl_error *error)
{
	struct fl_dynamic after = { 0 };
	int r = fl_dynamic_read(adoption->draft, &after, error);

	if (r >= 0 && !is_complete(adoption, &after, lost))
		r = fl_error_set(error, -EIO, "what patchelf made of '%s' does not need '%s' as it "
				 "should; nothing was changed", adoption->named, adoption->plugin);
	fl_dynamic_clear(&after);
	return r;
}

/* ---- into its place ---- */

static int put(struct adoption *adoption, struct fl_error *error)
{
	unsigned flags = adoption->may_replace ? 0 : RENAME_NOREPLACE;
	int r = renameat2(AT_FDCWD, adoption->draft, AT_FDCWD, adoption->target, flags);

	if (r < 0 && (errno == EINVAL || errno == ENOSYS))       /* it was not there a moment ago */
		r = rename(adoption->draft, adoption->target);
	if (r < 0)
		return fl_error_set(error, -errno, "cannot write '%s': %s", adoption->target,
				    strerror(errno));
	free(take(adoption->draft));
	return 0;
}

static void tell(const struct adoption *adoption)
{
	struct fl_error error = { "" };
	autofree char *library = NULL;

	if (fl_preload_find_library(&library, &error) < 0)
		library = fl_base_copy("PATH");
	printf("%s: run it with --plugin=%s\n", adoption->target, library);
}

/*
 * Where it was adopted for a library that is no longer there the program does not even
 * start: *ret_lost is that one.  1: nothing is to be done.
 */
static int is_adopted(const struct adoption *adoption, const char **ret_lost)
{
	const char *there = fl_dynamic_find(&adoption->before, "libflicker-plugin.so");

	if (there && (!strchr(there, '/') || access(there, F_OK) == 0))
		return 1;
	*ret_lost = there;
	return 0;
}

static int carry_out(struct adoption *adoption, const struct fl_options *options,
		     struct fl_error *error)
{
	const char *lost = NULL;
	int r = open_program(adoption, error);

	if (r >= 0)
		r = check_program(adoption, error);
	if (r >= 0 && is_adopted(adoption, &lost)) {
		fl_message_say("'%s' knows '--plugin' already", adoption->named);
		return 0;
	}
	if (r >= 0)
		r = fl_preload_find_plugin(&adoption->plugin, error);
	if (r >= 0)
		r = choose_target(adoption, options, error);
	if (r >= 0)
		r = make_draft(adoption, error);
	if (r >= 0)
		r = patch(adoption, lost, error);
	if (r >= 0)
		r = verify(adoption, lost, error);
	if (r >= 0)
		r = put(adoption, error);
	if (r >= 0)
		tell(adoption);
	return r;
}

static int adopt(const struct fl_options *options, char **operands)
{
	struct adoption adoption = { .named = operands[0] };
	struct fl_error error = { "" };
	int r;

	if (!operands[0] || operands[1])
		return fl_command_misused(&fl_cmd_adopt, operands[0] ? "names several programs" :
								       "names no program");
	if (options->is_in_place && options->output)
		return fl_command_misused(&fl_cmd_adopt, "has either '--in-place' or '--output'");
	r = carry_out(&adoption, options, &error);
	clear(&adoption);
	if (r >= 0)
		return FL_EXIT_CLEAN;
	fl_message_say("%s", error.text);
	return FL_EXIT_REFUSED;
}

const struct fl_command fl_cmd_adopt = {
	.name    = "adopt",
	.usage   = "flicker adopt [options] [--] program",
	.summary = "make --plugin known to a finished test program",
	.text    = "Makes a copy of the program, PROGRAM.adopted, that takes --plugin=PATH among\n"
		   "its arguments: PATH, libflicker.so, is then preloaded into it.  Without the\n"
		   "flag the copy does what the program does.  It needs flicker where it is\n"
		   "installed now, and patchelf to be made.\n",
	.exits   = "0 adopted, or was already; 1 cannot be adopted; 64 usage",
	.options = FL_FOR_ADOPT,
	.run     = adopt,
};
