/* SPDX-License-Identifier: MIT */
/*
 * html.c - one page: findings first, then every test in a table.
 *
 * It loads nothing and runs nothing, and its policy says so to the browser, too: text from
 * tests could do no more than be read, even if an escape were missing.
 */
#include "formats.h"
#include "status.h"
#include "summary_words.h"
#include "xml.h"

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	"style-src 'unsafe-inline'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<style>\n"
	"body { font: 15px/1.45 system-ui, sans-serif; max-width: 70em; margin: 2em auto; "
	"padding: 0 1em; color: #1b1f24; background: #fff }\n"
	"h1 { font-size: 1.4em } h2 { font-size: 1.15em; margin: 1.8em 0 .4em } h3 { "
	"font-size: 1em; margin: .9em 0 .2em }\n"
	"code, pre { font: 13px/1.4 ui-monospace, monospace }\n"
	"pre { background: #f4f5f7; padding: .6em .8em; overflow-x: auto; "
	"white-space: pre-wrap; overflow-wrap: anywhere; border-radius: 4px }\n"
	"section { border-left: 4px solid #888; padding: .1em 0 .1em 1em; margin: 1.2em 0 } "
	"section h2 { margin-top: .2em }\n"
	"section.failing { border-color: #c62828 } section.flaky { border-color: #e0a100 } "
	"section.unknown { border-color: #8e44ad }\n"
	".verdict { display: inline-block; padding: 0 .5em; border-radius: 3px; "
	"background: #e4e6ea; font-size: .85em }\n"
	".failing .verdict { background: #c62828; color: #fff } .flaky .verdict { "
	"background: #e0a100; color: #000 }\n"
	".unknown .verdict { background: #8e44ad; color: #fff } .stable .verdict { "
	"background: #2e7d32; color: #fff }\n"
	"table { border-collapse: collapse; width: 100% } th, td { text-align: left; "
	"padding: .25em .6em; border-bottom: 1px solid #dfe2e6; vertical-align: top; "
	"overflow-wrap: anywhere }\n"
	"td.number { text-align: right; white-space: nowrap } .dim { color: #59626d }\n"
	"@media (prefers-color-scheme: dark) { body { color: #dfe2e6; background: #16181b } "
	"pre { background: #23272b } .dim { color: #9aa4ae } th, td { "
	"border-color: #33383d } .verdict { background: #3a4047 } }\n"
	"</style>\n";

static void print_tag(FILE *out, const char *tag, const char *text)
{
	fprintf(out, "<%s>", tag);
	fl_xml_text(out, text);
	fprintf(out, "</%s>\n", tag);
}

/* "3 failing, 1 flaky" and so on, what there is. */
static void print_totals(FILE *out, const struct fl_run *run)
{
	struct fl_totals totals = fl_run_totals(run);
	const char *before = ": ";
	int i;

	fprintf(out, "<p>%llu test%s", (unsigned long long)totals.tests,
		totals.tests == 1 ? "" : "s");
	for (i = 0; i < FL_VERDICT_COUNT; i++)
		if (totals.by_verdict[i]) {
			fprintf(out, "%s%llu %s", before, (unsigned long long)totals.by_verdict[i],
				fl_verdict_name((enum fl_verdict)i));
			before = ", ";
		}
	fprintf(out, "; %llu attempts", (unsigned long long)totals.attempts);
	if (totals.infra)
		fprintf(out, " and %llu more that failed for no fault of a test",
			(unsigned long long)totals.infra);
	fputs(run->is_partial ? ". The run was cut off.</p>\n" : ".</p>\n", out);
}

static void print_head(FILE *out, const struct fl_run *run)
{
	char duration[FL_SUMMARY_NUMBER];

	fputs(head, out);
	fputs("<title>flicker: ", out);
	fl_xml_text(out, fl_status_base(run->program.path));
	fputs("</title>\n</head>\n<body>\n<h1>", out);
	fl_xml_text(out, run->program.path);
	fputs("</h1>\n", out);
	print_totals(out, run);
	fputs("<p class=\"dim\">", out);
	fl_xml_text(out, run->started);
	fprintf(out, ", %s, seed <code>0x%llx</code>, policy %s, ",
		fl_summary_duration(duration, run->duration_ms), (unsigned long long)run->seed,
		fl_policy_name(run->settings.policy));
	fl_xml_text(out, run->os);
	fputs("</p>\n", out);
}

/* ---- a finding ---- */

static void print_place(FILE *out, const struct fl_observation *o)
{
	autofree char *text = NULL;
	size_t size = 0;
	FILE *place = open_memstream(&text, &size);

	if (!place)
		return;
	fl_summary_location(place, o);
	fclose(place);
	fl_xml_text(out, text);
}

