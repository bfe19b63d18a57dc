"""When staff answer: `1-5 09:00-12:00,14:00-17:30`, several such groups parted by `;`. Times are Chinese time."""

import re
from datetime import datetime, time

from api.clock import CHINA

_GROUP = re.compile(r"([1-7](?:-[1-7])?(?:,[1-7](?:-[1-7])?)*) +(\S+)")
_SPAN = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")
_DAYS = "一二三四五六日"


class OfficeHours:
    """Opening hours of a week. Errors: ValueError, in Chinese, when the text cannot be read."""

    def __init__(self, text: str) -> None:
        self._groups = [_group(part.strip()) for part in text.split(";") if part.strip()]
        if not self._groups:
            raise ValueError("办公时间不能为空,例如 1-5 09:00-12:00,14:00-17:30")

    def are_open(self, moment: datetime) -> bool:
        """Whether staff are there at this moment (aware)."""
        local = moment.astimezone(CHINA)
        return any(local.isoweekday() in days and any(start <= local.time() < end for start, end in spans)
                   for days, spans, _ in self._groups)

    @property
    def shown(self) -> str:
        """In words: 周一到周五9:00-12:00、14:00-17:30."""
        return "；".join(shown for _, _, shown in self._groups)


def _group(text: str) -> tuple[frozenset[int], list[tuple[time, time]], str]:
    match = _GROUP.fullmatch(text)
    if match is None:
        raise ValueError(f"办公时间“{text}”看不懂,应写成 1-5 09:00-12:00,14:00-17:30(1 是周一,7 是周日)")
    days: set[int] = set()
    names = []
    for part in match[1].split(","):
        first, last = int(part[0]), int(part[-1])
        if last < first:
            raise ValueError(f"办公时间“{text}”里,{part} 的先后反了")
        days.update(range(first, last + 1))
        names.append(f"周{_DAYS[first - 1]}到周{_DAYS[last - 1]}" if first < last else f"周{_DAYS[first - 1]}")
    spans = [_span(part, text) for part in match[2].split(",")]
    hours = "、".join(f"{start.hour}:{start.minute:02}-{end.hour}:{end.minute:02}" for start, end in spans)
    return frozenset(days), spans, "、".join(names) + hours


def _span(part: str, text: str) -> tuple[time, time]:
    match = _SPAN.fullmatch(part)
    try:
        if match is None:
            raise ValueError
        start, end = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
        if end <= start:
            raise ValueError
    except ValueError:
        raise ValueError(f"办公时间“{text}”里,{part} 不是一段时间,应写成 09:00-12:00") from None
    return start, end
