/* SPDX-License-Identifier: MIT */
/*
 * discover.c - the journal, record by record: which tests there are, and how each
 * went in the host.
 */
#define _GNU_SOURCE
#include "../internal.h"

#include "../../judge/classify.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/* ---- records ---- */

static int add_program(struct fl_session *session, const struct fl_packet *packet)
{
	const struct fl_record_program *body = (const void *)packet->bytes;
	struct fl_program *program = &session->run->program;
	uint32_t count = body->arguments < sizeof(packet->bytes) ? body->arguments : 0, i;
	autofree char **arguments = fl_base_alloc(count + 1, sizeof(*arguments));

	if (session->is_started)
		return 0;
	for (i = 1; i < count; i++)     /* the record's own texts: copied by whoever keeps them */
		arguments[i - 1] = (char *)(uintptr_t)fl_link_text(packet, sizeof(*body), 5 + i);
	session->started_in = fl_base_copy(fl_link_text(packet, sizeof(*body), 4));
	program->framework = fl_base_copy(fl_link_text(packet, sizeof(*body), 0));
	program->framework_version = fl_base_copy(fl_link_text(packet, sizeof(*body), 1));
	program->linkage = fl_base_copy(fl_link_text(packet, sizeof(*body), 2));
	fl_program_describe_host(session, fl_link_text(packet, sizeof(*body), 3), arguments);
	fl_image_read(&session->image, session->link.host_pid, session->started_in);
	if (!session->image.path)       /* it is gone, its copy is not */
		fl_image_read(&session->image, session->link.template_pid, session->started_in);
	return fl_discover_start(session);
}

int fl_discover_start(struct fl_session *session)
{
	session->is_started = true;
	if (session->settings->is_list || !session->events->started)
		return 0;
	return session->events->started(session->events->context, session->run, session->error);
}

static int add_annotation(struct fl_session *session, const struct fl_packet *packet)
{
	struct fl_annotation annotation = { 0 };
	struct fl_error why = { "" };
	int r = fl_annotation_parse(fl_link_text(packet, sizeof(struct fl_record_empty), 0),
				    &annotation, &why);

	if (r != 0)
		fl_caller_warn(session, "%s", why.text);
	if (r < 0)
		return 0;
	session->annotations = fl_base_grow(session->annotations, &session->annotation_capacity,
					    session->annotation_count + 1,
					    sizeof(*session->annotations));
	session->annotations[session->annotation_count++] = annotation;
	return 0;
}

static int add_group(struct fl_session *session, const struct fl_packet *packet)
{
	fl_cases_add_group(&session->cases, fl_link_text(packet, sizeof(struct fl_record_group), 0));
	return 0;
}

static void add_other(struct fl_session *session, const char *id)
{
	session->others = fl_base_grow(session->others, &session->other_capacity,
				       session->other_count + 1, sizeof(*session->others));
	session->others[session->other_count++] = fl_base_copy(id);
}

/* Where the framework says that it is. */
static void set_place(struct fl_test *test, const char *file, int line)
{
	if (!*file)
		return;
	test->file = fl_base_copy(file);
	test->line = line;
}

/* Of the program `id`: one that its output tells of. */
static bool is_part(const char *replayed, const char *id)
{
	size_t length = strlen(id);

	return strncmp(replayed, id, length) == 0 && replayed[length] == '.';
}

struct fl_case *fl_discover_add_test(struct fl_session *session, const struct fl_discovered *found)
{
	const char *replayed = session->settings->replay ? session->settings->replay->id : found->id;
	struct fl_run *run = session->run;
	struct fl_test *test;
	struct fl_case *item;

	if (!found->is_selected || (strcmp(replayed, found->id) != 0 &&
				    !(session->is_program && is_part(replayed, found->id)))) {
		add_other(session, found->id);
		return NULL;
	}
	test = fl_base_alloc(1, sizeof(*test));
	test->id = fl_base_copy(replayed);
	test->suite = fl_base_copy(found->suite);
	test->name = fl_base_copy(found->name);
	test->index = -1;
	test->suspicion = fl_suspicion_of(session, found->id);
	run->tests = fl_base_grow(run->tests, &session->test_capacity, run->test_count + 1,
				  sizeof(*run->tests));
	run->tests[run->test_count++] = test;
	item = fl_cases_add(&session->cases, test, found->index);
	item->plan.runs = session->settings->runs;
	item->plan.mode = session->settings->mode;
	if (strcmp(replayed, found->id) != 0)
		item->part_of = fl_base_copy(found->id);
	return item;
}

static struct fl_test *add_left_out(struct fl_session *session, const struct fl_discovered *found)
{
	struct fl_run *run = session->run;
	struct fl_test *test = fl_base_alloc(1, sizeof(*test));

