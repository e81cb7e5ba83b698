"""The errors of tenon: one small tree, drawn here once.

::

    TenonError                     everything that tenon refuses
    ├── LabelError                 a label is unknown, missing or stands twice
    ├── TableError                 an input-output table contradicts itself
    ├── NetworkError               a supply network contradicts itself
    ├── ChainError                 a company's chain contradicts itself
    ├── ShockError                 a shock cannot happen as described
    ├── ScenarioError              a scenario file or scenario is not valid
    ├── ParameterError             a parameter of a model is out of its range
    ├── SourceError                a file is missing, truncated or of another layout
    ├── StorageError               something could not be written
    ├── EnsembleError              a draw of an ensemble could not be finished
    ├── ConvergenceError           an iteration did not settle
    └── PlatformError              a platform refused a request, or could not be reached

    TenonWarning                   a run goes on, but the reader should know

Every message says what was required, what came, where, and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "ChainError",
    "ConvergenceError",
    "EnsembleError",
    "LabelError",
    "NetworkError",
    "ParameterError",
    "PlatformError",
    "ScenarioError",
    "ShockError",
    "SourceError",
    "StorageError",
    "TableError",
    "TenonError",
    "TenonWarning",
    "nearest",
]

_LABELS_SHOWN = 8
_MEANT = 3
_WORTH_FINDING = 4
"""Letters of a word that is looked for inside of labels."""


class TenonError(Exception):
    """Base of everything that tenon refuses; the command line turns it into one sentence and exit status 2."""


class LabelError(TenonError):
    """A label is unknown, missing or stands twice."""


class TableError(TenonError):
    """An input-output table contradicts itself."""


class NetworkError(TenonError):
    """A supply network contradicts itself."""


class ChainError(TenonError):
    """A company's chain contradicts itself."""


class ShockError(TenonError):
    """A shock cannot happen as described."""


class ScenarioError(TenonError):
    """A scenario or its file is not valid."""


class ParameterError(TenonError):
    """A parameter of a model is out of its range."""


class SourceError(TenonError):
    """A file is missing, truncated or of another layout than was expected."""


class StorageError(TenonError):
    """Something could not be written; what was finished before is kept."""


class EnsembleError(TenonError):
    """A draw of an ensemble failed, or ended the process in which it ran; draws finished before are kept."""


class ConvergenceError(TenonError):
    """An iteration did not settle within its limit."""


class PlatformError(TenonError):
    """A platform refused a request, or could not be reached.

    Parameters
    ----------
    sentence : str
        Why, in the words of the platform.
    status : int
        Its answer in the words of HTTP; 0 where none came.
    """

    def __init__(self, sentence: str, status: int = 0) -> None:
        super().__init__(sentence)
        self.status = status


class TenonWarning(UserWarning):
    """A run goes on, but its reader should know something about it."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Say which known label a mistyped one most resembles.

    Parameters
    ----------
    word : str
        What the user wrote.
    known : iterable of str
        What would have been accepted.

    Returns
    -------
    str
        A clause for the end of an error message: the nearest label, or a few that hold the word, or the first few that
        are known.

    Examples
    --------
    >>> nearest("CNH", ["CHN", "DEU", "USA"])
    "did you mean 'CHN'?"
    >>> nearest("Ghent", ["Ghent melt shop", "Ghent plate mill", "Kobe works"])
    "did you mean 'Ghent melt shop' or 'Ghent plate mill'?"
    >>> nearest("zzz", ["CHN", "DEU"])
    'known are: CHN, DEU.'
    """
    labels = [str(label) for label in known]
    if not labels:
        return "none are known."
    folded = {label.casefold(): label for label in labels}
    holding = [label for key, label in folded.items() if word.casefold() in key]
    if len(word) >= _WORTH_FINDING and len(holding) > 1 and word.casefold() not in folded:
        *others, last = map(repr, sorted(holding, key=len)[:_MEANT])
        return f"did you mean {', '.join(others)} or {last}?"
    close = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.5)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    shown = ", ".join(labels[:_LABELS_SHOWN])
    return f"known are: {shown}{', ...' if len(labels) > _LABELS_SHOWN else '.'}"
