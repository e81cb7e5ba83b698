"""Fill the disk below a working platform, see what it answers, make room again, and look at what is left."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenon.web.config.settings")


def main() -> None:
    """Report hazards until the files may not grow any more; print what happened as JSON."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.urls import reverse

    from tenon.web.rooms.models import Finding
    from tests.web.crash.kills import broken
    from tests.web.crash.test_refusals import REPORT, reporter

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", interactive=False, verbosity=0)
    client, address = reporter(), reverse("new_finding")
    acknowledged, answer = 0, client.get(address)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file grows beyond what the log of changes has now and a little more: as on a full disk, writing fails.
    log = Path(f"{settings.DATABASES['default']['NAME']}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (log + 200_000, before[1]))
    for _ in range(500):
        answer = client.post(address, REPORT)
        if answer.status_code != 302:
            break
        acknowledged += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    found = {
        "refused": answer.status_code,
        "said": answer.content.decode(),
        "acknowledged": acknowledged,
        "stored": Finding.objects.count(),
        "faults": broken(),
        "after": client.post(address, REPORT).status_code,
    }
    print(json.dumps(found))  # noqa: T201 - a program's answer
    sys.exit(0)


if __name__ == "__main__":
    main()
