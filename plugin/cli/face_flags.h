/* SPDX-License-Identifier: MIT */
/*
 * face_flags.h - GoogleTest's command line, read: the one table of its flags.
 *
 * Grammar, variables, their precedence and what becomes of malformed values are those of
 * GoogleTest 1.12 (ParseGoogleTestFlag and UnitTestImpl::RunAllTests in gtest.cc,
 * Int32FromGTestEnv in gtest-port.cc): a flag of the command line goes before GTEST_<NAME>,
 * and that before what Bazel says.  To add a flag: a row in face_flags.c, a line in
 * docs/googletest.md.  Arguments and environment in, struct out; a flag file is read.
 */
#ifndef FL_FACE_FLAGS_H
#define FL_FACE_FLAGS_H

#include "../base/base.h"

/* A zeroed one asks for nothing.  fl_face_flags_clear() frees it. */
struct fl_face_flags {
	bool is_on;                     /* flags ask for it, or variables that are not of looks */
	bool has_flags;                 /* on the command line: GoogleTest's lines are wanted */
	bool wants_help;                /* asked for, or a flag that is none, or has no good value */
	bool is_list;
	bool runs_disabled, shuffles, fails_fast, breaks, is_brief, has_time;
	int32_t repeat;                 /* negative: forever */
	int32_t random_seed;            /* as given; 0: by the clock */
	char *filter, *output, *colour; /* as given; "" of the output: none */
	char *stream;                   /* where results would be sent, or "" */
	int32_t shards, shard;          /* 0: no sharding */
	char *shard_status;             /* file that says that sharding is understood, or NULL */
	char *premature_exit;           /* file that is there as long as tests run, or NULL */
	char *unknown;                  /* what is wrong with a flag, which made for help, or NULL */
	char *warnings;                 /* of variables without a good value, a line each, or NULL */
	char *fault;                    /* a flag file, shards: why no test is to be run, or NULL */
};

enum fl_face_kind {
	FL_FACE_BOOL,
	FL_FACE_NUMBER,                 /* int32_t */
	FL_FACE_TEXT,
};

struct fl_face_flag {
	const char *name;               /* without --gtest_ */
	enum fl_face_kind kind;
	const char *metavar;            /* NULL for switches */
	const char *help;               /* NULL: understood, and without effect */
	bool has_variable;              /* GTEST_<NAME> */
	bool is_looks;                  /* its variable alone turns nothing on */
	size_t offset;                  /* into struct fl_face_flags; of no use without help */
};

extern const struct fl_face_flag fl_face_flag_table[];
extern const size_t fl_face_flag_count;

/*
 * `arguments`: those of the program, without its name; `environment` may be NULL.  What the
 * flags are good for, faults, too, is only known once the program's framework is.
 */
void fl_face_flags_read(char *const *arguments, char *const *environment,
			struct fl_face_flags *ret_flags);

void fl_face_flags_clear(struct fl_face_flags *flags);

#endif
