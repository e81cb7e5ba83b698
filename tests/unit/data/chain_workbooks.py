"""A small chain as the rows of its workbook, ways to spoil it, and what is then said.

The mine digs ore, the plant smelts it with coal to steel, the store passes steel on. ``CASES`` are wrong inputs, with
what is said of each in ``chain_problems.csv``; ``docs/reference/chain-workbook.md`` shows them.
"""

from __future__ import annotations

import copy
import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook

PROBLEMS = Path(__file__).with_name("chain_problems.csv")

Sheets = dict[str, list[list[Any]]]
Change = Callable[[Sheets], object]

SMALL: Sheets = {
    "about": [["name", "currency", "source", "illustrative"], ["small steel", "EUR", "made by the tests", "yes"]],
    "sites": [
        ["site", "country", "latitude", "longitude", "recovery low", "recovery likely", "recovery high", "known from"],
        ["mine", "SWE", 67.8, 20.2, 10, 30, 60, "asked"],
        ["pit", "POL", 50.3, 18.7, None, 20, None, None],
        ["plant", "DEU", 51.5, 6.7, 20, 45, 90, "confirmed"],
        ["store", "NLD", 51.9, 4.5, 1, 5, 9, "estimated"],
    ],
    "parts": [["part", "unit"], ["ore", "t"], ["coal", "t"], ["steel", "t"]],
    "production": [
        ["site", "part", "activity", "capacity", "stock", "added cost", "days"],
        ["mine", "ore", "buys in", 40, 100, 50, 1],
        ["pit", "coal", "buys in", 20, 80, 90, 1],
        ["plant", "steel", "makes", 15, 30, 300, 3],
        ["store", "steel", "passes on", None, 60, 10, 0],
    ],
    "bill of materials": [
        ["site", "part", "input", "units", "stock"],
        [None, "steel", "ore", 1.6, 50],
        [None, "steel", "coal", 0.5, 20],
    ],
    "suppliers": [
        ["supplier", "part", "buyer", "share", "lane", "start-up days", "verified"],
        ["mine", "ore", "plant", 1, "by sea", 0, "yes"],
        ["pit", "coal", "plant", None, None, None, None],
        ["plant", "steel", "store", 1, "by road", 0, "no"],
    ],
    "lanes": [
        ["lane", "mode", "days", "passages", "events a year", "closure low", "closure likely", "closure high"],
        ["by sea", "sea", 4, "Sound; Kiel Canal", 0.2, 3, 10, 30],
        ["by road", "road", 1, "", None, None, None, None],
    ],
    "passages": [
        ["passage", "events a year", "closure low", "closure likely", "closure high"],
        ["Kiel Canal", 0.5, None, 2, None],
    ],
    "demand": [["site", "part", "customer", "quantity", "margin"], ["store", "steel", "shipyard", 10, 120]],
    "groups": [
        ["group", "kind", "site", "events a year"],
        ["Rhine", "hazard zone", "plant", 0.05],
        ["Rhine", "hazard zone", "store", 0.05],
    ],
}


def small() -> Sheets:
    """Return a copy that may be changed."""
    return copy.deepcopy(SMALL)


