from __future__ import annotations

from pathlib import Path

import click
from click.testing import CliRunner

from tenon.cli.options import report_options


@click.command
@report_options("tenon-out-X")
def shown(out: Path | None, lang: str, *, force: bool) -> None:
    click.echo(f"{out} {lang} {force}")


def test_the_options_have_their_defaults_and_their_types() -> None:
    assert CliRunner().invoke(shown, []).output == "None en False\n"
    assert CliRunner().invoke(shown, ["--out", "a", "--lang", "zh", "--force"]).output == "a zh True\n"


def test_the_help_says_where_the_report_goes() -> None:
    assert "tenon-out-X, numbered if taken" in " ".join(CliRunner().invoke(shown, ["--help"]).output.split())


def test_another_language_is_refused() -> None:
    assert "'fr' is not one of 'en', 'zh'" in CliRunner().invoke(shown, ["--lang", "fr"]).output
