/* SPDX-License-Identifier: MIT */
/*
 * test_price.c - prices in cents, and as numbers that people write.
 *
 * Some prices lose a cent on the way: 1.13 * 100 is a little less than 113.  g_test_rand_int()
 * draws one in each run; GLib prints its seed, flicker gives each attempt another.
 */
#include <glib.h>

static double price_from_cents(int cents)
{
	return cents / 100.0;
}

static int price_to_cents(double price)
{
	return (int)(price * 100);      /* lround() */
}

static void whole(void)
{
	g_assert_cmpint(price_to_cents(price_from_cents(500)), ==, 500);
}

static void comes_back(void)
{
	int cents = g_test_rand_int_range(0, 10000);

	g_assert_cmpint(price_to_cents(price_from_cents(cents)), ==, cents);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/price/whole", whole);
	g_test_add_func("/price/comes_back", comes_back);
	return g_test_run();
}
