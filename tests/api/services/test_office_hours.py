"""Office hours: read, shown, asked."""

from datetime import UTC, datetime

import pytest

from api.clock import CHINA
from api.services.office_hours import OfficeHours

USUAL = "1-5 09:00-12:00,14:00-17:30"


@pytest.mark.parametrize(("day", "hour", "minute", "is_open"), [
    (16, 8, 59, False), (16, 9, 0, True), (16, 11, 59, True), (16, 12, 0, False), (16, 14, 0, True),
    (16, 17, 29, True), (16, 17, 30, False), (20, 10, 0, True), (21, 10, 0, False), (22, 10, 0, False),
])
def test_the_usual_week(day, hour, minute, is_open):
    # the 16th of November 2026 is a Monday
    assert OfficeHours(USUAL).are_open(datetime(2026, 11, day, hour, minute, tzinfo=CHINA)) is is_open


def test_moments_of_other_zones_are_read_in_chinese_time():
    assert OfficeHours(USUAL).are_open(datetime(2026, 11, 16, 1, 30, tzinfo=UTC))
    assert not OfficeHours(USUAL).are_open(datetime(2026, 11, 16, 9, 30, tzinfo=UTC))


def test_several_groups():
    hours = OfficeHours("1-5 09:00-17:00; 6,7 10:00-12:00")
    assert hours.are_open(datetime(2026, 11, 21, 11, tzinfo=CHINA))
    assert not hours.are_open(datetime(2026, 11, 21, 13, tzinfo=CHINA))
    assert hours.shown == "周一到周五9:00-17:00；周六、周日10:00-12:00"


@pytest.mark.parametrize("text", ["", ";", "1-5", "09:00-12:00", "1-5 9-12", "1-8 09:00-12:00", "5-1 09:00-12:00",
                                  "1-5 12:00-09:00", "1-5 09:00-25:00", "1-5 09:00-12:00,", "一到五 09:00-12:00"])
def test_what_cannot_be_read_is_refused_in_chinese(text):
    with pytest.raises(ValueError, match="办公时间"):
        OfficeHours(text)
