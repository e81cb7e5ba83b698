from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from tenon.report import headlines
from tenon.report.language import load_language
from tenon.report.sentences import paragraphs, sentences, stories, titles
from tenon.schema import ParameterError, Result, Status
from tests.unit.report import samples

WORLD = samples.world()
ENGLISH = load_language("en")


def changed(result: Result, **values: object) -> Result:
    arrays = {name: result.values[name].copy(data=value) for name, value in values.items()}
    return replace(result, values=result.values.assign(arrays))


def calm() -> Result:
    values = WORLD.values
    shape = values["production"].shape
    return changed(
        WORLD,
        production=np.broadcast_to(values["baseline_production"], shape),
        total_production=np.full(shape[:2], float(values["baseline_production"].sum())),
        limiting=np.full(shape, -1),
        value_added_lost=np.zeros(values["value_added_lost"].shape),
        unmet_final_demand=np.zeros(values["unmet_final_demand"].shape),
        recovery_day=np.zeros(values["recovery_day"].shape),
        loss_by_origin=np.zeros(values["loss_by_origin"].shape),
        path_loss=np.zeros(values["path_loss"].shape),
    )


def test_the_headline_says_how_much_why_when_who_and_until_when() -> None:
    text = " ".join(headlines(WORLD))
    for said in (
        "Within a year USD 592 billion of value added is lost, 0.72% of",
        "Of all losses, 14.5% is due to capacity lost on the spot, 66.5% to missing inputs and 19.0% to missing",
        "The worst day is day 76, when output is 3.4% below normal.",
        "Japan bears the largest loss",
        "Hit most directly: Electronics (Japan)",
        "Hit most from outside: Electronics (China)",
        "What runs short above all is electronics",
        "It is over on day 183: all 492 industries",
        "The table world-2022 is estimated",
    ):
        assert said in text


def test_the_figures_of_the_headline_are_those_of_the_result() -> None:
    lost = float(WORLD.values["value_added_lost"].sum())
    earned = 365 * float(WORLD.values["baseline_value_added"].sum())
    assert f"{lost / 1e3:.0f} billion" in headlines(WORLD)[0]
    assert f"{100 * lost / earned:.2f}%" in headlines(WORLD)[0]


def test_chinese_headlines_hold_no_english_words_of_ours() -> None:
    text = " ".join(headlines(WORLD, "zh"))
    assert set(re.findall(r"[A-Za-z]{2,}", text)) == {"world"}
    assert "一年内损失增加值5,925亿美元" in text


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ParameterError, match="choose one of these"):
        headlines(WORLD, "fr")


def test_several_scenarios_are_told_one_after_another() -> None:
    lines = headlines(samples.world(scenarios=2))
    assert lines[0] == "An earthquake stops electronics in Japan:"
    assert lines.count("A milder earthquake:") == 1


def test_scenarios_with_one_title_are_told_apart_by_name() -> None:
    told = stories(samples.world(scenarios=3), ENGLISH)
    assert [story.title for story in told[1:]] == ["A milder earthquake (milder 1)", "A milder earthquake (milder 2)"]


def test_a_scenario_without_a_title_goes_by_its_name() -> None:
    (story,) = stories(samples.firms(), ENGLISH)
    assert story.title == "strike"


def test_where_nothing_happens_the_page_says_so() -> None:
    (story,) = stories(calm(), ENGLISH)
    assert sentences(story) == [
        "Nothing is lost: value added stays at its undisturbed level.",
        story.text("headline.estimated", table="world-2022"),
    ]
    assert set(titles(story).values()) == {
        "Output stays at its usual level",
        "No region loses value added",
        "No region falls below its usual level",
        "No sector falls below its usual level",
        "Nobody loses value added",
        "Inputs hardly run short",
        "Who is hit through whom",
    }


def test_gains_are_not_called_losses() -> None:
    (story,) = stories(changed(calm(), value_added_lost=np.full((1, 32, 25), -1000.0)), ENGLISH)
    assert sentences(story)[0].startswith("Within a year USD 800 billion of value added is gained")


def test_a_run_that_ends_too_early_says_who_is_still_away() -> None:
    early = WORLD.values["recovery_day"].values.copy()
    early[0, :2] = np.nan
    text = " ".join(headlines(changed(WORLD, recovery_day=early)))
    assert "It is not over when the run ends on day 364: 50 of" in text


def test_a_run_of_another_length_gives_the_share_of_a_year_too() -> None:
    text = headlines(samples.firms())[0]
    assert text.startswith("Within 60 days EUR 1.79 million of value added is lost: 7.9% of what")
    assert "1.3% of a year's value added" in text


def test_an_interrupted_run_says_so_first() -> None:
    assert headlines(replace(WORLD, status=Status.INTERRUPTED))[0] == (
        "The run was interrupted: figures cover the days up to day 364 only."
    )


def test_a_table_that_is_not_estimated_has_no_such_caveat() -> None:
    table = {"name": "wiod-2011", "currency": "USD", "unit": 1e6, "estimated": False}
    text = " ".join(headlines(replace(WORLD, provenance={"table": table})))
    assert "estimated" not in text


def test_doubling_the_unit_doubles_money_and_nothing_else() -> None:
    table = {"name": "world-2022", "currency": "USD", "unit": 1e9, "estimated": True}
    thousand = headlines(replace(WORLD, provenance={"table": table}))
    assert thousand[0].replace("trillion", "billion") == headlines(WORLD)[0]
    assert [line for line in thousand if "USD" not in line] == [line for line in headlines(WORLD) if "USD" not in line]


def test_a_loss_that_goes_back_to_no_region_is_named() -> None:
    origins = np.zeros(WORLD.values["loss_by_origin"].shape)
    origins[:, :, -2] = 1.0
    (story,) = stories(changed(WORLD, loss_by_origin=origins), ENGLISH)
    assert titles(story)["paths"] == "100% of the loss goes back to final demand"
    (story,) = stories(changed(WORLD, loss_by_origin=np.roll(origins, 1, axis=2)), ENGLISH)
    assert titles(story)["paths"] == "100% of the loss could not be traced to where it began"


def test_inputs_that_hardly_run_short_are_not_made_much_of() -> None:
    limiting = WORLD.values["limiting"].values.copy()
    keep = limiting[0, 100, 0, 0]
    limiting[limiting >= 0] = -3
    limiting[0, 100, 0, 0] = max(keep, 0)
    (story,) = stories(changed(WORLD, limiting=limiting), ENGLISH)
    assert "Inputs hardly run short: waiting for them costs USD" in " ".join(sentences(story))
    limiting[limiting >= 0] = -3
    (story,) = stories(changed(WORLD, limiting=limiting), ENGLISH)
    assert "No input runs short enough to hold production back." in sentences(story)


def test_sentences_that_belong_together_form_paragraphs() -> None:
    (story,) = stories(WORLD, ENGLISH)
    assert [sentence for paragraph in paragraphs(story) for sentence in paragraph] == sentences(story)
    assert len(paragraphs(story)) == 5
