/* SPDX-License-Identifier: MIT */
/*
 * purity.c - a process that leaves a trace outside of its own memory ends before it does.
 *
 * For a group's setup, and for a rehearsal.  A seccomp filter (seccomp(2)) ends the process
 * before the first call that would: a thread or child, a socket, a pipe or other shared
 * object, a writable shared map, a file opened for writing, created, removed or renamed, a
 * write to anything but descriptors 1 and 2, a timer, a signal sent.  A setup that comes
 * through may be run once and shared.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define THIS_ARCH AUDIT_ARCH_X86_64
#else
#define THIS_ARCH AUDIT_ARCH_AARCH64
#endif

#define ARGUMENT(n)      (offsetof(struct seccomp_data, args) + sizeof(uint64_t) * (n))     /* its low half */
#define LOAD(offset)     BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offset))
#define END_PROCESS      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
#define ALLOW            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* The call is forbidden outright. */
#define FORBID(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), END_PROCESS

/* Forbidden where any of `bits` is set in argument n; else the next check is of no concern: allowed. */
#define FORBID_BITS(number, n, bits) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4), \
	LOAD(ARGUMENT(n)), \
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1), END_PROCESS, ALLOW

/* Forbidden where the descriptor in argument 0 is above 2. */
#define FORBID_BEYOND_STDERR(number) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4), \
	LOAD(ARGUMENT(0)), \
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 2, 0, 1), END_PROCESS, ALLOW

/* Forbidden where the map is both writable and shared. */
#define FORBID_SHARED_MAP(number) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 6), \
	LOAD(ARGUMENT(2)), \
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_WRITE, 0, 3), \
	LOAD(ARGUMENT(3)), \
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_SHARED, 0, 1), END_PROCESS, ALLOW

#define WRITING ((uint32_t)(O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND))

static struct sock_filter filter[] = {
	LOAD(offsetof(struct seccomp_data, arch)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCH, 1, 0), END_PROCESS,
	LOAD(offsetof(struct seccomp_data, nr)),
	FORBID_BITS(__NR_openat, 2, WRITING),
	FORBID_BEYOND_STDERR(__NR_write),
	FORBID_BEYOND_STDERR(__NR_writev),
	FORBID_SHARED_MAP(__NR_mmap),
	FORBID(__NR_openat2), FORBID(__NR_pwrite64), FORBID(__NR_pwritev), FORBID(__NR_pwritev2),
	FORBID(__NR_sendfile), FORBID(__NR_copy_file_range), FORBID(__NR_splice),
	FORBID(__NR_clone), FORBID(__NR_clone3), FORBID(__NR_execve), FORBID(__NR_execveat),
	FORBID(__NR_socket), FORBID(__NR_socketpair), FORBID(__NR_bind), FORBID(__NR_connect),
	FORBID(__NR_pipe2), FORBID(__NR_eventfd2), FORBID(__NR_epoll_create1),
	FORBID(__NR_timerfd_create), FORBID(__NR_inotify_init1), FORBID(__NR_signalfd4),
	FORBID(__NR_memfd_create), FORBID(__NR_shmget), FORBID(__NR_shmat), FORBID(__NR_semget),
	FORBID(__NR_msgget), FORBID(__NR_mq_open), FORBID(__NR_io_setup), FORBID(__NR_io_uring_setup),
	FORBID(__NR_mkdirat), FORBID(__NR_mknodat), FORBID(__NR_unlinkat), FORBID(__NR_renameat2),
	FORBID(__NR_linkat), FORBID(__NR_symlinkat), FORBID(__NR_truncate), FORBID(__NR_ftruncate),
	FORBID(__NR_fallocate), FORBID(__NR_fchmodat), FORBID(__NR_fchownat), FORBID(__NR_utimensat),
	FORBID(__NR_flock), FORBID(__NR_mount), FORBID(__NR_umount2),
	FORBID(__NR_setitimer), FORBID(__NR_timer_create),
	FORBID(__NR_kill), FORBID(__NR_tkill), FORBID(__NR_tgkill), FORBID(__NR_rt_sigqueueinfo),
	FORBID(__NR_rt_tgsigqueueinfo), FORBID(__NR_ptrace), FORBID(__NR_process_vm_writev),
	FORBID(__NR_semop), FORBID(__NR_semtimedop), FORBID(__NR_semctl), FORBID(__NR_shmctl),
	FORBID(__NR_msgsnd), FORBID(__NR_msgrcv), FORBID(__NR_msgctl), FORBID(__NR_mq_unlink),
	FORBID(__NR_vmsplice), FORBID(__NR_tee), FORBID(__NR_fchmod), FORBID(__NR_fchown),
	FORBID(__NR_setxattr), FORBID(__NR_fsetxattr), FORBID(__NR_removexattr),
#ifdef __NR_renameat
	FORBID(__NR_renameat),
#endif
#ifdef __NR_open                        /* calls that younger architectures no longer have */
	FORBID_BITS(__NR_open, 1, WRITING),
	FORBID(__NR_creat), FORBID(__NR_mkdir), FORBID(__NR_rmdir), FORBID(__NR_unlink),
	FORBID(__NR_rename), FORBID(__NR_link), FORBID(__NR_symlink),
	FORBID(__NR_mknod), FORBID(__NR_fork), FORBID(__NR_vfork), FORBID(__NR_pipe),
	FORBID(__NR_eventfd), FORBID(__NR_epoll_create), FORBID(__NR_inotify_init),
	FORBID(__NR_signalfd), FORBID(__NR_chmod), FORBID(__NR_chown), FORBID(__NR_alarm),
	FORBID(__NR_lchown), FORBID(__NR_utime), FORBID(__NR_utimes),
#endif
	ALLOW,
};

static bool install(struct sock_filter *rules, size_t count)
{
	struct sock_fprog program = { (unsigned short)count, rules };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

bool fl_purity_enforce(void)
{
	return install(filter, sizeof(filter) / sizeof(filter[0]));
}

/* A number may be another file's by then, which is as good: it ends where it need not. */
#define FORBID_INHERITED(number, highest) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 5), \
	LOAD(ARGUMENT(0)), \
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 2, 0, 2), \
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)(highest), 1, 0), END_PROCESS, ALLOW

bool fl_purity_keep_off(int highest)
{
	struct sock_filter rules[] = {
		LOAD(offsetof(struct seccomp_data, nr)),
		FORBID_INHERITED(__NR_read, highest), FORBID_INHERITED(__NR_readv, highest),
		FORBID_INHERITED(__NR_preadv2, highest), FORBID_INHERITED(__NR_lseek, highest),
		FORBID_INHERITED(__NR_getdents64, highest), FORBID_INHERITED(__NR_ioctl, highest),
		FORBID_INHERITED(__NR_fcntl, highest), FORBID_INHERITED(__NR_dup, highest),
		FORBID_INHERITED(__NR_dup3, highest), FORBID_INHERITED(__NR_accept, highest),
		FORBID_INHERITED(__NR_accept4, highest), FORBID_INHERITED(__NR_shutdown, highest),
		FORBID_INHERITED(__NR_sendto, highest), FORBID_INHERITED(__NR_sendmsg, highest),
		FORBID_INHERITED(__NR_sendmmsg, highest), FORBID_INHERITED(__NR_recvfrom, highest),
		FORBID_INHERITED(__NR_recvmsg, highest), FORBID_INHERITED(__NR_recvmmsg, highest),
#ifdef __NR_dup2
		FORBID_INHERITED(__NR_dup2, highest),
#endif
		ALLOW,
	};

	return install(rules, sizeof(rules) / sizeof(rules[0]));
}
