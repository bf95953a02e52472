/* SPDX-License-Identifier: MIT */
/*
 * streams.c - what the host has buffered and not yet written is the host's to write.
 *
 * A fork has a copy of every buffer; the first flush in an attempt - fclose(), a full
 * buffer, a test's child that calls exit() - would write it once more.  glibc chains its
 * streams (struct _IO_FILE is public, <bits/types/struct_FILE.h>); elsewhere the
 * standard ones are all we know.  Streams that are memory are left alone.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdio_ext.h>

static void forget(FILE *stream)
{
	if (stream && __fpending(stream) && fileno(stream) >= 0)
		__fpurge(stream);
}

void fl_streams_forget(void)
{
	__fpurge(stdout);
	__fpurge(stderr);
#ifdef __GLIBC__
	FILE **first = dlsym(RTLD_DEFAULT, "_IO_list_all"), *stream;

	for (stream = first ? *first : NULL; stream; stream = stream->_chain)
		forget(stream);
#else
	(void)forget;
#endif
}
