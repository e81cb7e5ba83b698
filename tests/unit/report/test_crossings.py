from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tenon.report.crossings import chains_of, matrix_of, paths_lead
from tenon.report.findings import Origins, Route
from tenon.report.language import load_language
from tenon.report.sentences import Story, stories
from tests.unit.report import samples


@pytest.fixture(scope="module")
def story() -> Story:
    return stories(samples.world(days=200), load_language("en"))[0]


def with_origins(story: Story, origins: Origins) -> Story:
    return replace(story, findings=replace(story.findings, origins=origins))


def test_the_matrix_shows_the_largest_and_adds_the_others_up(story: Story) -> None:
    matrix = matrix_of(story)
    assert matrix is not None
    assert [name for name, _ in matrix.rows][:2] == ["Japan", "China"]
    assert matrix.rows[-1][0] == "20 other regions"
    assert matrix.columns[:2] == ("Japan", "China")
    assert matrix.columns[-3:] == ("24 other origins", "Final demand", "Not explained")
    assert matrix.unit == "USD billion"
    figures = [float(cell.text) for _, cells in matrix.rows for cell in cells if cell.text]
    assert sum(figures) == pytest.approx(story.findings.lost / 1e3, rel=0.02)


def test_losses_that_began_at_home_are_marked(story: Story) -> None:
    matrix = matrix_of(story)
    assert matrix is not None
    own = [
        (name, column)
        for name, cells in matrix.rows
        for column, cell in zip(matrix.columns, cells, strict=True)
        if cell.own
    ]
    assert len(own) == 8
    assert all(name == column for name, column in own)


def test_a_matrix_of_one_origin_is_left_out(story: Story) -> None:
    one = Origins(regions=("a", "b"), origins=("a", "closed links"), lost=np.array([[0.0, 5.0], [0.0, 4.0]]))
    assert matrix_of(with_origins(story, one)) is None
    assert matrix_of(with_origins(story, replace(one, lost=np.zeros((2, 2))))) is None
    assert matrix_of(replace(story, findings=replace(story.findings, origins=None))) is None


def test_chains_begin_where_the_loss_began_and_say_what_is_missing(story: Story) -> None:
    chain = chains_of(story)[2]
    assert (chain.start.agent, chain.start.arrow) == ("Electronics (Japan)", "loses capacity")
    assert [(link.arrow, link.agent) for link in chain.links] == [
        ("lacks electronics", "Electrical equipment (China)"),
        ("lacks electrical equipment", "Motor vehicles (Germany)"),
    ]
    assert chain.bearing.endswith(" lost")
    assert chains_of(story)[3].links[0].arrow == "gets fewer orders"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("capacity", "loses capacity"),
        ("closed links", "is cut off"),
        ("late links", "waits for late goods"),
        ("final demand", "sells less to final users"),
    ],
)
def test_a_chain_says_how_the_loss_began(story: Story, reason: str, words: str) -> None:
    route = Route(steps=(("DEU:machinery", "demand"), ("JPN:electronics", reason)), lost=1e4)
    changed = replace(story, findings=replace(story.findings, routes=(route,)))
    (chain,) = chains_of(changed)
    assert chain.start.arrow == words
    assert chain.links[0].arrow == "gets fewer orders"


def test_losses_that_stay_where_they_began_are_no_chains_unless_there_are_no_others(story: Story) -> None:
    assert all(chain.links for chain in chains_of(story))
    single = (Route((("JPN:electronics", "capacity"),), 3.0),)
    (chain,) = chains_of(replace(story, findings=replace(story.findings, routes=single)))
    assert chain.links == ()


def test_the_lead_names_the_origins_that_matter(story: Story) -> None:
    assert paths_lead(story) == (
        "71.9% began in Japan, 11.5% began in China, 0.84% began in United States, 7.0% goes back to final demand "
        "and 3.0% could not be traced."
    )
    assert paths_lead(replace(story, findings=replace(story.findings, origins=None))) == ""
