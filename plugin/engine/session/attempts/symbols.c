/* SPDX-License-Identifier: MIT */
/*
 * symbols.c - names for program counters, of the processes of the present group.
 *
 * The host, its template and all forked attempts have one layout; whichever of them is
 * there is asked for its maps, once a group.  An attempt in a process of its own has
 * brought its maps along: its addresses are said in terms of that one layout.  What was
 * found in debug information outlives the run, in the symbol cache.
 */
#include "../internal.h"

#include "../../judge/rebase.h"

enum { MAPS_LIMIT = 16 << 20 };

static struct fl_symbols *open_symbols(struct fl_session *session, pid_t pid)
{
	autofree char *path = fl_base_format("/proc/%d/maps", (int)pid);
	autofree char *maps = NULL;
	struct fl_symbols *symbols = NULL;
	size_t size;

	if (pid <= 0 || fl_file_read(path, MAPS_LIMIT, &maps, &size) < 0 || !size ||
	    fl_symbols_open(maps, &symbols) < 0)
		return NULL;
	free(session->maps);
	session->maps = take(maps);
	if (!session->symbolcache)
		session->symbolcache = fl_symbolcache_open(session->settings->cache);
	fl_symbols_use(symbols, session->symbolcache);
	return symbols;
}

static bool have_symbols(struct fl_session *session)
{
	if (!session->symbols)
		session->symbols = open_symbols(session, session->link.template_pid);
	if (!session->symbols)
		session->symbols = open_symbols(session, session->link.host_pid);
	return session->symbols;
}

void fl_symbols_of(struct fl_session *session, const struct fl_facts *facts,
		   struct fl_backtrace *ret_backtrace)
{
	uint64_t pcs[FL_WIRE_PCS];

	if (!facts->pcs || !have_symbols(session))
		return;
	memcpy(pcs, facts->pc, facts->pcs * sizeof(*pcs));
	if ((facts->flags & FL_FACT_EXEC) && session->exec_maps)
		fl_rebase(session->exec_maps, session->maps, pcs, facts->pcs);
	fl_symbols_backtrace(session->symbols, pcs, facts->pcs, facts->flags & FL_FACT_EXACT_PC,
			     session->run->program.framework, ret_backtrace);
}

void fl_symbols_place(struct fl_session *session, uint64_t pc, struct fl_test *test)
{
	struct fl_backtrace frames = { 0 };

	if (!have_symbols(session))
		return;
	fl_symbols_backtrace(session->symbols, &pc, 1, true, NULL, &frames);
	if (frames.count && frames.frames[frames.count - 1].file) {
		const struct fl_frame *function = &frames.frames[frames.count - 1];

		test->file = fl_base_copy(function->file);
		test->line = function->line;
	}
	fl_backtrace_clear(&frames);
}

void fl_symbols_forget(struct fl_session *session)
{
	fl_symbols_free(take(session->symbols));
	free(take(session->maps));
}
