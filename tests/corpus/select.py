#!/usr/bin/env python3
"""The sections of real runbooks that are labelled by hand: which ones.

    tests/corpus/select.py [--all] [--count N] [FOLDER]

Lists the sections of every Markdown file below FOLDER (TEST_DATA/corpus when
not given) that themselves hold something to do: a fenced block tagged as shell
or console, a block that is a file with its path, or a task list. They are
ordered by the SHA-256 of "path\\nheading line\\nheading text", so the order is
arbitrary but the same everywhere; the first N (200) are the sample. A row is
path, heading line and the first 12 hex digits of the SHA-256 of the heading's
text. --all lists every such section, in that order.

The Markdown is read by cmark's own program, not by ours: the sample must not
depend on what is measured with it.
"""
import sys

# The folder of this file comes first in the path, and our name would hide the
# standard module "select" from subprocess.
sys.path.pop(0)

import argparse
import hashlib
import os
import re
import subprocess
import xml.etree.ElementTree as ET

NAMESPACE = "{http://commonmark.org/xml/1.0}"
ENDINGS = ".md", ".mdx", ".md.erb"
SCRIPTS = {"bash", "sh", "shell", "zsh", "console", "shell-session"}
OUTPUTS = {"", "text", "output", "txt", "plaintext"}
TASK = re.compile(r"(?:[-+*]|\d{1,9}[.)])[ \t]+\[[ xX]\][ \t]")
# "# /etc/x.conf", "// File: /etc/x"; not "#!/bin/sh", not an address
PATH_COMMENT = re.compile(r"\s*(?:#(?!!)|;|//|--|/\*|<!--)\s*(?:\S+:?\s+)?`?/[\w.~@-]+(?:/[\w.~@-]+)+")
# What XML 1.0 does not allow and cmark passes on as it is
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def markdown_files(folder):
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(ENDINGS):
                yield os.path.join(place, name)


def without_front_matter(data):
    """The same number of lines, those of the front matter empty."""
    lines = data.split(b"\n")
    if lines[0].rstrip(b"\r") != b"---":
        return data
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip(b"\r") == b"---":
            return b"\n" * (number + 1) + b"\n".join(lines[number + 1:])
    return data


def start_line(node):
    return int(node.get("sourcepos").split(":")[0])


def heading_text(lines, node):
    """The heading as written, without the marks that make it one."""
    first, last = (int(place.split(":")[0])
                   for place in node.get("sourcepos").split("-"))
    column = int(node.get("sourcepos").split(":")[1].split("-")[0])
    # columns count bytes
    text = lines[first - 1].encode()[column - 1:].decode(errors="replace").strip()
    atx = re.match(r"#{1,6}(?:[ \t]+|$)", text)
    if atx and first == last:
        return re.sub(r"(?:^|[ \t]+)#+$", "", text[atx.end():]).strip()
    # setext: every line but the underline
    return " ".join([text] + [line.strip() for line in lines[first:last - 1]])


def holds_work(lines, node):
    """Whether a node is a script, a file with its path, or a task."""
    kind = node.tag.removeprefix(NAMESPACE)
    if kind == "item":
        line, column = node.get("sourcepos").split("-")[0].split(":")
        text = lines[int(line) - 1].encode()[int(column) - 1:].decode(errors="replace")
        return TASK.match(text) is not None
    if kind != "code_block" or node.get("info") is None:
        return False
    tag = re.match(r"[^\s{,]*", node.get("info")).group().lower()
    if tag in SCRIPTS:
        return True
    return tag not in OUTPUTS and \
        PATH_COMMENT.match((node.text or "").split("\n", 1)[0]) is not None


def sections(path):
    """(heading line, heading text) of the sections that hold work."""
    with open(path, "rb") as file:
        data = without_front_matter(file.read())
    xml = subprocess.run(["cmark", "-t", "xml", "--sourcepos"], input=data,
                         stdout=subprocess.PIPE, check=True).stdout
    lines = data.decode(errors="replace").split("\n")
    found, current = [], None
    for node in ET.fromstring(CONTROL.sub(b" ", xml)).iter():
        if node.tag == NAMESPACE + "heading":
            current = start_line(node), heading_text(lines, node)
        elif current and (not found or found[-1] != current) and \
                holds_work(lines, node):
            found.append(current)
    return found


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("folder", nargs="?", default=os.path.join(
        os.environ.get("TEST_DATA", "../shared/data"), "corpus"))
    options = parser.parse_args()
    rows = []
    for file in markdown_files(options.folder):
        path = os.path.relpath(file, options.folder)
        rows += ((digest(f"{path}\n{line}\n{text}"), path, line, text)
                 for line, text in sections(file))
    if not rows:
        sys.exit(f"select: no section found below {options.folder}")
    rows.sort()
    for _, path, line, text in rows if options.all else rows[:options.count]:
        print(path, line, digest(text)[:12], sep="\t")


if __name__ == "__main__":
    main()
