"""The settings for a command; a wrong one is one line, not a stack trace."""

from typing import TYPE_CHECKING, Any

from api.cli.output import fail

if TYPE_CHECKING:
    from api.settings import Settings
    from api.wechat.settings import WechatSettings


def read_settings() -> "Settings":
    """The settings of the environment. A value that will not do ends the command and says which."""
    from pydantic import ValidationError

    from api.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        wrong = "、".join(_said(each) for each in error.errors())
        fail(f"环境变量的值不对:{wrong}。请改正后再启动。")


def read_wechat_settings() -> "WechatSettings":
    """The official account of the environment. A value that will not do ends the command and says which."""
    from api.wechat import settings

    try:
        return settings.read_settings()
    except settings.WechatSettingsError as problem:
        fail(f"{problem}。")


def _said(error: dict[str, Any]) -> str:
    reason = error.get("ctx", {}).get("error") if error["type"] == "value_error" else None
    return f"WENBU_{str(error['loc'][0]).upper()}={error['input']}" + (f"({reason})" if reason else "")
