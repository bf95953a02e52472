/* SPDX-License-Identifier: MIT */
/*
 * json_lines.c - text of a line each, as a JSON array of strings, and back.
 */
#include "json_tree.h"

#include "../base/base.h"
#include "text.h"

json_t *fl_json_encode_lines(const char *lines)
{
	json_t *array = json_array();

	while (lines && *lines) {
		size_t length = strcspn(lines, "\n");
		autofree char *line = fl_base_copy_n(lines, length);
		autofree char *harmless = fl_text_escape(line);

		if (length)
			json_array_append_new(array, json_string(harmless));
		lines += length + (lines[length] == '\n');
	}
	return array;
}

char *fl_json_get_lines(struct fl_json_cursor *at, const json_t *object, const char *key)
{
	json_t *array = json_object_get(object, key) ?
		fl_json_need(at, object, key, JSON_ARRAY) : NULL, *line;
	char *lines = NULL;
	size_t i;

	json_array_foreach(array, i, line) {
		autofree char *former = lines;

		if (!json_is_string(line) || strchr(json_string_value(line), '\n')) {
			fl_json_fault(at, key, "are not all lines of text");
			return take(former);
		}
		lines = former ? fl_base_format("%s\n%s", former, json_string_value(line)) :
				 fl_base_copy(json_string_value(line));
	}
	return lines;
}
