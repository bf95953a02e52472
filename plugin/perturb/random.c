/* SPDX-License-Identifier: MIT */
/*
 * random.c - perturbation `random`: the C library's generators under the attempt's seed.
 *
 * Two kinds.  Generators with a state (rand and random share one; drand48 and its
 * family another) are seeded as the attempt begins.  An argument of srand() and its
 * like that looks like a time or a process id is replaced, the same one by the same;
 * any other is taken as the author's choice and kept, also when it was made before the group.  Sources of
 * entropy (getrandom, getentropy, arc4random) are answered from the attempt's own
 * streams, one per source, counted without locks.
 *
 * Outside attempts everything passes through.  No allocation, safe with threads.
 */
#define _GNU_SOURCE
#include "../agent/agent.h"

#include <flicker/seed.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum family { FAMILY_RANDOM, FAMILY_DRAND48, FAMILIES };

/* How the program itself seeded a family. */
enum seeding { SEEDED_NEVER, SEEDED_BY_CHANCE, SEEDED_ON_PURPOSE };

FL_HOT static enum seeding seeding[FAMILIES];
static time_t first_look;               /* the earliest time that a seed may come from */
static bool has_asked_pid;              /* the program knows a process id: a seed may come from it */

enum { REPLACED = 8 };

FL_HOT static struct {
	bool is_on;
	bool leaves_unseeded;
	uint64_t seed;
	uint64_t drawn[8];              /* words per stream */
	struct {
		uint32_t given, chosen, stream;
	} replaced[REPLACED];           /* the last seeds, a ring */
	uint32_t replacements;
} attempt;

enum stream { STREAM_RANDOM, STREAM_DRAND48, STREAM_ENTROPY, STREAM_ARC4, STREAM_REENTRANT };

static uint64_t draw(enum stream stream)
{
	static const char *const names[] = { "rand", "drand48", "getrandom", "arc4random", "rand_r" };
	uint64_t n = __atomic_fetch_add(&attempt.drawn[stream], 1, __ATOMIC_RELAXED);

	return fl_seed_word(attempt.seed, fl_seed_hash(names[stream]), n);
}

static void fill(enum stream stream, void *bytes, size_t size)
{
	char *to = bytes;

	while (size) {
		uint64_t word = draw(stream);
		size_t n = size < sizeof(word) ? size : sizeof(word);

		memcpy(to, &word, n);
		to += n;
		size -= n;
	}
}

FL_HOT static bool has_drawn;           /* anything of chance, in force or not */

void fl_random_forget(void)
{
	has_drawn = false;
}

bool fl_random_has_drawn(void)
{
	return has_drawn;
}

/* Asked wherever something is about to be drawn. */
static bool is_on(void)
{
	has_drawn = true;
	return attempt.is_on && fl_agent.role == FL_AGENT_ATTEMPT;
}

/* ---- does a seed look like a time, a process id, or a mix of both? ---- */

static bool is_time(uint32_t value, time_t now)
{
	return (int32_t)(value - (uint32_t)first_look) >= -2 && (int32_t)(value - (uint32_t)now) <= 2;
}

static bool is_mixed_with(uint32_t value, uint32_t pid, time_t now)
{
	time_t second = now - first_look > 60 ? now - 60 : first_look - 2;

	if (value == pid || is_time(value ^ pid, now) || is_time(value - pid, now) ||
	    is_time(value + pid, now))
		return true;
	for (; second <= now + 2; second++)
		if (value == (uint32_t)second * pid)
			return true;
	return false;
}

static bool looks_like_chance(uint32_t value)
{
	time_t now = time(NULL);

	if (is_time(value, now))
		return true;
	return has_asked_pid && (is_mixed_with(value, (uint32_t)getpid(), now) ||
				 is_mixed_with(value, (uint32_t)getppid(), now) ||
				 (fl_agent.shared &&
				  is_mixed_with(value, fl_agent.shared->host_pid, now)));
}

__attribute__((constructor)) static void look_at_clock(void)
{
	first_look = time(NULL);
}

/* Who seeds twice with one time wants the same numbers twice. */
static uint32_t replace(enum stream stream, uint32_t value)
{
	uint32_t i, count = attempt.replacements < REPLACED ? attempt.replacements : REPLACED;

	for (i = 0; i < count; i++)
		if (attempt.replaced[i].given == value && attempt.replaced[i].stream == stream)
			return attempt.replaced[i].chosen;
	i = attempt.replacements++ % REPLACED;
	attempt.replaced[i].given = value;
	attempt.replaced[i].stream = stream;
	return attempt.replaced[i].chosen = (uint32_t)draw(stream);
}

