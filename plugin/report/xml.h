/* SPDX-License-Identifier: MIT */
/*
 * xml.h - text from tests in XML and HTML.
 *
 * What no XML document may hold (controls, bytes that are no UTF-8, U+FFFE) is spelled out
 * as text.h says, so that every report is well-formed whatever a test has written.
 */
#ifndef FL_XML_H
#define FL_XML_H

#include <stdio.h>

/* Between tags, and within attributes in double quotes; tab and newline stay.  NULL: nothing. */
void fl_xml_text(FILE *out, const char *bytes);

/* ` name="value"`; tab and newline are references, so that readers keep them. */
void fl_xml_attribute(FILE *out, const char *name, const char *value);

/* A CDATA section.  A `]]>` within ends it, stands as text, and begins another. */
void fl_xml_cdata(FILE *out, const char *bytes);

#endif
