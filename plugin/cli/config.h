/* SPDX-License-Identifier: MIT */
/*
 * config.h - `.flicker.ini`: settings of a tree, and of a user.
 *
 *     [run]                        keys are option names; a repeatable one may stand
 *     runs = 1000                  several times, or go on in indented lines
 *     [suspect "net.*:-net.slow"]  tests that match are suspect
 *     reason = the server is slow to come up
 *
 * The one file that is read is the first found from the working directory up to the
 * root of the repository, else the user's.  A file to read that it names is relative
 * to it.  The library inside a program never reads it.
 *
 * A file of --quarantine has sections of suspects and no others; what is listed there is
 * quarantined, whatever the policy (docs/quarantine.md).
 */
#ifndef FL_CONFIG_H
#define FL_CONFIG_H

#include "options.h"

#include "../engine/session/session.h"

/* A zeroed one says nothing.  fl_config_clear() frees it. */
struct fl_config {
	char *path;                     /* of the file, or NULL: none was read */
	struct fl_option_entry *entries;
	size_t entry_count, entry_capacity;
	struct fl_suspect_rule *rules;
	size_t rule_count, rule_capacity;
	char **warnings;                /* for the user, a line each */
	size_t warning_count, warning_capacity;
};

/*
 * Reads the file `named`; "none" and "" are none, NULL looks for one.  -EINVAL or what
 * the system said, with a message `path:line: …`; a file that is looked for may be absent.
 */
int fl_config_load(const char *named, struct fl_config *ret_config, struct fl_error *error);

/*
 * Adds what `text` says; `path` is for messages, and for files that it names.  What was
 * read before an error stays in *config.
 */
int fl_config_parse(const char *path, const char *text, struct fl_config *config,
		    struct fl_error *error);

/*
 * Adds the entries of quarantine files: `paths`, a line each, or NULL.  Errors as above; the
 * text of one is for tests.
 */
int fl_config_quarantine(const char *paths, struct fl_config *config, struct fl_error *error);
int fl_config_parse_quarantine(const char *path, const char *text, struct fl_config *config,
			       struct fl_error *error);

/* The file that is read where nobody names one, the caller's, or NULL.  Warns in *config. */
char *fl_config_find(struct fl_config *config);

void fl_config_clear(struct fl_config *config);

void fl_config_warn(struct fl_config *config, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