/* The seed to use where the program asks for `value`. */
static uint32_t choose(enum family family, enum stream stream, uint32_t value)
{
	bool is_chance = looks_like_chance(value);

	seeding[family] = is_chance ? SEEDED_BY_CHANCE : SEEDED_ON_PURPOSE;
	return is_chance && is_on() ? replace(stream, value) : value;
}

static void note_use(enum family family)
{
	if (is_on() && seeding[family] == SEEDED_NEVER && fl_agent.facts)
		fl_agent.facts->flags |= FL_FACT_UNSEEDED;
}

/* ---- the attempt ---- */

static bool is_to_be_seeded(enum family family)
{
	return seeding[family] == SEEDED_BY_CHANCE ||
	       (seeding[family] == SEEDED_NEVER && !attempt.leaves_unseeded);
}

void fl_random_begin(uint64_t seed, bool leave_unseeded)
{
	memset(&attempt, 0, sizeof(attempt));
	attempt.is_on = true;
	attempt.leaves_unseeded = leave_unseeded;
	attempt.seed = seed;
	if (is_to_be_seeded(FAMILY_RANDOM))
		FL_NEXT(srandom)((unsigned)draw(STREAM_RANDOM));
	if (is_to_be_seeded(FAMILY_DRAND48))
		FL_NEXT(srand48)((long)draw(STREAM_DRAND48));
}

bool fl_random_seed(const char *generator, uint64_t *ret_seed)
{
	if (!is_on())
		return false;
	*ret_seed = fl_seed_word(attempt.seed, fl_seed_hash(generator), 0);
	return true;
}

/* ---- who asks for a process id ---- */

extern char __ehdr_start __attribute__((visibility("hidden")));        /* of this library, by the linker */
extern char _end __attribute__((visibility("hidden")));

/* A small literal is the id of some process sooner or later: only who has asked for one may mean it. */
static void note_pid(const void *caller)
{
	if ((const char *)caller < &__ehdr_start || (const char *)caller >= &_end)
		has_asked_pid = true;
}

FL_EXPORT pid_t getpid(void)
{
	note_pid(__builtin_return_address(0));
	return (pid_t)syscall(SYS_getpid);
}

FL_EXPORT pid_t getppid(void)
{
	note_pid(__builtin_return_address(0));
	return (pid_t)syscall(SYS_getppid);
}

/* ---- rand and random ---- */

FL_EXPORT void srand(unsigned seed)
{
	FL_NEXT(srand)(choose(FAMILY_RANDOM, STREAM_RANDOM, seed));
}

FL_EXPORT void srandom(unsigned seed)
{
	FL_NEXT(srandom)(choose(FAMILY_RANDOM, STREAM_RANDOM, seed));
}

FL_EXPORT char *initstate(unsigned seed, char *state, size_t size)
{
	return FL_NEXT(initstate)(choose(FAMILY_RANDOM, STREAM_RANDOM, seed), state, size);
}

FL_EXPORT int rand(void)
{
	note_use(FAMILY_RANDOM);
	return FL_NEXT(rand)();
}

FL_EXPORT long random(void)
{
	note_use(FAMILY_RANDOM);
	return FL_NEXT(random)();
}

/* The state is the caller's: only one that looks like chance is replaced. */
FL_EXPORT int rand_r(unsigned *state)
{
	if (is_on() && looks_like_chance(*state))
		*state = replace(STREAM_REENTRANT, *state);
	return FL_NEXT(rand_r)(state);
}

FL_EXPORT int srandom_r(unsigned seed, struct random_data *state)
{
	if (is_on() && looks_like_chance(seed))
		seed = replace(STREAM_REENTRANT, seed);
	return FL_NEXT(srandom_r)(seed, state);
}

/* ---- drand48 and its family ---- */

FL_EXPORT void srand48(long seed)
{
	uint32_t chosen = choose(FAMILY_DRAND48, STREAM_DRAND48, (uint32_t)seed);

	FL_NEXT(srand48)(chosen == (uint32_t)seed ? seed : (long)chosen);
}

