"""The command ``tenon``: its subcommands, and what happens when something is refused.

Exit status: 0 done; 2 refused, with one sentence on standard error that says why; 130 interrupted, where finished days
are kept.
"""

from __future__ import annotations

import os
import sys

import click

import tenon
from tenon.cli import chain, data, demo, economy, finding, job, room, scenarios, serve, stress
from tenon.cli.outcome import INTERRUPTED

__all__ = ["main", "run"]

REFUSED = 2


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with 'tenon demo'. Every command explains itself with --help.",
)
@click.version_option(tenon.__version__, prog_name="tenon")
def commands() -> None:
    """Stress-test the world's supply chains: what breaks, what it costs, who is hit through whom."""


commands.add_command(demo.demo)
commands.add_command(stress.stress)
commands.add_command(scenarios.scenarios)
commands.add_command(chain.chain)
commands.add_command(economy.economy)
commands.add_command(data.data)
commands.add_command(finding.finding)
commands.add_command(room.room)
commands.add_command(job.job)
commands.add_command(serve.serve)
commands.add_command(serve.worker)
commands.add_command(serve.audit)
commands.add_command(serve.backup)
commands.add_command(serve.restore)


def main() -> None:
    """Run the command line and leave with its exit status.

    Raises
    ------
    SystemExit
        Always, with the exit status.
    """
    raise SystemExit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : list of str
        What stands behind ``tenon``.

    Returns
    -------
    int
        Exit status: 0 done, 2 refused, 130 interrupted.
    """
    try:
        status = commands.main(args=arguments, prog_name="tenon", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("tenon: interrupted before a result was there; nothing was written.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain about it when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except _refusals() as error:
        click.echo(f"tenon: {' '.join(str(error).split())}", err=True)
        return REFUSED
    return status if isinstance(status, int) else 0


def _refusals() -> tuple[type[Exception], ...]:
    """Return what tenon refuses with a sentence; imported only when something went wrong."""
    from tenon.schema.errors import TenonError

    return (TenonError,)


if __name__ == "__main__":
    main()
