"""A program's way to the platform: report hazards, follow them and take their steps, with nothing but Python.

::

    from tenon.client import Client

    client = Client("https://tenon.example.org", token)
    for finding in client.findings(state="open", severity=3):
        print(finding.number, finding.title)
"""

from __future__ import annotations

from tenon.client.credentials import Credentials, read_credentials
from tenon.client.findings import Client, Finding

__all__ = ["Client", "Credentials", "Finding", "read_credentials"]
