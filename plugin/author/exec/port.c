/* SPDX-License-Identifier: MIT */
/*
 * port.c - a port that is free, by trying.
 *
 * A port cannot be kept for somebody else.  So it is taken from below those that the kernel
 * gives to whoever asks for any (from 32768 on, by default), and not twice in a while: one
 * that was just given back may still be waiting for late packets.
 */
#include "internal.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FIRST = 20000, COUNT = 12768 };

/* No kernel without a family says that the port is taken. */
static bool can_bind(int family, int type, unsigned port)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	int fd = socket(family, type | SOCK_CLOEXEC, 0), one = 1, r;

	if (fd < 0)
		return true;
	if (family == AF_INET6) {
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
		r = bind(fd, (struct sockaddr *)&six, sizeof(six));
	} else {
		r = bind(fd, (struct sockaddr *)&four, sizeof(four));
	}
	close(fd);
	return r == 0;
}

static bool is_taken(unsigned port, const struct fl_board *board, size_t lanes)
{
	size_t i;

	for (i = 0; i < lanes; i++)
		if (__atomic_load_n(&board->ports[i], __ATOMIC_SEQ_CST) == port)
			return true;
	return false;
}

static bool is_free(unsigned port)
{
	return can_bind(AF_INET, SOCK_STREAM, port) && can_bind(AF_INET, SOCK_DGRAM, port) &&
	       can_bind(AF_INET6, SOCK_STREAM, port);
}

unsigned fl_port_first_offset(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return ((unsigned)now.tv_nsec / 64 + (unsigned)getpid() * 61) % COUNT;
}

/* No offset is had twice, so no two lanes try the same port at the same time. */
unsigned fl_port_find(struct fl_board *board, size_t lanes)
{
	unsigned tries;

	for (tries = 0; tries < COUNT; tries++) {
		unsigned offset = __atomic_fetch_add(&board->port_offset, 1, __ATOMIC_SEQ_CST);
		unsigned port = FIRST + offset % COUNT;

		if (!is_taken(port, board, lanes) && is_free(port))
			return port;
	}
	return 0;
}
