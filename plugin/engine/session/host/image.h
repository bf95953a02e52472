/* SPDX-License-Identifier: MIT */
/*
 * image.h - how the test program was started: what is needed to start it again.
 *
 * Read from /proc while the host (or its template, a copy of it) lives; not from the
 * command line of `run`, for a script or a driver may stand between.
 */
#ifndef FL_IMAGE_H
#define FL_IMAGE_H

#include <stdbool.h>
#include <sys/types.h>

struct fl_image {
	char *path;                     /* of the program; NULL: it could not be read */
	char **argv;                    /* NULL-terminated */
	char **envp;                    /* as it was started, without what is flicker's */
	char *cwd;                      /* or NULL: unknown */
};

/* Leaves path NULL where /proc does not tell. */
void fl_image_read(struct fl_image *image, pid_t pid, const char *cwd);
/* As we started it ourselves, or would; where nothing else is known. */
void fl_image_of_launch(struct fl_image *image, const char *path, char *const *argv);
void fl_image_clear(struct fl_image *image);

#endif
