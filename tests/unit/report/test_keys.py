from __future__ import annotations

from tenon.report.keys import key_svg
from tenon.report.palette import SERIES


def test_every_line_has_a_key_with_its_color_dash_and_mark() -> None:
    keys = [key_svg(style) for style in SERIES]
    assert len(set(keys)) == len(SERIES)
    for style, key in zip(SERIES, keys, strict=True):
        assert f'stroke="{style.color}"' in key
        assert (" ".join(map(str, style.dash)) or "none") in key
