"""The chat page as a person uses it."""

import json
from decimal import Decimal

import pytest

from tests.browser.using import answers, ask, conversation, said, settled, write
from tests.figures import figure

PER_DAY = figure("qujing-2019-112", "living_per_day")
FORTY_DAYS = Decimal(figure("qujing-2019-112", "living_per_day*40"))


def test_a_question_gets_its_answer_with_its_source(page, rasa):
    ask(page, "曲靖生活费一天多少")
    assert said(page) == ["曲靖生活费一天多少"]
    assert f"每人每天{PER_DAY}元" in answers(page).last.inner_text()
    assert "曲政办发〔2019〕112号 · 第十八条" in page.locator(".cite").inner_text()
    assert page.input_value("#text") == ""
    assert rasa.heard == ["曲靖生活费一天多少"]


def test_a_source_opens_the_clause_and_closes_again(page):
    ask(page, "多少")
    page.click(".cite")
    page.wait_for_selector(".sheet h3")
    assert f"{PER_DAY}元" in page.locator(".sheet-body").inner_text()
    assert "第十八条" in page.locator(".sheet-body").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_selector(".sheet", state="detached")


def test_the_official_words_of_a_clause_stand_beside_ours(page):
    ask(page, "多少")
    page.route("**/api/v1/documents/*", lambda route: route.fulfill(json={
        "title": "实施方案", "number": "曲政办发〔2019〕112号",
        "clauses": [{"clause": "十八", "label": "第十八条", "title": "生活费", "text": "我们的话", "original": "原来的话"}]}))
    page.click(".cite")
    page.wait_for_selector(".original:text('原来的话')")
    assert page.locator(".sheet h3").all_inner_texts() == ["讲的是什么", "文件原文"]


def test_a_clause_that_cannot_be_had_says_so(page):
    ask(page, "多少")
    page.route("**/api/v1/documents/*", lambda route: route.abort())
    page.click(".cite")
    page.wait_for_selector("text=这一条没能打开")
    page.unroute("**/api/v1/documents/*")
    page.click(".sheet .quiet")
    page.click(".cite")
    page.wait_for_selector(".sheet h3")


def test_a_button_sends_its_payload_and_shows_its_title(page, rasa):
    ask(page, "多少")
    page.click("text=开始资格测算")
    page.click("text=农村")
    settled(page)
    assert said(page) == ["多少", "开始资格测算", "农村"]
    assert rasa.heard == ["多少", "/start_check", '/answer{"hukou":"rural"}']
    assert page.locator("text=城镇").count() == 0, "choices of an old question are gone"


def test_an_example_asks_itself(page, rasa):
    first = page.locator(".examples button").first
    words = first.inner_text()
    first.click()
    page.wait_for_selector(".cite")
    assert rasa.heard == [words]
    assert page.locator(".examples").count() == 0


def test_the_greeting_names_the_places_that_the_knowledge_base_has(page):
    for place in ("潼南", "曲靖"):
        assert place in page.locator(".greeting .places").inner_text()


def test_of_groups_of_people_several_can_be_chosen(page, rasa):
    ask(page, "哪类人")
    assert page.locator(".sure").is_disabled()
    # ticked in another order than they stand
    page.click("label:has-text('脱贫劳动力')")
    page.click("label:has-text('残疾人')")
    page.click("label:has-text('退役军人')")
    page.click("label:has-text('退役军人')")
    assert "2个" in page.locator(".sure").inner_text()
    page.click(".sure")
    settled(page)
    assert rasa.heard[1:] == ["残疾人、脱贫劳动力"]
    assert said(page)[-1] == "残疾人、脱贫劳动力"
    assert page.locator("input[type=checkbox]").count() == 0


def test_none_of_them_is_sent_by_itself(page, rasa):
    ask(page, "哪类人")
    page.click("label:has-text('残疾人')")
    page.click("button:has-text('都不是')")
    settled(page)
    assert rasa.heard[1:] == ["都不是"]


