"""The result on paper and as a picture."""

import struct
from base64 import b64decode
from pathlib import Path

import pytest

from tests.browser.using import ask
from tests.figures import figure

SUM = f"{int(figure('qujing-2019-112', 'living_per_day*40')):,}元"


@pytest.fixture
def card(page):
    """The page with a result on it."""
    ask(page, "测算结果")
    return page


def opened(card, words):
    """The page that a button of the card opens."""
    with card.context.expect_page() as other:
        card.click(f".result a:text('{words}')")
    other.value.set_default_timeout(10_000)
    return other.value


def test_the_printed_page_says_all_that_the_card_does(card, gateway):
    code = card.locator(".code b").inner_text()
    asked = []
    card.context.on("request", lambda request: asked.append(request.url))
    # what printing would open, a page of a test has not
    card.context.add_init_script("window.print = () => { window.printed = (window.printed || 0) + 1; }")
    page = opened(card, "打印")
    page.wait_for_selector(".group.eligible")
    words = page.locator("main").inner_text()
    for said in ("曲靖培训补贴测算结果", SUM, "可以领", "还差情况", "还要知道：", "不能领", code, "第十八条", "12333"):
        assert said in words
    page.wait_for_function("() => window.printed === 1")
    assert page.locator(".group.not_eligible .item").first.is_visible(), "nothing is folded on paper"
    page.click("button:text('打印')")
    assert page.evaluate("window.printed") == 2
    page.emulate_media(media="print")
    assert not page.locator("button").first.is_visible()
    # the secret name of the conversation stands behind the #: it is in no request
    assert asked and not any("c=" in url.partition("#")[0] for url in asked)


def test_the_picture_is_a_png_to_be_kept(card, tmp_path):
    page = opened(card, "存成图片")
    page.wait_for_selector(".picture img")
    source = page.locator(".picture img").get_attribute("src")
    head, _, data = source.partition(",")
    picture = b64decode(data)
    assert head == "data:image/png;base64" and picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 1500 and height > 2000
    assert len(picture) > 50_000, "there is something on it"
    with page.expect_download() as download:
        page.click("text=下载图片")
    assert download.value.suggested_filename.startswith("测算结果") and download.value.suggested_filename.endswith(".png")
    download.value.save_as(tmp_path / "result.png")
    assert Path(tmp_path / "result.png").read_bytes() == picture


def test_the_page_is_no_wider_than_a_phone(card):
    page = opened(card, "存成图片")
    page.set_viewport_size({"width": 320, "height": 568})
    page.wait_for_selector(".picture img")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("fragment", ["", "#c=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&m=1", "#c=short&m=1", "#m=x"])
def test_without_a_result_it_says_what_to_do(new_page, gateway, fragment):
    page = new_page()
    page.goto(f"{gateway}/print{fragment}")
    page.wait_for_selector("[role=alert]")
    assert page.locator("a[href='/']").count() == 1
