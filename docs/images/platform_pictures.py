"""Make the pictures of the platform that README.md and the manual show, from its made-up world.

Start ``tenon serve --demo``, wait until its studies are done, and give this the address and the password that it says:
``.venv/bin/python docs/images/platform_pictures.py http://127.0.0.1:8000 PASSWORD``.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

WHO = "lin@example.org"
SIZE = {"width": 1280, "height": 860}
COLORS = 64
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Each picture with its page; a pattern stands for the first link of the list that fits it.
PAGES = {
    "overview": ("/", ""),
    "room": ("/rooms/", r"/rooms/[0-9a-f-]{36}/"),
    "finding": ("/findings/?state=assigned", r"/findings/[0-9a-f-]{36}/"),
    "ledger": ("/findings/ledger/", ""),
    "map": ("/findings/map/", ""),
    "equipment": ("/equipment/", r"/equipment/[0-9a-f-]{36}/"),
    "study": ("/studies/", r"/studies/[0-9a-f-]{36}/"),
}


def main(address: str, password: str) -> None:
    """Sign in, and take a picture of each page."""
    browser = next(found for name in BROWSERS if (found := shutil.which(name)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport=SIZE, locale="en")  # type: ignore[arg-type]  # its own name of such a dict
        page.goto(address)
        page.fill("input[name=login]", WHO)
        page.fill("input[name=password]", password)
        page.click("main button.main")
        page.wait_for_load_state()
        for name, (start, pattern) in PAGES.items():
            open_page(page, address, start, pattern)
            raw = Path(folder) / f"{name}.png"
            page.screenshot(path=raw)
            picture = Path(__file__).with_name(f"platform-{name}.png")
            # A few colors are enough for flat shapes and keep the file small.
            Image.open(raw).convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(picture, optimize=True)
            print(f"{picture}: {picture.stat().st_size / 1000:.0f} kB")
        chromium.close()


def open_page(page: Page, address: str, start: str, pattern: str) -> None:
    """Open a page, or the first that it links to by an address of a certain kind."""
    page.goto(address + start)
    if pattern:
        links = [link.get_attribute("href") or "" for link in page.query_selector_all("main a")]
        page.goto(address + next(link for link in links if re.fullmatch(pattern, link)))


if __name__ == "__main__":
    main(*sys.argv[1:])
