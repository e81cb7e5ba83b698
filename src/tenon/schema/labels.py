"""Labels: how lists of names are taken in, here once for all value types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tenon.schema.errors import LabelError

__all__ = ["check_labels", "label_tuple"]


def label_tuple(labels: Iterable[str], what: str) -> tuple[str, ...]:
    """Return labels as a tuple, refusing a single word, which Python would cut into letters.

    Parameters
    ----------
    labels : iterable of str
        Names in order; may be empty.
    what : str
        What they name, for the message.

    Returns
    -------
    tuple of str
        The same labels.

    Raises
    ------
    LabelError
        If a single word was given instead of a list.

    Examples
    --------
    >>> label_tuple(["JPN"], "regions")
    ('JPN',)
    """
    if isinstance(labels, str):
        message = f"{what} must be a list of labels, but is the single word {labels!r}; write [{labels!r}]."
        raise LabelError(message)
    return tuple(str(label) for label in labels)


def check_labels(labels: Sequence[str], what: str) -> tuple[str, ...]:
    """Return the labels as a tuple, refusing empty lists, blanks and repetitions.

    Parameters
    ----------
    labels : sequence of str
        Names in order.
    what : str
        What they name, in the plural, for the message.

    Returns
    -------
    tuple of str
        The same labels.

    Raises
    ------
    LabelError
        If there is none, one is blank, one stands twice, or a single word was given instead of a list.

    Examples
    --------
    >>> check_labels(["CHN", "DEU"], "regions")
    ('CHN', 'DEU')
    """
    result = label_tuple(labels, what)
    if not result:
        message = f"{what}: at least one is required, none came. Name them in order."
        raise LabelError(message)
    seen: dict[str, int] = {}
    for position, label in enumerate(result):
        if not label.strip():
            message = f"{what}: the label at position {position} is blank; give every one a name."
            raise LabelError(message)
        if label in seen:
            message = (
                f"{what}: {label!r} stands twice, at positions {seen[label]} and {position}; "
                "labels must be unique. Rename or merge one of them."
            )
            raise LabelError(message)
        seen[label] = position
    return result
