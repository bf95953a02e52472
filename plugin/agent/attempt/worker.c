/* SPDX-License-Identifier: MIT */
/*
 * worker.c - a process that the framework has started anew for the test of an attempt.
 *
 * Its runner has put us and a mark into its environment.  The mark names a process that has
 * the shared memory open, its owner: from there it is mapped, and facts go where they are
 * expected.  Addresses are told as they would be in the owner, which is laid out as the host
 * is (or as the process that brings its own maps).  Where anything is missing the worker
 * is none of ours: its test runs, and the framework's runner is all that tells of it.
 */
#define _GNU_SOURCE
#include "../agent.h"
#include "../look/look.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TEXT = 1024 };

/* The mark: what a runner writes, and a worker reads. */
struct mark {
	int kind;                       /* 'a' or 's'; the id follows all others */
	int owner, memory;              /* a process, and its descriptor */
	unsigned slot, workers, test, perturb, flags;
	int orders, answers;            /* the owner's descriptors; of a server */
};

#define MARK_FORMAT "%c,%d,%d,%u,%u,%u,%u,%u,%d,%d,"

FL_HOT static struct {
	uint32_t flags, perturb, timeout_ms;    /* of the order */
	int memory;
	pid_t owner;
	bool is_runner;                 /* of a worker that runs an attempt */
} attempt;

static struct mark mark;
static enum fl_worker kind;
static int orders = -1, answers = -1;

/* ---- in the runner ---- */

void fl_worker_note(const struct fl_record_order *order)
{
	attempt.flags = order->flags;
	attempt.perturb = order->perturb;
	attempt.timeout_ms = order->timeout_ms;
	attempt.memory = fl_agent.shared_fd;
	attempt.owner = fl_agent.is_ordered ? fl_agent.pid : (pid_t)syscall(SYS_getppid);
	if (!fl_agent.is_ordered)
		attempt.flags |= FL_ORDER_AS_FORK;      /* seeded where its test begins */
}

static void preload(void)
{
	static char entry[2 * 4096 + 16];
	const char *others = getenv("LD_PRELOAD");

	snprintf(entry, sizeof(entry), "LD_PRELOAD=%s%s%s", fl_entry_library(),
		 others && *others ? ":" : "", others ? others : "");
	fl_attempt_environment(entry);
}

static void write_mark(const struct mark *of)
{
	static char entry[TEXT] = "FLICKER_WORKER=";
	size_t start = sizeof("FLICKER_WORKER=") - 1;
	const char *id = fl_ids_get(of->test);

	snprintf(entry + start, sizeof(entry) - start, MARK_FORMAT "%s", of->kind, of->owner, of->memory,
		 of->slot, of->workers, of->test, of->perturb, of->flags, of->orders, of->answers,
		 id ? id : "");
	fl_attempt_environment(entry);
	preload();
}

/* In a runner that a server is wanted of, all has been said. */
uint32_t fl_worker_announce(uint32_t count)
{
	struct mark of = {
		'a', attempt.owner, attempt.memory, 0, count, fl_agent.target, attempt.perturb,
		attempt.flags, -1, -1,
	};

	if (!fl_agent_is_here(FL_AGENT_ATTEMPT) || !fl_agent.facts)
		return 0;
	if (fl_agent.is_ordered)
		fl_ordered_keep_maps();
	fl_look_leave();
	of.slot = (unsigned)(fl_agent.facts - fl_agent.shared->slots);
	attempt.is_runner = true;
	write_mark(&of);
	return attempt.timeout_ms;
}

void fl_worker_announce_server(const struct fl_record_order *order, int orders_fd, int answers_fd)
{
	write_mark(&(struct mark){
		's', (int)syscall(SYS_getppid), fl_agent.shared_fd, 0, 1, order->test, order->perturb,
		order->flags, orders_fd, answers_fd,
	});
}

pid_t fl_worker_of_ours(void)
{
	return attempt.is_runner && fl_agent.facts ? fl_agent.facts->worker : 0;
}

/* ---- addresses ---- */

enum { SHIFTS = 128, MAPS = 256 << 10 };

