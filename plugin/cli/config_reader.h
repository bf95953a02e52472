/* SPDX-License-Identifier: MIT */
/*
 * config_reader.h - private to cli/config*.c: a file while it is read.
 */
#ifndef FL_CONFIG_READER_H
#define FL_CONFIG_READER_H

#include "config.h"

enum fl_config_section {
	FL_CONFIG_NONE, FL_CONFIG_RUN, FL_CONFIG_SUSPECT, FL_CONFIG_OTHER,
};

struct fl_config_reader {
	const char *path, *at;
	int line;
	bool is_quarantine;             /* entries, and nothing else */
	enum fl_config_section section;
	bool has_key;                   /* in this section: an indented line goes on with it */
	bool is_further;                /* such a line is being read */
	unsigned keys;                  /* of the entry's keys, those that were read: bits */
	size_t first_rule;              /* of this file */
	struct fl_config *config;
	struct fl_error *error;
	int code;                       /* of the first error */
	int refused;                    /* its line */
};

/* Only the first is told. */
void fl_config_refuse(struct fl_config_reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* `near`: what may have been meant, or NULL. */
void fl_config_warn_unknown(struct fl_config_reader *reader, const char *kind, const char *word,
			    const char *near);

/* ---- entries: [suspect "PATTERN"] and its keys (config_suspect.c) ---- */

/* A section begins; `rest` is what stands behind its name. */
void fl_config_add_rule(struct fl_config_reader *reader, const char *rest);
void fl_config_set_rule(struct fl_config_reader *reader, const char *name, const char *value);

/* Does the line, without its indentation, begin a key of an entry, or the next entry? */
bool fl_config_is_of_rule(const char *line);

/* The file is read: what stands in it twice is told. */
void fl_config_compare_rules(struct fl_config_reader *reader);

#endif
