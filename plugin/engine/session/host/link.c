/* SPDX-License-Identifier: MIT */
/*
 * link.c - the outside's end of the wire.
 */
#define _GNU_SOURCE
#include "link.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

enum { HELLO_MS = 2000 };

void fl_link_init(struct fl_link *link)
{
	*link = (struct fl_link){
		.nest = { .lock = -1 },
		.listener = -1, .host = -1, .template = -1, .attempt = -1, .host_pidfd = -1,
	};
}

int fl_link_open(struct fl_link *link, struct fl_error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int r = fl_nest_open(&link->nest, error);

	if (r < 0)
		return r;
	snprintf(link->path, sizeof(link->path), "%s/socket", link->nest.path);
	_Static_assert(sizeof(link->path) <= sizeof(address.sun_path), "as short as a name must be");
	memcpy(address.sun_path, link->path, sizeof(link->path));
	link->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (link->listener < 0 ||
	    bind(link->listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(link->listener, 16) < 0)
		return fl_error_set(error, -errno, "cannot listen at '%s': %s", link->path,
				    strerror(errno));
	return 0;
}

void fl_link_drop_template(struct fl_link *link)
{
	fl_base_close(&link->template);
	link->template = -1;
	link->template_pid = 0;
}

void fl_link_drop_host(struct fl_link *link)
{
	fl_base_close(&link->host);
	link->host = -1;
}

void fl_link_drop_attempt(struct fl_link *link)
{
	fl_base_close(&link->attempt);
	link->attempt = -1;
	link->attempt_pid = 0;
	if (link->attempt_shared)
		munmap((void *)(uintptr_t)link->attempt_shared, link->attempt_bytes);
	link->attempt_shared = NULL;
}

void fl_link_close(struct fl_link *link)
{
	fl_link_drop_attempt(link);
	fl_link_drop_host(link);
	fl_link_drop_template(link);
	fl_base_close(&link->listener);
	fl_base_close(&link->host_pidfd);
	if (link->shared)
		munmap((void *)(uintptr_t)link->shared, link->shared_bytes);
	fl_nest_close(&link->nest);
	fl_link_init(link);
}

/* ---- records ---- */

int fl_link_receive(int fd, struct fl_packet *ret_packet)
{
	ssize_t n;

	do
		n = recv(fd, ret_packet, sizeof(*ret_packet), 0);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n < 0 ? -errno : 0;
	return (size_t)n < sizeof(ret_packet->head) ? -EPROTO : (int)n;
}

int fl_link_send(int fd, enum fl_record_kind kind, const void *body, size_t size)
{
	struct fl_record head = { .kind = kind, .size = (uint32_t)(sizeof(head) + size) };
	struct iovec pieces[] = { { &head, sizeof(head) }, { (void *)(uintptr_t)body, size } };
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 2 };

	while (sendmsg(fd, &message, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

const char *fl_link_text(const struct fl_packet *packet, size_t body_size, unsigned n)
{
	const char *at = packet->bytes + body_size;
	const char *end = (const char *)packet + packet->head.size;

	for (; at < end; n--) {
		size_t length = strnlen(at, (size_t)(end - at));

		if (at + length >= end)
			return "";              /* not ended: not ours */
		if (n == 0)
			return at;
		at += length + 1;
	}
	return "";
}

/* ---- connections ---- */

/* Receives a HELLO and the descriptor that comes with it. */
static int receive_hello(int fd, struct fl_record_hello *ret_hello, int *ret_memory)
{
	struct {
		struct fl_record head;
		struct fl_record_hello body;
	} hello;
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec piece = { &hello, sizeof(hello) };
	struct msghdr message = {
		.msg_iov = &piece,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.bytes),
	};
	struct pollfd waiting = { fd, POLLIN, 0 };
	struct cmsghdr *part;
	ssize_t n;

	if (poll(&waiting, 1, HELLO_MS) <= 0)
		return -ETIMEDOUT;
	n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	if (n < 0)
		return -errno;
	part = CMSG_FIRSTHDR(&message);
	if (part && part->cmsg_type == SCM_RIGHTS)
		memcpy(ret_memory, CMSG_DATA(part), sizeof(int));
	if (n != (ssize_t)sizeof(hello) || hello.head.kind != FL_RECORD_HELLO ||
	    hello.body.version != FL_WIRE_VERSION)
		return -EPROTO;
	*ret_hello = hello.body;
	return 0;
}

static int map_shared(int memory, const struct fl_shared **ret_shared, size_t *ret_bytes)
{
	struct stat st;
	const struct fl_shared *shared;

	if (memory < 0 || fstat(memory, &st) < 0 || st.st_size < (off_t)sizeof(*shared))
		return -EPROTO;
	shared = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, memory, 0);
	if (shared == MAP_FAILED)
		return -errno;
	if (shared->magic != FL_WIRE_MAGIC || shared->version != FL_WIRE_VERSION) {
		munmap((void *)(uintptr_t)shared, (size_t)st.st_size);
		return -EPROTO;
	}
	*ret_shared = shared;
	*ret_bytes = (size_t)st.st_size;
	return 0;
}

static int welcome_attempt(struct fl_link *link, int fd, int memory, const struct ucred *peer)
{
	int r;

	fl_link_drop_attempt(link);
	r = map_shared(memory, &link->attempt_shared, &link->attempt_bytes);
	if (r < 0)
		return r;
	link->attempt = fd;
	link->attempt_pid = peer->pid;
	return FL_ARRIVAL_ATTEMPT;
}

static ino_t inode_of(int memory)
{
	struct stat st;

	return memory >= 0 && fstat(memory, &st) == 0 ? st.st_ino : 0;
}

/* None is shown by a host that has no descriptor of it left; another's is of a program that took its place (exec). */
static bool is_same_memory(const struct fl_link *link, int memory)
{
	return link->shared && (memory < 0 || inode_of(memory) == link->shared_inode);
}

/* As if it had never come; its template finds that out by itself. */
static void forget_host(struct fl_link *link)
{
	fl_link_drop_host(link);
	fl_link_drop_template(link);
	fl_base_close(&link->host_pidfd);
	if (link->shared)
		munmap((void *)(uintptr_t)link->shared, link->shared_bytes);
	link->shared = NULL;
	link->host_pid = 0;
	link->host_pidfd = -1;
	link->read = 0;
	link->is_provisional = false;
}

/*
 * A program gives way to whoever runs tests, and to what it has become itself (exec); it
 * never takes anybody's place.
 */
static int make_way(struct fl_link *link, const struct fl_record_hello *hello, int memory, pid_t pid)
{
	if (hello->role == FL_ROLE_TEMPLATE)    /* of one that has given way */
		return link->shared && !is_same_memory(link, memory) ? -ESTALE : 0;
	if (!link->host_pid || (link->host_pid == pid && is_same_memory(link, memory)))
		return 0;
	if (hello->role == FL_ROLE_PROGRAM && (!link->is_provisional || link->host_pid != pid))
		return -EEXIST;
	if (link->is_provisional)
		forget_host(link);
	return 0;
}

static int welcome(struct fl_link *link, int fd, const struct fl_record_hello *hello, int memory,
		   const struct ucred *peer)
{
	int r;

	if (hello->role == FL_ROLE_ATTEMPT)
		return welcome_attempt(link, fd, memory, peer);
	r = make_way(link, hello, memory, peer->pid);
	if (r < 0)
		return r;
	if (hello->role == FL_ROLE_TEMPLATE && link->shared) {
		fl_link_drop_template(link);
		link->template = fd;
		link->template_pid = peer->pid;
		link->template_group = hello->group;
		return FL_ARRIVAL_TEMPLATE;
	}
	/* A test had closed the connection; the memory is mapped already. */
	if (hello->role != FL_ROLE_TEMPLATE && link->host_pid == peer->pid &&
	    is_same_memory(link, memory)) {
		fl_link_drop_host(link);
		link->host = fd;
		return FL_ARRIVAL_HOST;
	}
	if (hello->role != FL_ROLE_TEMPLATE && link->host_pid)
		return FL_ARRIVAL_STRANGER;
	/* A host that died before anyone listened is known by its template only. */
	r = map_shared(memory, &link->shared, &link->shared_bytes);
	if (r < 0)
		return r;
	link->shared_inode = inode_of(memory);
	if (hello->role == FL_ROLE_TEMPLATE) {
		link->template = fd;
		link->template_pid = peer->pid;
		link->template_group = hello->group;
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): errno is never below 1 */
		link->host_pid = (pid_t)link->shared->host_pid;
		return FL_ARRIVAL_TEMPLATE;
	}
	link->host = fd;
	link->host_pid = peer->pid;
	link->host_pidfd = (int)syscall(SYS_pidfd_open, peer->pid, 0u);
	link->is_provisional = hello->role == FL_ROLE_PROGRAM;
	return FL_ARRIVAL_HOST;
}

