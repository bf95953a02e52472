/* SPDX-License-Identifier: MIT */
/*
 * unity.h - what the files of the Unity adapter share.
 *
 *   group     from UnityBegin to UnityEnd, in the host and in attempts
 *   runners   one test, as the program has it run
 *   list      the tests of a group, as a rehearsal has met them
 *   results   what Unity says of a test: its flags and counts
 *   words     and in which words
 *   symbols   the program's own functions, and the adapter itself
 */
#ifndef FL_ADAPTER_UNITY_H
#define FL_ADAPTER_UNITY_H

#include <flicker/adapter.h>

/* The agent's services; NULL in a process without Unity. */
extern const struct fl_services *fl_unity_flicker;

/* ---- symbols: rows of the one list that the agent fills ---- */

enum fl_unity_symbol {
	FL_UNITY_OBJECT, FL_UNITY_BEGIN, FL_UNITY_END, FL_UNITY_FAIL, FL_UNITY_IGNORE,
	FL_UNITY_CONCLUDE, FL_UNITY_DEFAULT_RUN, FL_UNITY_GENERATED_RUN, FL_UNITY_FIXTURE_RUN,
	FL_UNITY_SETUP, FL_UNITY_TEARDOWN,
	FL_UNITY_EQUAL, FL_UNITY_EQUAL_INT,             /* an assertion, by its older and newer name */
	FL_UNITY_SET_FILE, FL_UNITY_WITHIN_FLOATS,      /* what versions brought */
	FL_UNITY_SYMBOLS
};

extern struct fl_symbol fl_unity_symbols[];

enum { FL_UNITY_LARGEST = 4096 };               /* of the object */

/* The function behind a row, as TYPE. */
#define FL_UNITY_FUNCTION(row, type) ((type)(fl_unity_symbols[row].address))

/* Does code or data of the program name it? */
bool fl_unity_is_used(enum fl_unity_symbol row);

/* Unity.TestFile: its first member in every version. */
const char *fl_unity_file(void);

/* ---- group ---- */

struct fl_unity_call;

bool fl_unity_arm(void);                        /* before main; false: no runner can be taken over */
void fl_unity_meet(struct fl_unity_call *call); /* main has this test run */
bool fl_unity_is_in_test(void);
bool fl_unity_is_rehearsing(void);
int fl_unity_main(int (*real)(int, char **, char **), int argc, char **argv, char **envp);
bool fl_unity_ends(int code);

/* ---- list ---- */

struct fl_unity_test {
	const void *code;
	const char *name, *suite, *file;        /* suite NULL: the file's; file NULL: not known */
	int line;
};

bool fl_unity_list_open(void);                  /* empty, shared with a rehearsal */
void fl_unity_list_add(const struct fl_unity_test *test);
void fl_unity_list_complete(void);              /* all that there are have been added */
bool fl_unity_list_keep(void);                  /* of its own memory; false: it is not complete */
void fl_unity_list_close(void);
uint32_t fl_unity_list_count(void);
int fl_unity_list_take(const struct fl_unity_test *test);       /* its index, each once; -1: not in it */
bool fl_unity_list_describe(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry);

/* ---- runners ---- */

/* A runner as it was called. */
struct fl_unity_call {
	struct fl_unity_test test;
	struct fl_patch *patch;                 /* the runner's */
	void (*really)(const struct fl_unity_call *call);
	void (*setup)(void), (*body)(void), (*teardown)(void);  /* the program's */
	const char *printed;
	bool is_observed;                       /* ours in the place of the program's */
};

bool fl_unity_runners_take(void);
void fl_unity_runners_watch_teardown(void);
void fl_unity_runners_prepare(void);            /* that, and all else that attempts would have to do */
void fl_unity_runners_call(struct fl_unity_call *call);         /* the real one; not taken over from here on */
void fl_unity_runners_go_on(const struct fl_unity_call *call);  /* taken over again */
void fl_unity_runners_without_fixtures(void);   /* in a rehearsal: setUp and tearDown do nothing */

/* ---- words: of the test that runs, as long as they are in stdout's buffer ---- */

bool fl_unity_words_printed(const char *result);        /* "FAIL", "IGNORE" */
void fl_unity_words_tell(const char *result);   /* place and message of what it says: "FAIL", "IGNORE" */
void fl_unity_words_drop(const char *result);   /* where other lines stand in the place of Unity's */
void fl_unity_words_show_as_ignored(void);

/* ---- results ---- */

bool fl_unity_results_measure(void);            /* before main; false: they cannot be read */
void fl_unity_results_begin(void);              /* a test begins */
void fl_unity_results_end(void);                /* it is over */
void fl_unity_jumps(const void *env, const void *caller);

#endif