def test_a_new_question_of_the_same_kind_has_nothing_ticked(page):
    ask(page, "哪类人")
    page.click("label:has-text('残疾人')")
    ask(page, "哪类人啊")
    assert page.locator("input:checked").count() == 0
    assert page.locator(".sure").is_disabled()


def test_the_result_of_a_check_is_a_card_of_what_can_and_cannot_be_claimed(page):
    ask(page, "测算结果")
    page.wait_for_selector("text=还要知道")
    can = page.locator(".group.eligible").inner_text()
    assert "可以领" in can
    assert f"{FORTY_DAYS:,}元" in can
    assert f"{PER_DAY}元/天 × 40天" in can
    assert "残疾人在曲靖属于就业困难人员" in can
    assert "第十八条" in can
    assert "还要知道：" in page.locator(".group.unknown").inner_text()
    assert not page.locator(".group.not_eligible .item").first.is_visible()
    page.click(".group.not_eligible summary")
    assert page.locator(".group.not_eligible .item").first.is_visible()
    code = page.locator(".code b").inner_text()
    assert len(code) == 9 and code[4] == "-"


def test_a_card_is_shown_from_its_beginning(page):
    ask(page, "测算结果")
    page.wait_for_timeout(400)
    assert 0 < page.locator(".result h2").bounding_box()["y"] < 250


def test_a_thumb_is_kept_and_the_other_takes_its_place(page):
    ask(page, "多少")
    page.click(".up")
    page.wait_for_selector("text=收到，谢谢您")
    page.reload()
    page.wait_for_selector(".up[aria-pressed=true]")
    page.click(".down")
    page.wait_for_selector(".down[aria-pressed=true]")
    assert page.locator(".up").get_attribute("aria-pressed") == "false"


def test_what_is_wrong_can_be_told(page):
    sent = []
    page.on("request", lambda request: sent.append(request.post_data_json) if "feedback" in request.url else None)
    ask(page, "多少")
    page.click(".down")
    page.click("label:has-text('金额或数字不对')")
    page.fill(".wrong textarea", "应该是一百")
    page.click("text=提交")
    page.wait_for_selector("text=收到，谢谢您")
    assert page.locator(".wrong").count() == 0
    assert sent == [{"value": "down", "reason": None, "comment": None},
                    {"value": "down", "reason": "wrong_figure", "comment": "应该是一百"}]


def test_a_question_of_ours_and_what_leads_up_to_it_have_no_thumbs(page):
    ask(page, "哪类人")
    assert page.locator(".tool").count() == 0
    ask(page, "帮我测算")
    assert answers(page).all_inner_texts()[-2:] == ["好,问您几件事。", "您是哪里的户口?"]
    assert page.locator(".tool").count() == 0


def test_a_refusal_is_told_in_the_gateways_words_and_holds_up_nothing(page, rasa):
    page.route("**/widget/messages", lambda route: route.fulfill(
        status=422, content_type="application/json", body=json.dumps({"detail": [{"msg": "这句话太长了"}]})))
    write(page, "太长")
    page.wait_for_selector("text=这句话太长了")
    page.unroute("**/widget/messages")
    write(page, "短")
    page.wait_for_selector(".cite")
    assert rasa.heard == ["短"]
    page.click("text=重发")
    settled(page)
    assert rasa.heard == ["短", "太长"]
    assert page.locator(".state").count() == 0


def test_while_an_answer_is_awaited_it_shows_and_the_next_question_waits_its_turn(page, rasa):
    rasa.delay = 0.5
    write(page, "一")
    page.wait_for_selector(".typing")
    write(page, "二")
    settled(page)
    assert rasa.heard == ["一", "二"]
    assert said(page) == ["一", "二"]
    texts = page.locator(".turn:not(.greeting) .bubble").all_text_contents()
    assert ["一" in texts[0], "收到:一" in texts[1], "二" in texts[2], "收到:二" in texts[3]] == [True] * 4


