"""The interactive rehearsal: one follower at the keyboard."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from api.wechat.menu import load
from api.wechat.simulator.api_base import ApiBase
from api.wechat.simulator.follower import Follower, Outcome
from api.wechat.simulator.protocol import Message, event, text

HELP = """直接打字就是发文字。另外:
  :关注 [场景]   关注公众号(场景:扫了哪个二维码)      :扫码 场景    已关注的人扫码
  :语音 [文字]   发语音(不写文字就是没有识别出来)      :图片  :位置 地名  :表情
  :菜单 [序号]   看菜单,或点其中一项                  :重发         平台把上一条再送一次
  :取关          取消关注(这个人的数据全部删除)        :退出"""
_QUIT = (":退出", ":q")


class Phone:
    """Reads lines, sends them, shows what comes. `read` gives None at the end; `show` prints."""

    def __init__(self, follower: Follower, base: ApiBase | None, read: Callable[[], str | None],
                 show: Callable[[str], None]) -> None:
        self._follower = follower
        self._base = base
        self._read = read
        self._show = show
        self._last: Message | None = None
        self._entries = _clicks(load())

    async def run(self) -> None:
        """Until the person quits."""
        self._show(HELP)
        while True:
            listening = asyncio.create_task(self._listen()) if self._base is not None else None
            line = await asyncio.to_thread(self._read)
            if listening is not None:
                listening.cancel()
                with suppress(asyncio.CancelledError):
                    await listening
            if line is None or line.strip() in _QUIT:
                return
            if line.strip():
                await self._do(line.strip())

    async def _do(self, line: str) -> None:
        message = self._message(line)
        if message is None:
            return
        self._last = message
        silent = message.kind == "event" and message.fields["Event"] in ("unsubscribe", "VIEW")
        self._tell(await self._follower.send(message, expects_answer=not silent))

    def _message(self, line: str) -> Message | None:
        openid, moment = self._follower.openid, str(time.time_ns())
        if not line.startswith(":"):
            return text(openid, line)
        command, _, rest = line[1:].partition(" ")
        made: dict[str, Callable[[], Message | None]] = {
            "关注": lambda: event(openid, "subscribe", f"qrscene_{rest}" if rest else ""),
            "扫码": lambda: event(openid, "SCAN", rest or "1"),
            "取关": lambda: event(openid, "unsubscribe"),
            "语音": lambda: Message(openid, "voice", {"MediaId": "1", "Format": "amr", "Recognition": rest, "MsgId": moment}),
            "图片": lambda: Message(openid, "image", {"PicUrl": "", "MediaId": "1", "MsgId": moment}),
            "位置": lambda: Message(openid, "location", {"Location_X": "0", "Location_Y": "0", "Label": rest, "MsgId": moment}),
            "表情": lambda: text(openid, "/::)"),
            "菜单": lambda: self._menu(rest),
            "重发": lambda: self._last,
        }
        if command not in made:
            self._show(HELP)
            return None
        return made[command]()

    def _menu(self, number: str) -> Message | None:
        if number.isdecimal() and 1 <= int(number) <= len(self._entries):
            return event(self._follower.openid, "CLICK", self._entries[int(number) - 1][1])
        self._show("\n".join(f"  {index}. {name}" for index, (name, _) in enumerate(self._entries, 1)))
        return None

    def _tell(self, outcome: Outcome) -> None:
        if outcome.problem:
            self._show(f"[{outcome.problem}]")
        how = "客服消息" if outcome.late else "当场"
        for answer in outcome.texts:
            self._show(f"\n{answer}\n[{how},{outcome.seconds:.2f} 秒]")
        if not outcome.texts and not outcome.problem:
            self._show(f"[没有话,{outcome.seconds:.2f} 秒]")

    async def _listen(self) -> None:
        while True:
            answer = await self._base.late(self._follower.openid, 3600)
            if answer is not None:
                self._show(f"\n{answer}\n[客服消息]")


def _clicks(menu: dict) -> list[tuple[str, str]]:
    """(name, key) of the entries that can be clicked, in the order of the menu."""
    buttons = [item for entry in menu["button"] for item in entry.get("sub_button", [entry])]
    return [(button["name"], button["key"]) for button in buttons if button["type"] == "click"]
