/* SPDX-License-Identifier: MIT */
/*
 * cases.h - the session's tests: what is known of each beyond the report's struct fl_test.
 */
#ifndef FL_CASES_H
#define FL_CASES_H

#include "../../judge/durations.h"
#include "../../model.h"
#include "../attempts/plan.h"

enum { FL_CASE_UNSEEDED = 3, FL_CASE_ALONE = 30 };

struct fl_case {
	struct fl_test *test;
	uint32_t group, index;          /* as the agent counts */
	uint64_t pc;                    /* entry of the test's function; 0: unknown */
	uint32_t timeout_ms;            /* the framework's own deadline for it; 0: none */
	struct fl_case *program;        /* of a part of a program's output: the test that is attempted; or NULL */
	bool is_told;                   /* a part: the output that is being absorbed has a line of it */
	bool is_too_long;               /* what it writes, to be kept; and that was told */
	bool is_lender;                 /* no suspect itself: attempted for parts of it that are */
	char *part_of;                  /* under replay: the program's name, where the id is that of a part; or NULL */
	bool is_judged;
	bool is_unseeded;
	bool is_left_out;               /* by --max-suspects */
	bool is_mass_failure;           /* one of very many: see observe.c */
	bool has_hung;                  /* a timeout was repeated alone */
	bool is_cut;                    /* the time was over before its attempts */
	bool is_through;                /* nothing more is to be made of it */
	double fork_ms[2];              /* what a forked attempt takes, [1] with prefix; 0: not known */
	struct fl_counts staged;        /* attempts made at the same time as others, without those that failed */
	bool is_parallel_only;          /* a failure was met so and never alone, in FL_CASE_ALONE tries */
	bool is_contained;              /* its signals were kept from others, and that was told */
	struct fl_plan plan;
	struct fl_durations durations;
	struct {                        /* attempts that drew from a generator never seeded */
		uint64_t attempts[FL_CASE_UNSEEDED];
		size_t count;
	} unseeded[2];                  /* [0] that passed, [1] that failed */
	/* For fl_traces_shared(); each may be NULL. */
	char *traces[2];                /* of the first attempts that were looked at */
	char *collisions;               /* of the first that failed and had met a collision */
};

struct fl_case_group {
	char *name;
	size_t first, count;            /* its cases */
	char *refused;                  /* why there is no template, or NULL */
	bool is_ended;                  /* the host left it */
};

struct fl_cases {
	struct fl_case **items;
	size_t count, capacity;
	struct fl_case_group *groups;
	size_t group_count, group_capacity;
};

void fl_cases_clear(struct fl_cases *cases);            /* not the tests: the run owns them */

struct fl_case_group *fl_cases_add_group(struct fl_cases *cases, const char *name);

/* Adds to the last group; takes nothing over, `test` is the run's. */
struct fl_case *fl_cases_add(struct fl_cases *cases, struct fl_test *test, uint32_t index);

/* NULL where there is none. */
struct fl_case *fl_cases_find(const struct fl_cases *cases, uint32_t group, uint32_t index);
struct fl_case_group *fl_cases_group(const struct fl_cases *cases, uint32_t group);

#endif
