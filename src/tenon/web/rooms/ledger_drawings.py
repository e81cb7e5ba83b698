"""Pictures of the ledger: where everything stands, as numbers that templates write into SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenon.web.rooms.ledger_rules import HEIGHT, NORTH, SOUTH, WIDTH, Month, land_rows, place_on_map
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import Severity, Urgency

__all__ = ["Chart", "Place", "WorldMap", "chart_of", "map_of", "matrix_of"]

_LEFT, _RIGHT, _PANEL, _GAP = 46, 1074, 120, 34
_TICKS = 4
_RADII = {Severity.MINOR: 6, Severity.MODERATE: 8, Severity.SERIOUS: 10, Severity.CRITICAL: 13}


@dataclass(frozen=True)
class Bar:
    """One month in the chart; lengths in the units of the drawing.

    Parameters
    ----------
    month : Month
        Its figures.
    x, center, width : str
        Left edge of the first bar, middle of the month, and width of a bar.
    second : str
        Left edge of the second bar.
    reported, eliminated : (str, str)
        Upper edge and height of each bar.
    open : str
        Height of the line.
    labeled : bool
        Whether its name is written below.
    """

    month: Month
    x: str
    center: str
    width: str
    second: str
    reported: tuple[str, str]
    eliminated: tuple[str, str]
    open: str
    labeled: bool


@dataclass(frozen=True)
class Chart:
    """What was open, above, and what was reported and eliminated, below.

    Parameters
    ----------
    bars : list of Bar
        The months.
    line, area : str
        Path of what was open, and of the area under it.
    upper, lower : list of (str, int)
        Height and value of the lines of both scales.
    height : int
        Of the whole.
    """

    bars: list[Bar]
    line: str
    area: str
    upper: list[tuple[str, int]]
    lower: list[tuple[str, int]]
    height: int = 2 * _PANEL + 2 * _GAP + 10


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _ticks(most: int) -> list[int]:
    """Choose a few round values from 0 up to one that is at least the largest."""
    step = 1
    for step in (factor * 10**power for power in range(9) for factor in (1, 2, 5)):
        if step * _TICKS >= most:
            break
    return list(range(0, max(step, -(-most // step) * step) + 1, step))


def chart_of(months: Sequence[Month]) -> Chart:
    """Lay out the months of a ledger.

    Parameters
    ----------
    months : sequence of Month
        At least one.

    Returns
    -------
    Chart
        Two panels with scales of their own: what is open can be far more than what comes and goes in a month.
    """
    upper = _ticks(max(month.open for month in months))
    lower = _ticks(max(max(month.reported, month.eliminated) for month in months))
    top, bottom = _GAP / 2, _GAP / 2 + _PANEL + _GAP
    slot = (_RIGHT - _LEFT) / len(months)
    width = min(slot * 0.36, 26)
    bars = []
    for at, month in enumerate(months):
        center = _LEFT + slot * (at + 0.5)
        bars.append(
            Bar(
                month,
                x=_number(center - width),
                center=_number(center),
                width=_number(width),
                second=_number(center),
                reported=_bar(month.reported, lower[-1], bottom),
                eliminated=_bar(month.eliminated, lower[-1], bottom),
                open=_number(_height(month.open, upper[-1], top)),
                labeled=len(months) - 1 - at in range(0, len(months), max(1, -(-len(months) // 12))),
            )
        )
    line = "M" + "L".join(f"{bar.center} {bar.open}" for bar in bars)
    area = f"{line}L{bars[-1].center} {_number(top + _PANEL)}L{bars[0].center} {_number(top + _PANEL)}Z"
    return Chart(bars, line, area, _scale(upper, top), _scale(lower, bottom))


def _scale(ticks: Sequence[int], top: float) -> list[tuple[str, int]]:
    return [(_number(_height(value, ticks[-1], top)), value) for value in ticks]


def _height(value: int, most: int, top: float) -> float:
    return top + _PANEL * (1 - value / most)


def _bar(value: int, most: int, top: float) -> tuple[str, str]:
    upper = _height(value, most, top)
    return _number(upper), _number(top + _PANEL - upper)


def matrix_of(counts: Mapping[tuple[int, int], int]) -> list[tuple[Severity, list[tuple[Urgency, int, int]]]]:
    """Lay out what is open by severity and urgency.

    Parameters
    ----------
    counts : mapping from (int, int) to int
        By severity and urgency.

    Returns
    -------
    list of (Severity, list of (Urgency, int, int))
        The most severe first; of each urgency, the most urgent first, the count and a shade from 0 to 4 by the product
        of both.
    """
    return [
        (
            severity,
            [
                (urgency, counts[severity, urgency], -(-severity * urgency // 4) if counts[severity, urgency] else 0)
                for urgency in reversed(Urgency)
            ],
        )
        for severity in reversed(Severity)
    ]


@dataclass(frozen=True)
class Place:
    """Findings at one place of the map.

    Parameters
    ----------
    number : int
        From 1, the most severe first.
    x, y, radius : str
        Of its circle.
    severity : Severity
        Of the worst of them.
    findings : list of Finding
        All of them.
    """

    number: int
    x: str
    y: str
    radius: str
    severity: Severity
    findings: list[Finding]


@dataclass(frozen=True)
class WorldMap:
    """A map of what is open.

    Parameters
    ----------
    places : list of Place
        Those drawn last are the most severe; lists turn it round.
    land : list of (str, str, str)
        Height, west and east end of each stretch of land.
    meridians, parallels : list of (str, str)
        Place and name of the lines of the graticule.
    width, height : int
        Of the drawing.
    """

    places: list[Place]
    land: list[tuple[str, str, str]]
    meridians: list[tuple[str, str]]
    parallels: list[tuple[str, str]]
    width: int = WIDTH
    height: int = HEIGHT


def map_of(findings: Sequence[Finding]) -> WorldMap:
    """Lay out open findings on a map with the Pacific in its middle.

    Parameters
    ----------
    findings : sequence of Finding
        With their places, the most severe first.

    Returns
    -------
    WorldMap
        Findings less than a tenth of a degree apart share a circle.
    """
    gathered: dict[tuple[float, float], list[Finding]] = {}
    for item in findings:
        latitude, longitude = item.latitude, item.longitude
        if latitude is not None and longitude is not None:
            gathered.setdefault((round(latitude, 1), round((longitude + 180) % 360 - 180, 1)), []).append(item)
    places = []
    for number, ((latitude, longitude), there) in enumerate(gathered.items(), start=1):
        x, y = place_on_map(latitude, longitude)
        severity = Severity(max(item.severity for item in there))
        radius = _RADII[severity] + (4 if len(there) > 1 else 0)
        places.append(Place(number, _number(x), _number(y), str(radius), severity, there))
    return WorldMap(
        places=places,
        land=[(_number(y), _number(west), _number(east)) for y, west, east in land_rows()],
        meridians=[(_number(place_on_map(0, degrees)[0]), _meridian(degrees)) for degrees in range(-180, 180, 30)],
        parallels=[
            (_number(place_on_map(degrees, 0)[1]), _parallel(degrees))
            for degrees in range(-30, 90, 30)
            if SOUTH < degrees < NORTH
        ],
    )


def _meridian(degrees: int) -> str:
    return f"{abs(degrees)}°" + ("" if degrees % 180 == 0 else "E" if degrees > 0 else "W")


def _parallel(degrees: int) -> str:
    return f"{abs(degrees)}°" + ("" if degrees == 0 else "N" if degrees > 0 else "S")
