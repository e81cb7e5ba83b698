"""Django's own commands for the platform: ``python -m tenon.web check --deploy``."""

from __future__ import annotations

import os
import sys

from tenon.schema.errors import TenonError


def main() -> None:
    """Run one of Django's commands; a setting that cannot be is refused with a sentence and exit status 2."""
    from django.core.management import execute_from_command_line

    from tenon.web.config.environment import read_environment
    from tenon.web.config.first_start import prepare_folder

    try:
        environment = read_environment(os.environ)
        if sys.argv[1:2] in (["serve"], ["restore"]):
            # Before the settings are read: they hold the secret key that is made here.
            if "--demo" in sys.argv:
                # A made-up world never mixes with a real one.
                os.environ.setdefault("TENON_WEB_DATA", str(environment.data.with_name("demo")))
            prepare_folder(os.environ)
    except TenonError as error:
        sys.stderr.write(f"tenon: {error}\n")
        raise SystemExit(2) from None
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenon.web.config.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
