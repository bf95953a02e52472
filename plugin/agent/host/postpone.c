/* SPDX-License-Identifier: MIT */
/*
 * postpone.c - a group whose tests are only known when the framework runs them.
 *
 * To find them out beforehand is to have code of the program's run once more.  So where
 * nobody has asked for any of them the host parks its template and runs them as without us;
 * it enters the group when all are known and one has failed, and the template finds the same
 * names when it is woken.
 */
#define _GNU_SOURCE
#include "../face/face.h"

#include <errno.h>

static bool is_on;

bool fl_postpone_is_on(void)
{
	return is_on;
}

static bool postpone(struct fl_group *group)
{
	enum { OF_THE_ADAPTER = 1 };

	if (fl_agent.is_ordered || fl_agent.channel_path[0] || fl_face_is_on() ||
	    (fl_agent.role == FL_AGENT_IDLE && !fl_group_become_host()))
		return false;
	if (!fl_agent_is_here(FL_AGENT_HOST) || fl_agent.group || fl_suspects_are_asked_for())
		return false;
	group->number = fl_agent.groups++;
	is_on = true;
	fl_group_park(group, OF_THE_ADAPTER);
	return true;
}

bool fl_postpone(struct fl_group *group)
{
	int saved = errno;
	bool is_postponed = postpone(group);

	errno = saved;
	return is_postponed;
}

enum fl_enter fl_postpone_enter(struct fl_group *group)
{
	if (!fl_ids_assign(group)) {
		fl_agent_step_aside("no memory for the names of the tests");
		fl_template_release();
		return FL_ENTER_PASS;
	}
	is_on = false;
	fl_group_tell(group);
	fl_group_tell_refusal(group);
	fl_agent.has_selected = true;
	fl_agent.facts = &fl_agent.shared->host;
	return FL_ENTER_OBSERVE;
}

void fl_postpone_leave(void)
{
	fl_template_release();
	fl_agent.group = NULL;
	is_on = false;
}
