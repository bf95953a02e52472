/* SPDX-License-Identifier: MIT */
/*
 * image.c - how the test program was started.
 *
 * /proc/PID/environ is the block on the stack as execve(2) made it: the agent has cut its
 * own preload out of it, and what the cut leaves behind has no name and is dropped here.
 */
#define _GNU_SOURCE
#include "image.h"

#include "../../../base/base.h"

#include <limits.h>
#include <unistd.h>

enum { BLOCK_BYTES = 4 << 20 };

/* "a\0b\0" as strings; the array and they are one's own. */
static char **split(const char *bytes, size_t size)
{
	size_t count = 0, capacity = 0, at = 0;
	char **strings = fl_base_grow(NULL, &capacity, 1, sizeof(*strings));

	while (at < size) {
		size_t length = strnlen(bytes + at, size - at);

		strings = fl_base_grow(strings, &capacity, count + 2, sizeof(*strings));
		strings[count++] = fl_base_copy_n(bytes + at, length);
		at += length + 1;
	}
	strings[count] = NULL;
	return strings;
}

static char **read_strings(pid_t pid, const char *name)
{
	autofree char *path = fl_base_format("/proc/%d/%s", (int)pid, name);
	autofree char *bytes = NULL;
	size_t size;

	if (fl_file_read(path, BLOCK_BYTES, &bytes, &size) < 0 || !size)
		return NULL;
	return split(bytes, size);
}

/* What an attempt finds is set anew for each. */
static bool is_of_the_start(const char *entry)
{
	static const char *const ours[] = { "FLICKER_CHANNEL=", "FLICKER_REPLAY=", "LD_PRELOAD=",
					    "FLICKER_PROCESS=" };
	size_t i;

	for (i = 0; i < FL_COUNT(ours); i++)
		if (strncmp(entry, ours[i], strlen(ours[i])) == 0)
			return i == 2 && entry[strlen(ours[i])];        /* other preloads stay */
	return strchr(entry, '=') > entry;
}

static void drop_ours(char **envp)
{
	char **to = envp;

	for (; *envp; envp++)
		if (is_of_the_start(*envp))
			*to++ = *envp;
		else
			free(*envp);
	*to = NULL;
}

void fl_image_read(struct fl_image *image, pid_t pid, const char *cwd)
{
	autofree char *link = fl_base_format("/proc/%d/exe", (int)pid);
	char path[PATH_MAX];
	ssize_t n = readlink(link, path, sizeof(path));

	if (image->path || n <= 0 || n == sizeof(path))
		return;
	image->argv = read_strings(pid, "cmdline");
	image->envp = read_strings(pid, "environ");
	if (!image->argv || !image->envp) {
		fl_image_clear(image);
		return;
	}
	drop_ours(image->envp);
	image->path = fl_base_copy_n(path, (size_t)n);
	image->cwd = *cwd ? fl_base_copy(cwd) : NULL;
}

void fl_image_of_launch(struct fl_image *image, const char *path, char *const *argv)
{
	*image = (struct fl_image){
		.path = realpath(path, NULL),
		.argv = fl_base_copy_words(argv),
		.envp = fl_base_copy_words(environ),
		.cwd = getcwd(NULL, 0),
	};
	drop_ours(image->envp);
}

void fl_image_clear(struct fl_image *image)
{
	free(image->path);
	free(image->cwd);
	fl_base_free_words(image->argv);
	fl_base_free_words(image->envp);
	*image = (struct fl_image){ 0 };
}
