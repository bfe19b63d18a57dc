"""What people hear about their case: in plain words, and never a promise that nobody keeps."""

import re
import unicodedata
from datetime import datetime

from api.services.office_hours import OfficeHours
from api.store import cases

RESUME_PAYLOAD = "/resume_bot"
RESUME_BUTTON = {"title": "接着问问补", "payload": RESUME_PAYLOAD}
HANDOFF_WORDS = "转人工"

RESUMED = "好的，不找人工了，我接着给您答。您想问什么？"
NOTHING_TO_RESUME = "我在听，您直接问就行。"
CLAIMED = "工作人员来了，您直接说。"
SETTLED = "工作人员这边办完了。还有别的事，接着问我就行。"
HANDED_BACK = "工作人员把话交还给我了，您接着问就行。"

_BEGUN = {cases.ASKED: "好的，给您转人工了。", cases.BUTTON: "好的，给您转人工了。",
          cases.MISSED: "这个我还是没弄明白，给您转人工了。"}
_LEAVES = re.compile(r"(不用|不要|不找|不转|别转|取消|退出|结束|不需要|不等)(转)?(人工|真人|工作人员)(服务|客服)?(了|吧|啦)?|不等了|接着问问补")


def opened(reason: str, ahead: int, hours: OfficeHours, moment: datetime) -> str:
    """What is said when a case opens."""
    return f"{_BEGUN[reason]}{waiting(ahead, hours, moment)}"


def waiting(ahead: int, hours: OfficeHours, moment: datetime) -> str:
    """How it stands with a case that waits: how many are before it, and when the office opens if it is closed."""
    queue = f"您前面还有{ahead}位在等。" if ahead else ""
    if not hours.are_open(moment):
        return (f"现在不是上班时间({hours.shown})。{queue}您的问题记下了，上班后工作人员在这里回您；"
                "着急就打12333。现在把要问的写下来也行。")
    return f"{queue or '您前面没有人在等。'}工作人员会在这里回您，要问的可以先写下来；着急也可以打12333。"


def status(state: str, ahead: int, hours: OfficeHours, moment: datetime) -> str:
    """The line that stands above a conversation with a case."""
    if state == cases.WAITING:
        return waiting(ahead, hours, moment)
    return CLAIMED if state == cases.CLAIMED else "人工服务结束了，问补接着给您答。"


def wants_bot(text: str) -> bool:
    """Whether somebody in a case wants the bot back (不用人工了, the button 接着问问补)."""
    plain = "".join(character for character in unicodedata.normalize("NFKC", text)
                    if unicodedata.category(character)[0] in "LN")
    return text.strip() == RESUME_PAYLOAD or bool(_LEAVES.fullmatch(plain))
