/* SPDX-License-Identifier: MIT */
/*
 * demangle.c - asks the C++ runtime of this machine, by the function that the C++ ABI names:
 * https://itanium-cxx-abi.github.io/cxx-abi/abi.html#demangler
 *
 * It is loaded when the first such name comes: who tests no C++ needs none.
 */
#include "demangle.h"

#include "../../base/base.h"

#include <dlfcn.h>
#include <string.h>

typedef char *(*demangler)(const char *name, char *buffer, size_t *size, int *status);

static demangler load(void)
{
	static const char *const runtimes[] = { "libstdc++.so.6", "libc++abi.so.1" };
	void *found = NULL;
	size_t i;

	for (i = 0; i < FL_COUNT(runtimes) && !found; i++) {
		void *runtime = dlopen(runtimes[i], RTLD_LAZY | RTLD_LOCAL);

		found = runtime ? dlsym(runtime, "__cxa_demangle") : NULL;
	}
	return (demangler)(uintptr_t)found;
}

/* What follows the last name: "(int) const [clone .cold]". */
static void cut_parameters(char *name)
{
	char *clone = strstr(name, " [clone "), *at;
	int depth = 0;

	if (clone)
		*clone = '\0';
	for (at = strrchr(name, ')'); at && at > name; at--) {
		depth += (*at == ')') - (*at == '(');
		if (!depth) {
			*at = '\0';
			return;
		}
	}
}

char *fl_demangle(const char *name)
{
	static demangler demangle;
	static bool is_loaded;
	char *written = NULL;
	int status = 0;

	if (!name || strncmp(name, "_Z", 2) != 0)
		return fl_base_copy(name);
	if (!is_loaded)
		demangle = load();
	is_loaded = true;
	if (demangle)
		written = demangle(name, NULL, NULL, &status);
	if (!written)
		return fl_base_copy(name);
	cut_parameters(written);
	return written;
}
