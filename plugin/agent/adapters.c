/* SPDX-License-Identifier: MIT */
/*
 * adapters.c - whose framework runs the tests here: somebody's adapter, or a built-in one.
 *
 * A third party's adapter is a library in this process that defines `flicker_adapter`;
 * several may be there, so each is asked by itself rather than by the first symbol.
 * They come first: who preloads one wants it.  Of one that speaks another ABI nothing but
 * the number is read.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 8 };

static const char symbol[] = "flicker_adapter";
static struct { const char *file; const struct fl_adapter *adapter; } theirs[MOST];
static size_t count;
static char refusal[512];

enum { WARNINGS = 8 };
static const char *warnings[WARNINGS];          /* of adapters, from before there was a journal */
static size_t warning_count;

/* What this very file defines: dlsym would search what it depends on, too. */
static const struct fl_adapter *defined_by(const char *file)
{
	void *library = dlopen(file, RTLD_LAZY | RTLD_NOLOAD);
	const void *found = library ? dlsym(library, symbol) : NULL;
	Dl_info where;

	if (library)
		dlclose(library);       /* it stays as long as it would without us */
	if (!found || !dladdr(found, &where) || strcmp(where.dli_fname, file) != 0)
		return NULL;
	return found;
}

static int look_into(struct dl_phdr_info *module, size_t size, void *context)
{
	const struct fl_adapter *adapter = NULL;

	(void)size, (void)context;
	if (*module->dlpi_name && count < MOST)
		adapter = defined_by(module->dlpi_name);
	if (adapter) {
		theirs[count].file = module->dlpi_name;
		theirs[count++].adapter = adapter;
	}
	return 0;
}

static bool attach(const struct fl_adapter *adapter)
{
	const char *version = "", *linkage = "";

	fl_agent.adapter = adapter;             /* a rehearsal of its attach() tells it of jumps */
	if (!adapter->attach(&fl_services, &version, &linkage)) {
		fl_agent.adapter = NULL;
		return false;
	}
	fl_agent.framework_version = version;
	fl_agent.linkage = linkage;
	return true;
}

static void refuse(const char *file, uint32_t abi)
{
	snprintf(refusal, sizeof(refusal), "adapter '%s' speaks ABI %u, this flicker ABI %u; "
		 "it is not used", file, abi, (unsigned)FL_ADAPTER_ABI);
}

static bool attach_theirs(void)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (theirs[i].adapter->abi != FL_ADAPTER_ABI)
			refuse(theirs[i].file, theirs[i].adapter->abi);
		else if (attach(theirs[i].adapter))
			return true;
	}
	return false;
}

void fl_adapters_warn(const char *text)
{
	if (fl_agent.shared)
		fl_shared_warn(text);
	else if (warning_count < WARNINGS)
		warnings[warning_count++] = text;
}

/* One look at the program's file serves all adapters. */
static void find_symbols(void)
{
	enum { LISTS = 32 };
	struct fl_symbol *lists[LISTS];
	const struct fl_adapter *const *adapter;
	size_t i, found = 0;

	for (i = 0; i < count; i++)
		if (theirs[i].adapter->abi == FL_ADAPTER_ABI && theirs[i].adapter->symbols)
			lists[found++] = theirs[i].adapter->symbols;
	for (adapter = fl_adapters; *adapter && found < LISTS; adapter++)
		if ((*adapter)->symbols)
			lists[found++] = (*adapter)->symbols;
	fl_symbols_find(lists, found);
}

bool fl_adapters_attach(void)
{
	const struct fl_adapter *const *adapter;

	if (dlsym(RTLD_DEFAULT, symbol))        /* else there is none to look for */
		dl_iterate_phdr(look_into, NULL);
	find_symbols();
	if (attach_theirs())
		return true;
	for (adapter = fl_adapters; *adapter; adapter++)
		if (attach(*adapter))
			return true;
	return false;
}

bool fl_adapters_has(const char *path, size_t length)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strlen(theirs[i].file) == length && memcmp(theirs[i].file, path, length) == 0)
			return true;
	return false;
}

/* What was preloaded here by hand is preloaded into what the command starts. */
const char *fl_adapters_setting(void)
{
	static char entry[8192] = "FLICKER_ADAPTER=";
	size_t start = strlen(entry), used = start, i;

	for (i = 0; i < count && used < sizeof(entry); i++)
		if (theirs[i].adapter->abi == FL_ADAPTER_ABI)
			used += (size_t)snprintf(entry + used, sizeof(entry) - used, "%s%s",
						 used > start ? "\n" : "", theirs[i].file);
	return used > start && used < sizeof(entry) ? entry : NULL;
}

void fl_adapters_journal(void)
{
	size_t i;

	if (refusal[0])
		fl_shared_warn(refusal);
	for (i = 0; i < warning_count; i++)
		fl_shared_warn(warnings[i]);
}
