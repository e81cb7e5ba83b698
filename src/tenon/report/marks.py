"""Where the labels of a map go: beside their mark, never over another label, the most important first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Label", "Mark", "place_labels", "text_width"]

_LATIN, _CAPITAL, _WIDE = 0.55, 0.68, 1.03
_LEADING = 1.15
_GAP = 3.0


@dataclass(frozen=True)
class Mark:
    """A mark on the map.

    Parameters
    ----------
    x, y, radius : float, pixels
        Where it stands (``y`` upwards) and how large it is; zero for an outline, whose label stands in its middle.
    texts : tuple of str
        What it may be called, the best first.
    """

    x: float
    y: float
    radius: float
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Label:
    """A label that found its place.

    Parameters
    ----------
    mark : int
        Position of its mark.
    text : str
        What it says.
    x, y : float, pixels
        Its anchor.
    align : str
        ``"left"``, ``"right"`` or ``"center"``: which part of the text lies on the anchor; ``y`` is its middle.
    """

    mark: int
    text: str
    x: float
    y: float
    align: str


_Box = tuple[float, float, float, float]


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is.

    Parameters
    ----------
    text : str
        What is written.
    size : float, pixels
        Height of the font.

    Returns
    -------
    float
        Pixels.
    """
    widths = (_WIDE if ord(letter) > 0x2E80 else _CAPITAL if letter.isupper() else _LATIN for letter in text)  # noqa: PLR2004 - first block of Chinese signs
    return size * sum(widths)


def place_labels(marks: Sequence[Mark], width: float, height: float, *, size: float) -> list[Label]:
    """Find places for labels.

    Parameters
    ----------
    marks : sequence of Mark
        The most important first; it gets its label first.
    width, height : float, pixels
        Size of the map.
    size : float, pixels
        Height of the font.

    Returns
    -------
    list of Label
        Labels that fit without covering another; a mark for which no text fits has none.

    Examples
    --------
    >>> [(label.text, label.align) for label in place_labels([Mark(50, 50, 20, ("JPN",))], 100, 100, size=11)]
    [('JPN', 'center')]
    """
    taken: list[_Box] = []
    labels = []
    for position, mark in enumerate(marks):
        others = [other for number, other in enumerate(marks) if number != position]
        above = [other for other in others if other.radius < mark.radius]
        for label in _candidates(position, mark, size):
            box = _box(label, size)
            inside = box[0] >= 0 and box[1] <= width and box[2] >= 0 and box[3] <= height
            # Small marks lie on top of large ones, so a label inside its own mark minds those above it only.
            within = label.align == "center" and label.y == mark.y
            covered = any(_touches(box, other) for other in (above if within else others))
            if inside and not covered and not any(_meet(box, other) for other in taken):
                taken.append(box)
                labels.append(label)
                break
    return labels


def _candidates(position: int, mark: Mark, size: float) -> list[Label]:
    found = []
    for text in mark.texts:
        if not mark.radius or text_width(text, size) < 1.8 * mark.radius:
            found.append(Label(position, text, mark.x, mark.y, "center"))
        beside = mark.radius + _GAP
        found += [
            Label(position, text, mark.x + beside, mark.y, "left"),
            Label(position, text, mark.x - beside, mark.y, "right"),
            Label(position, text, mark.x, mark.y + beside + size / 2, "center"),
            Label(position, text, mark.x, mark.y - beside - size / 2, "center"),
        ]
    return found


def _box(label: Label, size: float) -> _Box:
    width, half = text_width(label.text, size), size * _LEADING / 2
    left = label.x - {"left": 0.0, "center": width / 2, "right": width}[label.align]
    return left, left + width, label.y - half, label.y + half


def _touches(box: _Box, mark: Mark) -> bool:
    left, right, bottom, top = box
    nearest_x, nearest_y = min(max(mark.x, left), right), min(max(mark.y, bottom), top)
    return (mark.x - nearest_x) ** 2 + (mark.y - nearest_y) ** 2 < mark.radius**2


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
