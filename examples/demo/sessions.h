/* SPDX-License-Identifier: MIT */
/*
 * sessions.h - a small web server's table of sessions, one id per logged-in user.
 */
#ifndef SESSIONS_H
#define SESSIONS_H

enum { SESSIONS_MAX = 64 };

struct session {
	unsigned id;                    /* 0: free */
	char user[16];
};

void sessions_clear(void);

/* A new session of `user`: its id, or 0 where the table is full. */
unsigned session_open(const char *user);

/* Who is it?  NULL: no such session. */
const char *session_user(unsigned id);

void session_close(unsigned id);

#endif
