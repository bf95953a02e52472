/* SPDX-License-Identifier: MIT */
/*
 * launch.h - starting the test program under the agent.
 */
#ifndef FL_LAUNCH_H
#define FL_LAUNCH_H

#include "../session.h"

#include "image.h"

#include <sys/types.h>

/*
 * Starts argv with the agent preloaded; the pid, or a negative errno with error.  Where only a
 * list is wanted its output goes to `heard`; -1: to nobody.
 */
pid_t fl_launch(const struct fl_session_settings *settings, const char *channel, int heard,
		struct fl_error *error);

bool fl_launch_is_script(const struct fl_session_settings *settings);  /* or anything else that is no ELF file */
const char *fl_launch_name(const struct fl_session_settings *settings); /* of the program, without folders */

/* Of an attempt in a process of its own. */
struct fl_launch_attempt {
	const char *channel;
	uint64_t seed, number;
	bool is_as_fork;                /* it learns of them where a fork would */
	const char *process;            /* the program itself is the test, of this name; or NULL */
};

/* What such an attempt finds around it: the image's environment, the agent, its seed.  For fl_base_free_words(). */
char **fl_launch_environment(const struct fl_session_settings *settings,
			     const struct fl_image *image, const struct fl_launch_attempt *attempt);

#endif
