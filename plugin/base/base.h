/* SPDX-License-Identifier: MIT */
/*
 * base.h - what every file outside may use: cleanup attributes, errors, small helpers.
 *
 * Knows nothing of flicker.  Functions return >= 0 or a negative errno and leave
 * their ret_ arguments untouched on failure.
 */
#ifndef FL_BASE_H
#define FL_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FL_COUNT(array) (sizeof(array) / sizeof((array)[0]))

static inline void fl_base_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void fl_base_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void fl_base_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

/* Freed, closed at the end of the scope; initialise them. */
#define autofree   __attribute__((cleanup(fl_base_free)))
#define autoclose  __attribute__((cleanup(fl_base_close)))
#define autofclose __attribute__((cleanup(fl_base_fclose)))

/* Hands over: yields the pointer and leaves NULL behind. */
#define take(pointer) \
	({ __typeof__(pointer) fl_taken = (pointer); (pointer) = NULL; fl_taken; })

/* Memory or death: flicker outside has nothing to say without any (exit 70). */
void *fl_base_alloc(size_t count, size_t size);
void *fl_base_grow(void *array, size_t *capacity, size_t need, size_t size);
char *fl_base_copy(const char *text);                    /* NULL stays NULL */
char *fl_base_copy_n(const char *text, size_t length);
char *fl_base_hex(const void *bytes, size_t size);      /* two lower-case digits a byte */
char *fl_base_format(const char *format, ...)
	__attribute__((format(printf, 1, 2), returns_nonnull));

/*
 * Cuts a command line into words as a shell would: quotes and backslashes are honoured,
 * nothing is expanded.  *ret_words ends with NULL and is the caller's, for
 * fl_base_free_words; ret_count may be NULL.  -EINVAL: a quote does not close, or nothing
 * follows the last backslash.
 */
int fl_base_split_words(const char *text, char ***ret_words, size_t *ret_count);
char **fl_base_copy_words(char *const *words);          /* NULL counts as none */
void fl_base_free_words(char **words);                   /* NULL is fine */

/* A message for the user, made where the fault is known and printed by cli only. */
struct fl_error {
	char text[512];
};

/* Writes the message, returns `code` (a negative errno), so that callers can `return` it. */
int fl_error_set(struct fl_error *error, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Reads a whole file; *ret_text is NUL-terminated and the caller's.  At most `limit` bytes: -EFBIG. */
int fl_file_read(const char *path, size_t limit, char **ret_text, size_t *ret_size);

/*
 * Before a file is put at `path` by rename(2), which replaces whatever has the name, a
 * device too: -EISDIR or -EINVAL where something else than a regular file has it.
 */
int fl_file_check_target(const char *path);

/*
 * Do both paths mean one file?  By device and inode where it is there, through links, too; by
 * the folder and the name where it is not.
 */
bool fl_file_is_same(const char *a, const char *b);

/* Makes the folders that are missing above the file `path`, as mkdir -p does: 0777 by the umask. */
int fl_file_make_folders(const char *path);

/* Writes all, over short writes and EINTR. */
int fl_file_write_all(int fd, const void *bytes, size_t size);

/* The one of `names` (count of them) nearest to `word`, or NULL where none is near (Damerau-Levenshtein, at most a third of the letters). */
const char *fl_nearest(const char *word, const char *const *names, size_t count);

/*
 * Days as YYYY-MM-DD, in UTC and the calendar of today; as text they compare as days do.
 * valid: is it one?  after: the day `days` later.  between: days from `from` to `to`, negative
 * where that is past.  Both want valid ones.
 */
enum { FL_DATE_SIZE = sizeof("YYYY-MM-DD") };
bool fl_date_is_valid(const char *text);
void fl_date_today(char ret_date[FL_DATE_SIZE]);
void fl_date_after(const char *date, int days, char ret_date[FL_DATE_SIZE]);
int fl_date_between(const char *from, const char *to);

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t fl_clock_ns(void);

/* FLICKER_DEBUG=link,plan: is the domain (= module name) on?  `all` turns on every one. */
bool fl_debug_on(const char *domain);
void fl_debug(const char *domain, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
