/* SPDX-License-Identifier: MIT */
/*
 * link.h - the outside's end of the wire: socket, connections, shared memory, journal.
 *
 * The socket has a name in a private directory (mode 0700); peers must be of our
 * own user.  What is read from the shared memory is copied and clamped here.
 */
#ifndef FL_LINK_H
#define FL_LINK_H

#include "../../../base/base.h"
#include "nest.h"

#include <flicker/wire.h>

#include <sys/types.h>

struct fl_link {
	struct fl_nest nest;
	char path[80];
	int listener;
	int host, template;             /* connections; -1: none */
	pid_t host_pid, template_pid;
	uint32_t template_group;
	int host_pidfd;                 /* -1: none */
	bool is_provisional;            /* the host is a PROGRAM: another may take its place */
	const struct fl_shared *shared; /* NULL: no host yet */
	size_t shared_bytes;
	ino_t shared_inode;
	uint64_t read;                  /* of the journal */
	int attempt;                    /* connection of an attempt in its own process; -1: none */
	pid_t attempt_pid;
	const struct fl_shared *attempt_shared;         /* its own memory, or NULL */
	size_t attempt_bytes;
};

enum { FL_LINK_BODY = 16384 };          /* more than any record has: facts, or path and arguments */

/* A record as received, or as found in the journal; body and text follow the head. */
struct fl_packet {
	struct fl_record head;
	_Alignas(8) char bytes[FL_LINK_BODY];
};

void fl_link_init(struct fl_link *link);
int fl_link_open(struct fl_link *link, struct fl_error *error);
void fl_link_close(struct fl_link *link);               /* removes socket and directory */

enum fl_arrival {
	FL_ARRIVAL_NONE, FL_ARRIVAL_HOST, FL_ARRIVAL_TEMPLATE, FL_ARRIVAL_STRANGER, FL_ARRIVAL_ATTEMPT,
};

/*
 * Takes one waiting connection and its HELLO.  STRANGER: a second host, turned
 * away; its pid in *ret_pid.  -EPROTO: another wire version; -EPERM: another user.
 */
int fl_link_accept(struct fl_link *link, pid_t *ret_pid);

/* > 0: a record; 0: the other side is gone; negative errno. */
int fl_link_receive(int fd, struct fl_packet *ret_packet);
int fl_link_send(int fd, enum fl_record_kind kind, const void *body, size_t size);

void fl_link_drop_template(struct fl_link *link);
void fl_link_drop_host(struct fl_link *link);
void fl_link_drop_attempt(struct fl_link *link);

/* The next record of the journal; false: none yet. */
bool fl_link_next(struct fl_link *link, struct fl_packet *ret_packet);

/* The n-th string (from 0) behind a body of `body_size`, "" where it is not there. */
const char *fl_link_text(const struct fl_packet *packet, size_t body_size, unsigned n);

#endif
