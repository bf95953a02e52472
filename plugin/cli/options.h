/* SPDX-License-Identifier: MIT */
/*
 * options.h - the one table of settings, and the parser of it.
 *
 * A row is an option `--name` and, unless it only says what a command shall do, a
 * variable FLICKER_<NAME> and a key of `.flicker.ini`.  Help, completions and the man
 * page's list follow the table.  To add a setting: a row in options.c, a field here,
 * an entry in docs/flicker.1.
 *
 * Precedence: command line, environment, configuration file, default.  Pure:
 * arguments, environment and the file's entries in, struct or message out.
 */
#ifndef FL_OPTIONS_H
#define FL_OPTIONS_H

#include "../base/base.h"
#include "mask.h"

struct fl_suspect_rule;

/* Which commands an option belongs to: bits. */
enum fl_option_command {
	FL_FOR_RUN    = 1 << 0,
	FL_FOR_LIST   = 1 << 1,
	FL_FOR_REPORT = 1 << 2,
	FL_FOR_HELP   = 1 << 3,
	FL_FOR_ATTACH = 1 << 4,
	FL_FOR_ADOPT  = 1 << 5,
	FL_FOR_REPLAY = 1 << 6,
	FL_FOR_EXEC   = 1 << 7,
};

enum fl_option_kind {
	FL_OPTION_FLAG,                 /* bool; 1 or 0 in the environment */
	FL_OPTION_NUMBER,               /* uint64_t; decimal, or hexadecimal after 0x */
	FL_OPTION_SECONDS,              /* uint32_t, in ms; decimal fractions */
	FL_OPTION_TEXT,                 /* char * */
	FL_OPTION_LIST,                 /* char *; repeatable, newline-separated */
	FL_OPTION_LIMIT,                /* uint32_t, as SECONDS, or FL_OPTION_UNLIMITED for "none" */
	FL_OPTION_WORD,                 /* int; one of the words that `parse` knows */
	FL_OPTION_MASK,                 /* uint32_t; names of the bits in `mask` */
};

/* What a value names beyond itself: completions offer it. */
enum fl_option_names {
	FL_NAMES_NOTHING,
	FL_NAMES_INPUT,                 /* a file that is read; in .flicker.ini, relative to that */
	FL_NAMES_CONFIG,                /* a file, or none */
	FL_NAMES_REPORT,                /* FORMAT[=PATH] */
	FL_NAMES_COMMAND,               /* a command line */
};

/* Whose completions are printed. */
enum fl_shell { FL_SHELL_NONE, FL_SHELL_BASH, FL_SHELL_ZSH, FL_SHELL_FISH };

#define FL_OPTION_UNLIMITED UINT32_MAX

/* A zeroed one holds no setting; text is its own.  fl_options_clear() frees it. */
struct fl_options {
	uint64_t runs;
	uint64_t seed;
	int until, mode, policy, gate;  /* enum fl_until, fl_mode, fl_policy, fl_gate */
	uint32_t time_ms;               /* 0: by the plain run */
	uint32_t timeout_ms;            /* 0: by the host run */
	uint64_t jobs;
	uint64_t max_suspects;          /* 0: no limit */
	uint32_t perturb;               /* FL_PERTURB_BIT() each */
	char *wrapper, *new_only;       /* or NULL */
	char *quarantine;               /* paths, a line each, or NULL */
	char *adapter;                  /* paths, a line each, or NULL */
	char *cache, *debug_dir;        /* or NULL */
	bool keep_core;
	bool is_all;
	char *suspect;                  /* patterns, a line each, or NULL */
	char *suspect_from;             /* paths of reports, a line each, or NULL */
	char *filter;                   /* pattern, or NULL */
	char *test;                     /* ids, a line each, or NULL */
	char *report;                   /* FORMAT[=PATH], a line each, or NULL */
	char *config;                   /* a path, "none", "" for the same, or NULL: looked for */
	const char *config_path;        /* of the file that was read, fl_config's, or NULL */
	bool is_quiet;
	bool has_no_progress;
	bool is_merge;                  /* report: unite several */
	bool is_suspects;               /* list: what is known to be flaky */
	bool is_json;                   /* list: for other programs */
	uint64_t skip_code;             /* run: exit code of nothing but skips; 0: none */
	const struct fl_suspect_rule *rules;    /* of the files that were read, fl_config's */
	size_t rule_count;
	bool is_in_place;               /* adopt: the program itself */
	char *output;                   /* adopt: path of the copy, or NULL */
	uint64_t times;                 /* replay */
	bool uses_debugger;             /* replay */
	char *capsule;                  /* replay: where it is written, or NULL */
	uint64_t exec_runs, exec_jobs;  /* exec */
	uint32_t exec_timeout_ms;       /* exec; 0: no limit */
	char *counter_token;            /* exec */
	bool keeps_going, is_silent;    /* exec */
	bool is_help;
	int completion;                 /* help: enum fl_shell */
	uint64_t ready_fd;              /* attach: where to say that all is ready */
};

