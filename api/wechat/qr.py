"""Parametric QR codes: each carries the name of where it hangs (the scene)."""

from typing import Any
from urllib.parse import quote

MAX_SCENE = 64
MAX_SECONDS = 2_592_000
_SHOW = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="


class QrError(ValueError):
    """The request will not do; the message (Chinese) says what is allowed."""


def request(scene: str, seconds: int | None) -> dict[str, Any]:
    """What `qrcode/create` takes; `seconds` None for a code that lasts for ever. Errors: QrError."""
    if not 1 <= len(scene) <= MAX_SCENE or not scene.isprintable() or scene != scene.strip():
        raise QrError(f"场景名应是 1 到 {MAX_SCENE} 个字,前后不带空格,如 fuwuting-1")
    action = {"scene": {"scene_str": scene}}
    if seconds is None:
        return {"action_name": "QR_LIMIT_STR_SCENE", "action_info": action}
    if not 1 <= seconds <= MAX_SECONDS:
        raise QrError(f"有效期应在 1 秒到 {MAX_SECONDS} 秒(30 天)之间;要一直有效请用 --permanent")
    return {"expire_seconds": seconds, "action_name": "QR_STR_SCENE", "action_info": action}


def picture(ticket: str) -> str:
    """Where the picture of the code can be fetched."""
    return _SHOW + quote(ticket, safe="")
