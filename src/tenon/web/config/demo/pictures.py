"""Pictures that a scanner would have made: drawn here, for no photo of a real plant belongs in a made-up world."""

from __future__ import annotations

import math
import struct
import zlib

__all__ = ["heat_picture"]

_WIDTH, _HEIGHT = 400, 150
# Colors of a scan from cold to hot.
_SCALE = ((18, 22, 66), (34, 84, 140), (36, 140, 120), (214, 190, 74), (222, 110, 40), (178, 28, 36), (250, 236, 220))


def heat_picture(hottest: float, at: float) -> bytes:
    """Draw a scan of a surface with one hot place.

    Parameters
    ----------
    hottest : float
        What was measured there; the hotter beside 450, the larger the place.
    at : float
        Where, as a share of the length.

    Returns
    -------
    bytes
        A PNG picture.

    Examples
    --------
    >>> heat_picture(400.0, 0.5)[1:4]
    b'PNG'
    """
    size = 0.04 + 0.05 * min(hottest / 450, 1.5)
    rows = (b"\0" + b"".join(_color(x / _WIDTH, y / _HEIGHT, at, size) for x in range(_WIDTH)) for y in range(_HEIGHT))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(b"".join(rows), 9))
        + _chunk(b"IEND", b"")
    )


def _color(x: float, y: float, at: float, size: float) -> bytes:
    base = 0.28 + 0.16 * math.sin(9 * x) * math.sin(2.2 * x + 1) + 0.05 * math.sin(40 * y + 25 * x)
    spot = math.exp(-(((x - at) / size) ** 2) - ((y - 0.5) / 0.32) ** 2)
    place = min(max(base + 0.62 * spot, 0.0), 0.999) * (len(_SCALE) - 1)
    low, share = int(place), place - int(place)
    return bytes(round(a + (b - a) * share) for a, b in zip(_SCALE[low], _SCALE[low + 1], strict=True))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