struct fl_option_value;

struct fl_option {
	const char *name;               /* without the dashes */
	const char *letters;            /* short options for the same, or NULL */
	const char *alias;              /* another name for it, or NULL */
	enum fl_option_kind kind;
	const char *metavar;            /* NULL for flags */
	unsigned commands;              /* enum fl_option_command */
	bool is_option_only;            /* no variable, no key */
	bool is_no_key;                 /* of the configuration file */
	const char *preset;             /* default, as it would be given; NULL: none */
	const char *help;
	uint64_t min, max;              /* of numbers */
	int (*check)(const struct fl_option_value *value, struct fl_error *error);
	int (*parse)(const char *word); /* of words: the value, or negative */
	const char *words;              /* of words: all of them, ", " between */
	const struct fl_mask_words *mask;       /* of masks */
	enum fl_option_names names;
	size_t offset;                  /* into struct fl_options */
};

extern const struct fl_option fl_option_table[];
extern const size_t fl_option_count;

/* The row of the option, or NULL; the name ends at '=' or NUL. */
const struct fl_option *fl_option_find(const char *name, unsigned commands);
const struct fl_option *fl_option_find_letter(char letter, unsigned commands);

/* `FLICKER_<NAME>`, the caller's. */
char *fl_option_variable(const struct fl_option *option);

/* What stands after `--report FORMAT=`, or NULL: the default path. */
const char *fl_option_report_path(const char *report);

/* Is it a key of the configuration file? */
bool fl_option_is_key(const struct fl_option *option);

/* A value on its way into its field. */
struct fl_option_value {
	const struct fl_option *option;
	const char *origin;             /* how messages call the place: "option '--runs'" */
	const char *text;               /* NULL: a flag that is on */
};

/* Stores the value; a list grows by a line.  -EINVAL with a message for a bad one. */
int fl_option_store(const struct fl_option_value *value, struct fl_options *options,
		    struct fl_error *error);

/* A setting of a configuration file.  The file's struct owns the texts. */
struct fl_option_entry {
	const struct fl_option *option;
	char *text;
	char *origin;                   /* "path:12: key 'runs'" */
};

struct fl_options_source {
	const char *command;            /* its name, for messages */
	unsigned commands;              /* its bit */
	char *const *arguments;         /* after the command's name; NULL-terminated */
	char *const *environment;       /* or NULL: none */
	const struct fl_option_entry *entries;  /* of the configuration file; of others' options, too */
	size_t entry_count;
	uint64_t seed;                  /* what --seed is where nobody says */
	bool is_trial;                  /* the file is not known yet: say nothing */
};

/*
 * Reads the options up to the first operand.  *ret_first is the index of that in
 * `arguments`.  -EINVAL with a message for the user otherwise.
 */
int fl_options_parse(const struct fl_options_source *source, struct fl_options *ret_options,
		     int *ret_first, struct fl_error *error);

void fl_options_clear(struct fl_options *options);

/* The warning of an unknown FLICKER_ name in `NAME=value`, the caller's.  NULL: it is known. */
char *fl_options_variable_warning(const char *assignment);

#endif
