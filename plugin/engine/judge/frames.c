/* SPDX-License-Identifier: MIT */
/*
 * frames.c - DWARF scopes at an address, turned inside out into frames.
 *
 * The line table says where the address is.  That place belongs to the innermost
 * function, inlined or not; an inlined one says where it is called, and that place
 * belongs to the next function outward.  So places move one frame outward, names
 * stay.  Without DWARF the symbol table names the function, without that nobody.
 */
#include "frames.h"

#include "../../base/base.h"

#include <dwarf.h>
#include <elfutils/version.h>
#include <inttypes.h>

struct place {
	char *file;
	int line;
};

/* A compilation unit.  Its two views are the same but under -gsplit-dwarf. */
struct unit {
	Dwarf_Die lines;                /* has the line table and the compilation directory */
	Dwarf_Die code;                 /* has the functions */
	Dwarf_Addr address;             /* looked for, as the unit counts */
};

struct finder {
	Dwfl_Module *module;
	uint64_t address;               /* where the code is; pc may be one beyond */
	struct fl_frame frame;          /* what all frames at this address have in common */
	struct fl_backtrace *found;
	size_t capacity;
};

static void add_frame(struct finder *finder, const char *function, struct place place,
		      bool is_inlined)
{
	struct fl_backtrace *found = finder->found;
	struct fl_frame frame = finder->frame;

	frame.module = fl_base_copy(frame.module);
	frame.build_id = fl_base_copy(frame.build_id);
	frame.function = fl_base_copy(function);
	frame.file = place.file;
	frame.line = place.line;
	frame.is_inlined = is_inlined;
	found->frames = fl_base_grow(found->frames, &finder->capacity, found->count + 1,
				     sizeof(frame));
	found->frames[found->count++] = frame;
}

/* The path as DWARF has it, or relative to the compilation directory where it is beneath that. */
static char *short_path(struct unit *unit, const char *path)
{
	Dwarf_Attribute attribute;
	const char *directory = dwarf_formstring(dwarf_attr(&unit->lines, DW_AT_comp_dir,
							    &attribute));
	size_t length = directory ? strlen(directory) : 0;

	while (length > 0 && directory[length - 1] == '/')
		length--;
	if (path && length > 0 && strncmp(path, directory, length) == 0 && path[length] == '/')
		path += length + 1;
	return fl_base_copy(path);
}

/* clang writes no .debug_aranges, by which libdw finds units: then each one is asked. */
static Dwarf_Die *find_lines(struct finder *finder, Dwarf_Addr *ret_bias)
{
	Dwarf_Die *unit = dwfl_module_addrdie(finder->module, finder->address, ret_bias);

	if (unit)
		return unit;
	while ((unit = dwfl_module_nextcu(finder->module, unit, ret_bias)))
		if (dwarf_haspc(unit, finder->address - *ret_bias) > 0)
			break;
	return unit;
}

static Dwarf_Die code_unit(Dwarf_Die lines)
{
#if _ELFUTILS_PREREQ(0, 171)
	Dwarf_Die split;
	uint8_t type;

	if (dwarf_cu_info(lines.cu, NULL, &type, NULL, &split, NULL, NULL, NULL) == 0 &&
	    type == DW_UT_skeleton && split.addr)
		return split;
#endif
	return lines;
}

static bool find_unit(struct finder *finder, struct unit *ret)
{
	Dwarf_Addr bias;
	Dwarf_Die *lines = find_lines(finder, &bias);

	if (!lines)
		return false;
	*ret = (struct unit){ *lines, code_unit(*lines), finder->address - bias };
	return true;
}

static struct place line_place(struct unit *unit)
{
	Dwarf_Line *line = dwarf_getsrc_die(&unit->lines, unit->address);
	struct place place = { NULL, 0 };

	if (line && dwarf_lineno(line, &place.line) == 0)
		place.file = short_path(unit, dwarf_linesrc(line, NULL, NULL));
	return place;
}

static size_t number_of(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	if (dwarf_formudata(dwarf_attr(die, name, &attribute), &value) != 0)
		return 0;
	return (size_t)value;
}

/* Where the inlined function `die` is called. */
static struct place call_place(struct unit *unit, Dwarf_Die *die)
{
	size_t file = number_of(die, DW_AT_call_file), count;
	struct place place = { NULL, (int)number_of(die, DW_AT_call_line) };
	Dwarf_Files *files;

	if (dwarf_getsrcfiles(&unit->code, &files, &count) != 0 &&
	    dwarf_getsrcfiles(&unit->lines, &files, &count) != 0)
		return place;
	if (file < count)
		place.file = short_path(unit, dwarf_filesrc(files, file, NULL, NULL));
	return place;
}