def write_workbook(path: Path, sheets: Sheets) -> Path:
    """Write sheets as a bare workbook, without the template's help."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def write_folder(path: Path, sheets: Sheets, *, delimiter: str = ",") -> Path:
    """Write sheets as a folder of CSV files."""
    path.mkdir()
    for name, rows in sheets.items():
        with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def put(sheet: str, row: int, column: str, value: object) -> Change:
    """Write one cell; rows count as in the spreadsheet."""

    def change(sheets: Sheets) -> None:
        sheets[sheet][row - 1][sheets[sheet][0].index(column)] = value

    return change


def add(sheet: str, *cells: object) -> Change:
    """Add a row."""
    return lambda sheets: sheets[sheet].append(list(cells))


def rename(sheet: str, old: str, new: str) -> Change:
    """Write another heading."""

    def change(sheets: Sheets) -> None:
        sheets[sheet][0][sheets[sheet][0].index(old)] = new

    return change


def drop(sheet: str, column: str) -> Change:
    """Delete a column."""

    def change(sheets: Sheets) -> None:
        place = sheets[sheet][0].index(column)
        for row in sheets[sheet]:
            del row[place]

    return change


def move(sheet: str, name: str) -> Change:
    """Rename a sheet."""
    return lambda sheets: sheets.update({name: sheets.pop(sheet)})


def above(sheet: str, *cells: object) -> Change:
    """Write a row above the headings, and a blank one below it."""
    return lambda sheets: sheets[sheet].__setitem__(slice(0, 0), [list(cells), []])


def both(*changes: Change) -> Change:
    """Make several changes."""

    def change(sheets: Sheets) -> None:
        for one in changes:
            one(sheets)

    return change


@dataclass(frozen=True)
class Case:
    """One wrong input: what it is, how it comes about, and the problem that must be found."""

    what: str
    change: Change
    said: str
    warning: bool = False

    @property
    def name(self) -> str:
        """Part of the name of its test."""
        return self.what.replace(" ", "_")


CHANGES: dict[str, Change] = {
    "a misspelled sheet": move("production", "prodction"),
    "a misspelled sheet in Chinese": move("production", "生产表"),
    "an unknown sheet with known headings": move("sites", "厂"),
    "a required sheet left out": lambda s: s.pop("demand"),
    "the sheet of sites left out": lambda s: s.pop("sites"),
    "the sheet of production left out": lambda s: s.pop("production"),
    "the sheet of suppliers left out": lambda s: s.pop("suppliers"),
    "the bill of materials left out": lambda s: s.pop("bill of materials"),
    "a sheet of one's own for a required one": both(
        move("demand", "what we sell"), put("what we sell", 1, "quantity", "")
    ),
    "a sheet of the user's own": lambda s: s.update({"my sums": [["x"], [1]]}),
    "the same sheet in two languages": lambda s: s.update({"站点": s["sites"]}),
    "a sheet without rows": lambda s: s.update(demand=s["demand"][:1]),
    "an empty sheet": lambda s: s.update(demand=[]),
    "a title above the headings": above("sites", "Sites of Small Steel, 2026"),
    "a misspelled column": rename("sites", "latitude", "lattitude"),
    "a misspelled column that must be filled": rename("suppliers", "supplier", "suplier"),
    "a column of an unknown name": rename("suppliers", "supplier", "who gives"),
    "a required column left out": drop("parts", "unit"),
    "a column twice": rename("sites", "longitude", "纬度"),
    "a heading in another unit": rename("sites", "recovery likely", "recovery likely (weeks)"),
    "a heading with the unit of one part": rename("production", "stock", "stock (kg)"),
    "a cell without a heading": add("parts", "slag", "t", "by-product"),
    "a required cell left blank": put("demand", 2, "quantity", None),
    "a cell of blanks": put("sites", 3, "site", " \u3000 "),
    "a word for a number": put("production", 2, "stock", "plenty"),
    "not-a-number": put("production", 2, "stock", "nan"),
    "a negative number": put("production", 2, "stock", -5),
    "a number with a unit": put("production", 2, "stock", "5 kg"),
    "days with their unit": put("production", 2, "days", "2 weeks"),
    "a decimal comma": put("production", 2, "stock", "3,5"),
    "a comma of two meanings": put("production", 2, "stock", "1,250"),
    "thousands separators": put("production", 2, "stock", "1,250,000"),
    "a percentage where none is meant": put("production", 2, "stock", "10%"),
    "a share above one": put("suppliers", 2, "share", 1.5),
    "a share in percent": put("suppliers", 2, "share", 60),
    "a share above 100 %": put("suppliers", 2, "share", "150 %"),
    "shares that do not add up": put("suppliers", 2, "share", 0.8),
    "a time to recover of zero": put("sites", 2, "recovery likely", 0),
    "an infinite time to recover": put("sites", 2, "recovery likely", "1e999"),
    "times to recover out of order": put("sites", 2, "recovery low", 40),
    "a high time below the likely one": put("sites", 2, "recovery high", 20),
    "an event more than once a year": both(put("groups", 2, "events a year", 5), put("groups", 3, "events a year", 5)),
    "an event more than once a day": put("groups", 2, "events a year", 400),
    "latitude and longitude exchanged": put("sites", 2, "latitude", 120.2),
    "a currency in words": put("about", 2, "currency", "renminbi"),
    "a currency without a code": put("about", 2, "currency", "thaler"),
    "passages separated by commas": put("lanes", 2, "passages", "Sound, Kiel Canal"),
    "half a place": put("sites", 2, "latitude", None),
    "a country in words": put("sites", 2, "country", "Sweden"),
    "an unknown word of a choice": put("production", 2, "activity", "biys in"),
    "an unknown mode": put("lanes", 2, "mode", "zeppelin"),
    "a rate of closures below zero": put("lanes", 2, "events a year", -0.1),
    "a closure that takes no time": put("passages", 2, "closure likely", 0),
    "times of closure out of order": put("lanes", 2, "closure low", 12),
    "a closure for an unknown time": put("passages", 2, "closure likely", None),
    "a quick closure without a likely one": put("lanes", 3, "closure low", 2),
    "a passage twice": add("passages", "Kiel Canal", 0.1, 1, 2, 3),
    "a number turned into a date": put("production", 2, "stock", dt.date(2026, 3, 5)),
    "an error of the spreadsheet": put("production", 2, "stock", "#N/A"),
    "true for a number": put("production", 2, "stock", bool(1)),
    "a formula without its result": put("production", 2, "stock", "=2*3"),
    "an unknown site": put("production", 2, "site", "mien"),
    "an unknown part": put("suppliers", 2, "part", "oer"),
    "an unknown lane": put("suppliers", 2, "lane", "by see"),
    "lanes that stand nowhere": lambda s: s.pop("lanes"),
    "a site twice": add("sites", "mine", "FIN", 60, 25, 1, 2, 3, "asked"),
    "a site twice but for full-width letters": add("sites", "\uff4dine ", "FIN", 60, 25, 1, 2, 3, "asked"),
    "a part at a site twice": add("production", "mine", "ore", "buys in", 1, 1, 1, 1),
    "an input twice": add("bill of materials", None, "steel", "ore", 1, 1),
    "a supply twice": add("suppliers", "mine", "ore", "plant", None, None, 0, "yes"),
    "a customer twice": add("demand", "store", "steel", "shipyard", 1, 1),
    "a member of a group twice": add("groups", "Rhine", "hazard zone", "plant", 0.05),
    "a group of two rates": put("groups", 3, "events a year", 0.5),
    "a second row about the chain": add("about", "other", "EUR", None, None),
    "a bill that needs itself": add("bill of materials", None, "ore", "steel", 1, 0),
    "supplies in a loop": both(
        put("production", 2, "activity", "makes"),
        add("bill of materials", "mine", "ore", "steel", 0.1, 0),
        add("suppliers", "store", "steel", "mine", 1, None, 0, "yes"),
    ),
    "an input that nobody supplies": lambda s: s["suppliers"].pop(2),
    "an input that nobody has": both(
        add("parts", "lime", "t"), add("bill of materials", None, "steel", "lime", 0.1, 0)
    ),
    "a supply of what the supplier has not": put("suppliers", 2, "supplier", "pit"),
    "a supply of what the buyer does not need": put("suppliers", 4, "part", "ore"),
    "a supply to a site that has no use for it": add("suppliers", "mine", "ore", "pit", None, None, 0, "yes"),
    "a supply with two uses": both(
        add("parts", "iron", "t"),
        add("production", "plant", "iron", "makes", 5, 5, 5, 5),
        add("bill of materials", None, "iron", "ore", 1.5, 0),
    ),
    "a demand that nobody serves": put("demand", 2, "site", "mine"),
    "a bill for what is bought in": add("bill of materials", "mine", "ore", "coal", 1, 0),
    "a warehouse that needs another part": add("bill of materials", "store", "steel", "ore", 1, 0),
    "a part made of nothing": put("production", 2, "activity", "makes"),
    "a bill of what nobody makes": both(add("parts", "slag", "t"), add("bill of materials", None, "slag", "ore", 1, 0)),
    "a site where nothing happens": add("sites", "office", None, None, None, 1, 2, 3, "asked"),
    "a part without use": add("parts", "slag", "t"),
    "a lane without supply": add("lanes", "by air", "air", 1),
    "a passage on no lane": add("passages", "Keil Canal", 0.1, 1, 2, 3),
    "a lane that is closed all year": put("lanes", 2, "events a year", 40),
    "a group that is out all year": both(put("groups", 2, "events a year", 9), put("groups", 3, "events a year", 9)),
    "more demand than can be made": put("demand", 2, "quantity", 18),
    "more demand than inputs allow": both(put("demand", 2, "quantity", 14), put("production", 2, "capacity", 16)),
    "a stage without outlet": add("production", "pit", "ore", "buys in", 1, 1, 1, 1),
}

# Mistakes that are wrong in several ways at once: what else is said of them is no consequence.
SEVERAL = frozenset({"a column of an unknown name", "a cell of blanks"})

CASES = tuple(
    Case(row["input"], CHANGES[row["input"]], row["problem"], row["kind"] == "warning")
    for row in csv.DictReader(PROBLEMS.read_text(encoding="utf-8").splitlines())
)
