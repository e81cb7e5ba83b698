"""Reading the record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Sum

from tenon.web.audit.models import Chain, DailyRoot, Entry
from tenon.web.audit.receipts import day_root
from tenon.web.audit.rules import BEGINNING, Actor, Fault, Statement, first_fault

__all__ = [
    "chain_ends",
    "chain_names",
    "entries_of",
    "entries_written",
    "find_fault",
    "lengths_at",
    "receipt_fault",
    "root_for",
    "root_of",
    "statement_of",
]


def statement_of(entry: Entry) -> Statement:
    """Return what a stored entry says, as its digest was made from.

    Parameters
    ----------
    entry : Entry
        The row.

    Returns
    -------
    Statement
        What it says.
    """
    actor = Actor(entry.user_id, entry.organization_id, entry.on_behalf_of, entry.request_id, entry.address)
    return Statement(
        chain=entry.chain,
        number=entry.number,
        time=entry.time,
        actor=actor,
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        details=json.loads(entry.details),
        previous=entry.previous,
    )


def chain_names() -> list[str]:
    """List the chains.

    Returns
    -------
    list of str
        Names of chains with an end or with entries, sorted.
    """
    ends = Chain.objects.values_list("name", flat=True)
    return sorted({*ends, *Entry.objects.values_list("chain", flat=True).distinct()})


def chain_ends() -> list[dict[str, Any]]:
    """List how far each chain goes.

    Returns
    -------
    list of dict
        ``name``, ``length`` and ``digest`` of each, sorted by name.
    """
    ends = Chain.objects.values_list("name", "length", "digest")
    return [{"name": name, "length": length, "digest": digest} for name, length, digest in sorted(ends)]


def entries_written() -> int:
    """Count what was ever recorded, by the ends of the chains; it grows with every change of anything.

    Returns
    -------
    int
        Number of entries.
    """
    return Chain.objects.aggregate(written=Sum("length"))["written"] or 0


def entries_of(chain: str, *, upto: int) -> Iterator[Entry]:
    """Read a chain from its beginning, a few thousand rows at a time.

    Parameters
    ----------
    chain : str
        Its name.
    upto : int
        The number of the last entry wanted.

    Yields
    ------
    Entry
        In order of their numbers.
    """
    yield from Entry.objects.filter(chain=chain, number__lte=upto).order_by("number").iterator(chunk_size=2000)


def find_fault(chain: str) -> Fault | None:
    """Find the first entry of a chain that was changed, taken out or put in, or a cut-off end.

    Parameters
    ----------
    chain : str
        Its name.

    Returns
    -------
    Fault or None
        None if the chain is whole.
    """
    # The end is read first: whoever writes meanwhile only adds entries behind it.
    length, digest = _end(chain)
    last = (0, BEGINNING)

    def pairs() -> Iterator[tuple[Statement, str]]:
        nonlocal last
        for entry in entries_of(chain, upto=length):
            yield statement_of(entry), entry.digest
            last = (entry.number, entry.digest)

    fault = first_fault(pairs())
    if fault is None and last != (length, digest):
        fault = Fault(chain, last[0] + 1, f"the chain has {last[0]} entries that fit; its end says {length}")
    if fault is None and Entry.objects.filter(chain=chain, number__gt=length).exists() and _end(chain)[0] == length:
        fault = Fault(chain, length + 1, f"it stands behind the end of the chain, which says {length} entries")
    return fault


def _end(chain: str) -> tuple[int, str]:
    return Chain.objects.filter(name=chain).values_list("length", "digest").first() or (0, BEGINNING)


def lengths_at(moment: datetime) -> dict[str, int]:
    """Find how long each chain was at a moment.

    Parameters
    ----------
    moment : datetime
        The moment.

    Returns
    -------
    dict from str to int
        By the names of chains that had entries.
    """
    ends = Entry.objects.filter(time__lt=moment).order_by().values_list("chain").annotate(Max("number"))
    return dict(ends)


def root_for(lengths: Mapping[str, int]) -> str:
    """Work out the one digest for all chains up to given lengths.

    Parameters
    ----------
    lengths : mapping from str to int
        Names and lengths.

    Returns
    -------
    str
        As `tenon.web.audit.receipts.day_root` does, from the entries as they are now; one that is gone counts as empty.
    """
    ends = []
    for chain, number in lengths.items():
        digest = Entry.objects.filter(chain=chain, number=number).values_list("digest", flat=True).first()
        ends.append((chain, number, digest or ""))
    return day_root(ends)


def root_of(day: date) -> DailyRoot | None:
    """Find the root of a day.

    Parameters
    ----------
    day : date
        In UTC.

    Returns
    -------
    DailyRoot or None
        None where none was made.
    """
    return DailyRoot.objects.filter(day=day).first()


def receipt_fault(receipt: Mapping[str, Any]) -> str:
    """Say why the record is not what a partner signed for.

    Parameters
    ----------
    receipt : mapping
        As `tenon.web.audit.receipts.check_receipt` found it good.

    Returns
    -------
    str
        Empty where it is: then every entry up to the end of that day is what it was.
    """
    stored = root_of(date.fromisoformat(receipt["day"]))
    if stored is None:
        return f"the platform has no root of {receipt['day']}, though {receipt['partner']} signed for one"
    if root_for(stored.lengths) != receipt["root"]:
        return f"the root of {receipt['day']} is not what {receipt['partner']} signed for: entries were changed since"
    return ""
