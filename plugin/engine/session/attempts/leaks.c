/* SPDX-License-Identifier: MIT */
/*
 * leaks.c - keeps what attempts left behind and what they use outside of the process.
 *
 * An assertion that fails leaves the test on the spot, with whatever it held: only what a
 * passing attempt leaves behind is the test's own doing.
 */
#include "leaks.h"

#include "../../../base/base.h"
#include "../../judge/traces.h"

static void debug_traces(const struct fl_case *item, const struct fl_facts *facts)
{
	const char *at = facts->traces;

	while (*at) {
		int length = (int)strcspn(at, "\n");

		fl_debug("leaks", "%s: %.*s", item->test->id, length, at);
		at += length + (at[length] != '\0');
	}
}

static void keep_traces(struct fl_case *item, const char *traces)
{
	size_t i;

	for (i = 0; i < FL_COUNT(item->traces); i++)
		if (!item->traces[i]) {
			item->traces[i] = fl_base_copy(traces);
			return;
		}
}

void fl_leaks_absorb(struct fl_case *item, const struct fl_facts *facts, enum fl_outcome outcome)
{
	if (outcome == FL_OUTCOME_PASS)
		fl_traces_add_leaks(item->test, facts);
	if (fl_debug_on("leaks"))
		debug_traces(item, facts);
	if (facts->flags & FL_FACT_LOOKED)
		keep_traces(item, facts->traces);
	if ((facts->flags & FL_FACT_COLLIDED) && fl_outcome_is_non_pass(outcome) &&
	    !item->collisions)
		item->collisions = fl_base_copy(facts->traces);
}
