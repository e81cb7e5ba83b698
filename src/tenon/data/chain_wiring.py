"""From names to positions: who makes what, what it needs, and who supplies it, with every contradiction on the way.

A row that cannot be used is noted and left out, so that the rest can still be looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tenon.data.chain_cells import BAD
from tenon.data.chain_problems import Findings, Place
from tenon.data.chain_sheet_reading import Filled

__all__ = ["Input", "StageRow", "SupplyRow", "Wiring", "wire"]

# Looking for the nearest of many names takes time; after so many unknown names none is looked for.
_ADVICE = 200
_NAMED = 6

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

    def _title(self, sheet: str) -> str:
        return self._filled[sheet].title

    def _number(self, sheet: str, row: int) -> int:
        """Number of a row as the spreadsheet counts it."""
        return self._filled[sheet].rows[row]

    def _labels(self, sheet: str, column: str) -> dict[str, int]:
        """Number the names of a sheet; a name that stands twice keeps its first row."""
        filled = self._filled[sheet]
        first: dict[str, int] = {}
        for row, label in enumerate(filled.texts(column)):
            if label is None:
                continue
            if label in first:
                number = self._number(sheet, first[label])
                self._findings.note(filled.place(row, column), "name.twice", label=label, first=number)
            else:
                first[label] = row
        return {label: position for position, label in enumerate(first)}

    def _known(self, sheet: str, column: str, home: str, known: dict[str, int]) -> list[str | None]:
        """Return a column of names without those that the sheet ``home`` lacks; all where that could not be read."""
        filled = self._filled[sheet]
        labels = filled.texts(column)
        if self._findings.left_out(home):
            for label in labels:
                if label is not None:
                    known.setdefault(label, len(known))
            return labels
        if not known and any(labels):
            title = self._title(home)
            self._findings.note(filled.place(None, column), "name.none_there", home=title, sheet=title)
            return [None] * len(labels)
        found: list[str | None] = []
        for row, label in enumerate(labels):
            if label is None or label in known:
                found.append(label)
                continue
            advice = self._advise(home, label, known)
            self._findings.note(
                filled.place(row, column), "name.unknown", label=label, sheet=self._title(home), advice=advice
            )
            found.append(None)
        return found

    def _advise(self, home: str, label: str, known: Iterable[str]) -> str:
        if (home, label) not in self._advice:
            words = self._findings.words
            many = len(self._advice) >= _ADVICE
            self._advice[home, label] = words.known(list(known)[:_ADVICE]) if many else words.advice(label, known)
        return self._advice[home, label]

    def _stages(self) -> None:
        made, filled = self._made, self._filled["production"]
        sites = self._known("production", "site", "sites", made.sites)
        parts = self._known("production", "part", "parts", made.parts)
        activities = filled.texts("activity")
        called: dict[str, int] = {}
        for row, (site, part) in enumerate(zip(sites, parts, strict=True)):
            if site is None or part is None or activities[row] is None:
                self._findings.leave_out("production", {"site": site, "part": part})
            if site is None or part is None:
                continue
            if (site, part) in made.stage_of:
                first = self._number("production", made.stages[made.stage_of[site, part]].row)
                self._findings.note(filled.place(row), "name.stage_twice", part=part, site=site, first=first)
                continue
            stage = StageRow(site, part, row, activities[row] or "")
            if called.setdefault(str(stage), row) != row:
                other = filled.rows[called[str(stage)]]
                self._findings.note(filled.place(row), "name.same_label", label=str(stage), other=other)
            made.stage_of[site, part] = len(made.stages)
            made.stages.append(stage)

    def _inputs(self) -> None:
        """Give each stage its rows of the bill of materials, in the order of stages."""
        made, filled = self._made, self._filled["bill of materials"]
        own, common = self._bill()
        self._check_bill()
        for position, stage in enumerate(made.stages):
            rows = own.get((stage.site, stage.part), [])
            if stage.activity == "makes":
                rows = rows or common.get(stage.part, [])
                if not rows:
                    self._note_made_of_nothing(stage)
            elif stage.activity == "buys in" and rows:
                place, production = filled.place(rows[0]), self._title("production")
                self._findings.note(place, "name.bill_of_bought", stage=str(stage), production=production)
                rows = []
            elif stage.activity == "passes on" and not rows:
                self._add_input(Input(position, stage.part, 1.0, 0.0, None))
            for row in rows:
                part, units, stock = (filled.values[name][row] for name in ("input", "units", "stock"))
                if isinstance(part, str) and part in made.parts and self._fits(stage, row, part):
                    figures = [float(figure) if isinstance(figure, float) else 1.0 for figure in (units, stock)]
                    self._add_input(Input(position, part, figures[0], figures[1], row))

    def _check_bill(self) -> None:
        """Say once that there is no bill of materials, where one is needed: makers are supplied with inputs."""
        findings, bill, suppliers = self._findings, self._filled["bill of materials"], self._filled["suppliers"]
        if bill.rows or findings.left_out("bill of materials"):
            return
        made = {stage.site for stage in self._made.stages if stage.activity == "makes"}
        passed = {stage.site for stage in self._made.stages if stage.activity == "passes on"}
        if not (made - passed).isdisjoint(suppliers.texts("buyer")):
            purpose = findings.words.within(bill.sheet.purpose, bill.sheet.purpose_zh)
            findings.note(Place(bill.title), "sheet.nothing_needed", suppliers=suppliers.title, purpose=purpose)
            findings.leave_out("bill of materials")

    def _note_made_of_nothing(self, stage: StageRow) -> None:
        place = self._filled["production"].place(stage.row, "activity")
        follows = self._findings.may_say("bill of materials", {"part": stage.part})
        self._findings.note(place, "name.made_of_nothing", warning=True, follows=follows, stage=str(stage))

    def _fits(self, stage: StageRow, row: int, part: str) -> bool:
        if stage.activity == "passes on" and part != stage.part:
            place = self._filled["bill of materials"].place(row, "input")
            production = self._title("production")
            self._findings.note(place, "name.bill_of_passed_on", stage=str(stage), part=part, production=production)
            self._findings.leave_out("bill of materials", {"part": stage.part, "input": stage.part})
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
                self._findings.leave_out("bill of materials", {"part": part, "input": needed})
                continue
            if self._twice(first, (site, part, needed), row):
                continue
            if site is not None and (site, part) not in made.stage_of:
                self._note_no_stage("bill of materials", row, site, part)
                self._findings.leave_out("bill of materials", {"part": part, "input": needed})
            elif site is not None:
                own[site, part].append(row)
            else:
                if part not in makers:
                    self._note_bill_of_nobody(row, part)
                common[part].append(row)
        return own, common

    def _note_bill_of_nobody(self, row: int, part: str) -> None:
        place = self._filled["bill of materials"].place(row, "part")
        follows = self._findings.may_say("production", {"part": part})
        production = self._title("production")
        self._findings.note(
            place, "name.bill_of_nobody", warning=True, follows=follows, part=part, production=production
        )

    def _twice(self, first: dict[BillKey, int], key: BillKey, row: int) -> bool:
        if key in first:
            _, made, needed = key
            place, number = (
                self._filled["bill of materials"].place(row),
                self._number("bill of materials", first[key]),
            )
            self._findings.note(place, "name.input_twice", part=needed, made=made, first=number)
            return True
        first[key] = row
        return False

    def _note_no_stage(self, sheet: str, row: int, site: str, part: str) -> None:
        here = [stage.part for stage in self._made.stages if stage.site == site]
        self._findings.note(
            self._filled[sheet].place(row, "part"),
            "name.no_stage_but_others" if here else "name.no_stage",
            follows=self._findings.may_say("production", {"site": site, "part": part}),
            production=self._title("production"),
            part=part,
            site=site,
            parts=self._findings.words.listed(here[:_NAMED]),
        )

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
                self._leave_out_supply(seller, part, buyer)
                continue
            supplier = made.stage_of.get((seller, part))
            if supplier is None:
                self._note_no_stage("suppliers", row, seller, part)
                # Either of the two names may be wrong.
                self._leave_out_supply(None, None, buyer)
                continue
            stage = self._buying_stage(row, part, buyer, use, [s for s in at_site[buyer, part] if s != supplier])
            if stage is None:
                self._leave_out_supply(seller, None, None if not at_site[buyer, part] else buyer)
                continue
            if (supplier, stage) in first:
                place, number = self._filled["suppliers"].place(row), self._number("suppliers", first[supplier, stage])
                self._findings.note(place, "name.supply_twice", part=part, seller=seller, buyer=buyer, first=number)
                continue
            first[supplier, stage] = row
            made.supplies.append(SupplyRow(supplier, stage, made.input_of[stage, part], row))

    def _leave_out_supply(self, seller: str | None, part: str | None, buyer: str | None) -> None:
        self._findings.leave_out("suppliers", {"supplier": seller, "part": part, "buyer": buyer})

    def _buying_stage(self, row: int, part: str, buyer: str, use: str | None, needing: Sequence[int]) -> int | None:
        """Find what the buyer needs the part for; a doubt is never settled silently."""
        made = self._made
        makes = [made.stages[stage].part for stage in needing]
        if use is not None and use in makes:
            return needing[makes.index(use)]
        if use is None and len(needing) == 1:
            return needing[0]
        if needing:
            place = self._filled["suppliers"].place(row, "for part")
            parts = self._findings.words.listed(makes[:_NAMED])
            if use is None:
                self._findings.note(place, "name.several_uses", buyer=buyer, part=part, number=len(makes), parts=parts)
            else:
                self._findings.note(place, "name.other_use", buyer=buyer, part=part, parts=parts, use=use)
        else:
            self._note_no_use(row, part, buyer)
        return None

    def _note_no_use(self, row: int, part: str, buyer: str) -> None:
        findings = self._findings
        follows = findings.may_say("production", {"site": buyer}) or findings.may_say(
            "bill of materials", {"input": part}
        )
        findings.note(
            self._filled["suppliers"].place(row, "buyer"),
            "name.no_use",
            follows=follows,
            buyer=buyer,
            part=part,
            production=self._title("production"),
        )

    def _demands(self) -> None:
        made, filled = self._made, self._filled["demand"]
        sites = self._known("demand", "site", "sites", made.sites)
        parts = self._known("demand", "part", "parts", made.parts)
        first: dict[tuple[int, object], int] = {}
        for row, (site, part) in enumerate(zip(sites, parts, strict=True)):
            if site is None or part is None:
                self._findings.leave_out("demand", {"site": site, "part": part})
                continue
            stage = made.stage_of.get((site, part))
            if stage is None:
                self._note_no_stage("demand", row, site, part)
                self._findings.leave_out("demand", {})
                continue
            customer = filled.values["customer"][row]
            if (stage, customer) in first:
                number = self._number("demand", first[stage, customer])
                self._findings.note(
                    filled.place(row), "name.customer_twice", customer=customer, part=part, site=site, first=number
                )
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
                self._findings.note(filled.place(row, "site"), "name.member_twice", site=site, group=label)
                continue
            members.add((label, site))
            rows = made.groups.setdefault(label, [])
            rows.append(row)
            for column in ("kind", "events a year"):
                here, there = filled.values[column][row], filled.values[column][rows[0]]
                # What cannot be read is noted with its cell.
                if BAD not in (here, there) and here != there:
                    place, number = filled.place(row, column), filled.rows[rows[0]]
                    quoted = self._findings.words.quoted
                    self._findings.note(
                        place, "name.groups_differ", here=quoted(here), there=quoted(there), first=number, group=label
                    )