	test->id = fl_base_copy(found->id);
	test->suite = fl_base_copy(found->suite);
	test->name = fl_base_copy(found->name);
	run->left_out = fl_base_grow(run->left_out, &session->left_out_capacity, run->left_out_count + 1,
				     sizeof(*run->left_out));
	run->left_out[run->left_out_count++] = (struct fl_left_out){ test, run->test_count };
	return test;
}

static int add_test(struct fl_session *session, const struct fl_packet *packet)
{
	const struct fl_record_test *body = (const void *)packet->bytes;
	struct fl_discovered found = {
		.id = fl_link_text(packet, sizeof(*body), 0),
		.suite = fl_link_text(packet, sizeof(*body), 1),
		.name = fl_link_text(packet, sizeof(*body), 2),
		.index = body->index,
		.is_selected = body->is_selected,
	};
	struct fl_case *item;
	struct fl_test *test;

	if (!session->cases.group_count || !*found.id)
		return 0;
	item = fl_discover_add_test(session, &found);
	test = item ? item->test : add_left_out(session, &found);
	test->index = body->number;
	set_place(test, fl_link_text(packet, sizeof(*body), 3), body->line);
	if (!item)
		return 0;
	item->pc = body->pc;
	if (session->settings->wants_places && item->pc && !item->test->file)
		fl_symbols_place(session, item->pc, item->test);
	item->timeout_ms = body->timeout_ms;
	return 0;
}

static int add_refusal(struct fl_session *session, const struct fl_packet *packet)
{
	const struct fl_record_group *body = (const void *)packet->bytes;
	struct fl_case_group *group = fl_cases_group(&session->cases, body->group);

	if (group && !group->refused)
		group->refused = fl_base_copy(fl_link_text(packet, sizeof(*body), 0));
	return 0;
}

/* A fixture that its tests share has failed behind them; or it has run again. */
static bool is_spoilt(const struct fl_test *test, const struct fl_facts *facts)
{
	return test->host.outcome == FL_OUTCOME_PASS && fl_outcome_is_non_pass(fl_classify_outcome(facts));
}

/* How a test went in the host; what failed there is suspect from now on. */
void fl_discover_set_host(struct fl_session *session, struct fl_case *item,
			  const struct fl_facts *facts)
{
	struct fl_test *test = item->test;

	if (test->has_host && !is_spoilt(test, facts))
		return;
	fl_observation_clear(&test->host);
	fl_classify(facts, &test->host);
	test->has_host = true;
	if (test->host.outcome != FL_OUTCOME_PASS && test->host.outcome != FL_OUTCOME_SKIP)
		fl_symbols_of(session, facts, &test->host.backtrace);
	fl_stacks_tell(session, facts, &test->host);
	if (fl_outcome_is_non_pass(test->host.outcome) && test->suspicion.why == FL_WHY_NONE)
		test->suspicion.why = FL_WHY_FAILED;
}

static int add_ran(struct fl_session *session, const struct fl_packet *packet)
{
	const struct fl_record_ran *body = (const void *)packet->bytes;
	size_t there = packet->head.size - sizeof(packet->head) - sizeof(*body);
	struct fl_case *item;
	struct fl_facts facts;

	if (packet->head.size < sizeof(packet->head) + sizeof(*body) + FL_FACTS_HEAD)
		return 0;
	fl_classify_copy(packet->bytes + sizeof(*body), body->kept < there ? body->kept : there, &facts);
	item = fl_cases_find(&session->cases, body->group, facts.test);
	if (item) {
		fl_discover_set_host(session, item, &facts);
		item->test->host.is_outlived = true;
	}
	return 0;
}

/*
 * The group came to its end without them: the program itself has filtered them out
 * (cmocka_set_test_filter).  They are the last group's, so the tails close up.
 */
static void drop_left_out(struct fl_session *session, struct fl_case_group *group)
{
	size_t from = group->first, to = group->first, end = group->first + group->count;

	if (end != session->cases.count || end != session->run->test_count ||
	    session->has_lost_records)
		return;
	for (; from < end; from++) {
		struct fl_case *item = session->cases.items[from];

		if (!item->test->has_host) {
			add_other(session, item->test->id);
			fl_test_free(item->test);
			free(item);
			continue;
		}
		item->plan.has_predecessors = to > group->first;
		session->run->tests[to] = item->test;
		session->cases.items[to++] = item;
	}
	group->count = to - group->first;
	session->cases.count = session->run->test_count = to;
}