FL_EXPORT unsigned short *seed48(unsigned short state[3])
{
	uint32_t low = state[0] | (uint32_t)state[1] << 16, high = state[1] | (uint32_t)state[2] << 16;
	unsigned short chosen[3];

	memcpy(chosen, state, sizeof(chosen));
	seeding[FAMILY_DRAND48] = SEEDED_ON_PURPOSE;
	if (looks_like_chance(low) || looks_like_chance(high)) {
		seeding[FAMILY_DRAND48] = SEEDED_BY_CHANCE;
		if (is_on())
			fill(STREAM_DRAND48, chosen, sizeof(chosen));
	}
	/* cppcheck-suppress CastIntegerToAddressAtReturn; it does not follow __typeof__ */
	return FL_NEXT(seed48)(chosen);
}

FL_EXPORT void lcong48(unsigned short parameters[7])
{
	seeding[FAMILY_DRAND48] = SEEDED_ON_PURPOSE;
	FL_NEXT(lcong48)(parameters);
}

FL_EXPORT double drand48(void)
{
	note_use(FAMILY_DRAND48);
	return FL_NEXT(drand48)();
}

FL_EXPORT long lrand48(void)
{
	note_use(FAMILY_DRAND48);
	return FL_NEXT(lrand48)();
}

FL_EXPORT long mrand48(void)
{
	note_use(FAMILY_DRAND48);
	return FL_NEXT(mrand48)();
}

/* ---- entropy ---- */

FL_EXPORT ssize_t getrandom(void *bytes, size_t size, unsigned flags)
{
	if (!is_on() || !bytes || (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)))
		return FL_NEXT(getrandom)(bytes, size, flags);
	fill(STREAM_ENTROPY, bytes, size);
	return (ssize_t)size;
}

FL_EXPORT int getentropy(void *bytes, size_t size)
{
	if (!is_on() || !bytes || size > 256)   /* EFAULT, EIO: the real one says it */
		return FL_NEXT(getentropy)(bytes, size);
	fill(STREAM_ENTROPY, bytes, size);
	return 0;
}

/* In glibc since 2.36, before it in libbsd: declared here for either. */
extern uint32_t arc4random(void);
extern uint32_t arc4random_uniform(uint32_t bound);
extern void arc4random_buf(void *bytes, size_t size);

/*
 * A program that looks whether it has them finds ours, also where no library behind us has
 * any: these then draw what the kernel gives, which up to 256 bytes is all or, in a sandbox
 * that forbids it, nothing; without entropy glibc's own end the process, too.
 */
static void fill_truly(void *bytes, size_t size)
{
	char *to = bytes;
	int saved = errno;

	while (size) {
		size_t most = size < 256 ? size : 256;
		long n = syscall(SYS_getrandom, to, most, 0u);

		if (n < 0 && errno != EINTR)
			abort();
		to += n < 0 ? 0 : n;
		size -= n < 0 ? 0 : (size_t)n;
	}
	errno = saved;
}

/* The attempt's word, or a true one. */
static uint32_t word_for(bool is_ours)
{
	uint32_t word;

	if (is_ours)
		return (uint32_t)draw(STREAM_ARC4);
	fill_truly(&word, sizeof(word));
	return word;
}

FL_EXPORT uint32_t arc4random(void)
{
	bool is_ours = is_on();

	return is_ours || !FL_NEXT(arc4random) ? word_for(is_ours) : FL_NEXT(arc4random)();
}

/* Without modulo bias: draws again above the largest multiple of the bound. */
FL_EXPORT uint32_t arc4random_uniform(uint32_t bound)
{
	bool is_ours = is_on();
	uint32_t value;

	if (!is_ours && FL_NEXT(arc4random_uniform))
		return FL_NEXT(arc4random_uniform)(bound);
	if (bound < 2)
		return 0;
	do
		value = word_for(is_ours);
	/* cppcheck-suppress oppositeExpression; 2^32 - bound, the usual trick */
	while (value < -bound % bound);
	return value % bound;
}

FL_EXPORT void arc4random_buf(void *bytes, size_t size)
{
	if (is_on())
		fill(STREAM_ARC4, bytes, size);
	else if (FL_NEXT(arc4random_buf))
		FL_NEXT(arc4random_buf)(bytes, size);
	else
		fill_truly(bytes, size);
}
