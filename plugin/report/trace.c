/* SPDX-License-Identifier: MIT */
/*
 * trace.c - a backtrace in words.
 */
#include "trace.h"

#include "text.h"

void fl_trace_frame(FILE *out, size_t number, const struct fl_frame *f)
{
	fprintf(out, "#%zu ", number);
	fl_text_print(out, f->function, " ");
	if (f->function && f->file) {
		fputs(" at ", out);
		fl_text_print(out, f->file, " ");
		if (f->line > 0)
			fprintf(out, ":%d", f->line);
	} else if (f->module) {
		fputs(f->function ? " in " : "", out);
		fl_text_print(out, f->module, " ");
		fprintf(out, "+0x%llx", (unsigned long long)f->offset);
	} else if (!f->function) {
		fprintf(out, "0x%llx", (unsigned long long)f->pc);
	}
	fputs(f->is_inlined ? " (inlined)" : "", out);
}

void fl_trace_print(FILE *out, const struct fl_backtrace *backtrace, const char *newline)
{
	size_t i;

	for (i = 0; i < backtrace->count; i++) {
		fputs(i ? newline : "", out);
		fl_trace_frame(out, i, &backtrace->frames[i]);
	}
}
