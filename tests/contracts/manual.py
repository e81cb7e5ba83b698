"""What the tests of the manual read in its pages: fenced blocks, and the files and commands that they speak of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.contracts.repository import ROOT

FENCE = re.compile(r"^```(?P<language>[\w-]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
FILE_NAME = re.compile(r"`([\w./-]+\.(?:toml|csv))`")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; ``file`` is the last file named in code type in the paragraph before it."""

    language: str
    text: str
    line: int
    file: str | None


def pages() -> list[Path]:
    """List the pages of the manual and the two README files."""
    return [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(text: str) -> list[Block]:
    """List the fenced blocks of a page."""
    found = []
    for match in FENCE.finditer(text):
        before = text[: match.start()].rstrip().rpartition("\n\n")[2]
        names = FILE_NAME.findall(before)
        line = text.count("\n", 0, match.start()) + 2
        found.append(Block(match["language"], match["text"], line, names[-1] if names else None))
    return found


def commands(block: Block) -> list[list[str]]:
    """Return the words of every ``tenon`` command that a block shows after a prompt."""
    lines = [line.removeprefix("$ ") for line in block.text.replace("\\\n", " ").splitlines() if line.startswith("$ ")]
    words = [line.split("#")[0].split() for line in lines]
    return [line[1:] for line in words if line and line[0] == "tenon"]


def local_links(text: str) -> list[str]:
    """Return the targets of links and pictures that are files of the repository, without anchors."""
    prose = FENCE.sub("", text)
    targets = [target.partition("#")[0] for target in LINK.findall(prose)]
    return [target for target in targets if target and "://" not in target and not target.startswith("mailto:")]
