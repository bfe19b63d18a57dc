"""A person takes over: the way there, the live answer, and the way back."""

import uuid

import httpx
import pytest

from tests.browser.using import ask, conversation, said, settled, write

NAME, PASSWORD = "热线一号", "a long enough password"


@pytest.fixture(scope="module")
def staff_member(gateway, wenbu):
    """Somebody who may sign in."""
    wenbu("staff", "add", NAME, "--password-stdin", told=PASSWORD + "\n")


@pytest.fixture
def desk(gateway, staff_member):
    """The staff's API, signed in."""
    with httpx.Client(base_url=f"{gateway}/api/v1/staff", headers={"X-Wenbu-Staff": "1"}, trust_env=False) as client:
        client.post("/login", json={"name": NAME, "password": PASSWORD}).raise_for_status()
        for case in client.get("/cases").json()["cases"]:
            client.post(f"/cases/{case['id']}/claim")
            client.post(f"/cases/{case['id']}/close").raise_for_status()
        yield client


def claim(desk):
    """Take the only case there is; its number."""
    (case,) = desk.get("/cases", params={"status": "waiting"}).json()["cases"]
    desk.post(f"/cases/{case['id']}/claim").raise_for_status()
    return case["id"]


def reply(desk, case, text):
    """Say something to the person."""
    desk.post(f"/cases/{case}/reply", json={"text": text, "client_id": uuid.uuid4().hex}).raise_for_status()


def test_the_button_opens_a_case_and_staff_answer_live(page, desk, rasa):
    ask(page, "多少")
    page.click(".person")
    page.wait_for_selector(".banner.case")
    assert "12333" in page.locator(".banner.case").inner_text()
    assert page.locator(".person").count() == 0
    case = claim(desk)
    page.wait_for_selector(".banner.case:has-text('工作人员来了')")
    heard = list(rasa.heard)
    write(page, "你好")
    settled(page)
    assert rasa.heard == heard, "the bot is silent"
    reply(desk, case, "您好,我是工作人员")
    page.wait_for_selector(".turn.staff .bubble:has-text('我是工作人员')")
    assert "工作人员" in page.locator(".turn.staff .who").inner_text()
    desk.post(f"/cases/{case}/close").raise_for_status()
    page.wait_for_selector(".banner.case", state="detached")
    ask(page, "还有呢")
    assert rasa.heard[-1] == "还有呢"


def test_how_many_wait_is_told(page, new_page, gateway, desk):
    other = new_page()
    other.goto(gateway)
    other.wait_for_selector(".examples")
    for each in (other, page):
        each.click(".person")
        each.wait_for_selector(".banner.case")
    for each in (other, page):
        assert ("您前面" in each.locator(".banner.case").inner_text()
                or "不是上班时间" in each.locator(".banner.case").inner_text())


def test_a_reply_that_came_while_the_page_was_closed_is_there_again(page, desk, gateway):
    page.click(".person")
    page.wait_for_selector(".banner.case")
    case = claim(desk)
    page.goto("about:blank")
    reply(desk, case, "刚才您不在")
    page.goto(gateway)
    page.wait_for_selector(".turn.staff .bubble:has-text('刚才您不在')")
    page.wait_for_selector(".banner.case")


def test_the_person_can_go_back_to_the_bot(page, desk, rasa):
    page.click(".person")
    page.click(".resume")
    page.wait_for_selector(".banner.case", state="detached")
    page.wait_for_selector(".person")
    ask(page, "多少")
    assert rasa.heard[-1] == "多少"


def test_staff_who_write_are_seen_to(page, desk):
    page.click(".person")
    page.wait_for_selector(".banner.case")
    # the stream is open once the claim has come by it
    case = claim(desk)
    page.wait_for_selector(".banner.case:has-text('工作人员来了')")
    desk.post(f"/cases/{case}/typing", json={"on": True}).raise_for_status()
    page.wait_for_selector(".typing:has-text('工作人员正在写')")
    reply(desk, case, "写好了")
    page.wait_for_selector(".turn.staff")
    page.wait_for_selector(".typing", state="detached")


def test_a_closed_bubble_counts_what_came(new_page, gateway, desk):
    page = new_page(1280, 800)
    page.goto(f"{gateway}/embed")
    page.click(".launcher")
    page.wait_for_selector(".examples")
    page.click(".person")
    page.wait_for_selector(".banner.case")
    case = claim(desk)
    page.wait_for_selector(".banner.case:has-text('工作人员来了')")
    page.click(".shut")
    reply(desk, case, "一")
    reply(desk, case, "二")
    page.wait_for_selector(".badge:has-text('2')")
    # nobody has to open it to be told: staff may answer an hour later, on another page of the site
    page.reload()
    page.wait_for_selector(".launcher")
    reply(desk, case, "三")
    page.wait_for_selector(".badge:has-text('3')")
    page.click(".launcher")
    page.wait_for_selector(".turn.staff >> nth=2")
    page.click(".shut")
    page.reload()
    page.wait_for_selector(".launcher")
    page.wait_for_timeout(500)
    assert page.locator(".badge").count() == 0


def test_no_connection_is_told(page, desk):
    page.route("**/widget/handoff", lambda route: route.abort())
    page.click(".person")
    page.wait_for_selector("text=没有接通")
    page.unroute("**/widget/handoff")
    page.click(".person")
    page.wait_for_selector(".banner.case")
    assert page.locator("text=没有接通").count() == 0
    assert conversation(page) and isinstance(said(page), list)
