/* SPDX-License-Identifier: MIT */
/*
 * test_deck.c - a deck of cards, shuffled.
 *
 * The test expects that the four aces never lie as they lay: once in 24 shuffles they do.
 * Here the test is wrong, not the code; flicker tells how often, and which order it was.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CARDS = 4 };

static void shuffle(int *cards)
{
	int i;

	for (i = CARDS - 1; i > 0; i--) {
		int other = rand() % (i + 1), card = cards[i];

		cards[i] = cards[other];
		cards[other] = card;
	}
}

static void choose(void)
{
	srand((unsigned)time(NULL));
}

TestSuite(deck, .init = choose);

Test(deck, keeps_its_cards)
{
	int cards[CARDS] = { 0, 1, 2, 3 }, sum = 0, i;

	shuffle(cards);
	for (i = 0; i < CARDS; i++)
		sum += cards[i];
	cr_assert_eq(sum, 6);
}

Test(deck, is_shuffled)
{
	static const int before[CARDS] = { 0, 1, 2, 3 };
	int cards[CARDS] = { 0, 1, 2, 3 };

	shuffle(cards);
	cr_assert_neq(memcmp(cards, before, sizeof(cards)), 0, "the cards lie as they lay");
}