static struct {
	uintptr_t low, high;
	intptr_t by;
} shifts[SHIFTS];
static size_t shift_count;

static const char *read_maps(pid_t pid)
{
	char path[64], *text;
	int fd;
	size_t used = 0;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	text = mmap(NULL, MAPS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (text == MAP_FAILED)
		text = NULL;
	while (fd >= 0 && text && used < MAPS - 1 && (n = read(fd, text + used, MAPS - 1 - used)) > 0)
		used += (size_t)n;
	if (fd >= 0)
		close(fd);
	return text;
}

struct segment {
	uintptr_t low, high, offset;
	bool is_code;
	const char *path;
	size_t length;
};

/* "low-high mode offset dev inode   path"; the next line, or NULL. */
static const char *read_segment(const char *line, struct segment *ret_segment)
{
	const char *end = strchr(line, '\n');
	char mode[8] = "";
	unsigned long low, high, offset;

	*ret_segment = (struct segment){ 0 };
	if (!end)
		return NULL;
	if (sscanf(line, "%lx-%lx %7s %lx", &low, &high, mode, &offset) == 4) {
		ret_segment->low = low;
		ret_segment->high = high;
		ret_segment->offset = offset;
		ret_segment->is_code = mode[2] == 'x';
	}
	ret_segment->path = memchr(line, '/', (size_t)(end - line));
	if (ret_segment->path)
		ret_segment->length = (size_t)(end - ret_segment->path);
	return end + 1;
}

/* A page that was written to splits a segment, in one of the two processes only. */
static bool is_part_of(const struct segment *own, const struct segment *other)
{
	return other->is_code && other->path && own->offset >= other->offset &&
	       own->offset - other->offset < other->high - other->low &&
	       other->length == own->length && memcmp(other->path, own->path, own->length) == 0;
}

static void add_shift(const struct segment *own, const char *owners)
{
	struct segment other;

	while ((owners = read_segment(owners, &other)) != NULL)
		if (is_part_of(own, &other))
			break;
	if (!owners || shift_count == SHIFTS)
		return;
	shifts[shift_count].low = own->low;
	shifts[shift_count].high = own->high;
	shifts[shift_count++].by = (intptr_t)((other.low - other.offset) - (own->low - own->offset));
}

static void find_shifts(pid_t owner)
{
	const char *owners = read_maps(owner), *own = read_maps(getpid()), *line = own;
	struct segment segment;

	while (owners && line && (line = read_segment(line, &segment)) != NULL)
		if (segment.is_code && segment.path)
			add_shift(&segment, owners);
	if (owners)
		munmap((void *)(uintptr_t)owners, MAPS);
	if (own)
		munmap((void *)(uintptr_t)own, MAPS);
}

void fl_worker_translate(struct fl_facts *facts)
{
	uint32_t i;
	size_t k;

	for (i = 0; kind != FL_WORKER_NONE && i < facts->pcs && i < FL_WIRE_PCS; i++)
		for (k = 0; k < shift_count; k++)
			if (facts->pc[i] >= shifts[k].low && facts->pc[i] < shifts[k].high) {
				facts->pc[i] += (uint64_t)shifts[k].by;
				break;
			}
}

/* ---- in the worker ---- */

enum fl_worker fl_worker_kind(void)
{
	return kind;
}

static int open_theirs(int fd, int mode)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", mark.owner, fd);
	return fl_agent_lift(open(path, mode | O_CLOEXEC));
}

static bool map_shared(void)
{
	int fd = open_theirs(mark.memory, O_RDWR);
	struct fl_shared *shared = MAP_FAILED;
	struct stat st;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && (size_t)st.st_size >= sizeof(*shared))
		shared = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_NORESERVE, fd, 0);
	close(fd);
	if (shared == MAP_FAILED)
		return false;
	madvise(shared, (size_t)st.st_size, MADV_DONTDUMP);
	fl_agent.shared = shared;
	return shared->magic == FL_WIRE_MAGIC && shared->version == FL_WIRE_VERSION;
}

