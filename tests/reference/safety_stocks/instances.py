"""Published chains of the guaranteed-service model, written out; where each comes from stands in ``source.md``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenon.planning import SafetyStockProblem

__all__ = [
    "BATTERY",
    "BULLDOZER",
    "CAMERA",
    "CHAIN_01",
    "EXAMPLE_6_5",
    "FIGURE_6_14",
    "PROBLEM_6_7",
    "PROBLEM_6_9",
    "chain",
]

Stage = tuple[float, float]  # days, cost added
End = tuple[float, float]  # days within which customers are served, standard deviation of a day's demand


def chain(
    stages: Mapping[str, Stage],
    supplies: Mapping[str, str],
    ends: Mapping[str, End],
    *,
    rate: float = 1.0,
    factor: float = 1.0,
    limits: Mapping[str, float] | None = None,
) -> SafetyStockProblem:
    """Make a problem from tables; ``supplies`` lists the buyers of each supplier, with spaces between them."""
    names = tuple(stages)
    pairs = [(names.index(name), names.index(buyer)) for name, buyers in supplies.items() for buyer in buyers.split()]
    service = {name: days for name, (days, _) in ends.items()} | dict(limits or {})
    return SafetyStockProblem(
        name="published",
        stages=names,
        supplier=np.array([supplier for supplier, _ in pairs], dtype=np.int64),
        buyer=np.array([buyer for _, buyer in pairs], dtype=np.int64),
        units=np.ones(len(pairs)),
        stage_days=np.array([days for days, _ in stages.values()]),
        added_cost=np.array([cost for _, cost in stages.values()]),
        deviation=np.array([ends[name][1] if name in ends else 0.0 for name in names]),
        service_days=np.array([service.get(name, np.inf) for name in names]),
        service_factor=factor,
        holding_rate=rate,
        currency="USD",
    )


_CAMERA_STAGES: dict[str, Stage] = {
    "Camera": (60, 750),
    "Imager": (60, 950),
    "Circuit_Board": (40, 650),
    "Other60": (60, 150),
    "Other150": (150, 200),
    "Build_Test_Pack": (6, 250),
    "Transfer": (2, 50),
    "Ship": (3, 0),
}
_CAMERA_PARTS = ("Camera", "Imager", "Circuit_Board", "Other60", "Other150")


def _camera(*served_from_stock: str) -> SafetyStockProblem:
    supplies = dict.fromkeys(_CAMERA_PARTS, "Build_Test_Pack") | {"Build_Test_Pack": "Transfer", "Transfer": "Ship"}
    limits = dict.fromkeys(served_from_stock, 0.0)
    return chain(_CAMERA_STAGES, supplies, {"Ship": (5, 7)}, rate=0.24, factor=1.645, limits=limits)


CAMERA = {
    (): (_camera(), 71_475.76),
    ("Imager",): (_camera("Imager"), 77_702.71),
    ("Imager", "Transfer"): (_camera("Imager", "Transfer"), 81_182.88),
    ("Imager", "Transfer", "Build_Test_Pack"): (_camera("Imager", "Transfer", "Build_Test_Pack"), 89_427.68),
}

BULLDOZER = chain(
    {
        "Boggie": (11, 575),
        "Pin": (35, 90),
        "Suspension": (7, 3600),
        "Case": (15, 2200),
        "FrameAssy": (19, 605),
        "Case&Frame": (16, 1500),
        "Brake": (8, 3850),
        "Drive": (9, 1550),
        "PlantCarrier": (9, 155),
        "FinalDrive&Brake": (6, 3680),
        "Transmission": (15, 7450),
        "CommonSub": (5, 8000),
        "Engine": (7, 4500),
        "Fans": (12, 650),
        "DressedEngine": (10, 4100),
        "Platform": (6, 725),
        "Fender": (9, 900),
        "RollOver": (8, 1150),
        "Chassis": (7, 4320),
        "Main": (8, 12000),
        "TrackRoller": (10, 3000),
        "Final": (4, 8000),
    },
    dict.fromkeys(("Boggie", "Pin"), "Suspension")
    | dict.fromkeys(("Case", "FrameAssy"), "Case&Frame")
    | dict.fromkeys(("Brake", "Drive", "PlantCarrier"), "FinalDrive&Brake")
    | dict.fromkeys(("Case&Frame", "Transmission", "FinalDrive&Brake"), "CommonSub")
    | dict.fromkeys(("Engine", "Fans"), "DressedEngine")
    | dict.fromkeys(("Platform", "Fender", "RollOver"), "Chassis")
    | dict.fromkeys(("Chassis", "CommonSub", "DressedEngine"), "Main")
    | dict.fromkeys(("Main", "TrackRoller", "Suspension"), "Final"),
    {"Final": (0, 3)},
    rate=0.3,
    factor=1.645,
)

BATTERY = chain(
    {
        "EMD": (2, 0.13),
        "SpunZinc": (2, 0.05),
        "Separator": (2, 0.02),
        "NailWire": (24, 0.02),
        "Label": (28, 0.06),
        "Other": (1, 0.24),
        "Bulk": (5, 0.07),
        "PackagingA": (28, 0.16),
        "PackagingB": (28, 0.24),
        "PackagingC": (28, 0.36),
        "PackA": (11, 0.07),
        "PackB": (11, 0.12),
        "PackC": (9, 0.24),
        "CentralA": (6, 0.02),
        "EastA": (4, 0.0),
        "WestA": (5, 0.01),
        "CentralB": (6, 0.01),
        "EastB": (4, 0.01),
        "WestB": (8, 0.03),
        "CentralC": (4, 0.01),
        "EastC": (4, 0.01),
        "WestC": (6, 0.06),
    },
    dict.fromkeys(("EMD", "SpunZinc", "Separator", "NailWire", "Label", "Other"), "Bulk")
    | {"Bulk": "PackA PackB PackC"}
    | {f"Packaging{pack}": f"Pack{pack}" for pack in "ABC"}
    | {f"Pack{pack}": f"Central{pack} East{pack} West{pack}" for pack in "ABC"},
    {
        "CentralA": (0, 67_236),
        "EastA": (0, 109_308),
        "WestA": (0, 119_901),
        "CentralB": (0, 39_552),
        "EastB": (0, 34_079),
        "WestB": (0, 23_277),
        "CentralC": (0, 11_213),
        "EastC": (0, 14_125),
        "WestC": (0, 6_576),
    },
    rate=0.25,
    factor=1.645,
)

CHAIN_01 = {
    factor: chain(
        {
            "Part1": (28, 12),
            "Part2": (15, 5),
            "Part3": (10, 9),
            "Manuf1": (10, 39),
            "Manuf2": (10, 36),
            "Retail1": (0, 0),
            "Retail2": (0, 0),
            "Retail3": (0, 0),
        },
        dict.fromkeys(("Part1", "Part2", "Part3"), "Manuf1 Manuf2")
        | {"Manuf1": "Retail1 Retail2", "Manuf2": "Retail2 Retail3"},
        {"Retail1": (0, 36.62), "Retail2": (0, 1), "Retail3": (0, 2)},
        rate=0.2,
        factor=factor,
    )
    for factor in (1.6448536269514722, 1.645)
}

# Holding costs of the textbook are costs added, at a rate of one; the wait of first stages is part of their time.
EXAMPLE_6_5 = chain(
    {"1": (3, 1), "3": (1, 1), "2": (1, 1), "4": (1, 1)},
    {"1": "3", "3": "2 4"},
    {"2": (0, 1), "4": (1, 1)},
)
FIGURE_6_14 = chain(
    {
        "1": (2, 0.01),
        "2": (3, 0.02),
        "3": (2, 0.01),
        "4": (4, 0.06),
        "5": (2, 0.02),
        "6": (3, 0.01),
        "7": (6, 0.2),
        "8": (4, 0.08),
        "9": (3, 0.04),
        "10": (2, 0.05),
    },
    {"1": "2", "2": "3", "3": "5", "4": "5", "5": "6", "6": "10", "7": "10", "8": "10", "9": "10"},
    {"10": (2, 10)},
    factor=1.6448536269514722,
)
PROBLEM_6_7 = chain({"3": (2, 2), "2": (1, 1), "1": (2, 1)}, {"3": "2", "2": "1"}, {"1": (0, 10)}, factor=4.0)
PROBLEM_6_9 = chain(
    {
        "6": (2, 1.5 / 365),
        "5": (8, 2.5 / 365),
        "4": (3, 1 / 365),
        "3": (21, 13 / 365),
        "1": (7, 26 / 365),
        "2": (7, 10 / 365),
    },
    {"6": "5", "5": "3", "4": "3", "3": "1 2"},
    {"1": (3, 4.1), "2": (3, 6.2)},
    factor=4.0,
)