def test_nothing_stands_there_twice_while_an_answer_comes(page, rasa):
    rasa.delay = 0.4
    write(page, "一")
    for _ in range(20):
        assert len(said(page)) <= 1
        page.wait_for_timeout(50)
    assert said(page) == ["一"] and answers(page).count() == 1


def test_the_conversation_goes_on_after_a_reload_until_a_new_one_is_begun(page, rasa):
    ask(page, "哪类人")
    first = conversation(page)
    page.reload()
    page.click("label:has-text('残疾人')")
    page.click(".sure")
    settled(page)
    assert (conversation(page), said(page)) == (first, ["哪类人", "残疾人"])
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click(".restart")
    assert conversation(page) == first
    page.once("dialog", lambda dialog: dialog.accept())
    page.click(".restart")
    page.wait_for_selector(".examples")
    assert conversation(page) != first
    assert said(page) == []
    page.reload()
    page.wait_for_selector(".examples")
    assert said(page) == []


def test_a_second_window_follows_the_same_conversation(page, gateway):
    other = page.context.new_page()
    other.goto(gateway)
    other.wait_for_selector(".examples")
    page.bring_to_front()
    ask(page, "一")
    other.wait_for_selector(".cite")
    assert said(other) == ["一"]


def test_markup_in_words_stays_words(page):
    ask(page, "<img src=x onerror=document.title='x'><b>粗</b>")
    assert page.locator(".log img, .log .bubble b").count() == 0
    assert page.title() != "x"


def test_a_long_answer_is_shown_from_its_beginning(page):
    write(page, "长")
    page.wait_for_selector("text=很长的回答")
    page.wait_for_timeout(300)
    top = answers(page).last.bounding_box()["y"]
    assert 0 < top < 250


def test_the_log_is_announced_politely_but_not_what_was_said_before_a_reload(page):
    log = page.locator(".log")
    page.wait_for_selector(".log[aria-live=polite]")
    assert log.get_attribute("role") == "log"
    assert page.locator("label[for=text]").count() == 1
    page.route("**/widget/messages?*", lambda route: None)
    page.reload()
    assert log.get_attribute("aria-live") == "off"
    page.unroute_all()


def test_larger_type_is_kept(page):
    def size():
        return page.evaluate("parseFloat(getComputedStyle(document.querySelector('wenbu-chat').shadowRoot"
                             ".querySelector('.bubble')).fontSize)")

    assert size() >= 18
    page.click(".quiet.large")
    assert size() >= 23.8
    page.reload()
    page.wait_for_selector(".bubble")
    assert size() >= 23.8


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 740), (768, 1024), (1280, 800)])
def test_nothing_hangs_over_the_edge(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    ask(page, "测算结果")
    for _ in ("normal", "large"):
        page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for part in (".log", ".top", ".bottom"):
            assert page.locator(part).evaluate("element => element.scrollWidth <= element.clientWidth"), part
        box = page.locator(".send").bounding_box()
        assert box["x"] + box["width"] <= width and box["y"] + box["height"] <= height
        page.click(".quiet.large")


def test_the_window_is_as_high_as_the_phone_keyboard_leaves_it(page):
    page.evaluate("""() => {
        Object.defineProperty(visualViewport, 'height', {value: 400, configurable: true});
        visualViewport.dispatchEvent(new Event('resize'));
    }""")
    box = page.locator(".bottom").bounding_box()
    assert abs(box["y"] + box["height"] - 400) < 1


def test_the_readable_api_shows_every_path(page, gateway):
    page.goto(f"{gateway}/docs")
    page.wait_for_selector("code:text-is('/api/v1/eligibility/batch')")
    page.click("summary:has-text('/api/v1/chat')")
    assert "sender" in page.locator("details:has-text('/api/v1/chat')").first.inner_text()
