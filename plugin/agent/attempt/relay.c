/* SPDX-License-Identifier: MIT */
/*
 * relay.c - an order that another process than the template carries out.
 *
 * That one is forked from the template (warm), or a framework has started it on behalf of
 * such a fork (server); it answers when all is done.  While we wait the outside may go away,
 * and so may the other side.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

uint32_t fl_relay_await(const struct fl_relay *relay, int timeout_ms)
{
	int pidfd = (int)syscall(SYS_pidfd_open, relay->pid, 0u);
	struct pollfd ready[] = {
		{ relay->from, POLLIN, 0 }, { pidfd, POLLIN, 0 }, { fl_agent.channel, 0, 0 },
	};
	struct fl_record answer = { 0 };
	int n;

	while ((n = poll(ready, 3, timeout_ms)) < 0)
		;
	if (ready[2].revents)
		fl_agent_end(0);        /* the outside is gone; the other side follows (PDEATHSIG) */
	if (pidfd >= 0)
		close(pidfd);
	if (n == 0 || !(ready[0].revents & POLLIN) ||
	    read(relay->from, &answer, sizeof(answer)) != sizeof(answer))
		return 0;
	return answer.kind;
}

uint32_t fl_relay_order(const struct fl_relay *relay, const struct fl_record_order *order)
{
	struct {
		struct fl_record head;
		struct fl_record_order order;
	} record = { { FL_RECORD_ORDER, sizeof(record) }, *order };

	if (write(relay->to, &record, sizeof(record)) != sizeof(record))
		return 0;
	return fl_relay_await(relay, -1);
}
