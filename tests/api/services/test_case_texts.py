"""What people hear about their case, and how they leave it."""

from datetime import datetime

import pytest

from api.clock import CHINA
from api.services import case_texts
from api.services.office_hours import OfficeHours
from api.store import cases

HOURS = OfficeHours("1-5 09:00-12:00,14:00-17:30")
MONDAY_MORNING = datetime(2026, 11, 16, 10, tzinfo=CHINA)
SUNDAY = datetime(2026, 11, 22, 10, tzinfo=CHINA)


def test_in_office_hours_the_queue_is_told():
    assert "前面还有3位" in case_texts.opened(cases.ASKED, 3, HOURS, MONDAY_MORNING)
    assert "没有人在等" in case_texts.opened(cases.BUTTON, 0, HOURS, MONDAY_MORNING)


def test_outside_of_them_the_hours_the_hotline_and_the_queue_if_there_is_one():
    text = case_texts.opened(cases.MISSED, 3, HOURS, SUNDAY)
    assert "没弄明白" in text
    assert "周一到周五9:00-12:00、14:00-17:30" in text
    assert "12333" in text
    assert "前面还有3位在等" in text
    assert "前面" not in case_texts.opened(cases.MISSED, 0, HOURS, SUNDAY)


@pytest.mark.parametrize("text", ["/resume_bot", "不用人工了", "取消人工", "取消人工。", "不用转人工了", "不要人工服务了!", "退出人工",
                                  "接着问问补", "不等了"])
def test_words_that_leave(text):
    assert case_texts.wants_bot(text)


@pytest.mark.parametrize("text", ["转人工", "人工", "取消", "不用了", "不用人工能办吗", "我不想取消人工", "人工智能补贴多少", "残疾人能领多少", ""])
def test_words_that_do_not(text):
    assert not case_texts.wants_bot(text)
