/* SPDX-License-Identifier: MIT */
/*
 * interrupt.c - the handler: remembers the signal, has the session end.
 *
 * SIGPIPE gets a handler that does nothing: a closed standard error must not cost
 * the report.  A handler, and not SIG_IGN, because programs inherit what is ignored.
 */
#include "interrupt.h"

#include "command.h"

#include "../engine/session/session.h"

#include <errno.h>
#include <signal.h>

static volatile sig_atomic_t first_signal;
static void (*volatile also)(void);

static void interrupt(int number)
{
	int saved = errno;

	if (!first_signal)
		first_signal = number;
	fl_session_interrupt();
	if (also)
		also();
	errno = saved;
}

static void pass_over(int number)
{
	(void)number;
}

static void catch(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler }, before;

	sigemptyset(&action.sa_mask);
	if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

void fl_interrupt_catch(void)
{
	catch(SIGINT, interrupt);
	catch(SIGTERM, interrupt);
	catch(SIGHUP, interrupt);
	catch(SIGPIPE, pass_over);
}

void fl_interrupt_catch_but_keyboard(void)
{
	fl_interrupt_catch();
	catch(SIGINT, pass_over);
	catch(SIGQUIT, pass_over);
}

void fl_interrupt_call(void (*call)(void))
{
	also = call;
}

int fl_interrupt_signal(void)
{
	return (int)first_signal;
}

int fl_interrupt_exit_code(void)
{
	return FL_EXIT_SIGNAL + (first_signal ? (int)first_signal : SIGINT);
}
