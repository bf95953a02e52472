/* SPDX-License-Identifier: MIT */
/*
 * ordered.c - an attempt in a process of its own (exec).
 *
 * The outside has started the program anew: what lives before main is made by chance
 * again.  Before main we fetch the order; the attempt's seed is in force from there on.
 * The program's main then runs as ever, but every group it enters is empty and has no
 * fixtures, except the one that is meant: in that the one test runs, and the process ends.
 * Where anything is not as the order says, the process ends without having begun the
 * test, and the outside counts it as no evidence.
 */
#define _GNU_SOURCE
#include "../agent.h"
#include "../look/look.h"

#include <flicker/seed.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static struct fl_record_order order;
static bool has_begun;

static bool fetch_order(void)
{
	struct {
		struct fl_record head;
		struct fl_record_order order;
	} record;
	bool is_one;

	if (!fl_shared_reserve() || fl_channel_open(fl_agent.channel_path, FL_ROLE_ATTEMPT, 0) < 0)
		return false;
	is_one = fl_channel_receive(fl_agent.channel, &record, sizeof(record)) == sizeof(record) &&
		 record.head.kind == FL_RECORD_ORDER;
	fl_channel_close();
	order = record.order;
	return is_one;
}

void fl_ordered_begin(void)
{
	struct fl_facts *facts;

	if (!fetch_order())
		fl_agent_end(1);        /* whoever ordered us is gone */
	fl_next_find_all();
	if (!(order.flags & FL_ORDER_STOP))
		fl_limits_refuse_cores();
	if (order.flags & FL_ORDER_CORE)
		fl_limits_allow_cores();
	facts = &fl_agent.shared->slots[0];
	fl_record_clear(facts, order.first, order.seed, order.test);
	facts->flags = FL_FACT_EXEC;
	fl_attempt_take_over(&order, facts);
}

/* Does the group hold the test that is meant? */
static bool is_there(const struct fl_group *group)
{
	const char *id;

	if (!fl_ids_assign(group))
		return false;
	id = fl_ids_get(order.test);
	return id && fl_seed_hash(id) == order.id_hash;
}

enum fl_enter fl_ordered_enter(struct fl_group *group)
{
	if (has_begun)
		return FL_ENTER_PASS;           /* a test that runs tests */
	group->number = fl_agent.groups++;
	if (group->number != order.group) {
		if (fl_ids_assign(group))       /* equal ids of later groups are numbered on */
			fl_ids_release();
		return FL_ENTER_NOTHING;
	}
	has_begun = true;
	if (!is_there(group))
		fl_agent_end(0);
	fl_agent.pid = getpid();                /* the program may have forked since */
	fl_agent.group = group;
	fl_attempt_prepare_alone();
	if (group->prepare)
		group->prepare(group);
	fl_crash_arm();
	if (order.flags & FL_ORDER_AS_FORK)
		fl_attempt_seed(&order);
	fl_agent.facts = &fl_agent.shared->slots[0];
	fl_agent.facts->started_ns = fl_agent_now_ns();
	fl_look_begin(fl_agent.facts, order.flags & FL_ORDER_LOOK);
	fl_attempt_run(group, &order);
}

/* It has no journal to keep: its place takes the text.  Signal-safe. */
void fl_ordered_keep_maps(void)
{
	struct fl_shared *shared = fl_agent.shared;
	size_t room = shared->size_bytes - sizeof(*shared), used = 0;
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	while (fd >= 0 && used < room && (n = read(fd, shared->journal + used, room - used)) > 0)
		used += (size_t)n;
	if (fd >= 0)
		close(fd);
	shared->journal_used = used;
}
