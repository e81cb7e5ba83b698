from __future__ import annotations

import json

from tenon.report.plots import as_json, bokeh_script, new_plot, tooltip


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
