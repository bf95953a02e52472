/* SPDX-License-Identifier: MIT */
/*
 * preload.c - finding the program and the library, reading the program's ELF header.
 *
 * The rules are those of execvp(3) and ld.so(8), followed rather than improved on.
 */
#include "preload.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/xattr.h>

/* 0: execve(2) would take it. */
static int check_executable(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode))
		return -EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

/* Walks along PATH.  As in execvp(3), what may not be executed is passed over but remembered. */
static int search_path(const char *name, char **ret_path)
{
	const char *list = getenv("PATH"), *end;
	int r = -ENOENT;

	if (!list)
		list = "/bin:/usr/bin";
	for (;; list = end + 1) {
		autofree char *path = NULL;
		int one;

		end = list + strcspn(list, ":");
		path = fl_base_format("%.*s%s%s", (int)(end - list), list, end > list ? "/" : "",
				      name);
		one = check_executable(path);
		if (one == 0) {
			*ret_path = take(path);
			return 0;
		}
		if (one == -EACCES)
			r = one;
		if (!*end)
			return r;
	}
}

/* The one line for a program that is not there or is none. */
static int refuse(const char *name, int code, struct fl_error *error)
{
	if (code == -EISDIR)
		return fl_error_set(error, code, "'%s' is a directory, not a program", name);
	if (code == -EACCES)
		return fl_error_set(error, code, "'%s' is not executable; try 'chmod +x'", name);
	if (code == -ENOENT && !strchr(name, '/') && check_executable(name) == 0)
		return fl_error_set(error, code, "no program '%s' on PATH; did you mean './%s'?",
				    name, name);
	if (code == -ENOENT && !strchr(name, '/'))
		return fl_error_set(error, code, "no program '%s' on PATH", name);
	if (code == -ENOENT)
		return fl_error_set(error, code, "no such program '%s'", name);
	return fl_error_set(error, code, "cannot run '%s': %s", name, strerror(-code));
}

int fl_preload_find_program(const char *name, char **ret_path, struct fl_error *error)
{
	char *path = NULL;
	int r = *name ? 0 : -ENOENT;

	if (r == 0 && strchr(name, '/'))
		r = check_executable(name);
	else if (r == 0)
		r = search_path(name, &path);
	if (r < 0)
		return refuse(name, r, error);
	*ret_path = path ? path : fl_base_copy(name);
	return 0;
}

int fl_preload_check_wrapper(const char *wrapper, struct fl_error *error)
{
	autofree char *path = NULL;
	struct fl_error why = { "" };
	char **words;
	int r;

	if (!wrapper)
		return 0;
	r = fl_base_split_words(wrapper, &words, NULL);
	if (r < 0)
		return fl_error_set(error, r, "cannot read the wrapper '%s'", wrapper);
	r = fl_preload_find_program(words[0], &path, &why);
	if (r < 0)
		fl_error_set(error, r, "cannot run the wrapper: %s", why.text);
	fl_base_free_words(words);
	return r;
}

static void end_elf(Elf **elf)
{
	elf_end(*elf);
}

/* What ld.so(8) looks at before it preloads. */
struct header {
	unsigned machine, class, order;
	bool is_elf, is_whole, has_loader, is_library;
};

static bool has_soname(Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	GElf_Dyn entry;
	int i;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_DYNAMIC)
			for (i = 0; gelf_getdyn(elf_getdata(section, NULL), i, &entry); i++)
				if (entry.d_tag == DT_SONAME)
					return true;
	return false;
}

static void read_segments(Elf *elf, struct header *header)
{
	size_t count = 0, i;
	GElf_Phdr segment;

	header->is_whole = elf_getphdrnum(elf, &count) == 0 && count > 0;
	for (i = 0; i < count && header->is_whole; i++) {
		header->is_whole = gelf_getphdr(elf, (int)i, &segment) != NULL;
		header->has_loader |= header->is_whole && segment.p_type == PT_INTERP;
	}
}

static int read_header(const char *path, struct header *ret_header)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	__attribute__((cleanup(end_elf))) Elf *elf = NULL;
	struct header header = { 0 };
	GElf_Ehdr ehdr;

	if (fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	header.is_elf = elf && elf_kind(elf) == ELF_K_ELF;
	if (header.is_elf && gelf_getehdr(elf, &ehdr)) {
		header.machine = ehdr.e_machine;
		header.class = ehdr.e_ident[EI_CLASS];
		header.order = ehdr.e_ident[EI_DATA];
		read_segments(elf, &header);
		header.is_library = !header.has_loader && has_soname(elf);
	}
	*ret_header = header;
	return 0;
}

/* AT_SECURE, as the kernel would set it: the loader then ignores LD_PRELOAD paths. */
static bool is_privileged(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return false;
	if ((status.st_mode & S_ISUID) && status.st_uid != getuid())
		return true;
	if ((status.st_mode & S_ISGID) && (status.st_mode & S_IXGRP) && status.st_gid != getgid())
		return true;
	return getuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0;
}

/* Why nothing can be preloaded into a program that could be started, or NULL. */
static const char *obstacle_of(const char *path, const struct header *its)
{
	if (!its->has_loader && !its->is_library)
		return "it is a static executable";
	return is_privileged(path) ? "it is setuid, setgid or has capabilities" : NULL;
}

