/* SPDX-License-Identifier: MIT */
/*
 * recipe.c - from operands to what is replayed.
 *
 * A token is told from a file by its form, a capsule from a report by what it holds.
 */
#include "recipe.h"

#include "../report/json.h"

#include <errno.h>
#include <fcntl.h>

static char **copy_words(const char *first, char *const *rest)
{
	size_t count = 0, i;
	char **words;

	while (rest && rest[count])
		count++;
	words = fl_base_alloc(count + 2, sizeof(*words));
	words[0] = fl_base_copy(first);
	for (i = 0; i < count; i++)
		words[i + 1] = fl_base_copy(rest[i]);
	return words;
}

/* ---- a report ---- */

/* The first with a token; one that was met alone goes before one that never was. */
static struct fl_failure *replayable(const struct fl_test *test)
{
	struct fl_failure *found = NULL;
	size_t i;

	for (i = 0; i < test->failure_count; i++)
		if (test->failures[i].token &&
		    (!found || (found->is_met_in_parallel && !test->failures[i].is_met_in_parallel)))
			found = &test->failures[i];
	return found;
}

static bool is_wanted(const struct fl_test *test, const char *id)
{
	enum fl_verdict verdict = test->judgement.verdict;

	return id ? strcmp(test->id, id) == 0
		  : verdict == FL_VERDICT_FLAKY || verdict == FL_VERDICT_FAILING;
}

/* The run's, or NULL with error set; and how many tests there are behind it. */
static struct fl_failure *choose(const char *path, const struct fl_run *run, const char *id,
				 size_t *ret_others, struct fl_error *error)
{
	struct fl_failure *found = NULL;
	bool is_found = false;
	size_t i;

	*ret_others = 0;
	for (i = 0; i < run->test_count; i++) {
		struct fl_failure *failure = replayable(run->tests[i]);

		if (!is_wanted(run->tests[i], id))
			continue;
		is_found = true;
		*ret_others += found && failure;
		found = found ? found : failure;
	}
	if (found)
		return found;
	if (id && !is_found)
		fl_error_set(error, -ENOENT, "'%s' has no test '%s'", path, id);
	else
		fl_error_set(error, -ENOENT, "'%s' has no failed attempt%s%s%s to replay", path,
			     id ? " of '" : "", id ? id : "", id ? "'" : "");
	return NULL;
}

static const struct fl_program *program_of(const struct fl_run *run,
					   const struct fl_failure *failure)
{
	size_t i;

	for (i = 0; i < run->test_count; i++) {
		const struct fl_test *test = run->tests[i];

		if (failure >= test->failures && failure < test->failures + test->failure_count)
			return fl_test_program(run, test);
	}
	return &run->program;
}

static int read_report(const char *path, const char *id, struct fl_recipe *recipe,
		       struct fl_error *error)
{
	struct fl_failure *failure;
	struct fl_run run = { 0 };
	int r = fl_json_read(path, &run, error);

	if (r < 0)
		return r;
	failure = choose(path, &run, id, &recipe->others, error);
	r = failure ? fl_token_parse(failure->token, &recipe->token, error) : -ENOENT;
	if (r >= 0) {
		const struct fl_program *program = program_of(&run, failure);

		recipe->argv = copy_words(program->path, program->args);
		if (recipe->token.mode == FL_MODE_EXEC)
			recipe->wrapper = take(run.settings.wrapper);
		recipe->adapters = take(run.settings.adapters);
		recipe->expected.is_known = true;
		recipe->expected.outcome = failure->first.outcome;
		recipe->expected.message = take(failure->first.message);
		recipe->expected.signature = take(failure->signature);
	}
	fl_run_clear(&run);
	return r;
}

/* ---- a capsule ---- */

static int read_capsule(const char *path, struct fl_recipe *recipe, struct fl_error *error)
{
	int r = fl_capsule_read(path, &recipe->capsule, error);

	if (r < 0)
		return r;
	recipe->has_capsule = true;
	recipe->argv = copy_words(recipe->capsule.path, recipe->capsule.args);
	recipe->wrapper = take(recipe->capsule.wrapper);
	recipe->adapters = take(recipe->capsule.adapters);
	recipe->expected = recipe->capsule.expected;
	recipe->capsule.expected = (struct fl_expectation){ 0 };
	return fl_token_parse(recipe->capsule.token, &recipe->token, error);
}

static bool is_program(const char *path)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char start[4] = "";

	return fd >= 0 && read(fd, start, sizeof(start)) == sizeof(start) &&
	       (memcmp(start, "\177ELF", 4) == 0 || memcmp(start, "#!", 2) == 0);
}

static int read_file(const char *path, const char *test, struct fl_recipe *recipe,
		     struct fl_error *error)
{
	int r;

	if (access(path, F_OK) < 0)
		return fl_error_set(error, -ENOENT, "'%s' is neither a token nor a file", path);
	if (is_program(path))
		return fl_error_set(error, -EINVAL, "'%s' is a program; what is to be replayed goes before it: "
				    "'flicker replay TOKEN -- %s'", path, path);
	r = read_capsule(path, recipe, error);
	if (r == -ENOMSG)
		return read_report(path, test, recipe, error);
	if (r >= 0 && test)
		return fl_error_set(error, -EINVAL, "'--test' chooses in a report; '%s' is a capsule",
				    path);
	return r;
}

/* ---- the operands ---- */

/* What follows the first operand. */
static int read_program(char *const *operands, struct fl_recipe *recipe, struct fl_error *error)
{
	bool is_marked = operands[0] && strcmp(operands[0], "--") == 0;

	if (!is_marked && operands[0] && operands[0][0] == '-')
		return fl_error_set(error, -EINVAL, "'%s' is no program; options go before the token",
				    operands[0]);
	operands += is_marked;
	if (operands[0]) {
		fl_base_free_words(recipe->argv);
		recipe->argv = copy_words(operands[0], operands + 1);
		recipe->has_own_program = true;
	}
	if (!recipe->argv)
		return fl_error_set(error, -EINVAL, "'replay' names no program, and a token knows none: "
				    "'flicker replay TOKEN -- program [argument ...]'");
	return 0;
}

int fl_recipe_read(char *const *operands, const char *test, struct fl_recipe *ret_recipe,
		   struct fl_error *error)
{
	struct fl_recipe recipe = { 0 };
	bool is_token = fl_token_is_one(operands[0]) && access(operands[0], F_OK) < 0;
	int r;

	if (is_token && test)
		r = fl_error_set(error, -EINVAL, "'--test' chooses in a report; a token names its test");
	else if (is_token)
		r = fl_token_parse(operands[0], &recipe.token, error);
	else
		r = read_file(operands[0], test, &recipe, error);
	if (r >= 0)
		r = read_program(operands + 1, &recipe, error);
	if (r < 0) {
		fl_recipe_clear(&recipe);
		return r;
	}
	*ret_recipe = recipe;
	return 0;
}

void fl_recipe_clear(struct fl_recipe *recipe)
{
	fl_token_clear(&recipe->token);
	fl_base_free_words(recipe->argv);
	free(recipe->wrapper);
	free(recipe->adapters);
	fl_expectation_clear(&recipe->expected);
	fl_capsule_clear(&recipe->capsule);
	*recipe = (struct fl_recipe){ 0 };
}
