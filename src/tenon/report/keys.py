"""Little pictures for keys: a piece of a line with its dash and its mark."""

from __future__ import annotations

from tenon.report.palette import Style

__all__ = ["key_svg"]

_MARKS = {
    "circle": '<circle cx="17" cy="7" r="3.6"/>',
    "square": '<path d="M13.7 3.7h6.6v6.6h-6.6z"/>',
    "triangle": '<path d="M17 2.6l4.2 7.4h-8.4z"/>',
    "inverted_triangle": '<path d="M17 11.4l4.2-7.4h-8.4z"/>',
    "diamond": '<path d="M17 2.2l3.6 4.8-3.6 4.8-3.6-4.8z"/>',
    "plus": '<path d="M17 2.6v8.8M12.6 7h8.8" stroke-dasharray="none"/>',
    "x": '<path d="M13.8 3.8l6.4 6.4M20.2 3.8l-6.4 6.4" stroke-dasharray="none"/>',
    "star": '<path d="M17 2.2l1.4 3.2 3.4.3-2.6 2.3.8 3.4-3-1.8-3 1.8.8-3.4-2.6-2.3 3.4-.3z"/>',
}


def key_svg(style: Style) -> str:
    """Draw the key of a line.

    Parameters
    ----------
    style : Style
        How the line is drawn.

    Returns
    -------
    str
        An SVG element; decoration beside the name of the line.
    """
    dash = " ".join(map(str, style.dash)) or "none"
    return (
        f'<svg class="key-line" aria-hidden="true" viewBox="0 0 34 14" stroke="{style.color}" fill="{style.color}" '
        f'stroke-width="2"><path d="M0 7H34" stroke-dasharray="{dash}"/>{_MARKS[style.marker]}</svg>'
    )