/* A frame named by the symbol table; versions (free@GLIBC_2.2.5) are no part of the name. */
static void add_symbol(struct finder *finder, struct place place)
{
	const char *symbol = dwfl_module_addrname(finder->module, finder->address);
	autofree char *name = symbol ? fl_base_copy_n(symbol, strcspn(symbol, "@")) : NULL;

	add_frame(finder, name, place, false);
}

/* The linker's, where that is more than the name in the source: C++. */
static const char *name_of(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	const char *linkers = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name,
								    &attribute));

	return linkers && strncmp(linkers, "_Z", 2) == 0 ? linkers : dwarf_diename(die);
}

/* From the innermost scope outward, up to the function that has a frame of its own. */
static void add_scopes(struct finder *finder, struct unit *unit, Dwarf_Die *scopes, int count)
{
	struct place place = line_place(unit);
	int i;

	for (i = 0; i < count; i++) {
		const char *name = name_of(&scopes[i]);
		int tag = dwarf_tag(&scopes[i]);

		if (tag == DW_TAG_inlined_subroutine) {
			add_frame(finder, name, place, true);
			place = call_place(unit, &scopes[i]);
		} else if (tag == DW_TAG_subprogram && name) {
			add_frame(finder, name, place, false);
			return;
		}
	}
	add_symbol(finder, place);
}

/*
 * The scopes around the address as they lie in the code.  dwarf_getscopes alone will
 * not do: beyond an inlined function it goes on with where that was written.
 */
static int physical_scopes(struct unit *unit, Dwarf_Die **ret_scopes)
{
	autofree Dwarf_Die *written = NULL;

	if (dwarf_getscopes(&unit->code, unit->address, &written) <= 0)
		return 0;
	return dwarf_getscopes_die(&written[0], ret_scopes);
}

static void add_from_module(struct finder *finder)
{
	const struct place nowhere = { NULL, 0 };
	autofree Dwarf_Die *scopes = NULL;
	struct unit unit;
	int count;

	if (!find_unit(finder, &unit)) {
		add_symbol(finder, nowhere);
		return;
	}
	count = physical_scopes(&unit, &scopes);
	add_scopes(finder, &unit, scopes, count);
}

static char *base_name(const char *path)
{
	static const char deleted[] = " (deleted)";
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *mark = strstr(name, deleted);

	return mark ? fl_base_copy_n(name, (size_t)(mark - name)) : fl_base_copy(name);
}

static char *build_id(Dwfl_Module *module)
{
	const unsigned char *bits;
	GElf_Addr at;
	Dwarf_Addr bias;
	int size;

	if (!dwfl_module_getelf(module, &bias))         /* finds the id, too */
		return NULL;
	size = dwfl_module_build_id(module, &bits, &at);
	return size > 0 ? fl_base_hex(bits, (size_t)size) : NULL;
}

static void add_known(struct finder *finder, const struct fl_backtrace *known)
{
	size_t i;

	for (i = 0; i < known->count; i++) {
		const struct fl_frame *frame = &known->frames[i];
		struct place place = { fl_base_copy(frame->file), frame->line };

		add_frame(finder, frame->function, place, frame->is_inlined);
	}
}

/*
 * Kept is what came from a line table.  Where none was found there may be one tomorrow,
 * in a debug file that is installed until then.
 */
static void find_in_module(struct finder *finder, struct fl_symbolcache *cache, Dwarf_Addr start)
{
	const char *id = finder->frame.build_id;
	uint64_t address = finder->address - start;
	const struct fl_backtrace *known = id ? fl_symbolcache_find(cache, id, address) : NULL;

	if (known) {
		add_known(finder, known);
		return;
	}
	add_from_module(finder);
	if (id && finder->found->frames[0].line > 0)
		fl_symbolcache_add(cache, id, address, finder->found);
}

void fl_frames_find(Dwfl *dwfl, struct fl_symbolcache *cache, uint64_t pc, bool is_exact,
		    struct fl_backtrace *ret)
{
	const struct place nowhere = { NULL, 0 };
	struct finder finder = { .address = pc - !is_exact, .frame.pc = pc, .found = ret };
	Dwarf_Addr start;
	const char *path;

	*ret = (struct fl_backtrace){ 0 };
	finder.module = dwfl_addrmodule(dwfl, finder.address);
	if (!finder.module) {
		add_frame(&finder, NULL, nowhere, false);
		return;
	}
	path = dwfl_module_info(finder.module, NULL, &start, NULL, NULL, NULL, NULL, NULL);
	finder.frame.offset = pc - start;
	finder.frame.module = base_name(path);
	finder.frame.build_id = build_id(finder.module);
	find_in_module(&finder, cache, start);
	free(finder.frame.module);
	free(finder.frame.build_id);
}
