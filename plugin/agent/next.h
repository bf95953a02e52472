/* SPDX-License-Identifier: MIT */
/*
 * next.h - the real functions behind our interposers.
 *
 * Every function that the agent and the perturbations interpose has a row here.  A
 * process that runs no tests finds the few it uses when it first uses them; a template
 * finds all at once, so that no attempt pays for it (a dlsym costs a dozen page faults).
 */
#ifndef FL_NEXT_H
#define FL_NEXT_H

#define FL_NEXTS(X) \
	X(__libc_start_main) X(exit) X(_exit) X(_Exit) X(quick_exit) \
	X(signal) X(sigaction) X(sigaltstack) X(getrlimit) X(setrlimit) X(prlimit) \
	X(kill) X(killpg) X(wait3) X(wait4) X(waitpid) X(waitid) \
	X(fork) X(longjmp) X(_longjmp) X(siglongjmp) X(__longjmp_chk) \
	X(srand) X(srandom) X(initstate) X(rand) X(random) X(rand_r) X(srandom_r) \
	X(srand48) X(seed48) X(lcong48) X(drand48) X(lrand48) X(mrand48) \
	X(getrandom) X(getentropy) X(arc4random) X(arc4random_uniform) X(arc4random_buf) \
	X(open) X(open64) X(__open_2) X(__open64_2) \
	X(openat) X(openat64) X(__openat_2) X(__openat64_2) X(creat) X(creat64) \
	X(fopen) X(fopen64) X(freopen) X(freopen64) \
	X(mkstemp) X(mkstemp64) X(mkostemp) X(mkostemp64) \
	X(mkstemps) X(mkstemps64) X(mkostemps) X(mkostemps64) X(mkdtemp) \
	X(mkdir) X(mkfifo) X(link) X(symlink) X(rename) X(flock) X(lockf) X(lockf64) \
	X(bind) X(shm_open) X(sem_open) X(shmget) X(semget) X(msgget)

enum fl_next {
#define FL_X(name) FL_NEXT_##name,
	FL_NEXTS(FL_X)
#undef FL_X
	FL_NEXT_COUNT
};

/* The next definition after ours, or NULL where no library has one. */
void *fl_next_find(enum fl_next function);
void fl_next_find_all(void);

#define FL_NEXT(function) ((__typeof__(&(function)))fl_next_find(FL_NEXT_##function))

#endif
