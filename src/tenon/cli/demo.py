"""``tenon demo``: the main job on the bundled table."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

__all__ = ["demo"]

SCENARIO = "tohoku-2011"
"""An event that everybody knows, with destroyed capital, rebuilding, and effects on four continents."""

FOLDER = "tenon-out-demo"


@click.command(short_help="Run a scenario of the library and show where the report is.")
@click.option("--out", type=click.Path(path_type=Path), default=Path(FOLDER), show_default=True, metavar="DIR")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the report."
)
def demo(out: Path, lang: str) -> int:
    """Run the Great East Japan earthquake of 2011 on the bundled world table of 2022.

    Prints the headline losses and the path of the report. An earlier demo in DIR is replaced.
    """
    from tenon.cli.outcome import run_and_report
    from tenon.data import open_scenario
    from tenon.studies import DEFAULT_TABLE, configure, run_study

    opened = open_scenario(SCENARIO)
    click.echo(f"{opened.scenario.title_zh if lang == 'zh' else opened.scenario.title} ({DEFAULT_TABLE})", err=True)
    configuration = configure(DEFAULT_TABLE, [opened])
    return run_and_report(
        configuration,
        partial(run_study, configuration, texts={opened.scenario.name: opened.text}),
        out,
        replace=(out / "study.toml").is_file(),
        language=lang,
        boundaries=None,
    )
