/* SPDX-License-Identifier: MIT */
/*
 * annotation.c - FLICKER_SUSPECT strings: parsed, and read from a program's file.
 */
#define _GNU_SOURCE
#include "annotation.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <string.h>

static const char form[] = "v1;";

static char *trimmed(const char *start, const char *end)
{
	while (start < end && isspace((unsigned char)*start))
		start++;
	while (end > start && isspace((unsigned char)end[-1]))
		end--;
	return fl_base_copy_n(start, (size_t)(end - start));
}

/* Takes `value` over.  0, 1 for an unknown key, -EINVAL for a value that means nothing. */
static int set_key(struct fl_annotation *annotation, const char *key, char *value)
{
	struct { const char *key; char **place; } texts[] = {
		{ "test", &annotation->test },
		{ "reason", &annotation->suspicion.reason },
		{ "owner", &annotation->suspicion.owner },
		{ "ticket", &annotation->suspicion.ticket },
		{ "until", &annotation->suspicion.until },
	};
	autofree char *owned = value;
	size_t i;

	if (strcmp(key, "until") == 0 && !fl_date_is_valid(value))
		return -EINVAL;
	for (i = 0; i < FL_COUNT(texts); i++)
		if (strcmp(key, texts[i].key) == 0) {
			free(*texts[i].place);
			*texts[i].place = take(owned);
			return 0;
		}
	if (strcmp(key, "crash") != 0)
		return 1;
	annotation->has_crash = true;
	annotation->suspicion.may_crash = strcmp(value, "yes") == 0;
	return 0;
}

/* The test that the annotation is of, for messages: its item may stand behind what is wrong. */
static char *name_of(const char *text)
{
	const char *at, *end;

	for (at = text; *at; at = end + (*end == ';')) {
		size_t length = strcspn(at, "=;");
		autofree char *key = trimmed(at, at + length);

		end = at + strcspn(at, ";");
		if (at[length] == '=' && strcmp(key, "test") == 0)
			return trimmed(at + length + 1, end);
	}
	return fl_base_copy("");
}

static int parse_item(const char *start, const char *end, struct fl_annotation *annotation,
		      const char *name, struct fl_error *error)
{
	const char *equals = memchr(start, '=', (size_t)(end - start));
	autofree char *key = trimmed(start, equals ? equals : end);
	autofree char *value = trimmed(equals ? equals + 1 : end, end);
	int r;

	if (!*key)
		return 0;
	if (!equals)
		return fl_error_set(error, 1, "annotation of '%s': '%s' has no value and is ignored",
				    name, key);
	r = set_key(annotation, key, fl_base_copy(value));
	if (r == 1)
		return fl_error_set(error, 1, "annotation of '%s': unknown key '%s' is ignored; known are"
				    " reason, owner, ticket, until, crash", name, key);
	if (r < 0)
		return fl_error_set(error, r, "annotation of '%s' ignored: '%s' wants YYYY-MM-DD, "
				    "not '%s'", name, key, value);
	return 0;
}

static int refuse_form(const char *text, struct fl_error *error)
{
	return fl_error_set(error, -EINVAL, "annotation ignored: '%s' is of a form that this"
			    " flicker does not know", text);
}

static int refuse_nameless(const char *items, struct fl_error *error)
{
	return fl_error_set(error, -EINVAL, "annotation ignored: it names no test ('%s')", items);
}

int fl_annotation_parse(const char *text, struct fl_annotation *ret_annotation,
			struct fl_error *error)
{
	struct fl_annotation annotation = { .suspicion = { .why = FL_WHY_ANNOTATED } };
	autofree char *name = name_of(text);
	const char *at = text;
	int worst = 0;

	if (strncmp(text, form, sizeof(form) - 1) != 0)
		return refuse_form(text, error);
	if (!*name)
		return refuse_nameless(text + sizeof(form) - 1, error);
	for (at += sizeof(form) - 1; *at && worst >= 0; at += *at == ';') {
		const char *end = at + strcspn(at, ";");
		int r = parse_item(at, end, &annotation, name, error);

		if (r)
			worst = r < 0 ? -EINVAL : 1;
		at = end;
	}
	if (worst >= 0 && (!annotation.test || !*annotation.test))
		worst = refuse_nameless(text + sizeof(form) - 1, error);
	if (worst < 0)
		fl_annotation_clear(&annotation);
	else
		*ret_annotation = annotation;
	return worst;
}

void fl_annotation_clear(struct fl_annotation *annotation)
{
	free(annotation->test);
	fl_suspicion_clear(&annotation->suspicion);
	memset(annotation, 0, sizeof(*annotation));
}

/* ---- the section in a file ---- */

static Elf_Scn *find_section(Elf *elf)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return NULL;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		const char *name;

		if (!gelf_getshdr(section, &header))
			continue;
		name = elf_strptr(elf, names, header.sh_name);
		if (name && strcmp(name, "flicker_suspect") == 0)
			return section;
	}
	return NULL;
}

/* NUL-terminated strings, NUL bytes between them where the linker aligned. */
static void split(const char *bytes, size_t size, char ***ret_strings, size_t *ret_count)
{
	char **strings = NULL;
	size_t count = 0, capacity = 0, at = 0;

	while (at < size) {
		size_t length = strnlen(bytes + at, size - at);

		if (length) {
			strings = fl_base_grow(strings, &capacity, count + 1, sizeof(*strings));
			strings[count++] = fl_base_copy_n(bytes + at, length);
		}
		at += length + 1;
	}
	*ret_strings = strings;
	*ret_count = count;
}

int fl_annotations_read(const char *path, char ***ret_strings, size_t *ret_count,
			struct fl_error *error)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf_Scn *section;
	Elf_Data *data;
	Elf *elf;

	if (fd < 0)
		return fl_error_set(error, -errno, "cannot open '%s': %s", path, strerror(errno));
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF) {
		elf_end(elf);
		return fl_error_set(error, -EINVAL, "'%s' is no ELF program", path);
	}
	section = find_section(elf);
	data = section ? elf_getdata(section, NULL) : NULL;
	split(data ? data->d_buf : NULL, data ? data->d_size : 0, ret_strings, ret_count);
	elf_end(elf);
	return 0;
}
