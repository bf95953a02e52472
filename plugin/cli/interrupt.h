/* SPDX-License-Identifier: MIT */
/*
 * interrupt.h - SIGINT, SIGTERM and SIGHUP end the session, not the command.
 */
#ifndef FL_INTERRUPT_H
#define FL_INTERRUPT_H

/* From now on.  A signal that was ignored at our start (nohup) stays ignored. */
void fl_interrupt_catch(void);

/* The same where another program has the terminal: what is typed is meant for that one. */
void fl_interrupt_catch_but_keyboard(void);

/* Also calls this, in the handler. */
void fl_interrupt_call(void (*call)(void));

/* The signal that came first, or 0. */
int fl_interrupt_signal(void);

/* FL_EXIT_SIGNAL + the signal that came first; that of SIGINT if none did. */
int fl_interrupt_exit_code(void);

#endif
