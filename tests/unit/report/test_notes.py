"""Notes of a chain are told in the reader's language, as the engines make them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from tenon.propagation import Parameters, propagate
from tenon.report import notes_in_language
from tenon.report.notes import command_line, told_in
from tenon.schema import ChainError, Lanes, Mode, Outage, ParameterError, Passages, Scenario, SupplyChain
from tenon.studies import chain_risk, follow_outages
from tenon.studies.chains import _interrupted
from tenon.vulnerability import critical_pairs, normal_flows, single_points, stress_chain
from tests.chains import CASES, chain_of, floats, positions
from tests.strategies import firms

LINE = chain_of([("S", 0, 20), ("P", 0, 20)], [("S", "P", "s", 1)], [("P", 1, 10)])
LANES = Lanes(labels=("sea",), mode=(Mode.SEA,), days=floats(0), capacity=floats(7), passages=((),))
DUAL = CASES["dual source"].chain
QUIET = CASES["hidden in the second tier"].chain


def stressed(chain: SupplyChain) -> Callable[[], Sequence[str]]:
    return lambda: stress_chain(chain).notes


def failing(chain: SupplyChain, years: int) -> Callable[[], Sequence[str]]:
    sites = replace(chain.sites, events_per_year=np.full(len(chain.sites), 0.2))
    return lambda: chain_risk(replace(chain, sites=sites), years=years).notes


def passing(label: str) -> Callable[[], Sequence[str]]:
    """A passage with events that no lane passes, beside lanes that pass others."""
    lanes = replace(LANES, passages=(("strait", "Suez Canal", "Suez Gulf"),), capacity=floats(np.inf))
    passages = Passages(labels=(label,), events_per_year=floats(5), closure_days=np.full((1, 3), 7.0))
    chain = replace(LINE, lanes=lanes, supplies=replace(LINE.supplies, lane=positions(0)), passages=passages)
    return failing(chain, years=150)


def refusal(run: Callable[[], object]) -> Callable[[], Sequence[str]]:
    def said() -> Sequence[str]:
        with pytest.raises(ChainError, match=r"Give the rate|must be started up first") as refused:
            run()
        return [str(refused.value)]

    return said


NETWORK = firms(1, agents=20, products=5, release=False).to_dense()
BREAD = replace(NETWORK, inventory_days=np.array([[3.0]]))
SLOW = Parameters(psi=0.9, restocking_days=60.0)
SCENARIO = Scenario(name="quiet", horizon_days=2, shocks=())
MANY = chain_of([(f"p{n}", 0, 1) for n in range(7)], [], [(f"p{n}", 1, 2) for n in range(7)])
LATE = replace(LINE, supplies=replace(LINE.supplies, start_up_days=floats(9)))

NOTES: dict[str, tuple[Callable[[], Sequence[str]], str]] = {
    "stage": (
        stressed(chain_of([("P", 0, 7)], [], [("P", 1, 10)])),
        "最多只能生产 7：“P @ P”每天最多生产 7。库存可弥补",
    ),
    "site": (stressed(replace(LINE, sites=replace(LINE.sites, capacity=floats(7, np.inf)))), "“S”的各环节每天共用 7。"),
    "contract": (
        stressed(replace(LINE, supplies=replace(LINE.supplies, capacity=floats(7)))),
        "从“s @ S”到“P @ P”的供应每天最多 7。",
    ),
    "lane": (
        stressed(replace(LINE, lanes=LANES, supplies=replace(LINE.supplies, lane=positions(0)))),
        "线路“sea”每天最多通过 7。",
    ),
    "many": (stressed(MANY), "另有 2 项需求也是如此。库存可弥补"),
    "free": (stressed(replace(LINE, demands=replace(LINE.demands, margin=floats(0)))), "1 项需求中有 1 项没有利润"),
    "presumed": (
        lambda: (
            single_points(
                replace(QUIET, supplies=replace(QUIET.supplies, verified=np.array([False, True, True, True])))
            ).notes
        ),
        "其中 1 项结论依赖推测的",
    ),
    "masked": (
        lambda: single_points(replace(DUAL, supplies=replace(DUAL.supplies, verified=np.array([True, False])))).notes,
        "还会多出 1 个单点故障",
    ),
    "collapse": (
        lambda: propagate(BREAD, SCENARIO, SLOW, records=("total_production",)).notes,
        "可能在没有冲击的情况下崩溃",
    ),
    "interrupted": (lambda: _interrupted(3, 9), "测试在完成 9 次中断中的 3 次后被中止"),
    "pairs": (lambda: critical_pairs(QUIET).notes, "的组合有 1 对。"),
    "limits": (
        lambda: (
            follow_outages(
                replace(DUAL, supplies=replace(DUAL.supplies, capacity=floats(6, np.inf))),
                [Outage(name="out", sites=("S1",), days=2)],
            ).notes
        ),
        "在逐日模拟中，合同和线路的上限只约束需要启用的供应方，不约束在用的供应方（1 个有上限）",
    ),
    "short": (
        lambda: follow_outages(MANY, [Outage(name="out", sites=("p0",), days=3)]).notes,
        "在逐日模拟中，需求超过产能的环节（例如“p0 @ p0”，共 7 个）",
    ),
    "risk": (failing(QUIET, years=150), "150 年中有"),
    "passage of another name": (
        passing("straight"),
        "没有线路途经“straight”，因此它每年 5 次的关闭不产生损失；是否为“strait”？",
    ),
    "passage like two": (
        passing("Suez"),
        "没有线路途经“Suez”，因此它每年 5 次的关闭不产生损失；是否为“Suez Gulf”或“Suez Canal”？",
    ),
    "passage like none": (passing("x"), "已知的有：strait, Suez Canal, Suez Gulf。"),
    "nothing fails": (refusal(lambda: chain_risk(QUIET, years=150)), "供应链“small”中没有什么会中断"),
    "start up first": (refusal(lambda: normal_flows(LATE)), "“P @ P”每天运行，但其投入“s”的所有供应方都须先启用"),
}


@pytest.mark.filterwarnings("ignore:production may collapse")
@pytest.mark.parametrize("name", NOTES)
def test_every_note_of_the_engines_is_told_in_chinese(name: str) -> None:
    make, wanted = NOTES[name]
    notes = make()
    told = notes_in_language(notes, "zh")
    assert notes
    assert [note for note in notes if told_in("zh", note) is None] == []
    assert wanted in " ".join(told)
    assert not any(re.search(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}", note) for note in told), told


def test_in_english_notes_stay_as_they_are() -> None:
    assert notes_in_language(["Nobody knows this."]) == ["Nobody knows this."]


def test_a_note_that_is_not_known_stays_in_english() -> None:
    note = "Nobody knows this. The same holds of 2 more demands."
    assert told_in("zh", note) is None
    assert notes_in_language([note], "zh") == [note]


def test_a_line_of_a_command_is_told() -> None:
    assert command_line("en", "note", "beware") == "Note: beware"
    assert command_line("zh", "report", "report.html") == "报告：report.html"


def test_another_language_is_refused() -> None:
    with pytest.raises(ParameterError, match="notes are told in en or zh, but language 'de' came"):
        notes_in_language(["Beware."], "de")
