# SPDX-License-Identifier: MIT
"""check_formats.py - what e2e scripts ask of reports in other formats.

    check_formats.py hostile GOLDEN OUT     a report whose texts are made to break the others
    check_formats.py html FILE              a page: whole, and nothing is loaded or run
    check_formats.py gtest-xml THEIRS OURS  the same elements and attributes, in the same order
    check_formats.py gtest-json THEIRS OURS the same keys, in the same order
"""
import html.parser
import json
import re
import sys
import xml.etree.ElementTree as tree

NASTY = ("]]></failure></testcase><script>alert('1')</script> \"'&<>#\\ ---\n...\nnot ok 1\n"
         "::error::x\n</pre>\n\n# h\n| a | `b` | %0A <!-- ${x} \\xff \\u{202e} \U0001f600")


def hostile(golden, out):
    """Every text a test can choose is NASTY; read back, so only what JSON can hold."""
    report = json.load(open(golden))

    def spoil(value, key):
        if isinstance(value, dict):
            return {name: spoil(member, name) for name, member in value.items()}
        if isinstance(value, list):
            return [spoil(member, key) for member in value]
        chosen = ("id", "suite", "name", "file", "message", "function", "module", "output_tail",
                  "replay", "reason", "owner", "ticket", "os", "path", "leaks", "collisions")
        return NASTY if isinstance(value, str) and key in chosen else value

    json.dump(spoil(report, None), open(out, "w"))


class Page(html.parser.HTMLParser):
    """Tags, checked as they come."""

    VOID = {"meta"}
    KNOWN = VOID | {
        "html", "head", "title", "style", "body", "h1", "h2", "h3", "p", "code", "pre", "b",
        "section", "span", "details", "summary", "table", "tr", "th", "td"}

    def __init__(self):
        super().__init__()
        self.open, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        assert tag in self.KNOWN, tag
        for name, value in attrs:
            assert name in ("lang", "charset", "http-equiv", "content", "name", "class"), name
            assert not re.search("https?:|javascript:", value or ""), value
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.texts.append(data)

    def handle_comment(self, data):
        raise AssertionError("a comment: " + data)


def page(file):
    """Balanced, of known tags only, without a link to anything."""
    parser = Page()
    parser.feed(open(file, encoding="utf-8").read())
    parser.close()
    assert not parser.open, parser.open
    assert "All tests" in parser.texts


FREE = {"time", "timestamp", "line"}    # values that may differ; their form may not


def form(name, value):
    """Of a time in seconds 0.001 and 0 are the same."""
    return re.sub("[0-9.]+" if name == "time" else "[0-9]+", "0", str(value))


def same_names(theirs, ours, place):
    """In order; file and line may be missing, where a framework does not tell."""
    wanted = [name for name in theirs if name in ours or name not in ("file", "line")]
    assert wanted == list(ours), f"{place}: {list(theirs)} against {list(ours)}"


def same_values(theirs, ours, place):
    for name, value in ours.items():
        want = theirs[name]
        if name == "file":
            want, value = want.rsplit(".", 1)[0].rsplit("/")[-1], value.rsplit(".", 1)[0].rsplit("/")[-1]
        if name in FREE:
            want, value = form(name, want), form(name, value)
        if name in ("message", "failure"):      # the words are the framework's
            want, value = first_line(want), first_line(value)
        if isinstance(value, list):
            assert len(want) == len(value), f"{place}: {name}"
            for index, pair in enumerate(zip(want, value)):
                same_object(*pair, f"{place}/{name}[{index}]")
            continue
        assert want == value, f"{place}: {name}: {want!r} against {value!r}"


def first_line(text):
    """`path/pair.cc:14` as `pair:0`; a skip without a place has none of its own."""
    line = text.split("\n")[0]
    assert line == "unknown file" or re.fullmatch(".+:[0-9]+", line), line
    return "place"


def same_object(theirs, ours, place):
    same_names(theirs, ours, place)
    same_values(theirs, ours, place)


def same_element(theirs, ours, place):
    place = f"{place}/{ours.tag} {ours.get('name') or ''}"
    assert theirs.tag == ours.tag, place
    same_object(theirs.attrib, ours.attrib, place)
    assert [child.tag for child in theirs] == [child.tag for child in ours], place
    for pair in zip(theirs, ours):
        same_element(*pair, place)
    if "message" in ours.attrib:
        assert (ours.text or "") == ours.get("message"), place
        assert (theirs.text or "") == theirs.get("message"), place


def main(what, *files):
    if what == "hostile":
        hostile(*files)
    elif what == "html":
        page(*files)
    elif what == "gtest-xml":
        theirs, ours = (tree.parse(file).getroot() for file in files)
        same_element(theirs, ours, "")
    elif what == "gtest-json":
        theirs, ours = (json.load(open(file)) for file in files)
        same_object(theirs, ours, "")


main(*sys.argv[1:])
