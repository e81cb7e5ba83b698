"""Look at what is committed: whose it is, how large, and whether exceptions carry their reasons."""

from __future__ import annotations

import re
from pathlib import Path

LARGEST_BYTES = 3 * 2**20
# Taken from other projects as a rule; a page's own style sheet or script is small, readable and ours.
FOREIGN_SUFFIXES = (".eot", ".min.css", ".min.js", ".otf", ".ttf", ".woff", ".woff2", ".whl", ".so", ".dll")
FOREIGN_FOLDERS = frozenset({"node_modules", "third_party", "vendor", "vendored"})
OWNER = "the tenon developers"

# The empty groups in these patterns keep this file from matching itself.
_COPYRIGHT = re.compile(r"(?:copyright\s+(?:\(c\)|©|\d{4})|©\s*\d{4}|@(?:)license)[^\n]*", re.IGNORECASE)
# Folders of one workplace mean nothing to anyone else.
_WORKPLACE = re.compile(
    r"(?<![\w.~-])/(?:wo(?:)rk|ro(?:)ot)/|\bshared/(?:no(?:)tes|ref(?:)erence|ho(?:)oks|[A-Z]+\.md)|/opt/py(?:)pi"
)
_EXCEPTION = re.compile(
    r"#\s*(?:noqa|type:\s*ignore)(?P<codes>:\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*|\[[\w, -]+\])?(?P<rest>[^\n]*)"
)
_REASON = re.compile(r"\w{3,}.*\w{2,}")


def foreign(path: Path, content: bytes) -> list[str]:
    """Return why a file does not seem to be written by the developers of this project."""
    found = []
    if path.name.endswith(FOREIGN_SUFFIXES) or FOREIGN_FOLDERS.intersection(path.parts):
        found.append(f"{path}: third-party files are installed, not committed")
    if len(content) > LARGEST_BYTES:
        found.append(f"{path}: {len(content)} bytes; a committed file has at most {LARGEST_BYTES}")
    if path.name != "LICENSE" and b"\0" not in content:
        notices = _COPYRIGHT.findall(content.decode("utf-8", errors="replace"))
        found += [f"{path}: copyright of others: {notice}" for notice in notices if OWNER not in notice.lower()]
    return found


def workplace_paths(path: Path, content: str) -> list[str]:
    """Return one sentence for each line that names a folder of one workplace."""
    lines = enumerate(content.splitlines(), start=1)
    return [
        f"{path}:{number}: names a folder of one workplace: {line.strip()}"
        for number, line in lines
        if _WORKPLACE.search(line)
    ]


def bare_exceptions(path: Path, source: str) -> list[str]:
    """Return one sentence for each exception to a rule that names no rule or no reason."""
    found = []
    for number, line in enumerate(source.splitlines(), start=1):
        match = _EXCEPTION.search(line)
        if match and (match["codes"] is None or not _REASON.search(match["rest"])):
            found.append(f"{path}:{number}: an exception names its rule and, on the same line, its reason: {match[0]}")
    return found