static int end_group(struct fl_session *session, const struct fl_packet *packet)
{
	const struct fl_record_group *body = (const void *)packet->bytes;
	struct fl_case_group *group = fl_cases_group(&session->cases, body->group);

	if (!group)
		return 0;
	group->is_ended = true;
	if (!session->settings->is_list && !session->settings->replay)
		drop_left_out(session, group);
	return 0;
}

static int set_exit(struct fl_session *session, const struct fl_packet *packet)
{
	const struct fl_record_exit *body = (const void *)packet->bytes;

	session->run->program.has_exit = true;
	session->run->program.exit_code = body->code & 0xff;
	return 0;
}

static int add_warning(struct fl_session *session, const struct fl_packet *packet)
{
	fl_caller_warn(session, "%s", fl_link_text(packet, sizeof(struct fl_record_empty), 0));
	return 0;
}

static int apply(struct fl_session *session, const struct fl_packet *packet)
{
	switch (packet->head.kind) {
	case FL_RECORD_PROGRAM:   return add_program(session, packet);
	case FL_RECORD_SUSPECT:   return add_annotation(session, packet);
	case FL_RECORD_GROUP:     return add_group(session, packet);
	case FL_RECORD_TEST:      return add_test(session, packet);
	case FL_RECORD_REFUSED:   return add_refusal(session, packet);
	case FL_RECORD_RAN:       return add_ran(session, packet);
	case FL_RECORD_GROUP_END: return end_group(session, packet);
	case FL_RECORD_WARNING:   return add_warning(session, packet);
	case FL_RECORD_EXITING:   return set_exit(session, packet);
	default:                  return 0;
	}
}

int fl_discover(struct fl_session *session)
{
	static struct fl_packet packet;
	int r = 0;

	if (session->link.is_provisional)       /* whose tests these are is not known yet */
		return 0;
	if (session->link.shared && session->link.shared->journal_lost && !session->has_lost_records) {
		session->has_lost_records = session->has_attempts_missing = true;
		fl_caller_warn(session, "the program has more tests than its journal holds: what it saw of some is lost");
	}
	while (r >= 0 && fl_link_next(&session->link, &packet))
		r = apply(session, &packet);
	return r;
}

/* ---- a host that ended in the middle ---- */

/* The first of the group that the host has not finished: a fixture's end is laid at its door. */
static struct fl_case *first_unfinished(struct fl_session *session, uint32_t group)
{
	struct fl_case_group *place = fl_cases_group(&session->cases, group);
	size_t i;

	for (i = 0; place && i < place->count; i++)
		if (!session->cases.items[place->first + i]->test->has_host)
			return session->cases.items[place->first + i];
	return NULL;
}

struct fl_case *fl_discover_in_flight(struct fl_session *session, uint32_t in_flight, uint32_t group,
				      uint32_t index)
{
	if (in_flight == FL_IN_FLIGHT_TEST)
		return fl_cases_find(&session->cases, group, index);
	return in_flight == FL_IN_FLIGHT_FIXTURE ? first_unfinished(session, group) : NULL;
}

void fl_discover_lost_host(struct fl_session *session)
{
	const struct fl_shared *shared = session->link.shared;
	uint32_t group, in_flight;
	struct fl_facts facts;
	struct fl_case *item;
	bool is_killed;

	if (!shared)
		return;
	in_flight = shared->in_flight;
	group = shared->group;
	if (in_flight == FL_IN_FLIGHT_NOTHING)
		return;
	fl_classify_copy(&shared->host, FL_FACTS_HOST, &facts);
	facts.flags &= ~FL_FACT_DONE;
	if (!(facts.flags & FL_FACT_EXITED) && session->is_child_reaped)
		facts.status = session->child_status;
	facts.duration_ns = fl_clock_ns() - facts.started_ns;
	/* Where its parent is somebody else it is not known of what it died. */
	is_killed = session->is_child_reaped ? WIFSIGNALED(facts.status) && WTERMSIG(facts.status) == SIGKILL :
					       !(facts.flags & FL_FACT_EXITED);
	if (is_killed && fl_memory_has_run_out(session, &facts))
		facts.flags |= FL_FACT_OOM;
	item = fl_discover_in_flight(session, in_flight, group, facts.test);
	if (!item || (item->test->has_host && !is_spoilt(item->test, &facts)))
		return;
	fl_discover_set_host(session, item, &facts);
	/* Seen to die, but not of what: its parent is somebody else. */
	if (item->test->host.outcome == FL_OUTCOME_EARLY_EXIT && !(facts.flags & FL_FACT_EXITED)) {
		item->test->host.outcome = FL_OUTCOME_CRASH;
		free(item->test->host.message);
		item->test->host.message = fl_base_copy("the program died in it");
	}
}
