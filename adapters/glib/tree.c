/* SPDX-License-Identifier: MIT */
/*
 * tree.c - the tests as the program adds them, held back until they are run.
 *
 * GLib keeps its tests in a tree that nobody can look into or take from, so we keep our own
 * and hand GLib what is to run in this process: in the host all, in an attempt one.  Built
 * and handed on as GLib would build it, so the order is GLib's.  Suites and cases that the
 * program makes by hand are made at once, only their places in the tree are held back.
 *
 * What GLib would complain of goes straight to it.
 */
#define _GNU_SOURCE
#include "glib.h"

#include <string.h>
#include <sys/mman.h>

struct fl_glib_suite fl_glib_root = { .name = "" };

static struct fl_glib_suite *suites;            /* made by hand */
static struct fl_glib_case *cases;
static bool is_released;

static bool holds_back(void)
{
	return fl_glib_flicker && !is_released;
}

bool fl_glib_is_released(void)
{
	return is_released;
}

/* ---- memory: the program's heap stays as it would be without us ---- */

void *fl_glib_allocate(size_t size)
{
	enum { CHUNK = 1 << 16 };
	static char *chunk;
	static size_t room;
	void *piece;

	size = (size + 15) & ~(size_t)15;
	if (size > room) {
		size_t whole = size > CHUNK ? size : CHUNK;
		void *memory = mmap(NULL, whole, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (memory == MAP_FAILED)
			return NULL;
		chunk = memory;
		room = whole;
	}
	piece = chunk;
	chunk += size;
	room -= size;
	return piece;
}

static const char *copy(const char *text, size_t length)
{
	char *copied = fl_glib_allocate(length + 1);

	if (!copied)
		return NULL;
	*(char *)mempcpy(copied, text, length) = '\0';
	return copied;
}

const char *fl_glib_join(const char *path, const char *name)
{
	char *joined = fl_glib_allocate(strlen(path) + strlen(name) + 2);

	if (joined)
		stpcpy(stpcpy(stpcpy(joined, path), "/"), name);
	return joined;
}

/* ---- the tree ---- */

struct fl_glib_suite *fl_glib_suite_of(const void *object)
{
	struct fl_glib_suite *suite = suites;

	if (object && object == fl_glib_root.object)
		return &fl_glib_root;
	while (suite && suite->object != object)
		suite = suite->other;
	return suite;
}

static struct fl_glib_case *case_of(const void *object)
{
	struct fl_glib_case *test = cases;

	while (test && test->object != object)
		test = test->other;
	return test;
}

static void link_suite(struct fl_glib_suite *parent, struct fl_glib_suite *suite)
{
	if (parent->last)
		parent->last->next = suite;
	else
		parent->first = suite;
	parent->last = suite;
}

static void link_case(struct fl_glib_suite *suite, struct fl_glib_case *test)
{
	if (suite->last_case)
		suite->last_case->next = test;
	else
		suite->first_case = test;
	suite->last_case = test;
}

static struct fl_glib_suite *new_suite(const char *name, size_t length)
{
	struct fl_glib_suite *suite = fl_glib_allocate(sizeof(*suite));

	if (suite)
		suite->name = copy(name, length);
	return suite && suite->name ? suite : NULL;
}

static bool is_named(const char *name, const char *start, size_t length)
{
	return strncmp(name, start, length) == 0 && !name[length];
}

/* The suite of that name in another; a new one where there is none, NULL without memory. */
static struct fl_glib_suite *find_suite(struct fl_glib_suite *parent, const char *name,
					size_t length)
{
	struct fl_glib_suite *suite = parent->first;

	while (suite && !is_named(suite->name, name, length))
		suite = suite->next;
	if (suite)
		return suite;
	suite = new_suite(name, length);
	if (suite)
		link_suite(parent, suite);
	return suite;
}

static bool has_case(const struct fl_glib_suite *suite, const char *name)
{
	const struct fl_glib_case *test = suite->first_case;

	while (test && strcmp(test->name, name) != 0)
		test = test->next;
	return test != NULL;
}

/* The suite for a path, and the path's last part; NULL: nothing for us. */
static struct fl_glib_suite *walk(const char *path, const char **ret_name)
{
	struct fl_glib_suite *suite = &fl_glib_root;
	const char *slash;

	while ((slash = strchr(path, '/'))) {
		if (slash > path)
			suite = find_suite(suite, path, (size_t)(slash - path));
		if (!suite)
			return NULL;
		path = slash + 1;
	}
	*ret_name = path;
	return *path && !has_case(suite, path) ? suite : NULL;
}

static struct fl_glib_case *new_case(const char *name, const struct fl_glib_case *like)
{
	struct fl_glib_case *test = fl_glib_allocate(sizeof(*test));

	if (!test)
		return NULL;
	*test = *like;
	test->name = copy(name, strlen(name));
	return test->name ? test : NULL;
}

/* False: GLib is to see it at once. */
static bool hold_back(const char *path, const struct fl_glib_case *like)
{
	struct fl_glib_suite *suite;
	struct fl_glib_case *test;
	const char *name;

	if (!holds_back() || !path || path[0] != '/' || !like->test)
		return false;
	suite = walk(path, &name);
	test = suite ? new_case(name, like) : NULL;
	if (test && (test->path = copy(path, strlen(path)))) {
		link_case(suite, test);
		return true;
	}
	fl_glib_release();              /* a duplicate, by GLib's rules the end; or no memory */
	return false;
}

/* ---- to GLib ---- */

void fl_glib_forward_case(const struct fl_glib_suite *suite, struct fl_glib_case *test)
{
	if (test->is_forwarded)
		return;
	test->is_forwarded = true;
	if (test->object)
		REAL(g_test_suite_add)(suite->object, test->object);
	else
		REAL(g_test_add_vtable)(test->path, test->fixture_bytes, test,
					test->setup ? fl_glib_run_setup : NULL, fl_glib_run_test,
					test->teardown ? fl_glib_run_teardown : NULL);
}

static void forward_suite(struct fl_glib_suite *suite)
{
	struct fl_glib_suite *inner;
	struct fl_glib_case *test;

	for (test = suite->first_case; test; test = test->next)
		if (test->is_wanted)
			fl_glib_forward_case(suite, test);
	for (inner = suite->first; inner; inner = inner->next) {
		if (inner->object && suite->object && !inner->is_forwarded)
			REAL(g_test_suite_add_suite)(suite->object, inner->object);
		inner->is_forwarded = true;
		forward_suite(inner);
	}
}

void fl_glib_forward(void)
{
	struct fl_glib_suite *suite;

	forward_suite(&fl_glib_root);
	for (suite = suites; suite; suite = suite->other)
		forward_suite(suite);   /* for g_test_run_suite() they need no place in the tree */
}

/* Its path has been made where it was added by one. */
static bool forward_name_in(struct fl_glib_suite *suite, const char *path)
{
	struct fl_glib_suite *inner;
	struct fl_glib_case *test;

	for (test = suite->first_case; test; test = test->next) {
		if (!test->path || strcmp(test->path, path) != 0)
			continue;
		test->is_name_only = !test->is_forwarded;
		fl_glib_forward_case(suite, test);
		return true;
	}
	for (inner = suite->first; inner; inner = inner->next)
		if (forward_name_in(inner, path))
			return true;
	return false;
}

void fl_glib_forward_name(const char *path)
{
	if (holds_back())
		forward_name_in(&fl_glib_root, path);
}

static void want_all(struct fl_glib_suite *suite)
{
	struct fl_glib_suite *inner;
	struct fl_glib_case *test;

	for (test = suite->first_case; test; test = test->next)
		test->is_wanted = true;
	for (inner = suite->first; inner; inner = inner->next)
		want_all(inner);
}

void fl_glib_release(void)
{
	struct fl_glib_suite *suite;

	if (!holds_back())
		return;
	is_released = true;
	want_all(&fl_glib_root);
	for (suite = suites; suite; suite = suite->other)
		want_all(suite);
	fl_glib_forward();
}

/* ---- in GLib's place ---- */

void g_test_add_vtable(const char *path, size_t size, const void *data, fl_glib_function setup,
		       fl_glib_function test, fl_glib_function teardown)
{
	const struct fl_glib_case like = { .fixture_bytes = size, .data = data, .setup = setup,
					   .test = test, .teardown = teardown };

	if (!hold_back(path, &like))
		REAL(g_test_add_vtable)(path, size, data, setup, test, teardown);
}

void g_test_add_func(const char *path, fl_glib_function test)
{
	if (!hold_back(path, &(struct fl_glib_case){ .test = test }))
		REAL(g_test_add_func)(path, test);
}

void g_test_add_data_func(const char *path, const void *data, fl_glib_function test)
{
	if (!hold_back(path, &(struct fl_glib_case){ .data = data, .test = test }))
		REAL(g_test_add_data_func)(path, data, test);
}

void g_test_add_data_func_full(const char *path, void *data, fl_glib_function test,
			       fl_glib_function free_data)
{
	const struct fl_glib_case like = { .data = data, .test = test, .teardown = free_data };

	if (!hold_back(path, &like))
		REAL(g_test_add_data_func_full)(path, data, test, free_data);
}

void *g_test_get_root(void)
{
	fl_glib_root.object = REAL(g_test_get_root)();
	return fl_glib_root.object;
}

void *g_test_create_suite(const char *name)
{
	void *object = REAL(g_test_create_suite)(name);
	struct fl_glib_suite *suite = NULL;

	if (object && holds_back())
		suite = new_suite(name, strlen(name));
	if (suite) {
		suite->object = object;
		suite->other = suites;
		suites = suite;
	}
	return object;
}

void *g_test_create_case(const char *name, size_t size, const void *data, fl_glib_function setup,
			 fl_glib_function test, fl_glib_function teardown)
{
	const struct fl_glib_case like = { .fixture_bytes = size, .data = data, .setup = setup,
					   .test = test, .teardown = teardown };
	struct fl_glib_case *made = name && test && holds_back() ? new_case(name, &like) : NULL;

	if (!made)
		return REAL(g_test_create_case)(name, size, data, setup, test, teardown);
	made->object = REAL(g_test_create_case)(name, size, made, setup ? fl_glib_run_setup : NULL,
						fl_glib_run_test,
						teardown ? fl_glib_run_teardown : NULL);
	made->other = cases;
	cases = made;
	return made->object;
}

void g_test_suite_add(void *object, void *test_object)
{
	struct fl_glib_suite *suite = holds_back() ? fl_glib_suite_of(object) : NULL;
	struct fl_glib_case *test = suite ? case_of(test_object) : NULL;

	if (test)
		link_case(suite, test);
	else
		REAL(g_test_suite_add)(object, test_object);
}

void g_test_suite_add_suite(void *object, void *inner_object)
{
	struct fl_glib_suite *suite = holds_back() ? fl_glib_suite_of(object) : NULL;
	struct fl_glib_suite *inner = suite ? fl_glib_suite_of(inner_object) : NULL;

	if (inner && inner != &fl_glib_root)
		link_suite(suite, inner);
	else
		REAL(g_test_suite_add_suite)(object, inner_object);
}
