/* SPDX-License-Identifier: MIT */
/*
 * json_tree.h - private to report/json*.c: between the model's structs and jansson's trees.
 */
#ifndef FL_JSON_TREE_H
#define FL_JSON_TREE_H

#include "../base/base.h"
#include "../engine/model.h"

#include <jansson.h>

#ifndef FL_VERSION
#define FL_VERSION "0.1.0"
#endif

/* Memory or death for jansson too: trees are whole or there is nobody left to ask. */
void fl_json_use_base_memory(void);

/* 15 digits: what is rounded to fewer is written as it was rounded. */
#define FL_JSON_DIGITS JSON_REAL_PRECISION(15)
#define FL_JSON_PRETTY (JSON_INDENT(2) | FL_JSON_DIGITS)

/* Everything of a report but "totals" and "tests"; the sums; one element of "tests". */
json_t *fl_json_encode_head(const struct fl_run *run);
json_t *fl_json_encode_totals(const struct fl_run *run);
json_t *fl_json_encode_test(const struct fl_test *test);

/* An array with a string for each line; of NULL an empty one. */
json_t *fl_json_encode_lines(const char *lines);

enum { FL_JSON_STEPS = 8 };

/*
 * Reading keeps the place it is at and the first thing that was wrong; after that
 * every getter gives nothing, so readers need no checks of their own.
 */
struct fl_json_cursor {
	const char *path;               /* of the file, for messages */
	const char *text;               /* the valid JSON that the tree was made from */
	size_t line;                    /* number of the first line of `text` in the file */
	struct {
		const char *key;        /* of an object, or NULL: */
		size_t index;           /* of an array */
	} steps[FL_JSON_STEPS];
	size_t depth;
	int code;                       /* 0, or the negative errno of the first fault */
	struct fl_error *error;
};

/*
 * The tree of a text that may come from anywhere; NULL, and why.  jansson passes over NULs, which
 * the cursor takes for the end, and of a key that stands twice it would take the other one.
 */
json_t *fl_json_load(const char *text, size_t size, json_error_t *ret_fault);

/* Steps into a member or an element for as long as its children are read, and out again. */
void fl_json_enter(struct fl_json_cursor *at, const char *key, size_t index);
void fl_json_leave(struct fl_json_cursor *at);

/* Remembers that `key` (NULL: the place itself) `problem`, if it is the first fault. */
void fl_json_fault(struct fl_json_cursor *at, const char *key, const char *problem);

/*
 * A member of an object.  It must be there, and of the type; _need: and not null.
 * JSON_REAL takes whole numbers too, JSON_TRUE is either boolean.  Texts are the
 * caller's.  Where null is allowed it gives NULL, 0 or `if_null`.
 */
json_t *fl_json_get(struct fl_json_cursor *at, const json_t *object, const char *key,
		    json_type type);
json_t *fl_json_need(struct fl_json_cursor *at, const json_t *object, const char *key,
		     json_type type);
char *fl_json_get_text(struct fl_json_cursor *at, const json_t *object, const char *key);
char *fl_json_need_text(struct fl_json_cursor *at, const json_t *object, const char *key);
int fl_json_get_int(struct fl_json_cursor *at, const json_t *object, const char *key, int if_null);
double fl_json_get_real(struct fl_json_cursor *at, const json_t *object, const char *key);
uint64_t fl_json_get_hex(struct fl_json_cursor *at, const json_t *object, const char *key);
uint64_t fl_json_need_count(struct fl_json_cursor *at, const json_t *object, const char *key);
bool fl_json_need_bool(struct fl_json_cursor *at, const json_t *object, const char *key);

/* Of an array of strings, a line each, or NULL: it is empty, or not there, a key of later files. */
char *fl_json_get_lines(struct fl_json_cursor *at, const json_t *object, const char *key);

/* A word by its parser; an array of words as a mask of 1 << value. */
int fl_json_need_word(struct fl_json_cursor *at, const json_t *object, const char *key,
		      int (*parse)(const char *));
uint32_t fl_json_need_mask(struct fl_json_cursor *at, const json_t *object, const char *key,
			   int (*parse)(const char *));

/* 0x and 1 to 16 lower-case hexadecimal digits; false: it is not. */
bool fl_json_parse_hex(const char *digits, uint64_t *ret_value);

/* The member "program" of `root`, into *program, zeroed before. */
void fl_json_decode_program(struct fl_json_cursor *at, const json_t *root,
			    struct fl_program *program);

/* Fills *test, zeroed before; after a fault it is half filled and still to be cleared. */
void fl_json_decode_test(struct fl_json_cursor *at, const json_t *root, struct fl_test *test);

#endif
