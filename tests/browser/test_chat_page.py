"""The chat page as a person uses it."""

import json
from decimal import Decimal

import pytest

from tests.figures import figure

PER_DAY = figure("qujing-2019-112", "living_per_day")
FORTY_DAYS = Decimal(figure("qujing-2019-112", "living_per_day*40"))


def write(page, text):
    page.fill("#text", text)
    page.press("#text", "Enter")


def answers(page):
    return page.locator(".turn:not(.mine):not(.typing) .bubble")


def test_a_question_gets_its_answer_with_its_source(page, rasa):
    write(page, "曲靖生活费一天多少")
    page.wait_for_selector(".cite")
    assert page.locator(".mine .bubble").inner_text() == "曲靖生活费一天多少"
    assert f"每人每天{PER_DAY}元" in answers(page).last.inner_text()
    assert "曲政办发〔2019〕112号 · 第十八条" in page.locator(".cite").inner_text()
    assert page.input_value("#text") == ""
    assert rasa.heard == ["曲靖生活费一天多少"]


def test_a_source_opens_the_clause_and_closes_again(page):
    write(page, "多少")
    page.click(".cite")
    page.wait_for_selector("#clause h3")
    assert f"{PER_DAY}元" in page.locator("#clause-body").inner_text()
    assert "第十八条" in page.locator("#clause-body").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#clause").is_visible()


def test_a_button_sends_its_payload_and_shows_its_title(page, rasa):
    write(page, "多少")
    page.click("text=开始资格测算")
    page.click("text=农村")
    page.wait_for_selector(".mine >> nth=2")
    assert page.locator(".mine .bubble").all_inner_texts() == ["多少", "开始资格测算", "农村"]
    page.wait_for_selector(".cite >> nth=1")
    assert rasa.heard == ["多少", "/start_check", '/answer{"hukou":"rural"}']
    assert page.locator("text=城镇").count() == 0, "choices of an old question are gone"


def test_an_example_asks_itself(page, rasa):
    first = page.locator(".examples button").first
    words = first.inner_text()
    first.click()
    page.wait_for_selector(".cite")
    assert rasa.heard == [words]


def test_the_greeting_names_the_places_that_the_knowledge_base_has(page):
    page.wait_for_selector("text=现有这些地方")
    for place in ("潼南", "曲靖"):
        assert place in page.locator(".turn .small").inner_text()


def test_the_result_of_a_check_is_a_list_of_what_can_and_cannot_be_claimed(page):
    write(page, "测算结果")
    page.wait_for_selector(".result")
    can = page.locator(".group.eligible").inner_text()
    assert "可以领" in can
    assert f"{FORTY_DAYS:,}元" in can
    assert f"{PER_DAY}元/天 × 40天" in can
    assert "第十八条" in can
    page.wait_for_selector("text=还要知道")
    assert not page.locator(".group.not_eligible .item").first.is_visible()
    page.click(".group.not_eligible summary")
    assert page.locator(".group.not_eligible .item").first.is_visible()


def test_enter_while_an_input_method_composes_sends_nothing(page, rasa):
    page.fill("#text", "qujing")
    for detail in ({"key": "Enter", "isComposing": True}, {"key": "Enter", "keyCode": 229}):
        page.evaluate("detail => document.getElementById('text').dispatchEvent("
                      "new KeyboardEvent('keydown', {...detail, bubbles: true, cancelable: true}))", detail)
    page.press("#text", "Shift+Enter")
    assert page.locator(".mine").count() == 0
    assert rasa.heard == []
    page.press("#text", "Enter")
    page.wait_for_selector(".cite")
    assert rasa.heard == ["qujing"]


def test_without_network_the_words_stay_and_can_be_sent_again(page, rasa):
    page.route("**/api/v1/chat", lambda route: route.abort())
    write(page, "还在吗")
    page.wait_for_selector("text=没有发出去")
    assert page.locator(".mine .bubble").inner_text() == "还在吗"
    page.unroute("**/api/v1/chat")
    page.click("text=重发")
    page.wait_for_selector(".cite")
    assert page.locator(".failure").count() == 0
    assert page.locator(".mine").count() == 1
    assert rasa.heard == ["还在吗"]


def test_a_refusal_is_told_in_the_gateways_words(page):
    page.route("**/api/v1/chat", lambda route: route.fulfill(
        status=429, content_type="application/json", body=json.dumps({"detail": "问得太快了"})))
    write(page, "快")
    page.wait_for_selector("text=问得太快了")


def test_while_an_answer_is_awaited_it_shows_and_nothing_is_sent_twice(page, rasa):
    rasa.delay = 0.6
    write(page, "一")
    page.wait_for_selector(".typing")
    assert page.locator("#send").is_disabled()
    write(page, "二")
    page.wait_for_selector(".cite")
    assert page.locator(".typing").count() == 0
    assert rasa.heard == ["一"]
    assert page.input_value("#text") == "二", "what was typed meanwhile is not lost"


def test_the_conversation_goes_on_after_a_reload_until_a_new_one_is_begun(page, gateway):
    def conversation():
        return page.evaluate("localStorage.getItem('wenbu.conversation')")

    first = conversation()
    page.reload()
    assert conversation() == first
    write(page, "多少")
    page.wait_for_selector(".cite")
    page.click("text=新对话")
    assert conversation() != first
    assert page.locator(".mine").count() == 0


def test_markup_in_words_stays_words(page):
    write(page, "<img src=x onerror=document.title='x'><b>粗</b>")
    page.wait_for_selector(".cite")
    assert page.locator(".log img, .log .bubble b").count() == 0
    assert page.title() != "x"


def test_a_long_answer_is_shown_from_its_beginning(page):
    write(page, "长")
    page.wait_for_selector("text=很长的回答")
    top = answers(page).last.bounding_box()["y"]
    assert 0 < top < 200


def test_the_log_is_announced_politely(page):
    log = page.locator("#log")
    assert (log.get_attribute("role"), log.get_attribute("aria-live")) == ("log", "polite")
    assert page.locator("label[for=text]").count() == 1


def test_larger_type_is_kept(page):
    def size():
        return page.evaluate("parseFloat(getComputedStyle(document.querySelector('.bubble')).fontSize)")

    assert size() >= 18
    page.click("#larger")
    assert size() >= 23
    page.reload()
    assert size() >= 23


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 740), (768, 1024), (1280, 800)])
def test_nothing_hangs_over_the_edge(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.click("#larger")
    write(page, "测算结果")
    page.wait_for_selector(".result")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.getElementById('log').scrollWidth <= document.getElementById('log').clientWidth")
    assert page.locator("#send").is_visible()


def test_the_readable_api_shows_every_path(page, gateway):
    page.goto(f"{gateway}/docs")
    page.wait_for_selector("code:text-is('/api/v1/eligibility/batch')")
    page.click("summary >> nth=0")
    assert "sender" in page.locator("details").first.inner_text()
