"""Make the picture of the report that README.md shows: ``.venv/bin/python docs/images/report_picture.py``.

Runs a scenario of the library, writes its report and takes a picture of the first screens in Chromium.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tenon.report import write_report
from tenon.studies import stress

SCENARIO = "pandemic-2020"
WIDTH = 1280
COLORS = 256
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    """Take the picture, from the top of the page to the end of the map."""
    browser = next(found for name in BROWSERS if (found := shutil.which(name)))
    picture = Path(__file__).with_name("report.png")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = write_report(stress("world-2022", SCENARIO), Path(folder) / "report.html")
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": WIDTH, "height": 1000})
        page.goto(page_file.as_uri())
        page.wait_for_selector("canvas")
        page.wait_for_timeout(2000)
        end = page.evaluate("document.querySelector('section[id$=map]').getBoundingClientRect().bottom + scrollY")
        raw = Path(folder) / "raw.png"
        page.screenshot(path=raw, full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": end})
        chromium.close()
        # A few colors are enough for flat shapes and keep the file small.
        Image.open(raw).convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(picture, optimize=True)
    print(f"{picture}: {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
