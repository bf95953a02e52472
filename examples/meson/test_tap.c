/* SPDX-License-Identifier: MIT */
/* test_tap.c - a test program without a framework: it writes TAP. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(void)
{
	srand((unsigned)time(NULL));
	printf("1..2\n");
	printf("ok 1 - is there\n");
	printf("%s 2 - is in time\n", rand() % 10 ? "ok" : "not ok");
	return 0;
}
