from __future__ import annotations

import json
from typing import Any

import pytest

from tenon.report.plots import as_json, bokeh_script, name_marks, new_plot, tooltip


def test_a_figure_is_quiet_and_as_wide_as_its_place() -> None:
    plot = new_plot(height=200)
    assert (plot.toolbar_location, plot.toolbar.logo, plot.sizing_mode) == (None, None, "stretch_width")


def test_json_cannot_end_the_script_element_that_holds_it() -> None:
    plot = new_plot(title="</script><b>&")
    text = as_json(plot, "there")
    assert "<" not in text
    assert "&" not in text
    assert json.loads(text)["target_id"] == "there"


def test_tooltips_escape_names_and_leave_fields_to_bokeh() -> None:
    html = tooltip("@name", [("<a> @b $c", "@value")])
    assert "<b>@name</b>" in html
    assert "&lt;a&gt; &#64;b &#36;c" in html


def test_the_script_comes_from_the_installed_bokeh_without_widgets() -> None:
    script = bokeh_script()
    assert "Bokeh" in script
    assert "</script" not in script
    assert len(script) < 2_000_000


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_names_stand_beside_their_marks_where_there_is_room(scale: str) -> None:
    plot = new_plot(x_axis_type=scale, y_axis_type=scale)
    places = [1.0, 1.01, 10.0, 100.0]
    marks: dict[str, list[Any]] = {"x": places, "y": places, "name": ["a", "b", "c", "d"]}
    name_marks(plot, marks, [0, 1, 3])
    layers: list[Any] = plot.renderers
    named = {layer.glyph.text_align: layer.data_source.data["name"] for layer in layers}
    # b would stand on a, nobody asked for c, and d is at the right edge.
    assert named == {"left": ["a"], "right": ["d"]}
