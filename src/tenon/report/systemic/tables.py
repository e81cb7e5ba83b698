"""The tables of the systemic risk of firms."""

from __future__ import annotations

from tenon.report.language import Language
from tenon.report.systemic.reading import SystemicFindings, groups_of
from tenon.report.systemic.sentences import output_name, stopping, times
from tenon.report.tables import Cell, Column, Table

__all__ = ["curve_table", "firms_table", "groups_table", "rules_table"]

_SHOWN = 20
_MOST_FIRMS = 1000
_LEVELS = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)


def curve_table(found: SystemicFindings, language: Language) -> Table:
    """Count the failures that cost at least so much.

    Parameters
    ----------
    found : SystemicFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        Level of the index, number of failures that reach it, and their share in all failures and in output.
    """
    text, figures = language.text, found.figures
    rows: list[tuple[Cell, ...]] = []
    for level in _LEVELS:
        reached = figures.index >= level
        count = int(reached.sum())
        rows.append((level, count, count / reached.size, float(figures.own[reached].sum())))
    columns = (
        Column(text("systemic.column.level"), show=lambda share: language.percent(share, plain=True)),
        Column(text("systemic.column.reached"), show=language.number),
        Column(text("systemic.column.of_firms"), show=language.percent),
        Column(text("systemic.column.own"), show=language.percent),
    )
    return Table("levels", text("systemic.caption.levels"), columns, tuple(rows))


def firms_table(found: SystemicFindings, language: Language) -> Table:
    """List the riskiest failures.

    Parameters
    ----------
    found : SystemicFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        The first thousand: firm, sector, region, index with its two parts, own share and multiple of it.
    """
    text, figures = language.text, found.figures
    places = [(kind, labels) for kind, labels in (("sector", found.sectors), ("region", found.regions)) if labels]
    columns = (
        Column(text("systemic.column.firm")),
        *(Column(text(f"column.{kind}")) for kind, _ in places),
        *(_share(language, name) for name in ("index", "downstream", "upstream", "own")),
        Column(text("systemic.column.multiple"), show=lambda multiple: times(language, multiple)),
    )
    parts = (figures.index, figures.downstream, figures.upstream, figures.own, figures.multiple)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, *(labels[row] for _, labels in places), *(float(part[row]) for part in parts))
        for row, name in enumerate(found.names[:_MOST_FIRMS])
    )
    few = len(found.names) <= _MOST_FIRMS
    caption = text(
        "systemic.caption.firms" if few else "systemic.caption.firms_first", number=language.number(len(rows))
    )
    return Table("firms", caption, columns, rows, shown=_SHOWN)


def groups_table(found: SystemicFindings, language: Language, kind: str) -> Table:
    """Sum up the failures of each sector or region.

    Parameters
    ----------
    found : SystemicFindings
        What was found, of single firms.
    language : Language
        Language of the reader.
    kind : str
        ``"sector"`` or ``"region"``.

    Returns
    -------
    Table
        Number of firms, highest index and whose it is, sum of indices, share in output.
    """
    text, figures = language.text, found.figures
    labels = found.sectors if kind == "sector" else found.regions
    columns = (
        Column(text(f"column.{kind}")),
        Column(text("systemic.column.firms"), show=language.number),
        _share(language, "highest"),
        Column(text("systemic.column.riskiest")),
        _share(language, "sum"),
        _share(language, "own"),
    )
    rows = tuple(
        (
            group.label,
            group.rows.size,
            float(figures.index[group.rows[0]]),
            found.names[group.rows[0]],
            float(figures.index[group.rows].sum()),
            float(figures.own[group.rows].sum()),
        )
        for group in groups_of(labels)
    )
    return Table(f"{kind}s", text(f"systemic.caption.{kind}s"), columns, rows, shown=_SHOWN)


def rules_table(found: SystemicFindings, language: Language) -> Table:
    """List what the figures rest on.

    Parameters
    ----------
    found : SystemicFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        Size of the economy, needs, replacement, output, stopping rule, rounds.
    """
    text, rules, number = language.text, found.rules, language.number
    facts = {
        "firms": number(found.firms),
        "links": number(found.links),
        "needs": text(f"systemic.needs.{rules.needs}"),
        "replaceable": text("version.yes" if rules.replaceable else "version.no"),
        "output": output_name(found, language),
        "stopping": stopping(found, language),
        "rounds": text("systemic.rounds", low=number(rules.rounds[0]), high=number(rules.rounds[1])),
        "unsettled": number(rules.unsettled),
    }
    rows = tuple((text(f"systemic.rule.{name}"), value) for name, value in facts.items())
    columns = (Column(text("column.item")), Column(text("column.value")))
    return Table("rules", text("systemic.caption.rules"), columns, rows)


def _share(language: Language, name: str) -> Column:
    return Column(language.text(f"systemic.column.{name}"), show=language.percent)