static int check_elf(const char *path, const struct header *own, const struct header *its,
		     struct fl_error *error)
{
	if (!its->is_whole)
		return fl_error_set(error, -ENOEXEC, "'%s' is not a complete ELF executable", path);
	if (its->machine != own->machine || its->class != own->class || its->order != own->order)
		return fl_error_set(error, -ENOEXEC,
				    "'%s' is for another architecture (ELF machine %u, %s-bit) "
				    "than this flicker (%u, %s-bit)", path, its->machine,
				    its->class == ELFCLASS64 ? "64" : "32", own->machine,
				    own->class == ELFCLASS64 ? "64" : "32");
	if (!its->has_loader && !its->is_library)
		return fl_error_set(error, -ENOEXEC, "'%s' is a static executable: a preload "
				    "cannot work there; link it dynamically", path);
	if (is_privileged(path))
		return fl_error_set(error, -ENOEXEC, "'%s' is setuid, setgid or has capabilities: "
				    "a preload cannot work there; run a copy without them", path);
	return 0;
}

static bool is_of_this_machine(const struct header *its)
{
	struct header own = { 0 };

	return read_header("/proc/self/exe", &own) >= 0 && its->machine == own.machine &&
	       its->class == own.class && its->order == own.order;
}

int fl_preload_check(const char *path, struct fl_error *error)
{
	struct header own = { 0 }, its = { 0 };
	int r = read_header("/proc/self/exe", &own);

	if (r < 0)
		return fl_error_set(error, r, "cannot read '/proc/self/exe': %s; is /proc mounted?",
				    strerror(-r));
	if (read_header(path, &its) < 0 || !its.is_elf)
		return 0;               /* executable but not readable is legal; a script passes */
	return check_elf(path, &own, &its, error);
}

/* The interpreter of a script, as its first line has it; "" where there is none. */
static void read_interpreter(const char *path, char *interpreter, size_t size)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	char line[256] = "", *start;
	ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);

	interpreter[0] = '\0';
	if (n < 3 || strncmp(line, "#!", 2) != 0)
		return;
	start = line + 2 + strspn(line + 2, " \t");
	start[strcspn(start, " \t\n")] = '\0';
	snprintf(interpreter, size, "%s", start);
}

int fl_preload_look(const char *path, const char **ret_obstacle, struct fl_error *error)
{
	struct header its = { 0 };
	char interpreter[256];

	*ret_obstacle = NULL;
	if (read_header(path, &its) < 0)
		return fl_preload_check(path, error);
	if (its.is_elf && its.is_whole)
		*ret_obstacle = obstacle_of(path, &its);
	if (*ret_obstacle && is_of_this_machine(&its))
		return 0;
	*ret_obstacle = NULL;
	if (!its.is_elf)
		read_interpreter(path, interpreter, sizeof(interpreter));
	if (!its.is_elf && interpreter[0] && read_header(interpreter, &its) >= 0 && its.is_elf &&
	    its.is_whole && obstacle_of(interpreter, &its)) {
		*ret_obstacle = "its interpreter is static or privileged";
		return 0;
	}
	return fl_preload_check(path, error);
}

int fl_preload_check_library(const char *path, struct fl_error *error)
{
	struct header own = { 0 }, its = { 0 };
	int r = read_header("/proc/self/exe", &own);

	if (r >= 0)
		r = read_header(path, &its);
	if (r < 0)
		return fl_error_set(error, r, "cannot open '%s': %s", path, strerror(-r));
	if (!its.is_elf || !its.is_whole)
		return fl_error_set(error, -ENOEXEC, "'%s' is no shared library", path);
	if (its.machine != own.machine || its.class != own.class || its.order != own.order)
		return fl_error_set(error, -ENOEXEC, "'%s' is for another architecture than this "
				    "flicker", path);
	return 0;
}

/* LD_PRELOAD has no way to quote its separators. */
static int check_library(const char *path, struct fl_error *error)
{
	if (path && strpbrk(path, ": "))
		return fl_error_set(error, -EINVAL, "cannot preload '%s': its path holds a space "
				    "or a colon; install flicker elsewhere", path);
	return 0;
}

/* What distributions put between lib and the library's own folder. */
#if defined(__x86_64__)
#define LIBRARIES "x86_64-linux-gnu"
#else
#define LIBRARIES "aarch64-linux-gnu"
#endif

/* The file in the first of the places where it may lie beside this command. */
static int find_beside(const char *name, char **ret_path, struct fl_error *error)
{
	static const char *const places[] = {
		"", "../lib/flicker/", "../lib/", "../lib/" LIBRARIES "/flicker/",
		"../lib/" LIBRARIES "/", "../lib64/flicker/", "../lib64/",
	};
	char own[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
	size_t i;

	if (n < 0)
		return fl_error_set(error, -errno, "cannot read '/proc/self/exe': %s",
				    strerror(errno));
	own[n] = '\0';
	strrchr(own, '/')[1] = '\0';
	for (i = 0; i < FL_COUNT(places); i++) {
		autofree char *path = fl_base_format("%s%s%s", own, places[i], name);
		char *real = realpath(path, NULL);

		if (real) {
			*ret_path = real;
			return 0;
		}
	}
	return fl_error_set(error, -ENOENT, "cannot find '%s' beside '%sflicker' or in "
			    "'%s../lib/flicker'; is flicker wholly installed?", name, own, own);
}

int fl_preload_find_library(char **ret_path, struct fl_error *error)
{
	autofree char *path = NULL;
	int r = find_beside("libflicker.so", &path, error);

	if (r >= 0)
		r = check_library(path, error);
	if (r >= 0)
		*ret_path = take(path);
	return r;
}

int fl_preload_find_plugin(char **ret_path, struct fl_error *error)
{
	return find_beside("libflicker-plugin.so", ret_path, error);
}