static bool read_mark(void)
{
	const char *text = fl_entry_setting("WORKER"), *id;
	char letter = 0;
	int used = 0;

	if (!text || sscanf(text, MARK_FORMAT "%n", &letter, &mark.owner, &mark.memory, &mark.slot,
			    &mark.workers, &mark.test, &mark.perturb, &mark.flags, &mark.orders,
			    &mark.answers, &used) != 10 || mark.slot >= FL_WIRE_SLOTS)
		return false;
	mark.kind = (unsigned char)letter;
	id = text + used;
	fl_ids_adopt(mark.test, id);
	return true;
}

static void become_attempt(void)
{
	struct fl_record_order order = {
		.test = mark.test, .perturb = mark.perturb, .flags = mark.flags,
	};
	struct fl_facts *facts = &fl_agent.shared->slots[mark.slot];
	uint32_t before = __atomic_fetch_add(&facts->workers, 1, __ATOMIC_RELAXED);

	fl_look_enter();
	fl_attempt_take_over(&order, facts);
	facts->worker = fl_agent.pid;
	fl_agent.facts = before + 1 == mark.workers ? facts : NULL;
	fl_crash_prepare();
	fl_unwind_warm();
	fl_crash_arm();
	kind = FL_WORKER_ATTEMPT;
}

static bool become_server(void)
{
	orders = open_theirs(mark.orders, O_RDONLY);
	answers = open_theirs(mark.answers, O_WRONLY);
	if (orders < 0 || answers < 0)
		return false;
	fl_agent.role = FL_AGENT_TEMPLATE;
	fl_agent.pid = getpid();
	kind = FL_WORKER_SERVER;
	return true;
}

void fl_worker_begin(void)
{
	if (!read_mark() || !map_shared())
		return;
	fl_next_find_all();
	find_shifts(mark.owner);
	if (mark.kind == 'a')
		become_attempt();
	else
		become_server();
}

void fl_worker_take_over(void)
{
	struct fl_facts *facts = fl_agent.facts;
	struct fl_record_order order = {
		.test = mark.test, .perturb = mark.perturb, .flags = mark.flags,
	};

	if (kind == FL_WORKER_ATTEMPT && (mark.flags & FL_ORDER_AS_FORK))
		fl_attempt_seed(&order);
	if (!facts)
		return;
	facts->flags |= FL_FACT_REACHED;
	facts->started_ns = fl_agent_now_ns();
	if (kind == FL_WORKER_ATTEMPT)
		fl_look_begin(facts, mark.flags & FL_ORDER_LOOK);
}

/* ---- serving ---- */

enum { REFUSED = -1 };                  /* as the `worker` of an attempt's facts */

static bool has_refused(const struct fl_record_order *order)
{
	uint32_t n;

	for (n = 0; n < order->count && n < FL_WIRE_SLOTS; n++)
		if (fl_agent.shared->slots[n].worker == REFUSED)
			return true;
	return false;
}

static bool answer(enum fl_record_kind with)
{
	struct fl_record record = { with, sizeof(record) };

	return write(answers, &record, sizeof(record)) == sizeof(record);
}

/* True in an attempt. */
static bool carry_out_orders(void)
{
	struct {
		struct fl_record head;
		struct fl_record_order order;
	} record;

	while (read(orders, &record, sizeof(record)) == sizeof(record)) {
		if (fl_batch_make(&record.order)) {
			close(orders);
			close(answers);
			return true;
		}
		if (!answer(has_refused(&record.order) ? FL_RECORD_REFUSED : FL_RECORD_BATCH_DONE))
			return false;
	}
	return false;
}

bool fl_worker_serve(void)
{
	sigset_t all, before;

	if (kind != FL_WORKER_SERVER)
		return false;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	fl_attempt_remember_mask(&before);
	if (fl_batch_open()) {
		fl_attempt_prepare_here();
		if (answer(FL_RECORD_HELLO) && carry_out_orders())
			return true;
		fl_attempt_restore();
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return false;
}

void fl_worker_refuse(void)
{
	if (!fl_agent.facts || kind != FL_WORKER_SERVER)
		return;
	fl_agent.facts->worker = REFUSED;
	fl_agent_end(0);
}
