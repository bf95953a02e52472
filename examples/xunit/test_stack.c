/* SPDX-License-Identifier: MIT */
/*
 * test_stack.c - a stack of numbers, tested with <flicker/xunit.h>.
 */
#include <flicker/xunit.h>

struct stack {
	int numbers[4];
	size_t size;
};

static void push(struct stack *stack, int number)
{
	if (stack->size == 4) {
		fputs("stack: no room\n", stderr);
		abort();
	}
	stack->numbers[stack->size++] = number;
}

static int pop(struct stack *stack)
{
	return stack->numbers[--stack->size];
}

struct Stack {
	struct stack *stack;
};

SetUp(Stack)
{
	self->stack = calloc(1, sizeof(*self->stack));
	ASSERT_NE(self->stack, NULL);
}

TearDown(Stack)
{
	free(self->stack);
}

TEST_F(Stack, IsEmptyAtFirst)
{
	EXPECT_EQ(self->stack->size, 0);
}

TEST_F(Stack, KeepsItsOrder)
{
	int i;

	for (i = 0; i < 4; i++)
		push(self->stack, i);
	for (i = 3; i >= 0; i--)
		EXPECT_EQ(pop(self->stack), i, "number %d from below", i);
}

TEST_F(Stack, DiesWhenFull)
{
	self->stack->size = 4;
	EXPECT_DEATH(push(self->stack, 5), "no room");
}

static const struct { const char *name; int first, second, sum; } sums[] = {
	{ "zeros", 0, 0, 0 }, { "positive", 1, 2, 3 }, { "both_signs", 2, -5, -3 },
};

TEST_P(Sums, OfTwo, sums, name)
{
	struct stack stack = { { row->first, row->second, 0, 0 }, 2 };

	EXPECT_EQ(pop(&stack) + pop(&stack), row->sum);
}

FLICKER_SUSPECT("Stack.KeepsItsOrder", "reason=as an example");

FLICKER_XUNIT_MAIN();
