/* SPDX-License-Identifier: MIT */
/*
 * xml.c - escapes of XML; the spelling is GoogleTest's.
 */
#include "xml.h"

#include "../base/base.h"
#include "text.h"

static const char *entity(char c)
{
	return c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" :
	       c == '\'' ? "&apos;" : NULL;
}

static void print(FILE *out, const char *bytes, bool keeps_space)
{
	autofree char *text = fl_text_escape(bytes);
	const char *c;

	for (c = text; c && *c; c++) {
		if (entity(*c))
			fputs(entity(*c), out);
		else if (!keeps_space && (*c == '\n' || *c == '\t'))
			fprintf(out, "&#x%02X;", (unsigned)*c);
		else
			fputc(*c, out);
	}
}

void fl_xml_text(FILE *out, const char *bytes)
{
	print(out, bytes, true);
}

void fl_xml_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	print(out, value, false);
	fputc('"', out);
}

void fl_xml_cdata(FILE *out, const char *bytes)
{
	autofree char *text = fl_text_escape(bytes);
	const char *rest = text ? text : "", *end;

	fputs("<![CDATA[", out);
	while ((end = strstr(rest, "]]>"))) {
		fwrite(rest, 1, (size_t)(end - rest), out);
		fputs("]]>]]&gt;<![CDATA[", out);
		rest = end + 3;
	}
	fprintf(out, "%s]]>", rest);
}
