"""From names to positions: who makes what, what it needs, and who supplies it, with every contradiction on the way.

A row that cannot be used is noted and left out, so that the rest can still be looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tenon.data.chain_cells import BAD
from tenon.data.chain_problems import Findings
from tenon.data.chain_sheet_reading import Filled
from tenon.schema.errors import nearest

__all__ = ["Input", "StageRow", "SupplyRow", "Wiring", "wire"]

# Looking for the nearest of many names takes time; after so many unknown names the advice is left out.
_ADVICE = 200

BillKey = tuple[object, str, str]


@dataclass(frozen=True)
class StageRow:
    """A stage and where it comes from.

    Parameters
    ----------
    site, part : str
        What is made where.
    row : int
        Position among the rows of ``production``.
    activity : str
        ``makes``, ``buys in`` or ``passes on``; empty where the cell cannot be read.
    """

    site: str
    part: str
    row: int
    activity: str

    def __str__(self) -> str:
        return f"{self.part} @ {self.site}"


@dataclass(frozen=True)
class Input:
    """What a stage needs.

    Parameters
    ----------
    stage : int
        Position of the stage.
    part : str
        What it needs.
    units : float, units of input per unit of output
        How much.
    stock : float, units of input
        Stock held at the stage.
    row : int or None
        Position among the rows of the bill of materials; None where a stage passes its part on.
    """

    stage: int
    part: str
    units: float
    stock: float
    row: int | None


@dataclass(frozen=True)
class SupplyRow:
    """A supply by position.

    Parameters
    ----------
    supplier, buyer : int
        Positions of two stages.
    input : int
        Position of the input that it feeds.
    row : int
        Position among the rows of ``suppliers``.
    """

    supplier: int
    buyer: int
    input: int
    row: int


@dataclass
class Wiring:
    """What the rows of a workbook say, by position.

    Parameters
    ----------
    sites, parts, lanes : dict of str to int
        Position by label.
    stages : list of StageRow
        Stages in order.
    stage_of : dict of (str, str) to int
        Position of a stage by site and part.
    inputs : list of Input
        What stages need, in the order of stages.
    input_of : dict of (int, str) to int
        Position of an input by stage and part.
    supplies : list of SupplyRow
        Supplies in order.
    demands : list of (int, int)
        Stage, and row of the sheet ``demand``.
    groups : dict of str to list of int
        Rows of the sheet ``groups`` by group.
    """

    sites: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    lanes: dict[str, int] = field(default_factory=dict)
    stages: list[StageRow] = field(default_factory=list)
    stage_of: dict[tuple[str, str], int] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)
    input_of: dict[tuple[int, str], int] = field(default_factory=dict)
    supplies: list[SupplyRow] = field(default_factory=list)
    demands: list[tuple[int, int]] = field(default_factory=list)
    groups: dict[str, list[int]] = field(default_factory=dict)


def wire(filled: Mapping[str, Filled], findings: Findings) -> Wiring:
    """Find what every row means by what the other rows say.

    Parameters
    ----------
    filled : mapping of str to Filled
        Every sheet.
    findings : Findings
        Where problems are noted.

    Returns
    -------
    Wiring
        Positions of sites, parts, lanes, stages, inputs, supplies and demands.
    """
    return _Wirer(filled, findings).run()


class _Wirer:
    """Goes through the sheets in the order in which they need each other."""

    def __init__(self, filled: Mapping[str, Filled], findings: Findings) -> None:
        self._filled = filled
        self._findings = findings
        self._made = Wiring()
        self._advice: dict[tuple[str, str], str] = {}

    def run(self) -> Wiring:
        made = self._made
        made.sites = self._labels("sites", "site")
        made.parts = self._labels("parts", "part")
        made.lanes = self._labels("lanes", "lane")
        self._labels("passages", "passage")
        self._stages()
        self._inputs()
        self._supplies()
        self._demands()
        self._groups()
        return made

    def _note(self, sheet: str, row: int | None, column: str, what: str, mend: str, *, warning: bool = False) -> None:
        self._findings.add(self._filled[sheet].problem(row, column, what, mend, warning=warning))

    def _first(self, sheet: str, row: int) -> str:
        return f"stands twice, first in row {self._filled[sheet].rows[row]}."

    def _labels(self, sheet: str, column: str) -> dict[str, int]:
        """Number the names of a sheet; a name that stands twice keeps its first row."""
        filled = self._filled[sheet]
        first: dict[str, int] = {}
        for row, label in enumerate(filled.texts(column)):
            if label is None:
                continue
            if label in first:
                what = f"{label!r} {self._first(sheet, first[label])}"
                self._note(sheet, row, column, what, "Delete one of the rows, or give each its own name.")
            else:
                first[label] = row
        return {label: position for position, label in enumerate(first)}

    def _known(self, sheet: str, column: str, home: str, known: Mapping[str, int]) -> list[str | None]:
        """Return a column of names without those that the sheet ``home`` lacks."""
        found: list[str | None] = []
        labels = self._filled[sheet].texts(column)
        if not known and any(labels):
            what = f"names {home}, but the sheet {self._filled[home].title!r} has none."
            self._note(sheet, None, column, what, "Add them there.")
            return [None] * len(labels)
        for row, label in enumerate(labels):
            if label is not None and label not in known:
                what = f"{label!r} is not on the sheet {self._filled[home].title!r}."
                self._note(sheet, row, column, what, self._nearest(home, label, known))
                found.append(None)
            else:
                found.append(label)
        return found

    def _nearest(self, home: str, label: str, known: Iterable[str]) -> str:
        if (home, label) not in self._advice:
            advice = nearest(label, known) if len(self._advice) < _ADVICE else "add it there."
            self._advice[home, label] = advice[:1].upper() + advice[1:]
        return self._advice[home, label]

    def _stages(self) -> None:
        made, filled = self._made, self._filled["production"]
        sites = self._known("production", "site", "sites", made.sites)
        parts = self._known("production", "part", "parts", made.parts)
        activities = filled.texts("activity")
        called: dict[str, int] = {}
        for row, (site, part) in enumerate(zip(sites, parts, strict=True)):
            if site is None or part is None:
                continue
            if (site, part) in made.stage_of:
                first = self._first("production", made.stages[made.stage_of[site, part]].row)
                what = f"{part!r} at {site!r} {first}"
                self._note("production", row, "", what, "Merge the two rows.")
                continue
            stage = StageRow(site, part, row, activities[row] or "")
            if called.setdefault(str(stage), row) != row:
                what = f"would be called {str(stage)!r}, as is row {filled.rows[called[str(stage)]]}."
                self._note("production", row, "", what, "Rename the part or the site of one of the two rows.")
            made.stage_of[site, part] = len(made.stages)
            made.stages.append(stage)

    def _inputs(self) -> None:
        """Give each stage its rows of the bill of materials, in the order of stages."""
        made, filled = self._made, self._filled["bill of materials"]
        own, common = self._bill()
        for position, stage in enumerate(made.stages):
            rows = own.get((stage.site, stage.part), [])
            if stage.activity == "makes":
                rows = rows or common.get(stage.part, [])
                if not rows:
                    what = f"{str(stage)!r} is made of nothing: the bill of materials does not name it."
                    mend = "If it is bought or mined, write 'buys in'."
                    self._note("production", stage.row, "activity", what, mend, warning=True)
            elif stage.activity == "buys in" and rows:
                what = f"says what {str(stage)!r} is made of, but on the sheet 'production' it is bought in."
                self._note("bill of materials", rows[0], "", what, "Write 'makes' there, or delete the row.")
                rows = []
            elif stage.activity == "passes on" and not rows:
                self._add_input(Input(position, stage.part, 1.0, 0.0, None))
            for row in rows:
                part, units, stock = (filled.values[name][row] for name in ("input", "units", "stock"))
                if isinstance(part, str) and part in made.parts and self._fits(stage, row, part):
                    figures = [float(figure) if isinstance(figure, float) else 1.0 for figure in (units, stock)]
                    self._add_input(Input(position, part, figures[0], figures[1], row))

    def _fits(self, stage: StageRow, row: int, part: str) -> bool:
        if stage.activity == "passes on" and part != stage.part:
            what = f"{str(stage)!r} only passes its part on, but the row lets it need {part!r}."
            self._note("bill of materials", row, "input", what, "Write 'makes' on the sheet 'production'.")
            return False
        return True

    def _add_input(self, item: Input) -> None:
        self._made.input_of[item.stage, item.part] = len(self._made.inputs)
        self._made.inputs.append(item)

    def _bill(self) -> tuple[dict[tuple[str, str], list[int]], dict[str, list[int]]]:
        """Return rows of the bill of materials by site and part, and by part where no site is named."""
        made = self._made
        sites = self._known("bill of materials", "site", "sites", made.sites)
        parts = self._known("bill of materials", "part", "parts", made.parts)
        inputs = self._known("bill of materials", "input", "parts", made.parts)
        named = self._filled["bill of materials"].values["site"]
        own: dict[tuple[str, str], list[int]] = defaultdict(list)
        common: dict[str, list[int]] = defaultdict(list)
        first: dict[BillKey, int] = {}
        makers = {stage.part for stage in made.stages if stage.activity == "makes"}
        for row, (site, part, needed) in enumerate(zip(sites, parts, inputs, strict=True)):
            if part is None or needed is None or (site is None and named[row] is not None):
                continue
            if self._twice(first, (site, part, needed), row, f"{needed!r} for {part!r}"):
                continue
            if site is not None and (site, part) not in made.stage_of:
                self._note_no_stage("bill of materials", row, "part", site, part)
            elif site is not None:
                own[site, part].append(row)
            else:
                if part not in makers:
                    what = f"says what {part!r} is made of, but no site makes it."
                    mend = "Add a row with 'makes' to the sheet 'production'."
                    self._note("bill of materials", row, "part", what, mend, warning=True)
                common[part].append(row)
        return own, common

    def _twice(self, first: dict[BillKey, int], key: BillKey, row: int, what: str) -> bool:
        if key in first:
            what = f"{what} {self._first('bill of materials', first[key])}"
            self._note("bill of materials", row, "", what, "Merge the two rows.")
            return True
        first[key] = row
        return False

    def _note_no_stage(self, sheet: str, row: int, column: str, site: str, part: str) -> None:
        here = [stage.part for stage in self._made.stages if stage.site == site]
        what = f"the sheet {self._filled['production'].title!r} has no row for {part!r} at {site!r}."
        mend = f"Add it, or name a part of this site: {', '.join(here[:6])}." if here else "Add it."
        self._note(sheet, row, column, what, mend)

    def _supplies(self) -> None:
        made = self._made
        self._known("suppliers", "lane", "lanes", made.lanes)
        sellers = self._known("suppliers", "supplier", "sites", made.sites)
        buyers = self._known("suppliers", "buyer", "sites", made.sites)
        parts = self._known("suppliers", "part", "parts", made.parts)
        uses = self._known("suppliers", "for part", "parts", made.parts)
        named = self._filled["suppliers"].values["for part"]
        at_site: dict[tuple[str, str], list[int]] = defaultdict(list)
        for item in made.inputs:
            at_site[made.stages[item.stage].site, item.part].append(item.stage)
        first: dict[tuple[int, int], int] = {}
        for row, (seller, part, buyer, use) in enumerate(zip(sellers, parts, buyers, uses, strict=True)):
            if seller is None or part is None or buyer is None or (use is None and named[row] is not None):
                continue
            supplier = made.stage_of.get((seller, part))
            if supplier is None:
                self._note_no_stage("suppliers", row, "part", seller, part)
                continue
            stage = self._buying_stage(row, part, buyer, use, [s for s in at_site[buyer, part] if s != supplier])
            if stage is None:
                continue
            if (supplier, stage) in first:
                what = f"{part!r} from {seller!r} to {buyer!r} {self._first('suppliers', first[supplier, stage])}"
                self._note("suppliers", row, "", what, "Merge the two rows.")
                continue
            first[supplier, stage] = row
            made.supplies.append(SupplyRow(supplier, stage, made.input_of[stage, part], row))

    def _buying_stage(self, row: int, part: str, buyer: str, use: str | None, needing: Sequence[int]) -> int | None:
        """Find what the buyer needs the part for; a doubt is never settled silently."""
        made = self._made
        makes = [made.stages[stage].part for stage in needing]
        if use is not None and use in makes:
            return needing[makes.index(use)]
        if use is None and len(needing) == 1:
            return needing[0]
        if len(needing) > 1 and use is None:
            what = f"{buyer!r} needs {part!r} for {len(makes)} parts: {', '.join(makes[:6])}."
            self._note("suppliers", row, "for part", what, "Name one of them, and write a row for each.")
        elif needing:
            what = f"{buyer!r} needs {part!r} for {', '.join(makes[:6])}, not for {use!r}."
            self._note("suppliers", row, "for part", what, "Mend it, or add the input to the bill of materials.")
        else:
            what = f"{buyer!r} does not need {part!r}."
            mend = (
                "Add it to the bill of materials of what the site makes, write 'passes on' on the sheet 'production', "
                "or delete the row."
            )
            self._note("suppliers", row, "buyer", what, mend)
        return None

    def _demands(self) -> None:
        made, filled = self._made, self._filled["demand"]
        sites = self._known("demand", "site", "sites", made.sites)
        parts = self._known("demand", "part", "parts", made.parts)
        first: dict[tuple[int, object], int] = {}
        for row, (site, part) in enumerate(zip(sites, parts, strict=True)):
            if site is None or part is None:
                continue
            stage = made.stage_of.get((site, part))
            if stage is None:
                self._note_no_stage("demand", row, "part", site, part)
                continue
            customer = filled.values["customer"][row]
            if (stage, customer) in first:
                again = self._first("demand", first[stage, customer])
                what = f"customer {customer!r} of {part!r} at {site!r} {again}"
                self._note("demand", row, "", what, "Merge the two rows, or name the customers.")
                continue
            first[stage, customer] = row
            made.demands.append((stage, row))

    def _groups(self) -> None:
        made, filled = self._made, self._filled["groups"]
        sites = self._known("groups", "site", "sites", made.sites)
        members: set[tuple[str, str]] = set()
        for row, (label, site) in enumerate(zip(filled.texts("group"), sites, strict=True)):
            if label is None or site is None:
                continue
            if (label, site) in members:
                what = f"{site!r} stands twice in the group {label!r}."
                self._note("groups", row, "site", what, "Delete one of the rows.")
                continue
            members.add((label, site))
            rows = made.groups.setdefault(label, [])
            rows.append(row)
            for column in ("kind", "events a year"):
                here, there = filled.values[column][row], filled.values[column][rows[0]]
                # What cannot be read is noted with its cell.
                if BAD not in (here, there) and here != there:
                    what = f"is {here!r}, but {there!r} in row {filled.rows[rows[0]]} of the same group {label!r}."
                    self._note("groups", row, column, what, "Write the same in all rows of a group.")
