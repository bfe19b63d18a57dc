"""axe finds nothing serious, on any of our pages in any of their states."""

from pathlib import Path

import pytest

from tests.browser.using import ask, write

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def serious(page):
    """What axe finds serious or critical: rule, and where."""
    # as a debugger would: the page's own policy lets nobody bring a script
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    found = session.send("Runtime.evaluate", {
        "expression": "axe.run(document, {resultTypes: ['violations']}).then((result) => JSON.stringify(result.violations"
                      ".filter((one) => ['serious', 'critical'].includes(one.impact))"
                      ".map((one) => [one.id, one.nodes.map((node) => [node.target.join(' '), node.failureSummary])])))",
        "awaitPromise": True, "returnByValue": True})
    return found["result"].get("value", found)


def test_it_would_find_something(new_page, gateway):
    page = new_page()
    page.goto(gateway)
    page.wait_for_selector(".examples")
    page.evaluate("document.querySelector('wenbu-chat').shadowRoot.querySelector('.send').removeAttribute('aria-label')")
    assert "button-name" in serious(page)


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 800)], ids=["phone", "desk"])
def test_the_window(new_page, gateway, width, height, large):
    page = new_page(width, height)
    page.goto(gateway)
    page.wait_for_selector(".examples")
    if large:
        page.click(".quiet.large")
    assert serious(page) == "[]", "at first"
    ask(page, "哪类人")
    page.click("label:has-text('残疾人')")
    assert serious(page) == "[]", "several choices"
    ask(page, "测算结果")
    page.wait_for_selector("text=还要知道")
    page.click(".group.not_eligible summary")
    assert serious(page) == "[]", "the card"
    page.click(".down >> nth=-1")
    page.wait_for_selector(".wrong")
    assert serious(page) == "[]", "what is wrong"
    page.click(".cite >> nth=0")
    page.wait_for_selector(".sheet h3")
    assert serious(page) == "[]", "a clause"
    page.keyboard.press("Escape")
    page.click(".person")
    page.wait_for_selector(".banner.case")
    page.context.set_offline(True)
    write(page, "还在吗")
    page.wait_for_selector("text=还没发出去")
    assert serious(page) == "[]", "a case, and no network"
    page.context.set_offline(False)


def test_the_bubble_closed_and_open(new_page, gateway):
    page = new_page(1280, 800)
    page.goto(f"{gateway}/embed")
    page.wait_for_selector(".launcher")
    assert serious(page) == "[]"
    page.click(".launcher")
    page.wait_for_selector(".examples")
    assert serious(page) == "[]"


def test_the_printed_page(page, gateway):
    ask(page, "测算结果")
    address = page.locator(".result a").last.get_attribute("href")
    page.goto(address)
    page.wait_for_selector(".picture img")
    assert serious(page) == "[]"


def test_the_readable_api(new_page, gateway):
    page = new_page()
    page.goto(f"{gateway}/docs")
    page.wait_for_selector("summary")
    assert serious(page) == "[]"


def test_nothing_moves_for_who_wants_it_still(new_page, gateway, rasa):
    page = new_page(reduced_motion="reduce")
    page.goto(gateway)
    page.wait_for_selector(".examples")
    rasa.delay = 1.0
    write(page, "多少")
    assert page.locator(".typing i").first.evaluate("element => getComputedStyle(element).animationName") == "none"
