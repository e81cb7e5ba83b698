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


def named(names: list[str], across: list[float], up: list[float], rows: list[int], **settings: Any) -> dict[str, str]:
    """Return where names stand: aligned, and how far down in pixels."""
    reach = settings.pop("reach", None)
    plot = new_plot(height=380, **settings)
    name_marks(plot, {"x": across, "y": up, "name": names}, rows, reach)
    layers: list[Any] = plot.renderers
    return {
        name: f"{layer.glyph.text_align} {layer.glyph.y_offset:+g}"
        for layer in layers
        for name in layer.data_source.data["name"]
    }


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_names_stand_beside_their_marks_where_there_is_room(scale: str) -> None:
    places = [1.0, 10.0, 100.0]
    found = named(["Kobe", "nobody asks", "Duisburg"], places, places, [0, 2], x_axis_type=scale, y_axis_type=scale)
    assert found == {"Kobe": "left +4", "Duisburg": "right +4"}


def test_a_name_goes_above_or_below_where_another_name_or_mark_stands_beside() -> None:
    # All but Kobe lie in one place: the first beside it, the next above and below, and for the last there is no room.
    names = ["Kobe", "first port", "second port", "third port", "fourth port"]
    found = named(
        names, [100.0, 0.0, 0.0, 0.0, 0.0], [0.0, 50.0, 50.0, 50.0, 50.0], [1, 2, 3, 4], reach={"y": (0, 100)}
    )
    assert found == {"first port": "left +4", "second port": "left -8", "third port": "left +19"}
    # The mark of b lies where the name of a would stand.
    assert named(["a long name", "b", "c"], [0.0, 20.0, 100.0], [50.0, 50.0, 0.0], [0]) == {"a long name": "left +19"}


def test_no_name_reaches_beyond_the_narrowest_figure() -> None:
    names = ["a very long name of a very far place in the middle of nowhere", "b"]
    assert named(names, [0.0, 1.0], [0.0, 1.0], [0, 1]) == {"b": "right +4"}


def test_marks_in_one_place_are_named_without_a_scale() -> None:
    assert set(named(["a", "b"], [1.0, 1.0], [2.0, 2.0], [0, 1])) == {"a", "b"}
