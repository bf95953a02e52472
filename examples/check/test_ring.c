/* SPDX-License-Identifier: MIT */
/*
 * test_ring.c - a ring of eight numbers, filled and emptied in bursts of any size.
 *
 * The ring forgets that it is full while its first number lies in its first place:
 * `keeps_what_fits` fails for some 10 % of seeds.  srand() is called by the test itself,
 * as many do to meet more cases; under flicker each attempt has a seed of its own.
 */
#include <check.h>
#include <stdlib.h>
#include <time.h>

enum { PLACES = 8 };

struct ring {
	int items[PLACES];
	unsigned first, count;
};

static int ring_put(struct ring *ring, int item)
{
	unsigned last = (ring->first + ring->count) % PLACES;

	if (ring->count == PLACES && ring->first != 0)  /* what has the place to do with it? */
		return 0;
	ring->items[last] = item;
	ring->count++;
	return 1;
}

static int ring_take(struct ring *ring)
{
	int item = ring->items[ring->first];

	ring->first = (ring->first + 1) % PLACES;
	ring->count--;
	return item;
}

START_TEST(is_empty_at_first)
{
	struct ring ring = { .count = 0 };

	ck_assert_uint_eq(ring.count, 0);
}
END_TEST

START_TEST(keeps_what_fits)
{
	struct ring ring = { .count = 0 };
	int burst = rand() % 13, taken = rand() % 3, i;

	for (i = 0; i < taken; i++) {
		ring_put(&ring, i);
		ck_assert_int_eq(ring_take(&ring), i);
	}
	for (i = 0; i < burst; i++)
		ring_put(&ring, i);
	ck_assert_uint_le(ring.count, PLACES);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ring");
	TCase *basics = tcase_create("basics");
	SRunner *runner;
	int failed;

	srand((unsigned)time(NULL));
	tcase_add_test(basics, is_empty_at_first);
	tcase_add_test(basics, keeps_what_fits);
	suite_add_tcase(suite, basics);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
