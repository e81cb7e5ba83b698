"""What people come to the platform for, in a real browser on a real server."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable

import pytest

from tests.web.browser.conftest import Visitor

Come = Callable[..., Visitor]


def code_of(secret: str) -> str:
    """Return what an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def test_signing_in_with_a_second_step(visitor: Come) -> None:
    tang = visitor()
    page = tang.sign_in("tang")
    page.get_by_text("rest until you sign in with a second step").wait_for()
    page.get_by_role("link", name="Set it up").first.click()
    page.get_by_role("heading", name="Authenticator app").wait_for()
    page.get_by_role("main").get_by_role("link", name="Set it up").click()
    page.fill("input[name=password]", tang.platform.password)
    tang.press("Confirm")
    secret = page.locator("main .mono").inner_text()
    page.fill("input[name=code]", code_of(secret))
    tang.press("Turn it on")
    page.get_by_text("Recovery codes").first.wait_for()
    page.locator("details.menu summary").click()
    tang.press("Sign out")
    tang.sign_in("tang")
    page.fill("input[name=code]", "000000")
    tang.press("Sign in")
    page.locator(".error").first.wait_for()
    # A code works once: the one that set the step up is used, so the next is waited for.
    used = code_of(secret)
    while (fresh := code_of(secret)) == used:
        time.sleep(0.5)
    page.fill("input[name=code]", fresh)
    tang.press("Sign in")
    page.get_by_role("link", name="Record").click()
    page.get_by_role("heading", name="Record").wait_for()


def step(someone: Visitor, name: str, **values: str) -> None:
    """Take a step of the finding that is open."""
    form = someone.page.locator("details.step", has=someone.page.locator("summary", has_text=re.compile(f"^{name}$")))
    form.locator("summary").click()
    for field, value in values.items():
        entry = form.locator(f"[name={field}]")
        if entry.evaluate("field => field.tagName") == "SELECT":
            entry.select_option(label=value)
        else:
            entry.fill(value)
    with someone.page.expect_response(lambda answer: answer.request.method == "POST"):
        form.get_by_role("button", name=name, exact=True).click()
    someone.page.wait_for_selector("details.step[open]", state="detached")
    someone.page.get_by_text("Done.").wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_hazard_goes_from_report_to_closing_by_several_people(visitor: Come, script: bool) -> None:
    title = f"Guard missing at coiler {'A' if script else 'B'}"
    wu, zhou, he = (visitor(width=390 if who == "wu" else 1280, script=script) for who in ("wu", "zhou", "he"))
    page = wu.sign_in("wu")
    page.get_by_role("link", name="Report a hazard").click()
    page.fill("[name=title]", title)
    page.select_option("[name=hazard]", label="security")
    wu.press("Report it")
    page.get_by_role("heading", name=title).wait_for()
    page.wait_for_url(re.compile(r"/findings/[0-9a-f-]{36}/$"))
    path = page.url.removeprefix(wu.platform.address)
    zhou.sign_in("zhou")
    zhou.go(path)
    step(zhou, "Judge", severity="serious", urgency="within days")
    step(
        zhou,
        "Assign",
        responsible="Wu Fang",
        measure="Mount the guard",
        means="Spare guard, one fitter",
        deadline="2030-01-31T12:00",
        fallback="Rope off the coiler",
    )
    wu.go(path)
    step(wu, "Report as eliminated", note="Mounted and tried")
    assert wu.page.locator("summary", has_text="Verify").count() == 0
    he.sign_in("he")
    he.go(path)
    step(he, "Verify", note="Seen and tried at the coiler")
    zhou.go(path)
    step(zhou, "Close", note="Guards enter the round")
    assert zhou.page.locator(".steps [aria-current]").inner_text() == "closed"


def test_the_language_follows_the_person(visitor: Come) -> None:
    lin = visitor()
    page = lin.sign_in("lin")
    lin.press("中文")
    page.wait_for_selector("html[lang=zh-Hans]")
    lin.go("/findings/")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    lin.press("English")
    page.wait_for_selector("html[lang=en]")


def test_a_browser_that_asks_for_chinese_gets_it(visitor: Come) -> None:
    guest = visitor(language="zh-CN")
    guest.go("/")
    assert guest.page.evaluate("document.documentElement.lang") == "zh-Hans"


def test_the_keyboard_reaches_everything_in_order(visitor: Come) -> None:
    page = visitor().sign_in("lin")
    page.get_by_role("heading", name="Jinhai Stainless Group").wait_for()
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert reached[0] == "To the content"
    assert "Hazards" in reached
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    "path", ["/", "/findings/", "/findings/new/", "/organizations/", "/groups/", "/account/sessions/"]
)
def test_no_page_is_wider_than_its_window(visitor: Come, path: str, width: int) -> None:
    lin = visitor(width)
    lin.sign_in("lin")
    lin.go(path)
    assert lin.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
