/* SPDX-License-Identifier: MIT */
/*
 * symbols.c - names for program counters, of the processes of the present group.
 *
 * The host, its template and all attempts have one layout; whichever of them is
 * there is asked for its maps, once a group.
 */
#include "internal.h"

enum { MAPS_LIMIT = 16 << 20 };

static struct fl_symbols *open_symbols(pid_t pid)
{
	autofree char *path = fl_base_format("/proc/%d/maps", (int)pid);
	autofree char *maps = NULL;
	struct fl_symbols *symbols = NULL;
	size_t size;

	if (pid <= 0 || fl_file_read(path, MAPS_LIMIT, &maps, &size) < 0 || !size ||
	    fl_symbols_open(maps, &symbols) < 0)
		return NULL;
	return symbols;
}

void fl_symbols_of(struct fl_session *session, const struct fl_facts *facts,
			  struct fl_backtrace *ret_backtrace)
{
	if (!facts->pcs)
		return;
	if (!session->symbols)
		session->symbols = open_symbols(session->link.template_pid);
	if (!session->symbols)
		session->symbols = open_symbols(session->link.host_pid);
	if (session->symbols)
		fl_symbols_backtrace(session->symbols, facts->pc, facts->pcs,
				     facts->flags & FL_FACT_EXACT_PC,
				     session->run->program.framework, ret_backtrace);
}
