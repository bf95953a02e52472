/* SPDX-License-Identifier: MIT */
/*
 * sessions.c - the module under test.  It has a real bug: see new_id().
 */
#include "sessions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct session table[SESSIONS_MAX];

void sessions_clear(void)
{
	memset(table, 0, sizeof(table));
}

static struct session *find(unsigned id)
{
	int i;

	for (i = 0; i < SESSIONS_MAX; i++)
		if (table[i].id == id)
			return &table[i];
	return NULL;
}

/* Nobody asks whether the id is taken.  Of 15 sessions two have the same one in 1 of 20 tables. */
static unsigned new_id(void)
{
	return 1 + (unsigned)rand() % 2048;
}

unsigned session_open(const char *user)
{
	struct session *session = find(0);

	if (!session)
		return 0;
	session->id = new_id();
	snprintf(session->user, sizeof(session->user), "%s", user);
	return session->id;
}

const char *session_user(unsigned id)
{
	struct session *session = id ? find(id) : NULL;

	return session ? session->user : NULL;
}

void session_close(unsigned id)
{
	struct session *session = id ? find(id) : NULL;

	if (session)
		session->id = 0;
}
