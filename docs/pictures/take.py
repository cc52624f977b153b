"""Take the pictures of this folder from a running site that holds the shipped record.

Usage, in the repository, while `make run` serves the site:

    .venv/bin/python docs/pictures/take.py [http://127.0.0.1:8000]

Needs the requirements of the tests and Debian's Chromium. Each kind of page is shown at 1280 and
360 pixels; the main ones in French, dark and as they print as well. Only the top of a page is kept.
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
TALLEST = 1500
#: What the pictures are called, and the pages they show.
PAGES = {
    "home": "/",
    "demand": "/demands/broaden-definition/",
    "matrix": "/matrix/?colour=status",
    "meeting": "/meetings/plenary-2023-victoria-falls/",
    "brief": "/meetings/plenary-2023-victoria-falls/brief/",
    "statement": "/statements/2023-11-10-victoria-falls-closing/",
    "demands": "/demands/",
    "compare": "/demands/broaden-definition/compare/",
    "person": "/people/shamiso-mtisi/",
    "organisation": "/organisations/participant-zimbabwe/",
    "theme": "/themes/definition/",
    "year": "/years/2023/",
    "changes": "/changes/",
    "status": "/about/status/",
    "coverage": "/about/coverage/",
    "words": "/about/words/",
    "corrections": "/about/corrections/",
    "search": "/search/?q=peer+review",
    "suggested": "/search/?q=yobue",
    "then": "/demands/broaden-definition/?on=2017-11-09",
    "data": "/data/",
    "columns": "/data/demands/",
    "api": "/api/v1/docs/",
    "nothing": "/demands/?q=nothing+fits+this",
    "missing": "/nothing/here/",
}
#: Those shown in French, in the dark and printed as well.
MAIN = ("home", "demand", "matrix", "meeting", "brief", "statement")


def take(browser: Browser, address: str, name: str, width: int, **more: str) -> None:
    """Keep one picture; ``more`` may say ``scheme`` "dark" or ``media`` "print"."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if more.get("scheme") == "dark" else "light",
    )
    page = context.new_page()
    page.goto(address)
    if more.get("media") == "print":
        page.emulate_media(media="print")
    tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.set_viewport_size({"width": width, "height": int(tall)})
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(64).save(HERE / f"{name}.png", optimize=True)
    context.close()


def main() -> None:
    """Take them all."""
    site = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000").rstrip("/")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, path in PAGES.items():
            for width in (1280, 360):
                take(browser, f"{site}{path}", f"{name}-{width}", width)
            if name in MAIN:
                take(browser, f"{site}/fr{path}", f"{name}-1280-fr", 1280)
                take(browser, f"{site}/fr{path}", f"{name}-360-fr", 360)
                take(browser, f"{site}{path}", f"{name}-1280-dark", 1280, scheme="dark")
                take(browser, f"{site}{path}", f"{name}-360-dark", 360, scheme="dark")
                take(browser, f"{site}{path}", f"{name}-print", 800, media="print")
        browser.close()


if __name__ == "__main__":
    main()
