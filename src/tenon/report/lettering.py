"""How much room words take in a drawing, estimated without the reader's fonts, and how they are set in it."""

from __future__ import annotations

__all__ = ["text_width", "wrap"]

_FULL_WIDTH = "\u2e80"
"""From here on, letters are as wide as high: Chinese and the like."""
_WIDTHS = {"mwMW@%": 0.86, "ijlI|!'.,:;()[] ": 0.3, "frt-": 0.38}
_CAPITAL, _OTHER = 0.64, 0.56
_END = "…"


def text_width(text: str, size: float) -> float:
    """Estimate the width of a line, rather a little too wide than too narrow.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Height of the font.

    Returns
    -------
    float
        In the unit of ``size``.

    Examples
    --------
    >>> text_width("港口", 10.0), text_width("will", 10.0) < text_width("mama", 10.0)
    (20.0, True)
    """
    return size * sum(map(_letter_width, text))


def wrap(text: str, room: float, size: float, lines: int = 2) -> list[str]:
    """Set words in a few lines; what does not fit is cut, and an ellipsis says so.

    Parameters
    ----------
    text : str
        Words; Chinese may be broken anywhere.
    room : float
        Width of a line.
    size : float
        Height of the font, in the unit of ``room``.
    lines : int, at least 1
        At most so many lines.

    Returns
    -------
    list of str
        At least one line.

    Examples
    --------
    >>> wrap("Busan service center", 70.0, 10.0)
    ['Busan service', 'center']
    >>> wrap("Luanchuan molybdenum mine of the north", 100.0, 10.0)
    ['Luanchuan', 'molybdenum mine o…']
    """
    rest = text.strip()
    done: list[str] = []
    while rest and len(done) < lines - 1:
        line = _fitting(rest, room, size)
        done.append(line)
        rest = rest[len(line) :].strip()
    return [*done, _cut(rest, room, size)] if rest or not done else done


def _letter_width(letter: str) -> float:
    if letter > _FULL_WIDTH:
        return 1.0
    known = next((width for letters, width in _WIDTHS.items() if letter in letters), None)
    return known if known is not None else _CAPITAL if letter.isupper() else _OTHER


def _fitting(text: str, room: float, size: float) -> str:
    """Return what fits into a line: up to a space, or between two wide letters; a longer word is broken."""
    most = _count(text, room, size)
    if most == len(text):
        return text
    for end in range(most, 0, -1):
        if text[end] == " " or min(text[end - 1 : end + 1]) > _FULL_WIDTH:
            return text[:end].rstrip()
    return text[:most]


def _cut(text: str, room: float, size: float) -> str:
    if text_width(text, size) <= room:
        return text
    return text[: _count(text, room - text_width(_END, size), size)].rstrip() + _END


def _count(text: str, room: float, size: float) -> int:
    """Count the letters that fit, at least one."""
    width = 0.0
    for number, letter in enumerate(text):
        width += size * _letter_width(letter)
        if width > room:
            return max(number, 1)
    return len(text)
