"""Django's own commands for the platform: ``python -m tenon.web check --deploy``."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    from tenon.web.config.first_start import prepare_folder

    if sys.argv[1:2] in (["serve"], ["restore"]):
        # Before the settings are read: they hold the secret key that is made here.
        prepare_folder(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenon.web.config.settings")
    execute_from_command_line(sys.argv)
