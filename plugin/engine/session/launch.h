/* SPDX-License-Identifier: MIT */
/*
 * launch.h - starting the test program under the agent.
 */
#ifndef FL_LAUNCH_H
#define FL_LAUNCH_H

#include "session.h"

#include <sys/types.h>

/* Starts argv with the agent preloaded; the pid, or a negative errno with error. */
pid_t fl_launch(const struct fl_session_settings *settings, const char *channel,
		struct fl_error *error);

#endif
