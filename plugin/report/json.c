/* SPDX-License-Identifier: MIT */
/*
 * json.c - the files of a report: the growing .part, then the whole by rename.
 *
 * The lock (flock) lives as long as the descriptor, so it dies with the process,
 * however that ends.
 */
#define _GNU_SOURCE
#include "json.h"

#include "json_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

struct fl_json_writer {
	char *path, *part;
	int fd;                         /* of the .part, locked */
	off_t used;                     /* its bytes that are whole lines */
	size_t tests;
};

static void free_writer(struct fl_json_writer *writer)
{
	fl_base_close(&writer->fd);
	free(writer->path);
	free(writer->part);
	free(writer);
}

/* A lock on a name that was renamed or removed meanwhile protects nothing. */
static bool is_still_there(const char *path, int fd)
{
	struct stat by_name, by_fd;

	return stat(path, &by_name) == 0 && fstat(fd, &by_fd) == 0 &&
	       by_name.st_dev == by_fd.st_dev && by_name.st_ino == by_fd.st_ino;
}

/* Takes the lock and empties the file; -EAGAIN: it is no longer the file of that name. */
static int claim(const char *part, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EEXIST;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return -EBUSY;          /* any other failure: this file system has no locks */
	if (!is_still_there(part, fd))
		return -EAGAIN;
	return fchmod(fd, 0600) < 0 || ftruncate(fd, 0) < 0 ? -errno : 0;
}

/* The descriptor of the locked, empty .part; -EBUSY: a live process has it. */
static int open_part(const char *part)
{
	int fd, r;

	do {
		/* O_NONBLOCK: a FIFO of that name must not hold us up */
		fd = open(part, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
			  0600);
		if (fd < 0)
			return -errno;
		r = claim(part, fd);
		if (r < 0)
			close(fd);
	} while (r == -EAGAIN);
	return r < 0 ? r : fd;
}

static int check_target(const char *path, struct fl_error *error)
{
	int r = fl_file_check_target(path);

	return r == 0 ? 0 : fl_error_set(error, r, "cannot write the report '%s': %s", path,
					 r == -EISDIR ? "it is a directory" :
							"it is not a regular file");
}

char *fl_json_mark_path(const char *path, const char *mark)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *dot = strrchr(base, '.'), *end = path + strlen(path);
	const char *ending = dot && dot > base ? dot : end;

	return fl_base_format("%.*s.%s%s", (int)(ending - path), path, mark, ending);
}

static char *own_name(const char *path)
{
	autofree char *pid = fl_base_format("%ld", (long)getpid());

	return fl_json_mark_path(path, pid);
}

static int open_at(const char *path, struct fl_json_writer *writer, struct fl_error *error)
{
	int r = check_target(path, error);

	if (r < 0)
		return r;
	free(writer->path);
	free(writer->part);
	writer->path = fl_base_copy(path);
	writer->part = fl_base_format("%s.part", path);
	writer->fd = open_part(writer->part);
	if (writer->fd >= 0)
		return 0;
	return fl_error_set(error, writer->fd, "cannot write the report '%s': %s", writer->part,
			    writer->fd == -EBUSY ? "another flicker is writing it" :
						   strerror(-writer->fd));
}

/* One tree, one line, one write; taken back where it did not succeed. */
static int write_line(struct fl_json_writer *writer, json_t *tree, struct fl_error *error)
{
	autofree char *json = tree ? json_dumps(tree, JSON_COMPACT | FL_JSON_DIGITS) : NULL;
	autofree char *line = json ? fl_base_format("%s\n", json) : NULL;
	int r = line ? fl_file_write_all(writer->fd, line, strlen(line)) : -ENOMEM;

	json_decref(tree);
	if (r >= 0) {
		writer->used += (off_t)strlen(line);
		return 0;
	}
	if (ftruncate(writer->fd, writer->used) < 0)
		fl_debug("json", "cannot cut '%s': %s", writer->part, strerror(errno));
	return fl_error_set(error, r, "cannot write '%s': %s", writer->part, strerror(-r));
}

/* The head of a run that has not ended yet. */
static json_t *encode_start(const struct fl_run *run)
{
	struct fl_run start = *run;

	start.is_partial = true;
	start.program.has_exit = false;
	return fl_json_encode_head(&start);
}

int fl_json_open(const char *path, const struct fl_run *run, struct fl_json_writer **ret_writer,
		 char **ret_path, struct fl_error *error)
{
	struct fl_json_writer *writer = fl_base_alloc(1, sizeof(*writer));
	int r;

	fl_json_use_base_memory();
	writer->fd = -1;
	r = open_at(path, writer, error);
	if (r == -EBUSY) {
		autofree char *own = own_name(path);

		r = open_at(own, writer, error);
	}
	if (r < 0) {
		free_writer(writer);
		return r;
	}
	r = write_line(writer, encode_start(run), error);
	if (r < 0) {
		fl_json_abandon(writer);
		return r;
	}
	*ret_path = fl_base_copy(writer->path);
	*ret_writer = writer;
	return 0;
}

int fl_json_append(struct fl_json_writer *writer, const struct fl_test *test,
		   struct fl_error *error)
{
	int r = write_line(writer, fl_json_encode_test(test), error);

	if (r >= 0)
		writer->tests++;
	return r;
}

int fl_json_finish(struct fl_json_writer *writer, fl_format_writer *write,
		   const struct fl_run *run, struct fl_error *error)
{
	int r = fl_format_replace(write, writer->path, run);

	if (r < 0)
		fl_error_set(error, r, "cannot write the report '%s': %s; what was seen is in '%s'",
			     writer->path, strerror(-r), writer->part);
	else
		unlink(writer->part);
	free_writer(writer);
	return r;
}

void fl_json_abandon(struct fl_json_writer *writer)
{
	if (!writer)
		return;
	if (!writer->tests)
		unlink(writer->part);
	free_writer(writer);
}
