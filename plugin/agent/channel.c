/* SPDX-License-Identifier: MIT */
/*
 * channel.c - one record, one packet, one send(2).
 *
 * No allocation, no stdio.  The socket has a name, because inherited descriptors
 * do not survive every way in which a test program is started.  Its peer must be
 * of our own user.  A test may close our descriptor and open a file of its own
 * under the same number: before each use the inode is compared.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static ino_t channel_inode;
static pid_t peer_pid;

static ino_t inode_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? st.st_ino : 0;
}

static bool is_of_our_user(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return false;
	peer_pid = peer.pid;
	return peer.uid == geteuid() || peer.uid == 0;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = fl_agent_lift(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
	int r;

	if (fd < 0)
		return -errno;
	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	r = connect(fd, (struct sockaddr *)&address, sizeof(address));
	if (r < 0 || !is_of_our_user(fd)) {
		r = r < 0 ? -errno : -EPERM;
		close(fd);
		return r;
	}
	return fd;
}

/* A host that comes back (a test had closed its connection) may have no memory to show again. */
static int send_hello(int fd, enum fl_role role, uint32_t group)
{
	struct {
		struct fl_record head;
		struct fl_record_hello body;
	} hello = {
		{ FL_RECORD_HELLO, sizeof(hello) },
		{ FL_WIRE_VERSION, role, (uint32_t)getpid(), group },
	};
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .head = { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS } };
	struct iovec piece = { &hello, sizeof(hello) };
	struct msghdr message = {
		.msg_iov = &piece,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.bytes),
	};

	memcpy(CMSG_DATA(&control.head), &fl_agent.shared_fd, sizeof(int));
	if (!fl_shared_is_there())
		message.msg_control = NULL, message.msg_controllen = 0;
	return sendmsg(fd, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int fl_channel_open(const char *path, enum fl_role role, uint32_t group)
{
	int fd = connect_to(path), r;

	if (fd < 0)
		return fd;
	r = send_hello(fd, role, group);
	if (r < 0) {
		close(fd);
		return r;
	}
	fl_agent.channel = fd;
	channel_inode = inode_of(fd);
	return 0;
}

static bool is_ours(int fd)
{
	return fd != fl_agent.channel || inode_of(fd) == channel_inode;
}

int fl_channel_restore(void)
{
	if (fl_agent.channel < 0 || is_ours(fl_agent.channel))
		return 0;
	if (!fl_shared_is_there())
		fl_shared_restore();
	return fl_channel_open(fl_agent.channel_path, fl_group_role(), 0);
}

/* The socket has a name; a template of this process could connect to it. */
bool fl_channel_is_in_reach(void)
{
	return !fl_agent.channel_path[0] ||
	       faccessat(AT_FDCWD, fl_agent.channel_path, W_OK, AT_EACCESS) == 0;
}

int fl_channel_send(int fd, enum fl_record_kind kind, const void *body, size_t size)
{
	struct fl_record head = { .kind = kind, .size = (uint32_t)(sizeof(head) + size) };
	struct iovec pieces[] = { { &head, sizeof(head) }, { (void *)body, size } };
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 2 };

	if (fd < 0 || !is_ours(fd))
		return -EBADF;
	while (sendmsg(fd, &message, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int fl_channel_receive(int fd, void *record, size_t size)
{
	ssize_t n;

	if (fd < 0 || !is_ours(fd))
		return -EBADF;
	do
		n = recv(fd, record, size, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n > 0 && (size_t)n < sizeof(struct fl_record) ? -EPROTO : (int)n;
}

pid_t fl_channel_peer(void)
{
	return peer_pid;
}

void fl_channel_close(void)
{
	if (fl_agent.channel >= 0 && is_ours(fl_agent.channel))
		close(fl_agent.channel);
	fl_agent.channel = -1;
}
