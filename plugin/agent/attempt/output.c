/* SPDX-License-Identifier: MIT */
/*
 * output.c - what attempts write to their descriptors 1 and 2: a pipe, of which the last bytes are kept.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

FL_HOT static int ends[2] = { -1, -1 };

static char tail[FL_WIRE_OUTPUT];               /* of the attempt's output; a ring */
static uint64_t written_bytes;

/* A lane's own takes the place of the template's, which it inherited. */
bool fl_output_open(void)
{
	if (ends[0] >= 0) {
		close(ends[0]);
		close(ends[1]);
	}
	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	ends[0] = fl_agent_lift(ends[0]);
	ends[1] = fl_agent_lift(ends[1]);
	return true;
}

int fl_output_reader(void)
{
	return ends[0];
}

int fl_output_writer(void)
{
	return ends[1];
}

void fl_output_begin(void)
{
	written_bytes = 0;
}

static void keep_tail(const char *bytes, size_t size)
{
	size_t at = written_bytes % sizeof(tail), n;

	written_bytes += size;
	if (size > sizeof(tail)) {
		at = (at + size - sizeof(tail)) % sizeof(tail);
		bytes += size - sizeof(tail);
		size = sizeof(tail);
	}
	n = size < sizeof(tail) - at ? size : sizeof(tail) - at;
	memcpy(tail + at, bytes, n);
	memcpy(tail, bytes + n, size - n);
}

void fl_output_drain(void)
{
	static char bytes[65536];
	struct pollfd ready = { ends[0], POLLIN, 0 };

	while (poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN)) {
		ssize_t n = read(ends[0], bytes, sizeof(bytes));

		if (n <= 0)
			return;
		keep_tail(bytes, (size_t)n);
		if ((size_t)n < sizeof(bytes))
			return;
	}
}

void fl_output_store(struct fl_facts *facts)
{
	size_t kept = written_bytes < sizeof(tail) ? written_bytes : sizeof(tail);
	size_t start = written_bytes > sizeof(tail) ? written_bytes % sizeof(tail) : 0;

	memcpy(facts->output, tail + start, kept - start);
	memcpy(facts->output + kept - start, tail, start);
	facts->output_kept = (uint32_t)kept;
	facts->output_total = written_bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)written_bytes;
}
