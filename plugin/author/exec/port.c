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

static bool is_taken(unsigned port, const unsigned *taken, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (taken[i] == port)
			return true;
	return false;
}

static bool is_free(unsigned port)
{
	return can_bind(AF_INET, SOCK_STREAM, port) && can_bind(AF_INET, SOCK_DGRAM, port) &&
	       can_bind(AF_INET6, SOCK_STREAM, port);
}

/* Where to begin differs between processes, and between calls. */
static unsigned next_offset(void)
{
	static unsigned at;
	unsigned offset = __atomic_fetch_add(&at, 1, __ATOMIC_RELAXED);
	struct timespec now;

	if (!offset) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		offset = (unsigned)now.tv_nsec / 64 + (unsigned)getpid() * 61;
		__atomic_fetch_add(&at, offset, __ATOMIC_RELAXED);
	}
	return offset % COUNT;
}

unsigned fl_port_find(const unsigned *taken, size_t count)
{
	unsigned tries;

	for (tries = 0; tries < COUNT; tries++) {
		unsigned port = FIRST + next_offset();

		if (!is_taken(port, taken, count) && is_free(port))
			return port;
	}
	return 0;
}
