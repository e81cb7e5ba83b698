"""``tenon scenarios``: the library, and a copy to begin with."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["scenarios"]


@click.command(short_help="List the library of scenarios, show one, or copy one to begin with.")
@click.argument("name", required=False)
@click.option(
    "--copy",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the scenario NAME to FILE, to change it and run it with 'tenon stress FILE'.",
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the titles."
)
def scenarios(name: str | None, copy: Path | None, lang: str) -> None:
    """List the ready scenarios, or show the TOML text of the one called NAME."""
    if name is None:
        if copy is not None:
            message = "--copy needs the NAME of the scenario to copy."
            raise click.UsageError(message)
        _show_list(lang)
        return
    from tenon.data import open_scenario

    text = open_scenario(name).text
    if copy is None:
        click.echo(text, nl=False)
        return
    _write_new(copy, text)
    click.echo(f"{copy}: a copy of {name}; run it with: tenon stress {copy}")


def _show_list(language: str) -> None:
    from tenon.data import library

    known = library()
    width = max(len(name) for name in known)
    for name, scenario in known.items():
        title = scenario.title_zh if language == "zh" else scenario.title
        click.echo(f"{name:<{width}}  {scenario.horizon_days:>4} days  {title}")
    click.echo("\nShow one: tenon scenarios NAME    Run one: tenon stress NAME", err=True)


def _write_new(path: Path, text: str) -> None:
    from tenon.schema import StorageError

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        message = f"{path} exists already and is left as it is; give another name."
        raise StorageError(message) from error
    except OSError as error:
        message = f"{path} could not be written ({error.strerror}); give a place that can be."
        raise StorageError(message) from error
