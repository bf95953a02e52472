/* SPDX-License-Identifier: MIT */
/* test_order.c - no framework: it writes TAP, which automake's driver reads. */
#include "queue.h"

#include <stdio.h>

int main(void)
{
	printf("1..1\n%s 1 - the second comes behind the first\n",
	       queue_place(1, 9) == 1 ? "ok" : "not ok");
	return 0;
}