static void print_way(FILE *out, const struct fl_way *way)
{
	autofree char *message = fl_status_message(way), *trace = fl_status_trace(way);
	const struct fl_failure *f = way->failure;

	fputs("<h3>", out);
	if (f)
		fprintf(out, "%llu&#215; ", (unsigned long long)f->count);
	fputs(fl_outcome_name(way->seen->outcome), out);
	fputs(f ? "" : ", in the program itself", out);
	print_place(out, way->seen);
	fputs("</h3>\n", out);
	print_tag(out, "pre", message);
	if (way->seen->backtrace.count)
		print_tag(out, "pre", trace);
	if (f && f->output_tail && *f->output_tail) {
		fputs("<details><summary>the end of what it wrote</summary>\n", out);
		print_tag(out, "pre", f->output_tail);
		fputs("</details>\n", out);
	}
	if (f && f->replay) {
		fputs("<p>Again:</p>\n", out);
		print_tag(out, "pre", f->replay);
	}
}

static void print_notes(FILE *out, uint32_t notes)
{
	int i;

	for (i = 0; i < FL_NOTE_COUNT; i++)
		if (notes & (1U << i)) {
			fprintf(out, "<p><b>%s</b>: ", fl_note_name((enum fl_note)i));
			fl_xml_text(out, fl_summary_note((enum fl_note)i));
			fputs("</p>\n", out);
		}
}

static void print_suspicion(FILE *out, const struct fl_test *test)
{
	autofree char *text = NULL;
	size_t size = 0;
	FILE *words = open_memstream(&text, &size);

	if (!words)
		return;
	fl_summary_suspicion(words, &test->suspicion);
	fclose(words);
	fputs("<p class=\"dim\">suspect: ", out);
	fl_xml_text(out, text);
	if (test->judgement.excuse)
		fprintf(out, "; excused: %s", fl_excuse_name(test->judgement.excuse));
	fputs("</p>\n", out);
}

static void print_verdict(FILE *out, const struct fl_test *test)
{
	fprintf(out, "<span class=\"verdict\">%s</span>", fl_verdict_name(test->judgement.verdict));
}

static void print_id(FILE *out, const struct fl_test *test)
{
	fputs("<code>", out);
	if (test->program) {
		fl_xml_text(out, fl_status_base(test->program->path));
		fputs(": ", out);
	}
	fl_xml_text(out, test->id);
	fputs("</code>", out);
}

static void print_finding(FILE *out, const struct fl_test *test)
{
	autofree char *rate = fl_status_rate(test);
	struct fl_way way;
	size_t i;

	fprintf(out, "<section class=\"%s\">\n<h2>", fl_verdict_name(test->judgement.verdict));
	print_verdict(out, test);
	fputc(' ', out);
	print_id(out, test);
	fputs("</h2>\n", out);
	print_tag(out, "p", rate);
	print_suspicion(out, test);
	print_notes(out, test->judgement.notes);
	for (i = 0; fl_status_way(test, i, &way); i++)
		print_way(out, &way);
	fputs("</section>\n", out);
}

static void print_findings(FILE *out, const struct fl_run *run)
{
	static const enum fl_verdict order[] = {
		FL_VERDICT_FAILING, FL_VERDICT_FLAKY, FL_VERDICT_UNKNOWN,
	};
	size_t i, k;

	for (k = 0; k < FL_COUNT(order); k++)
		for (i = 0; i < run->test_count; i++)
			if (run->tests[i]->judgement.verdict == order[k] &&
			    fl_summary_is_finding(run->tests[i]))
				print_finding(out, run->tests[i]);
}

/* ---- the table ---- */

static void print_number(FILE *out, bool is_known, double value)
{
	char text[FL_SUMMARY_NUMBER];

	fprintf(out, "<td class=\"number\">%s</td>",
		is_known ? fl_summary_percent(text, value) : "");
}

static void print_in_program(FILE *out, const struct fl_test *test)
{
	if (!test->has_host)
		return;
	fputs(fl_outcome_name(test->host.outcome), out);
	if (test->host.outcome != FL_OUTCOME_SKIP || !test->host.message)
		return;
	fputs(": ", out);
	fl_xml_text(out, test->host.message);
}

static void print_row(FILE *out, const struct fl_test *test)
{
	const struct fl_judgement *j = &test->judgement;
	struct fl_counts counts = fl_test_counts(test);

	fprintf(out, "<tr class=\"%s\"><td>", fl_verdict_name(j->verdict));
	print_verdict(out, test);
	fputs("</td><td>", out);
	print_id(out, test);
	fputs("</td><td>", out);
	print_in_program(out, test);
	fprintf(out, "</td><td class=\"number\">%llu</td><td class=\"number\">%llu</td>",
		(unsigned long long)fl_counts_total(&counts),
		(unsigned long long)fl_counts_non_pass(&counts));
	print_number(out, j->has_rate, j->rate);
	print_number(out, j->has_interval, j->interval.low);
	print_number(out, j->has_interval, j->interval.high);
	fputs("</tr>\n", out);
}

int fl_write_html(FILE *out, const struct fl_run *run)
{
	size_t i;

	print_head(out, run);
	print_findings(out, run);
	fputs("<h2>All tests</h2>\n<table>\n"
	      "<tr><th>verdict</th><th>test</th><th>in the program</th><th>attempts</th>"
	      "<th>not passed</th><th>rate</th><th>at least</th><th>at most</th></tr>\n", out);
	for (i = 0; i < run->test_count; i++)
		print_row(out, run->tests[i]);
	fputs("</table>\n</body>\n</html>\n", out);
	return 0;
}