int fl_link_accept(struct fl_link *link, pid_t *ret_pid)
{
	autoclose int memory = -1;
	struct fl_record_hello hello = { 0 };
	struct ucred peer;
	socklen_t size = sizeof(peer);
	int fd = accept4(link->listener, NULL, NULL, SOCK_CLOEXEC);
	int r;

	if (fd < 0)
		return errno == EAGAIN || errno == EINTR ? FL_ARRIVAL_NONE : -errno;
	r = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 ? -errno : 0;
	if (r == 0 && peer.uid != geteuid() && peer.uid != 0)
		r = -EPERM;
	if (r == 0)
		r = receive_hello(fd, &hello, &memory);
	if (r == 0) {
		*ret_pid = peer.pid;
		r = welcome(link, fd, &hello, memory, &peer);
	}
	if (r < 0 || r == FL_ARRIVAL_STRANGER)
		close(fd);
	return r;
}

/* ---- the journal ---- */

bool fl_link_next(struct fl_link *link, struct fl_packet *ret_packet)
{
	uint64_t room, used;
	struct fl_record head;
	const char *at;

	if (!link->shared)
		return false;
	room = link->shared_bytes - sizeof(*link->shared);
	used = __atomic_load_n(&link->shared->journal_used, __ATOMIC_ACQUIRE);
	if (used > room || link->read + sizeof(head) > used)
		return false;
	at = link->shared->journal + link->read;
	memcpy(&head, at, sizeof(head));
	if (head.size < sizeof(head) || head.size > used - link->read) {
		link->read = UINT64_MAX / 2;    /* written over: nothing behind it can be found */
		return false;
	}
	link->read += ((uint64_t)head.size + 7) / 8 * 8;
	if (head.size > sizeof(*ret_packet))
		head.size = sizeof(*ret_packet);
	memset(ret_packet, 0, sizeof(*ret_packet));
	memcpy(ret_packet, at, head.size);
	ret_packet->head = head;
	return true;
}
