"""Reading R's ``.RData`` files, in pure Python through the package ``rdata``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tenon.data.sources import file_or_refuse
from tenon.schema.errors import SourceError

__all__ = ["read_rdata"]


def read_rdata(path: str | Path, what: str) -> dict[str, Any]:
    """Read the only object of an ``.RData`` file as a mapping.

    Parameters
    ----------
    path : str or Path
        The file.
    what : str
        What it should hold, for messages.

    Returns
    -------
    dict
        The elements of the list, or the columns of the data frame under their names.

    Raises
    ------
    SourceError
        If the file is missing, cut short, or holds anything but one list or data frame.
    """
    import rdata

    file = file_or_refuse(path, what)
    constructors = dict(rdata.conversion.DEFAULT_CLASS_MAP)
    constructors["data.table"] = constructors["data.frame"]
    constructors["iot"] = lambda content, _attributes: content  # a plain list with a name of its own
    try:
        content = rdata.conversion.convert(rdata.parser.parse_file(file), constructor_dict=constructors)
    except Exception as error:  # the parser of a damaged file fails in many ways, all of them the same news
        message = f"{file} cannot be read as an R data file ({type(error).__name__}: {error}); {what} was expected. "
        message += "It may be cut short; download it again."
        raise SourceError(message) from error
    if not isinstance(content, dict) or len(content) != 1:
        message = f"{file} must hold exactly one object, {what}."
        raise SourceError(message)
    (value,) = content.values()
    if hasattr(value, "to_dict"):
        return {"frame": value}
    if not isinstance(value, dict):
        message = f"{file} holds a {type(value).__name__}; {what} was expected."
        raise SourceError(message)
    return value
